"""What a parser's complaint means to the person who wrote the line, and where to read on behind it.

It repairs nothing but JSON's pairs of escapes, which can only mean one character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.files.problems import Place

_QUOTED = re.compile(r'(?m)(?:^|[:\-,?]\s|[\[{])\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_SPECIAL = re.compile(r"\s*(?:- +)*(?:[\w.-]+:\s+)?(?:- +)?([\[{&*!|>%@`,}\]])")
_QUOTE = re.compile(r"\s*(?:- +)*(?:[\w.-]+:\s+)?(?:- +)?([\"'])")
_SECTION = re.compile(r"[^\s#-]")
_GLUED = re.compile(r"\s*(?:- +)*(?:[a-z_]+:(?=[^\s/])|-(?=[a-z_]+:))")
_ENTRY = re.compile(r"( *)- ")


@dataclass(frozen=True)
class Stumble:
    """A syntax error: where it shows (from 1), and in which line (from 1) it probably began."""

    place: Place
    origin: int
    code: str
    message: str


def stumble(error: Any, lines: Sequence[str], quote: Place | None = None) -> Stumble:
    """Translate one of PyYAML's errors; one without a place gives the first line.

    `quote` is where the last quoted text of more than one line began: when words follow a quote that
    closes, and the text crosses an entry, it is the opening one that is missing its end.
    """
    mark: Any = getattr(error, "problem_mark", None)
    context: Any = getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or "")
    about = str(getattr(error, "context", None) or "")
    row, column = (mark.line, mark.column) if mark else (0, 0)
    opened = context is not None and ("flow" in about or not "".join(lines[row:]).strip())
    begun = context.line if context is not None and (opened or "scalar" in about or "key" in about) else row
    if opened:
        row, column = context.line, context.column
    row = min(row, len(lines) - 1)
    glued = next((n for n in (row, row - 1) if n >= 0 and _GLUED.match(lines[n])), None)
    if glued is not None and "scalar" not in about:
        return Stumble((glued + 1, 1 + len(lines[glued]) - len(lines[glued].lstrip())), begun + 1, *_NO_SPACE)
    code, message = _explain(problem, about, lines, row, begun)
    if quote and code in ("after-quote", "syntax") and any(map(_ENTRY.match, lines[quote[0] : row + 1])):
        return Stumble(quote, quote[0], "open-quote", _OPEN_QUOTE)
    return Stumble((row + 1, column + 1), begun + 1, code, message)


def _explain(problem: str, about: str, lines: Sequence[str], row: int, begun: int) -> tuple[str, str]:
    for words, code, message in _MEANINGS:
        if words in problem or words in about:
            return code, message
    for number in dict.fromkeys((row, begun, row - 1)):
        said = _explain_line(lines[number]) if 0 <= number < len(lines) else None
        if said:
            return said
    return "syntax", "this line does not fit the ones above; check its indentation, dashes and colons"


_NO_SPACE = ("no-space", "put a space behind the dash and behind the colon, as in - id: tents")
_OPEN_QUOTE = "this quote is never closed; add the closing quote"
_TOO_DEEP = "lists and maps are nested more than 40 deep here; write them flatter"
_MEANINGS = (
    ("nested more than", "too-deep", _TOO_DEEP),
    ("nesting depth", "too-deep", _TOO_DEEP),
    (
        "mapping values are not allowed",
        "colon-in-text",
        "a colon followed by a space makes a key here; put the whole text in quotes or check the indentation",
    ),
    (
        "sequence entries are not allowed",
        "dash-in-line",
        "a dash cannot start a list in this place; put the list on its own lines, or the text in quotes",
    ),
    (
        "decimal number",
        "bad-escape",
        r"in double quotes \U, \u and \x start a code; write a path with / or in single quotes",
    ),
    (
        "unknown escape",
        "bad-escape",
        r"in double quotes a \ starts a code; write \\ for a backslash, or use single quotes",
    ),
    (
        "Unicode character escape",
        "lone-surrogate",
        "this code is one half of a character; write the emoji itself",
    ),
    ("unexpected end of stream", "open-quote", _OPEN_QUOTE),
    ("unexpected document indicator", "open-quote", _OPEN_QUOTE),
    ("directive", "directive", "a line that starts with % is not taken here; delete it or quote the text"),
    ("document start", "several-documents", "... ends the document; delete it and keep one document a file"),
)


def _explain_line(line: str) -> tuple[str, str] | None:
    special, quote = _SPECIAL.match(line), _QUOTE.match(line)
    if re.search(r"[\[,]\s*#\S", line):
        return (
            "hashtag-lost",
            "# starts a comment here and hides the rest of the line; put hashtags in quotes",
        )
    if special and special[1] == "[":
        return "open-bracket", "this list in [ ] is not complete; close it, or put a text in quotes"
    if special:
        return "special-start", f"a text cannot start with {special[1]} in YAML; put the whole text in quotes"
    if quote and quote[1] == "'":
        return "after-quote", "the quote ends early; write '' for an apostrophe inside single quotes"
    if quote:
        return "after-quote", r"something follows the closing quote; write \" for a quote inside the text"
    return None


def join_surrogates(text: str) -> str:
    r"""Inside double quotes, JSON's `\ud83d\ude00` is one character; lone halves stay as they are."""
    return _QUOTED.sub(lambda quoted: _PAIR.sub(_joined, quoted[0]), text)


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def without_entry(lines: Sequence[str], origin: int) -> list[str] | None:
    """The lines with the list entry around line `origin` (from 1) emptied, or its whole section where that
    is no list; None where nothing is left to empty.

    A section begins with a key at the margin, an entry with a `- ` as far in as the section's first one.
    """
    row = min(origin, len(lines)) - 1
    top = next((n for n in range(row, -1, -1) if _SECTION.match(lines[n])), None)
    if top is None:
        return None
    end = next((n for n in range(row + 1, len(lines)) if _SECTION.match(lines[n])), len(lines))
    start = top if row == top else top + 1
    first = next((found[0] for line in lines[top + 1 : end] if (found := _ENTRY.match(line))), None)
    if first and (entry := next((n for n in range(row, top, -1) if lines[n].startswith(first)), None)):
        start = entry
        end = next((n for n in range(start + 1, end) if lines[n].startswith(first)), end)
    return [*lines[:start], *[""] * (end - start), *lines[end:]] if any(lines[start:end]) else None
