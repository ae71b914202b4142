"""Where a network would make a link out of a text, and where it would cut it.

Mastodon and Bluesky link what starts with http:// or https://. X links bare domains too, by the
list of endings that exist. It knows no lengths, and opens no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A link as found: text[start:end]; `bare` when it stands without a scheme."""

    start: int
    end: int
    text: str
    bare: bool


_LATIN = r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
_BIDI = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_GENERAL = rf"[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_PARENS = rf"\((?:{_GENERAL}+|{_GENERAL}*\({_GENERAL}+\){_GENERAL}*)\)"
_PATH_END = rf"(?:[+\-a-z\u0400-\u04FF0-9=_#/{_LATIN}]|{_PARENS})"
_PATH = rf"(?:{_GENERAL}*(?:{_PARENS}{_GENERAL}*)*{_PATH_END}|@{_GENERAL}+/)"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_LABEL = rf"[^!'#%&()*+,\\\-./:;<=>?@\[\]^{{|}}~$\s\uFFFE\uFEFF\uFFFF{_BIDI}]"

_TAIL = re.compile(rf"(?::[0-9]+)?(?:/{_PATH}*)?(?:{_QUERY})?", re.IGNORECASE)
_HOST = re.compile(rf"(?:{_LABEL}(?:[-_]*{_LABEL})*\.)+{_LABEL}(?:-*{_LABEL})*", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ASCII_HOST = re.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+[^\s.]+", re.IGNORECASE)


def urls(text: str, network: str) -> tuple[Span, ...]:
    """The links of a text as `network` makes and cuts them, in order."""
    if "." not in text:
        return ()
    return _on_x(text) if network == "x" else _with_scheme(text)


@lru_cache(maxsize=4096)
def _on_x(text: str) -> tuple[Span, ...]:
    return tuple(_search(text))


def _search(text: str) -> Iterator[Span]:
    at = 0
    while found := _HOST.search(text, at):
        at = found.end()
        schemes = [s.end() for s in _SCHEME.finditer(text, 0, found.start()) if s.end() == found.start()]
        end = _domain_end(found[0])
        if end is None:
            continue
        start = found.start() - len("https://") if schemes else found.start()
        if schemes:
            start = next(s.start() for s in _SCHEME.finditer(text) if s.end() == found.start())
        elif start and re.match(r"[A-Za-z0-9@＠$#＃\-_./]", text[start - 1]):
            continue
        stop = found.start() + end
        tail = _TAIL.match(text, stop)
        stop = tail.end() if tail else stop
        yield Span(start, stop, text[start:stop], not schemes)
        at = stop


def _domain_end(host: str) -> int | None:
    """Where the longest part of `host` ends that has a known ending."""
    labels = host.split(".")
    for count in range(len(labels), 1, -1):
        last = re.match(r"[^\W_]+(?:-[^\W_]+)*", labels[count - 1])
        if last and known_ending(last[0].lower()):
            return len(".".join(labels[: count - 1])) + 1 + last.end()
    return None


_WEB = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _with_scheme(text: str) -> tuple[Span, ...]:
    found = []
    for match in _WEB.finditer(text):
        link = match[0].rstrip(".,;:!?…»'\"。")
        while link.endswith(")") and link.count("(") < link.count(")"):
            link = link[:-1].rstrip(".,;:!?…»'\"。")
        found.append(Span(match.start(), match.start() + len(link), link, False))
    return tuple(found)


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True, accept_unknown=False)


@lru_cache(maxsize=4096)
def known_ending(label: str) -> bool:
    """Does a top-level domain of this name exist?"""
    return _suffixes().publicsuffix(f"example.{label}") is not None
