"""A text as Bluesky wants it: links in short, and beside the text what stands where in its bytes.

What `spelled` takes apart, `whole` puts together again to the letter. It knows no JSON and looks no
handle up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.core.text import found_handles, found_tags, short, urls


@dataclass(frozen=True, slots=True)
class Facet:
    """What the bytes from `start` to before `end` (of UTF-8) are: a link to `value`, the hashtag `value`,
    or a mention of the handle `value`."""

    start: int
    end: int
    kind: Literal["link", "tag", "mention"]
    value: str


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text as readers see it, and its facets in order."""

    text: str
    facets: tuple[Facet, ...]


def spelled(text: str) -> Spelled:
    """`text` in NFC, with whole links."""
    shown, facets, at = b"", [], 0
    for start, end, kind, value in sorted(_found(text)):
        if start < at:
            continue
        shown += text[at:start].encode()
        piece = (short(value) if kind == "link" else text[start:end]).encode()
        facets.append(Facet(len(shown), len(shown) + len(piece), kind, value))
        shown, at = shown + piece, end
    return Spelled((shown + text[at:].encode()).decode(), tuple(facets))


def _found(text: str) -> Iterator[tuple[int, int, Literal["link", "tag", "mention"], str]]:
    for span in urls(text, "bluesky"):
        yield span.start, span.end, "link", span.text
    for tag in found_tags(text):
        yield tag.start(), tag.end(), "tag", tag[1]
    for handle in found_handles(text, "bluesky"):
        yield handle.start(), handle.end(1), "mention", handle[1]


def whole(text: str, links: Iterable[tuple[int, int, str]]) -> str:
    """The text with each link in full; `links` are (start, end, link) in bytes, as somebody wrote them.

    One that lies outside, overlaps another or would cut a letter is left out of account.
    """
    seen, made, at = text.encode(), b"", 0
    for start, end, link in sorted(links):
        if at <= start <= end <= len(seen) and _cuts_no_letter(seen, start, end):
            made += seen[at:start] + link.encode()
            at = end
    return (made + seen[at:]).decode()


def _cuts_no_letter(text: bytes, *places: int) -> bool:
    return all(place == len(text) or text[place] & 0xC0 != 0x80 for place in places)
