"""The font of the cards: where it is, and which letters it has. It draws nothing.

Manrope, under the SIL Open Font License, comes with the package font-manrope; nothing is ever downloaded.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

BOLD, SEMIBOLD, MEDIUM = "Manrope-ExtraBold.ttf", "Manrope-SemiBold.ttf", "Manrope-Medium.ttf"

UNICODE = (3, 1)
"""Windows' table of Unicode letters, which every font of the web has: format 4, all below U+10000.
https://learn.microsoft.com/en-us/typography/opentype/spec/cmap"""


def font_file(name: str) -> Path:
    import font_manrope

    return Path(font_manrope.font_directory) / name


@lru_cache(maxsize=1)
def letters() -> frozenset[str]:
    """The letters that can be drawn in every weight that cards use."""
    return frozenset.intersection(*(_letters(font_file(name).read_bytes()) for name in (BOLD, MEDIUM)))


def _letters(font: bytes) -> frozenset[str]:
    table = _table(font, b"cmap")
    (subtables,) = struct.unpack_from(">H", font, table + 2)
    records = [struct.unpack_from(">HHI", font, table + 4 + 8 * each) for each in range(subtables)]
    start = table + next(offset for platform, encoding, offset in records if (platform, encoding) == UNICODE)
    (twice,) = struct.unpack_from(">H", font, start + 6)
    lasts = struct.unpack_from(f">{twice // 2}H", font, start + 14)
    firsts = struct.unpack_from(f">{twice // 2}H", font, start + 16 + twice)
    return frozenset(
        chr(each) for first, last in zip(firsts, lasts, strict=True) for each in range(first, last + 1)
    )


def _table(font: bytes, name: bytes) -> int:
    """Where a table of the font begins."""
    (tables,) = struct.unpack_from(">H", font, 4)
    rows = (struct.unpack_from(">4sIII", font, 12 + 16 * each) for each in range(tables))
    return next(int(offset) for tag, _sum, offset, _length in rows if tag == name)
