"""What one file says, and where each value stands in it.

It knows no YAML and judges nothing; `yaml.py` builds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.files.problems import Place, Problem

Loc = tuple[str | int, ...]
"""The way to a value: keys and positions in lists, such as ("messages", 3, "text", "es")."""


@dataclass(slots=True)
class Node:
    """Where a value stands, where its key stands, and what is below.

    `end` and `key_end` are one past the last character; the end of a text in block style is behind its
    blank lines, that of a list or map in block style where the next thing begins.
    """

    value: Place
    key: Place | None = None
    below: dict[str | int, Node] = field(default_factory=dict)
    end: Place = (1, 1)
    key_end: Place = (1, 1)

    @property
    def place(self) -> Place:
        """A single value's own place; of a collection, its key's."""
        return self.key if self.key and self.below else self.value


@dataclass(frozen=True)
class Document:
    """`data` is plain Python, None where nothing could be read; what is wrong stands in `problems`.

    `given_up`: entries with a syntax error are in the problems and not in the data.
    """

    file: str
    data: Any
    problems: list[Problem]
    root: Node = field(default_factory=lambda: Node((1, 1)))
    given_up: bool = False

    def at(self, loc: Loc) -> Place:
        """Line and column (from 1) of a value, or of its nearest ancestor that stands in the file."""
        return self.node(loc).place

    def key(self, loc: Loc) -> Place:
        """The same, of the key instead of the value."""
        node = self.node(loc)
        return node.key or node.value

    def node(self, loc: Loc) -> Node:
        node = self.root
        for step in loc:
            below = node.below.get(step)
            if below is not None:
                node = below
            elif step != "":  # "" is the language that a text does not name
                break
        return node
