"""A row of counts as a small chart of block letters. It knows no terminal: it gives lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

BLOCKS = " ▁▂▃▄▅▆▇█"
EIGHTHS = 8


def chart(counts: Sequence[tuple[datetime, int]], width: int, height: int = 6) -> list[str]:
    """`counts` with the oldest first; `width` columns in all, the numbers of the scale before them.

    A column stands as high as the count was at its end: a stall is flat, a fall goes down.
    """
    low, high = min(number for _, number in counts), max(number for _, number in counts)
    scale = [f"{high:,}", f"{low:,}"]
    margin = max(map(len, scale))
    values = columns(counts, max(width - margin - 2, 10))
    levels = [_level(value, low, high, height) for value in values]
    lines = [_line(levels, row) for row in range(height - 1, -1, -1)]
    labels = [scale[0], *[""] * (height - 2), scale[1]]
    return [f"{label:>{margin}} ┤{line}".rstrip() for label, line in zip(labels, lines, strict=True)]


def columns(counts: Sequence[tuple[datetime, int]], width: int) -> list[int]:
    """The count at the end of each of `width` equal spans of time."""
    first, last = counts[0][0], counts[-1][0]
    found, place = [], 0
    for column in range(1, width + 1):
        ends = first + (last - first) * (column / width)
        while place + 1 < len(counts) and counts[place + 1][0] <= ends:
            place += 1
        found.append(counts[place][1])
    return found


def _level(value: int, low: int, high: int, height: int) -> int:
    """Eighths of a letter, one at least, so that the lowest is seen as well."""
    top = height * EIGHTHS
    return top if high == low else 1 + round((value - low) / (high - low) * (top - 1))


def _line(levels: Sequence[int], row: int) -> str:
    return "".join(BLOCKS[min(max(level - row * EIGHTHS, 0), EIGHTHS)] for level in levels)
