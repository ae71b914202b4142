"""A page as a program reads it: its elements with what they say, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input"}


@dataclass
class Element:
    """One element; `text` is all that stands in it, with single blanks."""

    name: str
    attributes: dict[str, str]
    within: list[Element] = field(repr=False)
    children: list[Element | str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        return " ".join(self.exact.split())

    @property
    def exact(self) -> str:
        return "".join(child if isinstance(child, str) else child.exact for child in self.children)

    def find(self, name: str, **attributes: str) -> list[Element]:
        """The elements of that name below, in order; `class_` may be one of several."""
        return [each for each in self.below() if each.name == name and each.carries(attributes)]

    def one(self, name: str, **attributes: str) -> Element:
        found = self.find(name, **attributes)
        assert len(found) == 1, f"{len(found)} of {name} {attributes}"
        return found[0]

    def carries(self, wanted: dict[str, str]) -> bool:
        given = {**self.attributes, "class_": self.attributes.get("class", "")}
        return all(
            value in given.get(name, "").split() or value == given.get(name) for name, value in wanted.items()
        )

    def below(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.below()


class Page(HTMLParser):
    """Parsed; fails where an element is closed that is not open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.root = Element("", {}, [])
        self._open = [self.root]
        self.feed(html)
        self.close()
        assert self._open == [self.root], f"{self._open[-1].name} is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open[1:])
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].name == tag, f"{tag} is closed while {self._open[-1].name} is open"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def find(self, name: str, **attributes: str) -> list[Element]:
        return self.root.find(name, **attributes)

    def one(self, name: str, **attributes: str) -> Element:
        return self.root.one(name, **attributes)

    def part(self, id: str) -> Element:
        return next(each for each in self.root.below() if each.attributes.get("id") == id)

    @property
    def main(self) -> str:
        return self.one("main").text
