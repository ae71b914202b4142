"""How values are written into YAML for people: block style, and quotes only where YAML needs them.

It gives lines and pieces of lines; where they go is edit.py's business. It writes plain data alone (texts,
true and false, whole numbers, lists and maps) and knows nothing of what stands in the file already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.written import Message
from bot.files.source import INVISIBLE

WIDTH = 100
"""Texts are broken where their lines would be longer, as in the files that the bot ships."""

NARROWEST = 30
PROSE = frozenset({"text", "thread"})
"""Always in block style, so that whoever corrects such a text later may write `:` and `#` in it."""

ORDER = tuple(Message.model_fields)
"""The order in which the keys of a message are documented."""

Behind = tuple[str, list[str]]
"""What stands behind a colon or a dash on the same line, and the lines below it."""

_UNHOLDABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_ESCAPED = re.compile(f'["\\\\\t\n{_UNHOLDABLE}]')
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_QUOTES_NEEDED = re.compile(
    f"[\t{_UNHOLDABLE}]"  # what only an escape can hold
    r"|\A\s|\A\Z|[^\S\n]\Z|[^\S\n]\n|\n\n\Z"  # what an editor may take away, or YAML for indentation
    r"|\\[ntuUx]"  # what looks like an escape, and would be none
)
_NOT_PLAIN = re.compile(rf"\A[-?:,\[\]{{}}#&*!|>'\"%@`{INVISIBLE}]|:(?:\s|\Z)|\s#|\n")
_PLAIN_IN_BRACES = re.compile(r"[^\W_](?:[\w./+-]|:(?=\w)| (?=\w))*|https?://[\w./%?=&+~-]+")
_PLAIN_KEY = re.compile(r"[^\W_][\w.-]*")
_OTHER_TYPE = re.compile(r"~|[nN]ull|NULL|[tT]rue|TRUE|[fF]alse|FALSE|[-+]?(?:0|[1-9][0-9]{0,17})")
_GAP = re.compile(r"(?<=\S) (?=\S)")


@dataclass(frozen=True)
class Style:
    """The habits of a file: its line break, how much further in the keys of a map and the dashes of a list
    stand than the key above them, and how far behind a dash its value begins."""

    newline: str = "\n"
    maps: int = 2
    lists: int = 2
    dash: int = 2


# --- block style -------------------------------------------------------------------------------


def entry(data: Mapping[str, Any], column: int, style: Style) -> list[str]:
    """A whole message, its dash in `column` (from 0)."""
    return _dashed(data, column, style, "")


def field(key: str, data: Any, column: int, style: Style, owner: str = "") -> list[str]:
    """A key in `column` with its value; `owner` is the field of the message that it belongs to."""
    head, body = behind_colon(data, column, len(key) + 2, style, key if key in ORDER else owner)
    return [f"{' ' * column}{_key(key)}:{' ' * bool(head)}{head}", *body]


def behind_colon(data: Any, column: int, taken: int, style: Style, owner: str) -> Behind:
    """The value of a key in `column`, which takes up `taken` letters of its line."""
    if isinstance(data, Mapping) and data:
        return "", _fields(data, column + style.maps, style, owner)
    if isinstance(data, list) and data and not _fits_in_brackets(data, owner):
        dashed = [_dashed(each, column + style.lists, style, owner) for each in data]
        return "", [line for lines in dashed for line in lines]
    if isinstance(data, str):
        return _text(data, column + style.maps, column + taken, owner)
    return flow(data), []


def behind_dash(data: Any, column: int, style: Style, owner: str) -> Behind:
    """The value of an entry whose dash stands in `column`."""
    inner = column + style.dash
    if isinstance(data, Mapping) and data:
        first, *rest = _fields(data, inner, style, owner)
        return first.lstrip(" "), rest
    if isinstance(data, str):
        return _text(data, inner, inner, owner)
    return flow(data), []


def _dashed(data: Any, column: int, style: Style, owner: str) -> list[str]:
    head, body = behind_dash(data, column, style, owner)
    return [f"{' ' * column}-{' ' * (style.dash - 1)}{head}", *body]


def _fields(data: Mapping[str, Any], column: int, style: Style, owner: str) -> list[str]:
    lines = (field(key, data[key], column, style, owner) for key in sorted(data, key=rank))
    return [line for several in lines for line in several]


def rank(key: str) -> int:
    """Where a key belongs among others; languages and such keep their own order, behind."""
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else quoted(key)


def _fits_in_brackets(data: list[Any], owner: str) -> bool:
    return owner == "accounts" and len(flow(data)) < WIDTH // 2


# --- texts -------------------------------------------------------------------------------------


def _text(text: str, column: int, taken: int, owner: str) -> Behind:
    """A text whose lines below, if any, begin in `column`; `taken` letters stand before its head."""
    if _QUOTES_NEEDED.search(text):
        return quoted(text), []
    if "\n" in text:
        lines = [f"{' ' * column}{line}" if line else "" for line in text.split("\n")]
        return ("|-", lines) if lines[-1] else ("|", lines[:-1])
    plain = not _NOT_PLAIN.search(text) and not _OTHER_TYPE.fullmatch(text)
    if owner not in PROSE and taken + len(text) <= WIDTH:
        return (text if plain else _in_quotes(text)), []
    if owner not in PROSE and not _GAP.search(text):
        return (text if plain else _in_quotes(text)), []
    return ">-", [f"{' ' * column}{line}" for line in _folded(text, max(WIDTH - column, NARROWEST))]


def _folded(text: str, width: int) -> list[str]:
    """Broken only at single spaces, which is what YAML makes of a line break here."""
    first, *words = _GAP.split(text)
    lines = [first]
    for word in words:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _in_quotes(text: str) -> str:
    """The quotes that need no escapes, where there are such."""
    if ('"' in text or "\\" in text) and "'" not in text:
        return f"'{text}'"
    return quoted(text)


def quoted(text: str) -> str:
    """In double quotes, on one line; what cannot be seen is escaped."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}"


# --- flow style --------------------------------------------------------------------------------


def flow(data: Any, *, as_json: bool = False) -> str:
    """The same on one line, in braces and brackets; as JSON where the file is written so."""
    if isinstance(data, Mapping):
        pairs = (pair(key, data[key], as_json=as_json) for key in sorted(data, key=rank))
        return f"{{{', '.join(pairs)}}}"
    if isinstance(data, list):
        return f"[{', '.join(flow(each, as_json=as_json) for each in data)}]"
    if not isinstance(data, str):
        return json.dumps(data)
    plain = _PLAIN_IN_BRACES.fullmatch(data) and not _OTHER_TYPE.fullmatch(data)
    return data if plain and not as_json else quoted(data)


def pair(key: str, data: Any, *, as_json: bool) -> str:
    return f"{quoted(key) if as_json else _key(key)}: {flow(data, as_json=as_json)}"
