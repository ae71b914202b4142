"""Links that lead nowhere hold back the posts that carry them, and a person is asked.

Pure: what a page answered is handed in. Which link is dead is decided here, never by one silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.model import Post

if TYPE_CHECKING:
    from bot.core.plan import Book
    from bot.core.written import Message, Override

GONE = (404, 410)
"""Answers that say: there is no such page."""

EVERY = timedelta(hours=3)
"""So often a link is looked at that is known to be well, or known to be dead."""

AGAIN = {True: timedelta(minutes=10), False: timedelta(hours=1)}
"""Whether a page said that it is gone -> how soon one looks again to be sure."""

TRIES = {True: 2, False: 3}
"""Looks in a row after which a link is dead: for pages that are gone, and for those that do not answer."""

NOBODYS = re.compile(r"(.*\.)?(example(\.(com|net|org))?|test|invalid)")
"""Hosts that are for examples and tests (RFC 2606, RFC 6761): there is nothing to look at."""

ADDRESS = re.compile(r"https?://\S+")
AFTER_IT = ".,;:!?…)»”’\"'"


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of one address. `bad` looks in a row found nothing; `why` says what they found, since
    `since`; `dead`: its posts are held."""

    url: str
    checked_at: datetime
    bad: int = 0
    why: str = ""
    gone: bool = False
    since: datetime | None = None

    @property
    def dead(self) -> bool:
        return self.bad >= TRIES[self.gone]


def looked_at(before: Link | None, url: str, answer: int | str, now: datetime) -> Link:
    """What a look makes of it. `answer`: a status, or why there was none. Any answer but "gone" and
    errors of the server is a page: many let no program in."""
    if isinstance(answer, int) and answer not in GONE and answer < 500:
        return Link(url, now)
    why = f"answers {answer}" if isinstance(answer, int) else f"does not answer ({answer})"
    known = before if before and before.bad else Link(url, now, since=now)
    return replace(known, checked_at=now, bad=known.bad + 1, why=why, gone=answer in GONE)


def is_due(link: Link | None, now: datetime) -> bool:
    if link is None:
        return True
    wait = AGAIN[link.gone] if link.bad and not link.dead else EVERY
    return not timedelta(0) <= now - link.checked_at < wait  # also after the clock was set back


def looked_for(url: str) -> bool:
    """May one look at it at all? Only encrypted, or on this computer; and not where it is an example."""
    split = urlsplit(url)
    return split.scheme in ("http", "https") and not NOBODYS.fullmatch(split.hostname or "")


# --- who carries what ----------------------------------------------------------------------------


def found(text: str) -> Iterator[str]:
    """The addresses in a text."""
    return (address[0].rstrip(AFTER_IT) for address in ADDRESS.finditer(text)) if "://" in text else iter(())


def leads_to(link: str, address: str) -> bool:
    """Is a link of a post this address, whatever was added to its query?"""
    head, mark, fragment = address.rstrip(AFTER_IT).partition("#")
    if not link.startswith(head):
        return False
    rest = link[len(head) :]
    return rest in ("", mark + fragment) or rest[0] in "?&#" or head[-1:] in ("?", "&")


def held(post: Post, dead: Mapping[str, str]) -> str | None:
    """Why a post waits: a sentence's end about its dead link."""
    links = [link for part in post.parts for link in found(part)]
    for address, why in dead.items():
        if any(leads_to(link, address) for link in links):
            return f"its link {address} {why}"
    return None


def written(book: Book) -> frozenset[str]:
    """Every address that may stand in a post: the petition's, those of messages, those in texts."""
    petition = book.settings.petition.url
    addresses = {petition} if isinstance(petition, str) else {*petition.values()}
    for message in book.messages():
        layers: list[Message | Override] = [message, *message.per.values()]
        for layer in layers:
            addresses |= {layer.link} if layer.link else set()
            addresses |= {link for text in _texts(layer) for link in found(text)}
    return frozenset(filter(looked_for, addresses))


def _texts(layer: Message | Override) -> Iterator[str]:
    """Everything that one layer of a message says."""
    for texts in (layer.text, *(layer.thread or ())):
        for variants in (texts or {}).values():
            yield from variants


def carried(posts: Iterable[Post], addresses: Iterable[str]) -> list[str]:
    """Those of `addresses` that the posts carry, in the order in which they go out."""
    by_page: dict[str, list[str]] = {}
    for address in addresses:
        by_page.setdefault(_page(address), []).append(address)
    links = (link for post in posts for part in post.parts for link in found(part))
    there = (each for link in links for each in by_page.get(_page(link), ()) if leads_to(link, each))
    return list(dict.fromkeys(there))


def _page(url: str) -> str:
    return re.split("[?#]", url, maxsplit=1)[0]


# --- what is said --------------------------------------------------------------------------------


def told(link: Link) -> str:
    """The end of a sentence that begins with the address."""
    return f"{link.why} since {link.since or link.checked_at:%Y-%m-%d %H:%M} UTC"


def ask(link: Link) -> str:
    return (
        f"{link.url} {told(link)}: the posts that carry it are held. Put the link right where it is written; "
        "when the page answers again, they go on by themselves (at once after petition-bot doctor)."
    )
