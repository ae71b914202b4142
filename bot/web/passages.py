"""A text cut into what is plain, a link or a hashtag, as a network would cut it. It makes no HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.core.patterns import HASHTAG
from bot.core.text import urls

SHOWN = 30
"""Characters of an address that followers see: https://github.com/mastodon/mastodon (TextFormatter)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text. `href` is set for a link, `tag` for a hashtag; `short` is what followers see."""

    text: str
    href: str | None = None
    tag: bool = False

    @property
    def short(self) -> str:
        if self.href is None:
            return self.text
        address = self.text.partition("://")[2] or self.text
        address = address.removeprefix("www.")
        return address if len(address) <= SHOWN else address[:SHOWN] + "…"


def passages(text: str, network: str) -> tuple[Passage, ...]:
    """The pieces in order; put together they are the text."""
    return tuple(piece for piece in _cut(text, network) if piece.text)


def _cut(text: str, network: str) -> Iterator[Passage]:
    at = 0
    for span in urls(text, network):
        yield from _tags(text[at : span.start])
        yield Passage(span.text, web_link(f"https://{span.text}" if span.bare else span.text))
        at = span.end
    yield from _tags(text[at:])


def _tags(text: str) -> Iterator[Passage]:
    at = 0
    for found in HASHTAG.finditer(text):
        yield Passage(text[at : found.start()])
        yield Passage(found[0], tag=True)
        at = found.end()
    yield Passage(text[at:])


def web_link(url: str | None) -> str | None:
    """The address where it is one of the web: nothing else becomes a link."""
    try:
        split = urlsplit(url or "")
        return url if split.scheme in ("http", "https") and split.hostname else None
    except ValueError:
        return None
