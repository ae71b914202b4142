"""One look at messages.yaml, as it stands or as it would stand: its entries, and what `check` says of each.

It changes nothing. A file that cannot be read is a sheet too: with its problems, and without entries.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.config import Loaded
from bot.core.written import Message
from bot.files import pen
from bot.files.document import Loc, Node
from bot.files.page import EditRefused, Page
from bot.files.problems import Place, Problem, Severity

Entry = dict[str, Any]
"""A message as it stands in the file: plain values, days and times as they are written."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where the words stand, and what the bot makes of them.

    `read` gives what both files would say with this text in messages.yaml (None: with what it says);
    `findings` all that `check` finds in them; `reread` lets the running bot go on with what was saved.
    """

    messages: Path
    read: Callable[[str | None], Loaded]
    findings: Callable[[Loaded], list[Problem]]
    reread: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What `check` says of one message. `way` leads to the value, such as ("text", "es"); empty: to all."""

    severity: Severity
    message: str
    way: Loc = ()


class Sheet:
    """`text` with what was read from it (None: it cannot be read). `raw`: the bytes in which it stands in
    the file."""

    def __init__(self, files: Files, text: str | None, raw: bytes = b"") -> None:
        self.text, self.raw, self._files = text or "", raw, files
        self._is_read = text is not None
        self.loaded = files.read(text)

    @cached_property
    def problems(self) -> list[Problem]:
        """All of both files."""
        return self._files.findings(self.loaded)

    # --- the entries ---------------------------------------------------------------------------

    @cached_property
    def entries(self) -> list[Any]:
        data = self.loaded.messages.document.data
        found = data.get("messages") if isinstance(data, dict) else None
        return found if isinstance(found, list) else []

    @cached_property
    def ids(self) -> list[str | None]:
        """Of every entry, in order; None for one that has no usable id, or the id of another one."""
        ids = [each.get("id") if isinstance(each, dict) else None for each in self.entries]
        return [each if isinstance(each, str) and ids.count(each) == 1 else None for each in ids]

    def entry(self, message_id: str | None) -> Entry | None:
        at = self.place(message_id)
        return None if at is None else self.entries[at]

    def place(self, message_id: str | None) -> int | None:
        return self.ids.index(message_id) if message_id is not None and message_id in self.ids else None

    @cached_property
    def messages(self) -> Mapping[int, Message]:
        """Those entries that can be read, by their places."""
        sound, kept = self.loaded.messages.sound, self.loaded.messages.kept
        return dict(zip(kept, sound.messages, strict=True)) if sound else {}

    @cached_property
    def unread(self) -> str:
        """Why the file cannot be read at all; empty: it can."""
        if self._is_read:
            return ""
        errors = (str(each) for each in self.loaded.messages.problems if each.severity == "error")
        return next(errors, f"{self._files.messages} is not written in UTF-8; save it so first")

    @cached_property
    def locked(self) -> str:
        """Why nothing in this file can be edited here; empty: it can."""
        if self.unread:
            return self.unread
        try:
            Page(self.text)
        except EditRefused as refused:
            return str(refused)
        return ""

    @property
    def refused(self) -> str:
        """Why a running bot would not go on with these files; empty: it would."""
        usable = self.loaded.settings is not None and self.loaded.queue is not None
        errors = (each for each in self.loaded.problems if each.severity == "error")
        return "" if usable else str(next(errors, ""))

    # --- what is wrong -------------------------------------------------------------------------

    def complaints(self, at: int) -> tuple[Complaint, ...]:
        """What `check` says of the entry in that place."""
        return self._complaints.get(at, ())

    def is_read(self, at: int) -> bool:
        """Can the entry be read, by itself and beside the others? If not, the bot takes up no edit at all."""
        errors = [each for each in self.loaded.problems if each.severity == "error"]
        return at in self.messages and all(self._owner(each) != at for each in errors)

    @cached_property
    def _complaints(self) -> dict[int, tuple[Complaint, ...]]:
        found: dict[int, tuple[Complaint, ...]] = {}
        for problem in self.problems:
            at = self._owner(problem)
            if at is not None:
                way = self._ways(at).get((problem.line, problem.column), ())
                found[at] = (*found.get(at, ()), Complaint(problem.severity, problem.message, way))
        return found

    @cached_property
    def _starts(self) -> list[Place]:
        node = self.loaded.messages.document.root.below.get("messages")
        return [below.value for below in node.below.values()] if node else []

    def _owner(self, problem: Problem) -> int | None:
        """The entry in which a problem stands."""
        document = self.loaded.messages.document
        if problem.file != document.file or document.given_up:
            return None  # after a syntax error nobody knows where entries begin
        at = bisect_right(self._starts, (problem.line, problem.column)) - 1
        return at if at >= 0 else None

    def _ways(self, at: int) -> dict[Place, Loc]:
        """Which value stands where; of several in one place the one that problems are said of."""
        node = self.loaded.messages.document.node(("messages", at))
        rows = list(_below(node, ()))
        ways: dict[Place, Loc] = {}
        for places in ([(each.place, way) for each, way in rows], _keys(rows), _values(rows)):
            for place, way in places:
                ways.setdefault(place, way)
        return ways


def _below(node: Node, way: Loc) -> Iterator[tuple[Node, Loc]]:
    yield node, way
    for step, below in node.below.items():
        yield from _below(below, (*way, step))


def _keys(rows: list[tuple[Node, Loc]]) -> list[tuple[Place, Loc]]:
    return [(node.key, way) for node, way in rows if node.key]


def _values(rows: list[tuple[Node, Loc]]) -> list[tuple[Place, Loc]]:
    return [(node.value, way) for node, way in rows]


def as_yaml(entry: Mapping[str, Any] | None) -> str:
    """An entry as it would be written into an empty file; nothing for none."""
    return "\n".join(pen.entry(entry, 0, pen.Style())) if entry else ""


def stamp(entry: Mapping[str, Any] | None) -> str:
    """What tells that an entry was changed; empty for none."""
    if entry is None:
        return ""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:20]
