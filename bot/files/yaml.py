"""YAML made strict: the core types of YAML 1.2, and every value knows its line. PyYAML lives here only.

It refuses what surprises people: anchors, aliases, tags, merge keys, duplicate keys, several documents,
other types than text, true/false, null and decimal whole numbers (`no`, `010`, `1_000`, `9:30` and dates
are text). It never raises for what stands in a file: problems are values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.core.scalars import named
from bot.files import source, suspicions, syntax
from bot.files.document import Document, Node
from bot.files.problems import Margin, Place

LARGEST = 1024 * 1024
DEEPEST = 40
STUMBLES = 20
"""After so many syntax errors the rest of the file is not looked at any more."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML has it: ten times faster."""
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_QUOTES = ("'", '"')
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")


def load(path: Path) -> Document:
    """Read one file; whatever stands in its way is a problem of the document."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as problem:
        margin = Margin(str(path))
        margin.error((1, 1), "unreadable", f"{path} cannot be read: {_why(problem)}")
        return Document(str(path), None, margin.notes)
    return parse(raw, str(path))


def _why(problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError):
        return "there is no such file; petition-bot init writes one"
    if isinstance(problem, IsADirectoryError):
        return "it is a folder; name the file in it"
    if isinstance(problem, PermissionError):
        return "its permissions forbid it; allow the user who runs the bot to read it"
    return (problem.strerror or "the system refused").lower()


def parse(raw: bytes, file: str, *, loader: Any = LOADER) -> Document:
    """The same for bytes that are at hand; `file` names them in problems."""
    margin = Margin(file)
    if len(raw) > LARGEST:
        margin.error((1, 1), "too-large", "the file is larger than 1 MiB; move old messages to another file")
        return Document(file, None, margin.notes)
    text = source.decode(raw, margin)
    if text is None:
        return Document(file, None, margin.notes)
    return _parse(text, margin, loader)


def _parse(text: str, margin: Margin, loader: Any) -> Document:
    lines = source.split(text)
    stumbles: list[syntax.Stumble] = []
    rest: str | None = text
    while rest is not None:
        builder = _Builder(margin.file, lines)
        try:
            data, root = builder.build(yaml.parse(rest, Loader=loader))
            break
        except yaml.YAMLError as error:
            rest = _onwards(rest, error, syntax.stumble(error, lines, builder.quote), stumbles)
    else:
        data, root = None, Node((1, 1))
    source.note_unseen(lines, builder.continued, margin)
    explained = {note.line for note in margin.notes}
    for stumble in stumbles:
        line = stumble.place[0]
        if explained.isdisjoint((line - 1, line, stumble.origin)):
            margin.error(stumble.place, stumble.code, stumble.message)
    margin.notes += builder.margin.notes
    return Document(margin.file, data, margin.sorted(), root, bool(stumbles))


def _onwards(
    text: str, error: yaml.YAMLError, stumble: syntax.Stumble, stumbles: list[syntax.Stumble]
) -> str | None:
    """The text to try next: escapes joined, or less the entry that could not be read. None: no more."""
    joined = syntax.join_surrogates(text) if "Unicode character escape" in str(error) else text
    if joined != text:
        return joined
    stumbles.append(stumble)
    rest = syntax.without_entry(source.split(text), stumble.origin)
    return "\n".join(rest) if rest is not None and len(stumbles) < STUMBLES else None


class _TooDeep(yaml.MarkedYAMLError):
    pass


class _Builder:
    """Plain Python from PyYAML's events, with a node for every value."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.margin = Margin(file)
        self.lines = lines
        self.continued: set[int] = set()
        self.quote: Place | None = None
        self._events: Iterator[Any] = iter(())

    def build(self, events: Iterator[Any]) -> tuple[Any, Node]:
        self._events = events
        data, root, documents = None, Node((1, 1)), 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._refuse(event, "several-documents", "--- starts a second document; keep one a file")
            elif isinstance(event, yaml.NodeEvent):
                value, node = self._node(event, 0, None)
                if documents == 1:
                    data, root = value, node
        return data, root

    def _node(self, event: Any, depth: int, key: str | None) -> tuple[Any, Node]:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(
                event, "alias", f"*{event.anchor} points to an anchor; write the value out, or quote a text"
            )
            return None, Node(_start(event))
        if event.anchor is not None:
            self._refuse(
                event,
                "anchor",
                f"&{event.anchor} names an anchor in YAML; put a text that starts with & in quotes",
            )
        if event.tag is not None:
            self._refuse(
                event,
                "tag",
                f"{event.tag} is a tag in YAML; delete it, or put a text that starts with ! in quotes",
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, key)
        if depth >= DEEPEST:
            raise _TooDeep(
                problem=f"lists and maps are nested more than {DEEPEST} deep", problem_mark=event.start_mark
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth, key)
        return self._mapping(event, depth)

    def _scalar(self, event: Any, key: str | None) -> tuple[Any, Node]:
        first, last = event.start_mark.line, event.end_mark.line
        if last > first:
            whole_last = event.end_mark.column > 0
            if event.style in _QUOTES:
                self.quote = _start(event)
            self.continued.update(range(first + 2, last + 1 + whole_last))
        suspicions.of_scalar(event, key, self.lines, self.margin)
        if event.style == '"' and source.SURROGATE.search(event.value):  # only PyYAML's own parser gives them
            raise yaml.MarkedYAMLError(
                problem="Unicode character escape: half a character", problem_mark=event.start_mark
            )
        return _value(event), Node(_start(event), end=_end(event))

    def _sequence(self, event: Any, depth: int, key: str | None) -> tuple[list[Any], Node]:
        values: list[Any] = []
        node = Node(_start(event))
        scalars: list[Any] = []
        for child in self._events:
            if isinstance(child, yaml.SequenceEndEvent):
                break
            value, below = self._node(child, depth + 1, key)
            if isinstance(child, yaml.ScalarEvent):
                scalars.append(child)
            elif isinstance(value, dict):
                suspicions.of_map_in_list(value, below.value, self.margin)
            node.below[len(values)] = below
            values.append(value)
        node.end = _end(child)
        if event.flow_style:
            suspicions.of_flow_list(scalars, self.margin)
        return values, node

    def _mapping(self, event: Any, depth: int) -> tuple[dict[str, Any], Node]:
        values: dict[str, Any] = {}
        node = Node(_start(event))
        for child in self._events:
            if isinstance(child, yaml.MappingEndEvent):
                break
            key = self._key(child, depth, node)
            after = next(self._events)
            if event.flow_style and _empty(after):
                suspicions.of_key_alone(key, _start(child), self.margin)
            value, below = self._node(after, depth + 1, key)
            below.key, below.key_end = _start(child), _end(child)
            if _empty(after):
                below.value = below.key
            values[key] = value
            node.below[key] = below
        node.end = _end(child)
        return values, node

    def _key(self, event: Any, depth: int, parent: Node) -> str:
        place = _start(event)
        if not isinstance(event, yaml.ScalarEvent) or (not event.style and event.value in ("", "~")):
            self._node(event, depth + 1, None)
            self.margin.error(place, "bad-key", "a key must be one plain word, such as text:")
            return f"\x00{place}"
        if event.anchor is not None or event.tag is not None:
            self._node(event, depth + 1, "file")
        key = str(event.value)
        unseen = source.UNSEEN.search(key)
        if unseen:
            self.margin.error(
                (place[0], place[1] + unseen.start()),
                "invisible-character",
                f"{source.name(unseen[0])} stands in a key; delete it or put an ordinary space there",
            )
        elif key == "<<":
            self.margin.error(place, "merge-key", "<< merges maps in YAML; write the values out instead")
        elif key in parent.below:
            first = (parent.below[key].key or place)[0]
            self.margin.error(
                place, "duplicate-key", f"{named(key)} stands twice here (first in line {first}); keep one"
            )
        return key

    def _refuse(self, event: Any, code: str, message: str) -> None:
        self.margin.error(_start(event), code, message)


def _start(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end(event: Any) -> Place:
    return event.end_mark.line + 1, event.end_mark.column + 1


def _empty(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style and event.value == ""


def _value(event: Any) -> Any:
    text = event.value
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text
