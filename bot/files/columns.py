"""A message as one row of a table: every field a column, and back without a loss.

    id  kind  link  draft  accounts (spaces between)
    text  text:2 (its second variant)  text:en  text:es:2
    thread:1  thread:2:en  media:1:file  media:1:alt:es  media (card: drawn from the text)
    x:text  x:media:1:file (what stands under `per: x:`)

It knows names and plain data; whether a message may say what the cells say is for the models to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from bot.core.written import Message, Override, texts
from bot.files.document import Loc

Cells = Mapping[str, str]
"""Column name -> what stands in the cell."""

TEXTS = ("text", "content_warning")
NESTED = (*TEXTS, "thread", "media", "per")
ORDER = tuple(Message.model_fields)
SIMPLE = tuple(key for key in ORDER if key not in NESTED)
NOTHING = "(none)"
"""In a column of `per`: there it has none, though the message has one elsewhere."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NUMBER = re.compile(r"[1-9][0-9]?")
_FLAGS = {
    **dict.fromkeys(("true", "verdadero", "wahr", "vrai", "verdadeiro", "vero"), True),
    **dict.fromkeys(("false", "falso", "falsch", "faux"), False),
}
"""How spreadsheets write true and false in the languages of their users."""


# --- names -------------------------------------------------------------------------------------


@lru_cache(4096)
def way(name: str) -> Loc | None:
    """The way to the value of a column, such as ("text", "en", 0); None where no column is called so."""
    head, *rest = name.split(":")
    found = _own_way(head, rest)
    if found:
        return found
    inner = _own_way(rest[0], rest[1:]) if head and rest else None
    if rest == ["thread"]:
        inner = (rest[0],)
    return ("per", head, *inner) if inner and inner[0] in Override.model_fields else None


def _own_way(head: str, rest: list[str]) -> Loc | None:
    if head in SIMPLE:
        return None if rest else (head,)
    if head in TEXTS:
        return _worded((head,), rest)
    if head == "media" and not rest:
        return (head,)
    if head not in ("thread", "media") or not rest or not _NUMBER.fullmatch(rest[0]):
        return None
    start: Loc = (head, int(rest[0]) - 1)
    if head == "thread":
        return _worded(start, rest[1:])
    if rest[1:] == ["file"]:
        return (*start, "file")
    return _worded((*start, "alt"), rest[2:]) if rest[1:2] == ["alt"] else None


def _worded(start: Loc, rest: list[str]) -> Loc | None:
    """The way to one variant of a text, in one language or in none."""
    steps = list(rest)
    language = steps.pop(0) if steps and _LANGUAGE.fullmatch(steps[0]) else ""
    number = int(steps.pop(0)) if steps and _NUMBER.fullmatch(steps[0]) else 1
    return None if steps else (*start, language, number - 1)


def name(loc: Loc) -> str:
    """The column of a value."""
    if loc[0] == "per":
        return f"{loc[1]}:{name(loc[2:])}"
    words = [str(loc[0])]
    if loc[0] in ("thread", "media") and len(loc) > 1:
        words.append(str(int(loc[1]) + 1))
    rest = loc[len(words) :]
    if loc[0] == "media" and rest:
        words, rest = [*words, str(rest[0])], rest[1:]
    if rest:
        words += [str(rest[0])] * bool(rest[0]) + [str(int(rest[1]) + 1)] * bool(rest[1])
    return ":".join(words)


def meant(word: str) -> str:
    """`; did you mean text:en?`, or nothing."""
    steps = word.strip().lower().split(":")
    for at in range(min(2, len(steps))):
        close = get_close_matches(steps[at], (*SIMPLE, *NESTED), n=1)
        if close and way(guess := ":".join((*steps[:at], close[0], *steps[at + 1 :]))):
            return f"; did you mean {guess}?"
    return ""


def rank(column: str) -> tuple[Any, ...]:
    """Where a column stands in a table: as the fields are documented, `per` last."""
    loc = way(column) or ("per", "")
    owner, inner = (str(loc[1]), loc[2:]) if loc[0] == "per" else ("", loc)
    steps = tuple("" if step == "file" else step for step in inner[1:])
    return loc[0] == "per", owner, ORDER.index(str(inner[0])), steps


# --- cells -------------------------------------------------------------------------------------


def cells(message: Mapping[str, Any]) -> dict[str, str]:
    """A message, as it stands in the file, as a row; cells with nothing in them are left out."""
    leaves = (leaf for key, value in message.items() if value is not None for leaf in _leaves((key,), value))
    return {name(loc): clean(words) for loc, words in leaves}


def clean(words: str) -> str:
    """Less what nobody sees and no post has: space around it, and line breaks of other systems."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def _leaves(loc: Loc, value: Any) -> Iterator[tuple[Loc, str]]:
    """Every single value in a field, with the way to it."""
    key = loc[-1]
    if key == "per":
        for owner, override in value.items():
            for field, below in override.items():
                yield from _leaves((*loc, owner, field), below)
    elif value is None or (value == [] and loc[0] == "per"):
        yield (*loc, "", 0) if key in TEXTS else loc, NOTHING
    elif key in TEXTS:
        yield from _wordings(loc, value)
    elif key == "thread":
        for at, part in enumerate(value):
            yield from _wordings((*loc, at), part)
    elif key == "media" and isinstance(value, str):
        yield loc, value
    elif key == "media":
        for at, picture in enumerate(value):
            yield (*loc, at, "file"), picture["file"]
            yield from _wordings((*loc, at, "alt"), picture.get("alt", {}))
    else:
        yield loc, _as_cell(value)


def _wordings(loc: Loc, value: Any) -> Iterator[tuple[Loc, str]]:
    for language, variants in texts(value).items():
        for at, words in enumerate(variants):
            yield (*loc, language, at), words


def _as_cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- messages ----------------------------------------------------------------------------------


def message(row: Cells) -> dict[str, Any]:
    """The message that a row describes, as it would stand in the file; columns must have a `way`."""
    tree: dict[Any, Any] = {}
    for column, words in row.items():
        loc = way(column)
        if loc and words:
            *steps, last = loc
            node = tree
            for step in steps:
                if not isinstance(node.get(step), dict):
                    node[step] = {}
                node = node[step]
            node.setdefault(last, words)  # pictures that are named go before a word for all of them
    return {key: _value(key, tree[key]) for key in ORDER if key in tree}


def _value(key: str, node: Any, *, within_per: bool = False) -> Any:
    if key == "per":
        return {
            owner: {field: _value(field, below, within_per=True) for field, below in fields.items()}
            for owner, fields in node.items()
        }
    if within_per and node in (NOTHING, {"": {0: NOTHING}}):
        return [] if key in ("media", "thread") else None
    if key in TEXTS:
        return _texts(node)
    if key == "thread" and isinstance(node, dict):
        return [_texts(node[at]) for at in sorted(node)]
    if key == "media" and isinstance(node, dict):
        return [_picture(node[at]) for at in sorted(node)]
    return _from_cell(key, node)


def _texts(node: Mapping[str, Mapping[int, str]]) -> Any:
    """As short as it can be written: one text, a list of variants, or one of either per language."""
    lists = {language: [variants[at] for at in sorted(variants)] for language, variants in node.items()}
    written = {language: each[0] if len(each) == 1 else each for language, each in lists.items()}
    return written[""] if list(written) == [""] else written


def _picture(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _texts(below) if key == "alt" else below for key, below in node.items()}


def _from_cell(key: str, words: str) -> Any:
    if key == "accounts":
        return re.split(r"[\s,;]+", words)
    if key == "draft":
        return _FLAGS.get(words.casefold(), words)
    return int(words) if key == "weight" and re.fullmatch(r"[0-9]{1,6}", words) else words
