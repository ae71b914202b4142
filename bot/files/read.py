"""Both files as frozen models, and every problem of them at once, each at its line.

A broken entry hides nothing of the others: `Read.sound` holds what can be used for further checks, and
`Read.whole` is None as soon as one error stands. It never runs anything and never guesses a value.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.core.scalars import named
from bot.core.written import Message, Queue, Settings
from bot.files import yaml
from bot.files.document import Document, Loc
from bot.files.problems import Margin, Problem
from bot.files.sentences import Error, intended, sentence

M = TypeVar("M", bound=BaseModel)
ROUNDS = 5
"""How often the broken parts of the settings are taken out to see what they hide."""


@dataclass(frozen=True)
class Read(Generic[M]):
    """One file. `kept`: for each entry of `sound` (messages, accounts) its position in the file."""

    document: Document
    problems: list[Problem]
    sound: M | None
    kept: tuple[int, ...] = ()

    @property
    def whole(self) -> M | None:
        return None if any(problem.severity == "error" for problem in self.problems) else self.sound


def read_settings(path: Path) -> tuple[Settings | None, Document, list[Problem]]:
    """config.yaml. The settings are None when there is an error; warnings do not matter."""
    read = survey_settings(yaml.load(path))
    return read.whole, read.document, read.problems


def read_queue(path: Path) -> tuple[Queue | None, Document, list[Problem]]:
    """messages.yaml, the same way."""
    read = survey_queue(yaml.load(path))
    return read.whole, read.document, read.problems


# --- messages.yaml ---------------------------------------------------------------------------


def survey_queue(document: Document) -> Read[Queue]:
    margin = _margin(document)
    data = _top(document, margin, "messages", "- id: …")
    if data is None:
        return Read(document, margin.sorted(), None)
    entries = data.get("messages")
    listed: list[Any] = entries if isinstance(entries, list) else []
    top = {**data, "messages": []} if isinstance(entries, list) else data
    _try(Queue, top, document, margin, ())
    _twice(listed, "messages", document, margin)
    sound = [
        (at, message)
        for at, entry in enumerate(listed)
        if (message := _try(Message, entry, document, margin, ("messages", at)))
    ]
    queue = Queue(messages=tuple(message for _, message in sound))
    return Read(document, margin.sorted(), queue, tuple(at for at, _ in sound))


# --- config.yaml -----------------------------------------------------------------------------


def survey_settings(document: Document) -> Read[Settings]:
    margin = _margin(document)
    data = _top(document, margin, "campaign", "name: …")
    if data is None:
        return Read(document, margin.sorted(), None)
    accounts = data.get("accounts")
    listed: list[Any] = accounts if isinstance(accounts, list) else []
    _twice(listed, "accounts", document, margin)
    kept = list(range(len(listed)))
    settings = None
    for first in (True, *[False] * ROUNDS):
        errors: list[Error] = []
        settings = _validate(Settings, data, errors)
        here = [{**error, "loc": _in_file(error["loc"], kept)} for error in errors]
        _note(here if first else _not_ours(here), Settings, document, margin, ())
        data, kept = _less(data, errors, kept)
        if settings is not None or not data:
            break
    return Read(document, margin.sorted(), settings, tuple(kept))


def _not_ours(errors: Iterable[Error]) -> list[Error]:
    """Less what is missing only because we took it out."""
    return [error for error in errors if error["type"] not in ("missing", "too_short")]


def _in_file(loc: Loc, kept: list[int]) -> Loc:
    if len(loc) > 1 and loc[0] == "accounts" and isinstance(loc[1], int):
        return ("accounts", kept[loc[1]], *loc[2:])
    return loc


def _less(data: dict[str, Any], errors: list[Error], kept: list[int]) -> tuple[dict[str, Any], list[int]]:
    """The data without its broken values; an account that lacks something goes as a whole."""
    rest = copy.deepcopy(data)
    gone: set[int] = set()
    for error in errors:
        path = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
        if len(path) == 2 and path[0] == "accounts":
            gone.add(int(path[1]))
        elif not path:
            return {}, kept
        else:
            _take_out(rest, path)
    if gone and isinstance(rest.get("accounts"), list):
        rest["accounts"] = [entry for at, entry in enumerate(rest["accounts"]) if at not in gone]
        kept = [place for at, place in enumerate(kept) if at not in gone]
    return rest, kept


def _take_out(data: Any, path: Loc) -> None:
    """Remove what stands at a path, or the nearest thing above it that can be removed."""
    holder: Any = None
    step: str | int = ""
    node = data
    for each in path:
        below = _below(node, each)
        if below is None and not (isinstance(node, dict) and each in node):
            continue
        if isinstance(node, dict):
            holder, step = node, each
        node = below
    if holder is not None:
        holder.pop(step, None)


def _below(node: Any, step: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None


# --- both ------------------------------------------------------------------------------------


def _margin(document: Document) -> Margin:
    return Margin(document.file, list(document.problems))


def _top(document: Document, margin: Margin, key: str, then: str) -> dict[str, Any] | None:
    """The file's keys, or None with the reason noted."""
    if isinstance(document.data, dict):
        return document.data
    if not any(note.severity == "error" for note in margin.notes):
        what = "is empty" if document.data is None else "does not start with a key"
        margin.error((1, 1), "not-a-map", f"the file {what}; start it with {key}: and, below it, {then}")
    return None


def _try(model: type[M], data: Any, document: Document, margin: Margin, prefix: Loc) -> M | None:
    errors: list[Error] = []
    read = _validate(model, data, errors)
    _note(errors, model, document, margin, prefix)
    return read


def _validate(model: type[M], data: Any, errors: list[Error]) -> M | None:
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        errors += problem.errors(include_url=False)
        return None


def _note(
    errors: Iterable[Error], model: type[BaseModel], document: Document, margin: Margin, prefix: Loc
) -> None:
    errors = [error for error in errors if not (error["type"] == "too_short" and error["input"])]
    misspelt = {intended(error, model) for error in errors}
    for error in errors:
        unknown, missing = error["type"] == "extra_forbidden", error["type"] == "missing"
        loc = _as_written(document.data, (*prefix, *error["loc"]), with_last=unknown or missing)
        if (document.given_up and len(loc) == 1 and not unknown) or (missing and error["loc"] in misspelt):
            continue  # the section lacks what could not be read; the key stands there, misspelt
        code, said = sentence(error, model, *_owner(document, loc))
        place = document.key(loc) if unknown or error["loc"][-1:] == ("[key]",) else document.at(loc)
        if not margin.errors_on(place[0]):
            margin.error(place, code, said)


def _as_written(data: Any, loc: Loc, *, with_last: bool) -> Loc:
    """The way as it goes in the file: pydantic adds steps of its own."""
    way: list[str | int] = []
    for step in loc[:-1] if with_last else loc:
        below = _below(data, step)
        if below is not None or (isinstance(data, dict) and step in data):
            way.append(step)
            data = below
    return (*way, loc[-1]) if with_last else tuple(way)


def _owner(document: Document, loc: Loc) -> tuple[str, Loc]:
    """`message tents` for ("messages", 3, …), and the rest of the way."""
    if len(loc) < 2 or loc[0] not in ("messages", "accounts") or not isinstance(loc[1], int):
        return "", loc
    word = str(loc[0]).removesuffix("s")
    entry = _below(_below(document.data, loc[0]), loc[1])
    known = entry.get("id") if isinstance(entry, dict) else None
    which = named(known) if isinstance(known, str) else f"in line {document.at(loc[:2])[0]}"
    return f"{word} {which}", loc[2:]


def _twice(entries: list[Any], section: str, document: Document, margin: Margin) -> None:
    first: dict[str, int] = {}
    for at, entry in enumerate(entries):
        known = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(known, str):
            continue
        if known in first:
            line = document.at((section, first[known], "id"))[0]
            margin.error(
                document.at((section, at, "id")),
                "duplicate-id",
                f"{named(known)} is the id of two {section} (the first in line {line}); rename this one",
            )
        first.setdefault(known, at)
