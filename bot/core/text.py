"""Measuring and finding in texts: lengths as each network counts them, links, mentions, hashtags.

It never shortens a text: what is too long is somebody's decision. Whatever X leaves unsaid counts
with the larger value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from re import Match

from bot.core import patterns
from bot.core.endings import GONE, NEW
from bot.core.model import Limits

LIMITS: Mapping[str, Limits] = {
    "x": Limits(
        280,
        "weighted",
        23,
        alt_length=1000,
        warning_counts=False,
        picture_bytes=5_000_000,
        picture_pixels=None,
        animation_bytes=15_000_000,
        animation_alone=True,
    ),
    "mastodon": Limits(500, "graphemes", 23, alt_length=1500, pictures=4),
    "bluesky": Limits(
        300, "shown", None, alt_length=2000, bytes=3000, picture_bytes=1_000_000, animation_bytes=0
    ),
    "dry": Limits(500, "graphemes", 23, alt_length=1500, pictures=4),
}
"""What each network takes unless its server says otherwise (x: docs.x.com; mastodon: its source; bluesky:
https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json)."""

ALIKE = 0.9
"""Share of two texts that must agree, in order, to make a person look."""

SHORT = 30
"""Letters of a link that readers on Bluesky see, unless its host alone has more."""

LONGEST_LABEL = 63
LONGEST_SHORT_NAME = 40
"""Of a host's label, and of the name in an address of t.co: X links nothing longer."""


# --- form ------------------------------------------------------------------------------------


def normalized(text: str) -> str:
    """What is counted, sent and compared: NFC, LF, no blank space at the ends of the whole and of lines."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return "\n".join(line.rstrip() for line in text.split("\n")) if "\n" in text else text


def same(a: str, b: str) -> bool:
    """Equal but for the form of letters and the amount of white space: how networks show texts."""
    return _collapsed(a) == _collapsed(b)


def near(a: str, b: str) -> bool:
    """Not the same, but so alike that a person must decide."""
    a, b = _collapsed(a), _collapsed(b)
    if a == b:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _collapsed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# --- length ----------------------------------------------------------------------------------


def length(text: str, limits: Limits, warning: str = "") -> int:
    """How much of `limits.length` a text takes, its content warning included where that counts."""
    if limits.counting == "weighted":
        return _weighted(unicodedata.normalize("NFC", text), limits.url_length)
    text = warning + text if limits.warning_counts else text
    return _shown(text, limits) if limits.counting == "shown" else _graphemes(text, limits.url_length)


def _shown(text: str, limits: Limits) -> int:
    """Too many bytes are as many letters too many as they are in proportion."""
    for span in reversed(urls(text, "bluesky")):
        text = text[: span.start] + short(span.text) + text[span.end :]
    size = len(text.encode("utf-8", "surrogatepass"))
    over = -(-size * limits.length // limits.bytes) if limits.bytes and size > limits.bytes else 0
    return max(_graphemes(text, None), over)


@lru_cache(maxsize=8192)
def _weighted(text: str, url_length: int | None) -> int:
    readings = [urls(text, "x")]
    if patterns.IN_DOUBT.search(patterns.lowered(text)):
        readings += [_on_x(text, without) for without in (GONE, NEW)]
    return max(_weight_with(spans, text, url_length) for spans in readings)


def _weight_with(spans: tuple[Span, ...], text: str, url_length: int | None) -> int:
    total = at = 0
    for span in spans:
        total += _weight(text[at : span.start])
        total += _weight(span.text) if url_length is None else url_length
        at = span.end
    return total + _weight(text[at:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    total = _plain_weight(text)
    if patterns.HAS_EMOJI.search(text):
        total -= sum(_plain_weight(emoji) - 2 for emoji in patterns.EMOJI.findall(text))
    return total


def _plain_weight(text: str) -> int:
    return len(text) + len(patterns.HEAVY.findall(text))


@lru_cache(maxsize=8192)
def _graphemes(text: str, url_length: int | None) -> int:
    if url_length is not None and ("://" in text or "@" in text):
        text = _as_mastodon_counts(text, url_length)
    return len(text) if patterns.SINGLE.fullmatch(text) else len(patterns.GRAPHEME.findall(text))


def _as_mastodon_counts(text: str, url_length: int) -> str:
    """Every link as long as `url_length`, and of a handle on another server the user alone."""
    found = [(span.start, span.end, "x" * url_length) for span in urls(text, "mastodon")]
    found += [(*match.span(2), "") for match in found_handles(text, "mastodon") if match[2]]
    for start, end, counted in sorted(found, reverse=True):
        text = text[:start] + counted + text[end:]
    return text


# --- links -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A link as found, text[start:end]; `bare` when it stands without a scheme."""

    start: int
    end: int
    text: str
    bare: bool


@lru_cache(maxsize=8192)
def urls(text: str, network: str) -> tuple[Span, ...]:
    """The links that `network` would make of a text, cut where it would cut them, in order.

    Bare domains are links on X alone. Mastodon takes an ellipsis, a closing » or 。 for part of a link.
    """
    if "." not in text or (network != "x" and "://" not in text):
        return ()
    return _found(text, network)


@lru_cache(maxsize=256)
def _on_x(text: str, without: frozenset[str]) -> tuple[Span, ...]:
    """The links of an X that does not know the endings in `without`."""
    return _found(text, "x", without)


def _found(text: str, network: str, without: frozenset[str] = frozenset()) -> tuple[Span, ...]:
    """Searched only in words with a dot inside: that is three times as quick."""
    low, link = patterns.lowered(text), patterns.link(network, without)
    words = (word.span() for word in patterns.WORD.finditer(low) if word[0].find(".", 1, -1) > 0)
    matches = (match for start, end in words for match in link.finditer(low, max(start - 1, 0), end))
    return tuple(span for match in matches for span in _spans(match, text, without))


def _spans(match: Match[str], text: str, without: frozenset[str]) -> Iterator[Span]:
    start, end = match.span("link")
    if not _resolves(match["host"]):
        return
    if match["scheme"]:
        own = patterns.SHORTENED.match(match["link"])
        if not own or len(own["name"]) <= LONGEST_SHORT_NAME:
            yield _span(text, start, start + own.end() if own else end, bare=False)
    elif match["before"] not in ("-", "_", ".", "/"):
        yield from _bare(match, text, without)


def _bare(match: Match[str], text: str, without: frozenset[str]) -> Iterator[Span]:
    """Of a host in any script X links the parts that are plain; the path belongs to one it follows."""
    start, host_end = match.span("host")
    for domain in patterns.plain_domain(without).finditer(match["host"]):
        end = start + domain.end()
        whole = end == host_end and match["path"]
        yield _span(text, start + domain.start(), match.end() if whole else end, bare=True)


def short(link: str) -> str:
    """How a link stands in a text on Bluesky, which leads to the whole of it: never less than its host,
    for its app warns of a link that seems to lead elsewhere."""
    shown = link.partition("://")[2]
    host = shown.partition("/")[0].partition("?")[0]
    kept = max(SHORT - 1, len(host) + 1)
    return shown if len(shown) <= kept + 1 else shown[:kept] + "…"


def _resolves(host: str) -> bool:
    """Could the name server know it? Each label has 63 letters at most, in its form of plain letters."""
    if host.isascii():
        return all(len(label) <= LONGEST_LABEL for label in host.split("."))
    if host.startswith("xn--") and not patterns.plain_domain().search(host):
        return False
    return all(
        len(label.encode("punycode")) + len("xn--") <= LONGEST_LABEL
        for label in host.split(".")
        if not label.isascii()
    )


def _span(text: str, start: int, end: int, *, bare: bool) -> Span:
    return Span(start, end, text[start:end], bare)


# --- handles and hashtags --------------------------------------------------------------------


def mentions(text: str, network: str) -> tuple[str, ...]:
    """The handles, without @ and each once, whose owners `network` would notify if they exist."""
    return tuple(dict.fromkeys(text[match.start(1) : match.end(1)] for match in found_handles(text, network)))


def found_handles(text: str, network: str) -> list[Match[str]]:
    """Where handles stand in a text, their @ included; group 1 is the handle, in lower case."""
    if "@" not in text and "＠" not in text:
        return []
    found = patterns.HANDLE.get(network, patterns.HANDLE["mastodon"]).finditer(patterns.lowered(text))
    links = urls(text, network)
    lists = network == "x"
    return [match for match in found if not (lists and match[2]) and not _inside(match.start(), links)]


def hashtags(text: str) -> tuple[str, ...]:
    """The hashtags of a text in NFC, without #, in order; not what follows # in a link."""
    return tuple(match[1] for match in found_tags(unicodedata.normalize("NFC", text)))


def found_tags(text: str) -> list[Match[str]]:
    """Where hashtags stand in a text, their # included; group 1 is the word."""
    if "#" not in text and "＃" not in text:
        return []
    links = urls(text, "x")
    return [match for match in patterns.HASHTAG.finditer(text) if not _inside(match.start(), links)]


def _inside(place: int, links: tuple[Span, ...]) -> bool:
    return any(link.start <= place < link.end for link in links)
