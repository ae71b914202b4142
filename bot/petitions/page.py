"""A count on a web page, in the element that a CSS selector names; selectolax lives here.

`progress @value` is the attribute `value` of that element. Several elements that say different things
are no count: a selector has to name one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.petitions.address import Page, Unusable, printable
from bot.petitions.counting import Find, Found

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

ATTRIBUTE = re.compile(r"(?P<css>.+?)\s+@(?P<name>[\w:-]+)\s*")


def find(select: str) -> Find:
    css, attribute = split(select)

    def found(page: Page) -> Found:
        said = dict.fromkeys(_said(each, attribute) for each in _nodes(tree(page), css))
        if not said:
            raise Unusable(f"no element of the page{page.moved} is {printable(css)}")
        if len(said) > 1:
            raise Unusable(f"{len(said)} elements are {printable(css)}, and each says something else")
        return Found(next(iter(said)))

    return found


def split(select: str) -> tuple[str, str | None]:
    """CSS, and the attribute (None: the text of the element)."""
    both = ATTRIBUTE.fullmatch(select)
    return (both["css"], both["name"]) if both else (select, None)


def tree(page: Page) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(page.body)


def _nodes(document: LexborHTMLParser, css: str) -> list[LexborNode]:
    from selectolax.lexbor import SelectolaxError

    try:
        return document.css(css)
    except SelectolaxError:
        raise Unusable(f"{printable(css)} is no CSS selector") from None


def _said(node: LexborNode, attribute: str | None) -> str:
    text = node.attributes.get(attribute) if attribute else node.text()
    return " ".join((text or "").split())
