"""The smallest changes that make one written value say something else: field by field, in its own style.

It gives splices for values in block style and new text for those in braces. Whether the outcome is what was
meant is for page.py to find out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from bot.files import pen
from bot.files.document import Node
from bot.files.layout import Layout, Splice
from bot.files.pen import Behind, Style

_COMMA = re.compile(r"\A((?:\s|#[^\r\n]*)*),")

Piece = tuple[int | None, str]
"""Something between commas: its number among those that stand there (None: it is new), and its text."""


def same(one: Any, other: Any) -> bool:
    """The same data, whatever the order of keys; `true` is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class Strokes:
    """Changes in one text, written as it is written."""

    def __init__(self, layout: Layout, style: Style) -> None:
        self.layout, self.style = layout, style

    # --- block style ---------------------------------------------------------------------------

    def element(self, sequence: Node, at: int, old: Any, new: Any, owner: str = "") -> Iterator[Splice]:
        """An entry of a list in block style."""
        column = sequence.value[1] - 1
        write = partial(pen.behind_dash, column=column, style=self.style, owner=owner)
        yield from self._value(sequence.below[at], self.layout.dash(sequence, at) + 1, old, new, write, owner)

    def _value(
        self, node: Node, after: int, old: Any, new: Any, write: Callable[[Any], Behind], owner: str
    ) -> Iterator[Splice]:
        if same(old, new):
            return
        if self.layout.is_flow(node) and _alike(old, new):
            text = self.in_flow(node, old, new, self.is_json(node))
            yield self.layout.start(node), self.layout.stop(node), text
        elif isinstance(old, dict) and _alike(old, new):
            yield from self._map(node, old, new, owner)
        elif isinstance(old, list) and _alike(old, new):
            for at, pair in enumerate(zip(old, new, strict=True)):
                yield from self.element(node, at, *pair, owner)
        else:
            yield from self.layout.put(after, node, write(new))

    def _map(self, node: Node, old: dict[str, Any], new: dict[str, Any], owner: str) -> Iterator[Splice]:
        kept = [key for key in old if key in new]
        first = list(old).index(kept[0])
        if first:
            yield self.layout.key(next(iter(node.below.values()))), self.layout.key(node.below[kept[0]]), ""
        for key in list(old)[first:]:
            below = node.below[key]
            if key in new:
                yield from self._field(key, below, old[key], new[key], owner)
            else:
                line = self.layout.line(self.layout.key(below))
                yield self.layout.lines(line, self._end(below), [])
        for key in sorted((key for key in new if key not in old), key=pen.rank):
            at = self._end(node.below[_predecessor(key, kept)])
            column = (node.below[kept[0]].key or node.value)[1] - 1
            yield self.layout.lines(at, at, pen.field(key, new[key], column, self.style, owner))

    def _field(self, key: str, below: Node, old: Any, new: Any, owner: str) -> Iterator[Splice]:
        owner = key if key in pen.ORDER else owner
        column = (below.key or below.value)[1] - 1
        write = partial(pen.behind_colon, column=column, taken=len(key) + 2, style=self.style, owner=owner)
        yield from self._value(below, self.layout.colon(below), old, new, write, owner)

    def _end(self, node: Node) -> int:
        """Where the line below a field begins."""
        return self.layout.next_line(self._stop(node) - 1)

    def _stop(self, node: Node) -> int:
        return self.layout.colon(node) if node.value == node.key else self.layout.stop(node)

    # --- in braces and brackets ----------------------------------------------------------------

    def in_flow(self, node: Node, old: Any, new: Any, as_json: bool) -> str:
        """The new text of a map, or of a list as long as before, in flow style."""
        if same(old, new):
            return self.layout.text[self.layout.start(node) : self.layout.stop(node)]
        if not (self.layout.is_flow(node) and _alike(old, new)):
            return pen.flow(new, as_json=as_json)
        if isinstance(old, list):
            texts = (self.in_flow(node.below[at], old[at], new[at], as_json) for at in range(len(old)))
            return self.joined(node, enumerate(texts))
        kept = [key for key in old if key in new]
        pieces: dict[str, Piece] = {}
        for at, key in enumerate(old):
            if key in new:
                pieces[key] = at, self._pair(node.below[key], old[key], new[key], as_json)
        order = list(kept)
        for key in sorted((key for key in new if key not in old), key=pen.rank, reverse=True):
            order.insert(order.index(_predecessor(key, kept)) + 1, key)
            pieces[key] = None, pen.pair(key, new[key], as_json=as_json)
        return self.joined(node, (pieces[key] for key in order))

    def _pair(self, node: Node, old: Any, new: Any, as_json: bool) -> str:
        key, text = self.layout.key(node), self.layout.text
        if node.value == node.key:
            end = self.layout.colon(node)
            return text[key:end] if new is None else f"{text[key:end]} {pen.flow(new, as_json=as_json)}"
        return text[key : self.layout.start(node)] + self.in_flow(node, old, new, as_json)

    def joined(self, node: Node, pieces: Iterable[Piece]) -> str:
        """A map or list in flow style, of pieces; each keeps the comma and the space that stood before it."""
        text, places = self.layout.text, self._places(node)
        gaps = [text[stop:start] for (_, stop), (start, _) in pairwise(places)]
        made = text[self.layout.start(node) : places[0][0]]
        for number, (at, piece) in enumerate(pieces):
            made += (gaps[at - 1] if at else self._usual(gaps)) * bool(number) + piece
        return made + text[places[-1][1] : self.layout.stop(node)]

    def appended(self, node: Node, pieces: Sequence[str]) -> Splice:
        """More pieces at the end of a list, which may be empty."""
        text, places = self.layout.text, self._places(node)
        if not places:
            inside = self.layout.start(node) + 1
            return inside, inside, ", ".join(pieces)
        gap = self._usual([text[stop:start] for (_, stop), (start, _) in pairwise(places)])
        return places[-1][1], places[-1][1], "".join(f"{gap}{piece}" for piece in pieces)

    def taken_out(self, node: Node, at: int) -> Iterator[Splice]:
        """One piece of a list and one comma; comments between the pieces stay."""
        places = self._places(node)
        start, stop = places[at]
        if len(places) == 1:
            closing = self.layout.text[stop : self.layout.stop(node)]
            yield start, self.layout.stop(node), _without_comma(closing) if "," in closing else closing
            return
        gap = (stop, places[at + 1][0]) if at + 1 < len(places) else (places[at - 1][1], start)
        left = _without_comma(self.layout.text[slice(*gap)])
        yield start, stop, ""
        yield *gap, left if "#" in left else ""

    def reordered(self, node: Node, order: Sequence[int]) -> Iterator[Splice]:
        """The pieces of a list in another order; what stands between them stays where it is."""
        places = self._places(node)
        for (start, stop), at in zip(places, order, strict=True):
            yield start, stop, self.layout.text[slice(*places[at])]

    def _places(self, node: Node) -> list[tuple[int, int]]:
        """Start and end of everything between the commas."""
        return [(self.layout.key(below), self._stop(below)) for below in node.below.values()]

    def _usual(self, gaps: Sequence[str]) -> str:
        return gaps[-1] if gaps and "#" not in gaps[-1] else ", "

    def is_json(self, node: Node) -> bool:
        """Are the keys of the first map in it in double quotes?"""
        below = next(iter(node.below.values()), None)
        if below is None:
            return False
        return self.layout.text[self.layout.key(below)] == '"' if below.key else self.is_json(below)


def _without_comma(gap: str) -> str:
    """What stands between two pieces, less its comma."""
    return _COMMA.sub(r"\1", gap, count=1)


def _alike(old: Any, new: Any) -> bool:
    """Two maps that share a key, or two lists of the same length: what stays of the old can stay."""
    if isinstance(old, dict) and isinstance(new, dict):
        return not old.keys().isdisjoint(new)
    return isinstance(old, list) and isinstance(new, list) and len(old) == len(new) > 0


def _predecessor(key: str, kept: list[str]) -> str:
    """The key behind which a new one is written."""
    return next((each for each in reversed(kept) if pen.rank(each) <= pen.rank(key)), kept[0])
