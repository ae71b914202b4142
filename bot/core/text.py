"""Measuring and finding in texts: lengths as each network counts them, links, mentions, hashtags.

It never shortens a text: what is too long is somebody's decision.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

import regex

from bot.core.links import Span, urls
from bot.core.model import Limits

__all__ = ["LIMITS", "Span", "hashtags", "length", "mentions", "near", "normalized", "same", "urls"]

LIMITS: Mapping[str, Limits] = {
    "x": Limits(280, "weighted", 23, alt_length=1000, pictures=4, warning_counts=False),
    "mastodon": Limits(500, "graphemes", 23, alt_length=1500, pictures=4),
    "bluesky": Limits(300, "graphemes", None, alt_length=2000, pictures=4),
    "dry": Limits(500, "graphemes", 23, alt_length=1500, pictures=4),
}

_EMOJI = regex.compile(
    r"\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3"
    r"|\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?[\U000E0020-\U000E007F]*"
    r"(?:\u200D\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)*"
)
_HEAVY = regex.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")


def length(text: str, limits: Limits, warning: str = "") -> int:
    """How much of `limits.length` a text takes, the content warning included where it counts."""
    if limits.counting == "weighted":
        return _weighted(unicodedata.normalize("NFC", text), limits.url_length or 23)
    whole = warning + text if limits.warning_counts else text
    return _graphemes(whole, limits.url_length)


@lru_cache(maxsize=8192)
def _weighted(text: str, url_length: int) -> int:
    total, at = 0, 0
    for span in urls(text, "x"):
        total += _weight(text[at : span.start]) + max(url_length, 0)
        at = span.end
    return total + _weight(text[at:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    total = len(text) + len(_HEAVY.findall(text))
    for emoji in _EMOJI.findall(text):
        total += 2 - len(emoji) - len(_HEAVY.findall(emoji))
    return total


@lru_cache(maxsize=8192)
def _graphemes(text: str, url_length: int | None) -> int:
    if url_length is not None:
        spans = urls(text, "mastodon")
        for span in reversed(spans):
            text = text[: span.start] + "x" * url_length + text[span.end :]
        text = _REMOTE.sub(r"\1", text)
    return len(text) if text.isascii() and "\r" not in text else len(regex.findall(r"\X", text))


_REMOTE = regex.compile(r"(?<![\w/])(@[A-Za-z0-9_]+(?:[A-Za-z0-9_.-]+[A-Za-z0-9_]+)?)@[\w.-]+\w")
_HANDLES = {
    "x": regex.compile(r"(?<![A-Za-z0-9_!#$%&*@＠])[@＠]([A-Za-z0-9_]{1,20})(?![@＠\w]|://)"),
    "mastodon": regex.compile(r"(?<![\w/])@([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[\w.-]+\w)?)"),
    "bluesky": regex.compile(r"(?<![\w/])@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"),
}


def mentions(text: str, network: str) -> tuple[str, ...]:
    """The handles (without @) of those whom `network` would notify."""
    if "@" not in text and "＠" not in text:
        return ()
    bare = _without_links(text, network)
    return tuple(_HANDLES.get(network, _HANDLES["mastodon"]).findall(bare))


def _without_links(text: str, network: str) -> str:
    for span in reversed(urls(text, network)):
        text = text[: span.start] + " " + text[span.end :]
    return text


_TAG = regex.compile(r"(?<![\w&/])[#＃]([\w\u200C\u00B7]*[\p{L}\p{M}_][\w\u200C\u00B7]*)")


def hashtags(text: str) -> tuple[str, ...]:
    """The hashtags of a text, NFC, without #."""
    if "#" not in text and "＃" not in text:
        return ()
    return tuple(_TAG.findall(_without_links(unicodedata.normalize("NFC", text), "x")))


def normalized(text: str) -> str:
    """What is counted, sent and compared: NFC, LF, no blank space at the ends of text and lines."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def same(a: str, b: str) -> bool:
    """Equal but for the form of letters and the amount of white space."""
    return _collapsed(a) == _collapsed(b)


def near(a: str, b: str) -> bool:
    """Not the same, but so alike that a person must decide."""
    a, b = _collapsed(a), _collapsed(b)
    if a == b:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= 0.9 and matcher.quick_ratio() >= 0.9 and matcher.ratio() >= 0.9


def _collapsed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
