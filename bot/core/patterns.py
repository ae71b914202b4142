"""How networks read a text, as patterns: links, handles, hashtags, emoji and what one character is.

The only home of `regex`. It decides nothing: text.py asks and counts.
All patterns but HASHTAG and GRAPHEME want a text in lower case of the same length (see `lowered`).
Sources: https://github.com/twitter/twitter-text (3.1.0) and Mastodon's config/initializers/twitter_regex.rb
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from bot.core.emoji import GLUE, SEQUENCE
from bot.core.endings import DOUBTFUL, endings

WORD = re.compile(r"\S+")
"""No link reaches over a blank."""

# --- links -----------------------------------------------------------------------------------

_BIDI = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_INVALID = r"\uFFFE\uFEFF\uFFFF"
LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289"
    r"\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
"""Letters with accents that networks take for part of a word or an address."""

_NAME = rf"[^!'#%&()*+,\\\-./:;<=>?@\[\]\^_{{|}}~$\s\u180E{_INVALID}{_BIDI}]"
_LABEL = rf"{_NAME}++(?:-++{_NAME}++)*+"
_SUBDOMAIN = rf"{_NAME}++(?:[-_]++{_NAME}++)*+\."
_ENDING = r"(?:\L<endings>(?![0-9a-z@+\-])|xn--[-0-9a-z]+)"
_HOST = rf"(?P<host>(?:{_SUBDOMAIN}){{0,125}}{_LABEL}\.{_ENDING})(?::[0-9]+)?"
_NO_HOST = rf"{_LABEL}(?:\.{_LABEL})*+(?!://)(*SKIP)(*FAIL)"
"""Where no host begins, none begins within the same labels: without this a.a.a.a… takes minutes."""

_BEFORE = rf"(?:(?P<before>[^a-z0-9@＠$#＃{_INVALID}])|\A|(?=[\U00010000-\U0010FFFF]))"
"""The letter before; X takes one beyond the basic plane for two, of which the first stands before."""


def _brackets(inside: str) -> str:
    """A pair of round brackets, with one more pair in it at most."""
    return rf"\((?:{inside}+|{inside}*\({inside}+\){inside}*)\)"


_LETTERS = rf"a-z\u0400-\u04FF0-9{LATIN}"
_X_INSIDE = rf"[{_LETTERS}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_X_PAIR = _brackets(_X_INSIDE)
_X_PATH = rf"(?P<path>/(?:(?:{_X_INSIDE}|{_X_PAIR})*[{_LETTERS}+\-=_#/])?(?:{_X_PAIR})*)?"
_X_QUERY = r"(?P<query>\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"

_WIDE = r"\xA0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFEF\U00010000-\U0010FFFD"
_MASTODON_PAIR = _brackets(r"[^\s<>()?]")
_MASTODON_LAST = rf"(?:[^\s()?!*\"'「」<>;:=,.$%\[\]~&|@]|{_MASTODON_PAIR})"
_MASTODON_PATH = rf"(?P<path>/(?:(?:[^\s<>()?]|{_MASTODON_PAIR})*{_MASTODON_LAST})?)?"
_MASTODON_QUERY = rf"(?P<query>\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^{_WIDE}]*[a-z0-9_&=#/\-{_WIDE}])?"


@lru_cache(maxsize=8)
def link(network: str, without: frozenset[str] = frozenset()) -> re.Pattern[str]:
    """A link as the network makes it, with the letter before it, if it knows no ending of `without`.

    Groups: `before`, `link`, in it `scheme` (may lack on X), `host`, `path`, `query`. Bluesky makes no
    links by itself: ours end there where X would end them.
    """
    scheme = "(?P<scheme>https?://)" + ("?" if network == "x" else "")
    rest = _MASTODON_PATH + _MASTODON_QUERY if network in ("mastodon", "dry") else _X_PATH + _X_QUERY
    whole = f"{_BEFORE}(?P<link>{scheme}(?:{_HOST}{rest}|{_NO_HOST}))"
    compiled: re.Pattern[str] = regex.compile(whole, endings=endings() - without)
    return compiled


@lru_cache(maxsize=8)
def plain_domain(without: frozenset[str] = frozenset()) -> re.Pattern[str]:
    """The part of a host that X links when no scheme stands before it."""
    compiled: re.Pattern[str] = regex.compile(
        rf"(?:[\-a-z0-9{LATIN}]+\.)+{_ENDING}", endings=endings() - without
    )
    return compiled


IN_DOUBT = regex.compile(r"\.\L<endings>(?![0-9a-z@+\-])", endings=DOUBTFUL)
"""Where one reading of a text may make a link and another none."""

SHORTENED = regex.compile(
    r"https?://t\.co/(?P<name>[a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"
)
"""What X takes of an address that is its own short link already."""

# --- handles and hashtags --------------------------------------------------------------------

_MENTION_END = rf"(?![@＠{LATIN}]|://)"
_USER = r"[a-z0-9_]+(?:[a-z0-9_.\-]+[a-z0-9_]+)?"
HANDLE = {
    "x": regex.compile(
        r"(?:(?<![a-z0-9_!#$%&*@＠])|(?<=(?:^|[^a-z0-9_+~.\-])rt:?))[@＠](?>([a-z0-9_]{1,20}))"
        rf"(?>(/[a-z][a-z0-9_\-]{{0,24}})?){_MENTION_END}"
    ),
    "mastodon": regex.compile(rf"(?<![=/\w])@(?>({_USER}(?:(@\w+(?:[.\-]+\w+)*))?)){_MENTION_END}"),
    "bluesky": regex.compile(r"(?<![^\s(])@((?:[a-z0-9\-]+\.)+[a-z]{2,})\b"),
}
"""Group 1 is the handle; on X group 2 is the name of a list, which notifies nobody."""

_TAG_LETTER = r"\p{L}\p{M}"
_TAG_SIGN = (
    r"\p{Nd}_\u200C\u200D\uA67E\u05BE\u05F3\u05F4\uFF5E\u301C\u309B\u309C\u30A0\u30FB\u3003\u0F0B\u0F0C\xB7"
)
HASHTAG = regex.compile(
    rf"(?:(?<![{_TAG_LETTER}{_TAG_SIGN}&])|(?<=[\uFE0E\uFE0F]))[#＃](?![\uFE0F\u20E3])"
    rf"(?>([{_TAG_SIGN}]*+[{_TAG_LETTER}][{_TAG_LETTER}{_TAG_SIGN}]*+))(?![#＃]|://)"
)

# --- characters ------------------------------------------------------------------------------

HEAVY = regex.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")
"""What weighs 2 on X: https://docs.x.com/fundamentals/counting-characters"""

EMOJI = regex.compile(SEQUENCE, regex.V1)
HAS_EMOJI = regex.compile(GLUE)
GRAPHEME = regex.compile(r"\X")
SINGLE = regex.compile(
    r"[\u0000-\u000C\u000E-\u00AC\u00AE-\u02FF\u0370-\u0482\u2010-\u2027\u2030-\u205E\u20A0-\u20BF]*"
)
"""Characters that never join with a neighbour."""


def lowered(text: str) -> str:
    """Lower case of the same length: a letter that would become two (İ) stays as it is."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
