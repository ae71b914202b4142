"""An animated GIF as it is, less what nobody sees: comments, and what programs wrote into it besides.

It changes no frame and judges no picture. The format: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from __future__ import annotations

EXTENSION, IMAGE, END = 0x21, 0x2C, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
"""Applications whose blocks say how often the animation runs."""

HEADER, DESCRIPTOR = 13, 10
"""Bytes before the first table of colours, and of an image's descriptor."""


def bare(data: bytes) -> bytes:
    """The same pictures. Raises ValueError for what is not a whole GIF."""
    try:
        return _bare(data)
    except IndexError:
        raise ValueError("the file ends in the middle of a block") from None


def _bare(data: bytes) -> bytes:
    at = HEADER + _colours(data[HEADER - 3])
    kept = bytearray(data[:at])
    while data[at] != END:
        after = _after(data, at)
        if data[at] == IMAGE or _shows(data, at):
            kept += data[at:after]
        at = after
    kept.append(END)
    return bytes(kept)


def _colours(flags: int) -> int:
    """Bytes of the table of colours that such flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _shows(data: bytes, at: int) -> bool:
    """Does this extension change what is seen?"""
    label = data[at + 1]
    return label == CONTROL or (label == APPLICATION and data[at + 3 : at + 14] in LOOPS)


def _after(data: bytes, at: int) -> int:
    """Where the block that begins here ends."""
    if data[at] == IMAGE:
        blocks = at + DESCRIPTOR + _colours(data[at + DESCRIPTOR - 1]) + 1
    elif data[at] == EXTENSION:
        blocks = at + 2
    else:
        raise ValueError(f"no block begins with {data[at]}")
    while size := data[blocks]:
        blocks += size + 1
    return blocks + 1
