"""From bytes to lines: UTF-8 whatever the locale, and the characters that nobody can see.

It refuses other encodings instead of guessing them: no mojibake is ever posted. It changes no word;
characters that YAML cannot hold are reported and blanked, so that the rest can still be checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from bot.files.problems import Margin, Place

BOM = b"\xef\xbb\xbf"
INVISIBLE = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u180e"
    "\u2000-\u200f\u202a-\u202f\u205f-\u2064\u2066-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
UNSEEN = re.compile(f"[\t{INVISIBLE}]")
"""What looks like a space, or like nothing, and is not U+0020."""

SURROGATE = re.compile("[\ud800-\udfff]")
_UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_INDENT = re.compile(f"[ \t{INVISIBLE}]*")
_AFTER_DASH = re.compile(f" *(?:- )*-([\t{INVISIBLE}])")
_AFTER_COLON = re.compile(f" *(?:- +)*[\\w.-]+:([\t{INVISIBLE}])")
_BREAK = re.compile("\r\n|\r|\n")


def name(character: str) -> str:
    """What to call a character that cannot be seen, such as `U+00A0 (no-break space)`."""
    known = {"\t": "tab", "\ufeff": "byte order mark", "\x85": "next line"}
    called = known.get(character) or unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X} ({called})"


def decode(raw: bytes, margin: Margin) -> str | None:
    """The text of a file, or None with the reason in the margin."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw[:4]:
        margin.error((1, 1), "not-utf-8", "the file is in UTF-16; save as UTF-8 and check again")
        return None
    try:
        text = raw.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as problem:
        margin.error(*_misread(raw.removeprefix(BOM), problem.start))
        return None
    return _UNHOLDABLE.sub(" ", text) if _note_unholdable(text, margin) else text


def split(text: str) -> list[str]:
    """Lines as editors count them: after LF, CRLF or CR, nothing else."""
    return _BREAK.split(text)


def _misread(raw: bytes, at: int) -> tuple[Place, str, str]:
    before = raw[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = before.rfind(b"\n") + 1
    place = before.count(b"\n") + 1, len(before[start:].decode("utf-8", "replace")) + 1
    word = re.search(rb"[^\s]*\Z", raw[:at])
    tail = re.match(rb"[^\s]{0,20}", raw[at:])
    around = (word[0][-20:] if word else b"") + (tail[0] if tail else b"")
    guess = around.decode("cp1252", "replace").strip()
    return (
        place,
        "not-utf-8",
        f"byte {raw[at]:#04x} is not UTF-8 (in an older encoding it would read {guess!r}); save as UTF-8",
    )


def _note_unholdable(text: str, margin: Margin) -> bool:
    if not _UNHOLDABLE.search(text):
        return False
    for number, line in enumerate(split(text), 1):
        for found in _UNHOLDABLE.finditer(line):
            margin.error(
                (number, found.start() + 1),
                "control-character",
                f"{name(found[0])} cannot stand in this file; delete it",
            )
    return True


def note_unseen(lines: list[str], within_text: Container[int], margin: Margin) -> None:
    """Characters in the indentation, after a dash or a colon, that look like a space and are none.

    `within_text`: numbers (from 1) of lines that continue a text, where they are the text's business.
    """
    for number, line in enumerate(lines, 1):
        if number not in within_text and ("\t" in line or not line.isascii()):
            _note_line(number, line, margin)


def _note_line(number: int, line: str, margin: Margin) -> None:
    indent = _INDENT.match(line)
    found = UNSEEN.search(indent[0]) if indent else None
    where, column = "the indentation", found.start() + 1 if found else 0
    for what, pattern in (("the dash", _AFTER_DASH), ("the colon", _AFTER_COLON)):
        after = pattern.match(line)
        if after and not column:
            where, column = f"the space after {what}", after.start(1) + 1
    if not column and line.endswith("\t"):
        where, column = "the end of the line", len(line.rstrip("\t")) + 1
    if column:
        margin.error(
            (number, column),
            "invisible-character",
            f"{name(line[column - 1])} stands in {where}; put an ordinary space there"
            if where != "the end of the line"
            else f"{name(line[column - 1])} stands at {where}; delete it",
        )
