"""What a page says of itself for those who link to it: title, description, picture. Read once, and kept.

It asks as counters do: https alone (but on this machine), no redirect, 1 MB at most. A page that says
nothing has no card; no post waits for one.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bot.http import Exchange, Session, is_loopback

KEPT = timedelta(days=1)
TRIED_AGAIN = timedelta(hours=1)
"""After this long, for a page that gave nothing."""

HEAD = 250_000
"""Letters of a page among which its head is looked for."""

TITLE, DESCRIPTION = 300, 1000
"""Letters that are taken of each."""

IMAGE = 1_000_000
"""Bytes of a picture: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/external.json"""

SIGNS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@dataclass(frozen=True, slots=True)
class Card:
    """`image` are the bytes of the picture (empty: none), `kind` its media type."""

    title: str
    description: str
    image: bytes = b""
    kind: str = ""


class Cards:
    """The cards of `pages`, for links that lead to them. `outside` False: only pages on this machine."""

    def __init__(
        self, pages: Sequence[str], session: Session, now: Callable[[], datetime], *, outside: bool
    ) -> None:
        self._session, self._now = session, now
        asked = [page for page in pages if outside or is_loopback(urlsplit(page).hostname or "")]
        self._pages = sorted(asked, key=len, reverse=True)
        self._kept: dict[str, tuple[Card | None, datetime]] = {}

    def page(self, link: str | None) -> str | None:
        """The page that a link leads to, whatever was added to its address; None for all others."""
        return next((page for page in self._pages if (link or "").startswith(page.partition("#")[0])), None)

    def card(self, page: str) -> Card | None:
        """The card of one of the pages, read now if it must be."""
        card, until = self._kept.get(page, (None, None))
        if until is None or self._now() >= until:
            card = self._read(page)
            self._kept[page] = card, self._now() + (KEPT if card else TRIED_AGAIN)
        return card

    def _read(self, page: str) -> Card | None:
        answer = self._get(page)
        found = said(answer) if answer else {}
        title = _first(found, "og:title", "twitter:title", "title")[:TITLE]
        if not title:
            return None
        description = _first(found, "og:description", "twitter:description", "description")[:DESCRIPTION]
        return Card(title, description, *self._picture(page, _first(found, "og:image", "twitter:image")))

    def _picture(self, page: str, address: str) -> tuple[bytes, str]:
        """A page outside shows no picture of this machine."""
        whole = urljoin(page, address) if address else ""
        here, wanted = (is_loopback(urlsplit(each).hostname or "") for each in (page, whole))
        answer = self._get(whole) if whole and (here or not wanted) else None
        kind = kind_of(answer.body) if answer and len(answer.body) <= IMAGE else None
        return (answer.body, kind) if answer and kind else (b"", "")

    def _get(self, address: str) -> Exchange | None:
        with contextlib.suppress(OSError, ValueError):
            self._session.get(address)
            last = self._session.last
            return last if last and last.status == 200 else None
        return None


def _first(found: Mapping[str, str], *names: str) -> str:
    return next((found[name] for name in names if found.get(name)), "")


def kind_of(data: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for what readers may not see."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), None)


def said(answer: Exchange) -> Mapping[str, str]:
    """What stands in the head of a page: its `title`, and the first `meta` of each name."""
    head = _Head()
    with contextlib.suppress(Exception):  # whatever stands there: it is read as far as it can be
        head.feed(_BODY.split(_letters(answer)[:HEAD], maxsplit=1)[0])
    return head.found


_BODY = re.compile("<body", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def _letters(answer: Exchange) -> str:
    """A page's text: in the encoding of its header, else the one it names itself, else UTF-8."""
    kind = answer.headers.get("Content-Type", "").encode("latin-1", "replace")
    named = _CHARSET.search(kind) or _CHARSET.search(answer.body[:2048])
    try:
        return answer.body.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return answer.body.decode("utf-8", "replace")


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag == "meta":
            told = dict(attrs)
            self._note(told.get("property") or told.get("name") or "", told.get("content") or "")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._note("title", data)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def _note(self, name: str, text: str) -> None:
        plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
        self.found.setdefault(name.strip().lower(), plain)
