"""A share page to test: a small campaign in two languages, or the shipped one; a real state in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot import config
from bot.core.board import Board, board
from bot.core.model import Delivery, Reading, State
from bot.core.plan import Book
from bot.core.share import stationery
from bot.core.written import Message, Queue, Settings
from bot.files.pictures import Album
from bot.ports import Store
from bot.sharing import Sharing
from bot.store import open_store
from bot.web.share import Site
from tests.given import account, delivery, message, settings
from tests.scripted import HandClock
from tests.web.given import NOW, a_post

TOP = Path(__file__).parents[2]
URL = "https://share.example.org/mpp/"
X = {"id": "x", "network": "x", "schedule": {"at": ["09:00"]}}
SPEAKS_BOTH = account("mastodon", languages=["en", "es"])

BOTH = {"en": "Two thousand tents.", "es": "Dos mil tiendas."}


def some_settings(*accounts: dict[str, Any], **fields: Any) -> Settings:
    return settings(*(accounts or (SPEAKS_BOTH, X)), **fields)


def two(id: str = "tents", **fields: Any) -> Message:
    """A fact in both languages."""
    return message(id, **{"text": BOTH, **fields})


def a_book(*messages: Message, **fields: Any) -> Book:
    written = fields.pop("settings", None) or some_settings()
    return Book(written, Queue(messages=messages or (two(),)), **fields)


def a_reading(number: int = 1234, at: datetime = NOW) -> Reading:
    return Reading(number, "counter", at)


def a_board(
    *messages: Message,
    reading: Reading | None = None,
    passed: Mapping[int, datetime] | None = None,
    rows: Sequence[Delivery] = (),
    now: datetime = NOW,
    **fields: Any,
) -> Board:
    return board(a_book(*messages, **fields), reading, passed or {}, rows, now)


def posted(id: int = 1, **fields: Any) -> Delivery:
    """A post that stands and that everybody can see."""
    given: dict[str, Any] = {
        "id": id,
        "state": State.POSTED,
        "message_id": "tents",
        "kind": "fact",
        "language": "en",
        "post": a_post(
            account="mastodon", network="mastodon", message_id="tents", words="Two thousand tents."
        ),
        "posted_at": NOW - timedelta(hours=id),
        "remote_ids": (str(1000 + id),),
        "remote_url": f"https://social.example.org/@tents/{1000 + id}",
    }
    return delivery(**(given | fields))


def an_album(folder: Path = TOP, written: Settings | None = None) -> Album:
    known = written or some_settings()
    return Album(folder, lambda: stationery(known))


def a_site(*messages: Message, folder: Path = TOP, **fields: Any) -> Site:
    return Site(a_board(*messages, **fields), an_album(folder))


def text_of(site: Site, path: str) -> str:
    leaf = site.leaf(path)
    assert leaf is not None, f"there is no {path}"
    return (leaf.make() or b"").decode()


@cache
def shipped(url: str | None = None) -> Book:
    """The shipped campaign."""
    written, queue = config.load(TOP / "config.example.yaml", {}).usable()
    share = written.share.model_copy(update={"url": url})
    return Book(written.model_copy(update={"share": share}), queue)


class Written:
    """Whoever knows what people have written now."""

    def __init__(self, book: Book) -> None:
        self.book = book


def a_sharing(
    book: Book | None = None, store: Store | None = None, clock: HandClock | None = None
) -> Sharing:
    book = book or a_book()
    store, clock = store or open_store("sqlite://"), clock or HandClock(NOW)
    return Sharing(Written(book), store, clock, an_album(TOP, book.settings))


def on_server(book: Book, server: str) -> Book:
    """The same campaign, whose Mastodon account is on that server."""
    accounts = tuple(
        each.model_copy(update={"server": server}) if each.network == "mastodon" else each
        for each in book.settings.accounts
    )
    return replace(book, settings=book.settings.model_copy(update={"accounts": accounts}))
