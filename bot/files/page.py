"""One messages.yaml while it is being edited: its list, and the splices that add, change, move or remove.

Nothing leaves it unread: `settled` gives a text only when the strict reader finds in it what was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from bot.core.scalars import did_you_mean, named
from bot.files import pen, source, syntax, yaml
from bot.files.document import Document, Node
from bot.files.layout import Layout, Splice, style
from bot.files.strokes import Strokes, same

NAME = "messages.yaml"
Entry = dict[str, Any]


class EditRefused(Exception):
    """The edit cannot be made; one sentence says why. Nothing was changed."""


class Page:
    """Raises EditRefused for a text that cannot be edited safely."""

    def __init__(self, text: str) -> None:
        document = _read(text)
        for problem in document.problems:
            if problem.severity == "error":
                raise EditRefused(f"{problem}; mend that line first")
        if syntax.join_surrogates(text) != text:
            raise EditRefused(rf"{NAME} has emoji written as \ud83d…; write the emoji themselves first")
        self.text, self.entries = text, _entries(document.data)
        self._data, self._root = document.data or {}, document.root
        self._node = self._root.below.get("messages", Node((1, 1)))
        self._layout = Layout(text, document)
        self._strokes = Strokes(self._layout, style(self._layout, self._node))

    def index(self, message_id: str) -> int:
        ids = [entry.get("id") if isinstance(entry, dict) else None for entry in self.entries]
        if ids.count(message_id) > 1:
            raise EditRefused(f"{named(message_id)} is the id of two messages; rename one in a text editor")
        if message_id not in ids:
            guess = did_you_mean(message_id, filter(None, ids)) or f" in {NAME}"
            raise EditRefused(f"there is no message {named(message_id)}{guess}")
        return ids.index(message_id)

    def is_free(self, message_id: Any) -> bool:
        return not any(isinstance(entry, dict) and entry.get("id") == message_id for entry in self.entries)

    # --- splices -------------------------------------------------------------------------------

    def added(self, fresh: Sequence[Entry]) -> Iterator[Splice]:
        layout, column = self._layout, self._column
        if self._in_brackets or self._is_noted:
            as_json = self._strokes.is_json(self._node if self.entries else self._root)
            yield self._strokes.appended(self._node, [pen.flow(each, as_json=as_json) for each in fresh])
        elif self.entries:
            end = self._units[-1][1]
            lines = self._written(fresh, column, gaps=self._gaps)
            yield layout.lines(end, end, self._below(end, lines))
        elif "messages" in self._data:
            lines = self._written(fresh, column, gaps=True)
            yield from layout.put(layout.colon(self._node), self._node, ("", lines))
        else:
            end = len(self.text)
            yield layout.lines(end, end, ["messages:", *self._written(fresh, column, gaps=True)])

    def revised(self, at: int, new: Entry) -> Iterator[Splice]:
        old = self.entries[at]
        if self._in_brackets:
            node = self._node.below[at]
            text = self._strokes.in_flow(node, old, new, self._strokes.is_json(node))
            yield self._layout.start(node), self._layout.stop(node), text
        else:
            yield from self._strokes.element(self._node, at, old, new)

    def removed(self, at: int) -> Iterator[Splice]:
        if self._in_brackets:
            yield from self._strokes.taken_out(self._node, at)
            return
        if len(self.entries) == 1:
            colon = self._layout.colon(self._node)
            yield colon, colon, " []"
        yield self._cut(at, *self._units[at])

    def moved(self, at: int, to: int, order: Sequence[int]) -> Iterator[Splice]:
        if self._in_brackets:
            yield from self._strokes.reordered(self._node, order)
            return
        start, end = self._own(at)
        lines = source.split(self.text[start:end].removesuffix(self._layout.newline))
        yield self._cut(at, start, end)
        if to < len(self.entries):
            place = self._own(to)[0]
            lines += [""] * (self._gaps and bool(lines[-1]))
        else:
            place = self._units[-1][1]
            lines = self._below(place, [""] * self._gaps + lines)
        yield self._layout.lines(place, place, lines)

    # --- the list ------------------------------------------------------------------------------

    @cached_property
    def _in_brackets(self) -> bool:
        return bool(self.entries) and self._layout.is_flow(self._node)

    @property
    def _is_noted(self) -> bool:
        """An empty list that has to stay in its brackets, for a comment in them or braces around them."""
        layout, node = self._layout, self._node
        within = self.text[layout.start(node) : layout.stop(node)] if self._data.get("messages") == [] else ""
        return "#" in within or layout.is_flow(self._root)

    @cached_property
    def _units(self) -> list[tuple[int, int]]:
        return [self._layout.unit(self._node, at) for at in range(len(self.entries))]

    @cached_property
    def _gaps(self) -> bool:
        """Do blank lines stand between entries? Where there are no two yet, they should."""
        last = len(self.entries) - 1
        if last < 1:
            return True
        start, floor = self._units[last][0], self._floor(last)
        tops = (start, self._layout.above(start, floor))
        return any(self._layout.is_blank_above(top, floor) for top in tops)

    @property
    def _column(self) -> int:
        """Of the dashes."""
        if self.entries:
            return self._node.value[1] - 1
        return (self._node.key or (1, 1))[1] - 1 + self._strokes.style.lists

    def _floor(self, at: int) -> int:
        """Where the lines above an entry begin that belong to no other."""
        if at:
            return self._units[at - 1][1]
        return self._layout.next_line(self._layout.colon(self._node))

    def _own(self, at: int) -> tuple[int, int]:
        """An entry with the comment above it, where a blank line stands above that."""
        (start, end), floor = self._units[at], self._floor(at)
        above = self._layout.above(start, floor)
        return above if self._layout.is_blank_above(above, floor) else start, end

    def _cut(self, at: int, start: int, end: int) -> Splice:
        """Lines of an entry and the blank ones that they needed."""
        after, floor = self._layout.blanks_below(end), self._floor(at)
        if after == len(self.text):
            return self._layout.blanks_above(start, floor), after, ""
        return start, after if self._layout.is_blank_above(start, 0) else end, ""

    def _below(self, place: int, lines: list[str]) -> list[str]:
        """Lines for a place, less a blank one where a text above would take it for its own."""
        return lines[1:] if not lines[0] and self._layout.is_blank_above(place, 0) else lines

    def _written(self, fresh: Sequence[Entry], column: int, *, gaps: bool) -> list[str]:
        entries = [[""] * gaps + pen.entry(each, column, self._strokes.style) for each in fresh]
        return [line for lines in entries for line in lines]

    # --- the outcome ---------------------------------------------------------------------------

    def settled(self, splices: Iterable[Splice], intended: Sequence[Entry]) -> str:
        """The text with its splices. Raises EditRefused when it does not say `intended`."""
        text = _spliced(self.text, sorted(splices, key=lambda splice: splice[:2]))
        open_end = not self.text.endswith(("\n", "\r")) and self.text not in ("", "\ufeff")
        broken = self._layout.newline
        bare = text.removesuffix(broken)
        for candidate in (bare, bare + broken) if open_end else (text,):
            if self._says(candidate, intended):
                return candidate
        if open_end:
            raise EditRefused(f"{NAME} does not end with a line break; put one there, then it can be edited")
        raise EditRefused(f"this cannot be written without changing more of {NAME}; do it in a text editor")

    def _says(self, text: str, intended: Sequence[Entry]) -> bool:
        document = _read(text)
        if len(text.encode("utf-8")) > yaml.LARGEST:
            raise EditRefused(f"{NAME} would be {document.problems[0].message.removeprefix('the file is ')}")
        errors = any(problem.severity == "error" for problem in document.problems)
        return not errors and same(document.data, {**self._data, "messages": list(intended)})


def _spliced(text: str, splices: Sequence[Splice]) -> str:
    pieces, done = [], 0
    for start, end, new in splices:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def _read(text: str) -> Document:
    try:
        return yaml.parse(text.encode("utf-8"), NAME)
    except UnicodeEncodeError:
        raise EditRefused("this text has half an emoji in it; type the emoji itself") from None


def _entries(data: Any) -> list[Any]:
    entries = data.get("messages") if isinstance(data, dict) else data
    known = data is None or (isinstance(data, dict) and "messages" in data)
    if known and (entries is None or isinstance(entries, list)):
        return list(entries or ())
    raise EditRefused(f"{NAME} has no list of messages; begin it with messages: in a text editor")
