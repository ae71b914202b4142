"""Legal YAML that is probably not what was meant: hashtags lost to `#`, sentences split at commas.

It looks at events and lines, says what YAML made of them and how to write it; it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.core.scalars import quoted
from bot.files.problems import Margin, Place

_SWALLOWED = re.compile(r"\s+(#[^\s#]\S*)|^(#[^\s#]\S*)")
_HEADER = re.compile(r"[|>][-+0-9]*\s+(#[^\s#]\S*)")
_OWN_LINE = re.compile(r"\s*(#[^\W\d_]\w*)(?![\w-]*:)(?=\s|$)")
_ESCAPE = re.compile(r"\\(?:n|t|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2})")
_FIELD = re.compile(r"[a-z][a-z0-9_-]*|[a-z]{2,3}(-[A-Za-z0-9]{2,8})+")
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d")
_NOT_PROSE = re.compile(r"[-+]?\d+|true|false|null|~", re.IGNORECASE)


def of_scalar(event: Any, key: str | None, lines: Sequence[str], margin: Margin) -> None:
    if event.style == '"':
        return
    if event.style != "'":
        _lost_hashtag(event, lines, margin)
    if "\\" in event.value and key != "file":
        _literal_escape(event, lines, margin)


def _lost_hashtag(event: Any, lines: Sequence[str], margin: Margin) -> None:
    found = _swallowed(event, lines)
    if found is None:
        return
    line, column, tag = found
    margin.warn(
        (line + 1, column + 1),
        "hashtag-lost",
        f"{tag} and what follows it is a comment in YAML and will not be posted; put the text in quotes",
    )


def _swallowed(event: Any, lines: Sequence[str]) -> tuple[int, int, str] | None:
    """Line, column (from 0) and word of a comment that looks like a hashtag of this text."""
    if event.style in ("|", ">"):
        return _beside_block(event, lines)
    if event.value and _NOT_PROSE.fullmatch(event.value):
        return None
    end = event.end_mark
    if end.line >= len(lines):
        return None
    rest = lines[end.line][end.column :]
    if "#" in rest:
        found = _SWALLOWED.match(rest)
        if found:
            group = 1 if found[1] else 2
            return end.line, end.column + found.start(group), found[group]
    if not event.value and not rest.strip():
        return _own_line(end.line + 1, lines)
    return None


def _beside_block(event: Any, lines: Sequence[str]) -> tuple[int, int, str] | None:
    start = event.start_mark
    header = _HEADER.match(lines[start.line], start.column)
    if header:
        return start.line, header.start(1), header[1]
    return _own_line(event.end_mark.line, lines)


def _own_line(number: int, lines: Sequence[str]) -> tuple[int, int, str] | None:
    found = _OWN_LINE.match(lines[number]) if number < len(lines) else None
    return (number, found.start(1), found[1]) if found else None


def _literal_escape(event: Any, lines: Sequence[str], margin: Margin) -> None:
    for number in range(event.start_mark.line, min(event.end_mark.line + 1, len(lines))):
        start = event.start_mark.column if number == event.start_mark.line else 0
        found = _ESCAPE.search(lines[number], start)
        if found:
            margin.warn(
                (number + 1, found.start() + 1),
                "literal-escape",
                f"{found[0]} would be posted just so; only double quotes turn it into what it stands for",
            )
            return


def of_flow_list(scalars: Sequence[Any], margin: Margin) -> None:
    """`[We asked, they refused]` is two texts."""
    plain = [each for each in scalars if not each.style]
    prose = [each for each in plain if " " in each.value.strip() and not _WHEN.match(each.value)]
    if len(plain) > 1 and prose:
        mark = prose[0].start_mark
        margin.warn(
            (mark.line + 1, mark.column + 1),
            "split-at-commas",
            f"the commas make {len(scalars)} texts of this; put each text in quotes",
        )


def of_key_alone(key: str, place: Place, margin: Margin) -> None:
    """`{signatures} people signed`, and the second half of `{text: We asked, they refused}`."""
    margin.error(
        place,
        "key-without-value",
        f"in braces, {quoted(key)} is a key without a value; put a text with braces or commas in quotes",
    )


def of_map_in_list(value: dict[str, Any], place: Place, margin: Margin) -> None:
    """`- Fact: 16,000 children` is a map with the key Fact."""
    key = next(iter(value), "")
    if len(value) == 1 and not key.startswith("\x00") and not _FIELD.fullmatch(key):
        margin.error(
            place,
            "text-became-map",
            f"the colon makes a key of {quoted(key)}; put the whole text in quotes",
        )
