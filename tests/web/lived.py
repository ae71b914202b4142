"""The shipped campaign after two weeks: posts of every fate, a growing count, drafts, people, deeds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from bot import config
from bot.app import album_of, findings
from bot.campaign import Campaign
from bot.core.model import Change, NewDelivery, Reading, State
from bot.core.plan import Book
from bot.office import Files, Office
from bot.ports import Store
from bot.sharing import Sharing
from bot.store import open_store
from bot.web import Server, create_app, serve
from tests.scripted import HandClock, HandCounter
from tests.web.given import NOW, SHIPPED, a_post, full_timelines, shipped
from tests.web.past import REFUSED, UNCLEAR, happened, posted
from tests.web.visitor import a_user

DRAFT = """
  - id: two-friends
    kind: call
    draft: true
    text:
      en: Read it first. Then ask two friends to read it with you, and to sign if they agree.
      es: Léala primero. Luego pida a dos amistades que la lean con usted, y que firmen si están de acuerdo.
"""
NIGHT = range(7)
MISSED = Change(State.MISSED, "the bot was not running at 2026-11-30 14:00 UTC", release=True)


@contextmanager
def lived(folder: Path) -> Iterator[Server]:
    """Its whole site on a port of this computer. Ana approves, Ben edits; both passwords are PASSWORD."""
    with closing(open_store("sqlite://")) as store:
        office, sharing = _office(folder, store)
        _past(store)
        _people(office, store)
        app = create_app(office, full_timelines, sharing=sharing)
        with closing(serve(app, "127.0.0.1:0")) as server:
            yield server


def _office(folder: Path, store: Store) -> tuple[Office, Sharing]:
    for name, place in (("config.example.yaml", "config.yaml"), ("messages.yaml", "messages.yaml")):
        shutil.copy(SHIPPED.parent / name, folder / place)
    shutil.copytree(SHIPPED.parent / "media", folder / "media")
    with (folder / "messages.yaml").open("a", encoding="utf-8") as messages:
        messages.write(DRAFT)
    loaded, clock = config.load(folder / "config.yaml", {}), HandClock(NOW)
    book, album = Book(*loaded.usable()), album_of(loaded)
    campaign = Campaign(book, store, {}, HandCounter(), clock, lambda event: None, album)
    files = Files(
        folder / "messages.yaml",
        lambda words: config.load(folder / "config.yaml", {}, words),
        lambda read: findings(read, NOW),
        lambda: None,
    )
    office = Office(campaign, store, clock, lambda: None, files)
    return office, Sharing(campaign, store, clock, album)


def _past(store: Store) -> None:
    plans = [each for each in shipped(14) if each.slot.due <= NOW]
    for number, planned in enumerate(plans):
        happened(store, _fate(number, len(plans)), planned.post, planned.slot.due, turn=planned.turn)
    _milestone(store, 2000)
    dice, count = random.Random(3), 300
    for hours in range(40 * 24, -1, -6):
        at = NOW - timedelta(hours=hours)
        store.add_reading(Reading(count, "json", at))
        count += dice.randrange(3 if at.hour in NIGHT else 34)


def _fate(number: int, of: int) -> Change | None:
    """None: posted."""
    if number == of - 3:
        return UNCLEAR
    return {5: REFUSED, 12: MISSED}.get(number % 17)


def _milestone(store: Store, threshold: int) -> None:
    at = NOW - timedelta(days=4)
    rows = []
    for account in ("x", "mastodon", "bluesky"):
        words = f"{threshold:,} people have signed. Thank you!"
        post = a_post(account=account, network=account, kind="milestone", words=words, parts=(words,))
        key = f"{account}/milestone/petition/{threshold}"
        rows.append(NewDelivery(key, account, at, NOW, kind="milestone", post=post, target=str(threshold)))
    for row in store.cross([500, 1000, threshold], at, rows):
        store.settle(row, posted(at, str(row.id)))


def _people(office: Office, store: Store) -> None:
    a_user(store, "ana")
    a_user(store, "ben", "editor")
    office.people.set_role("ana", "ben", "editor")
    unclear = store.unconfirmed()[0]
    office.note("ana", "pause", "x", "", "paused until 2026-11-28 09:00 UTC")
    office.note("ana", "take back", f"delivery {unclear.id - 9}", "", "all of it is gone")


def _coming() -> str:
    """The address of the next slot."""
    slot = next(each.slot for each in shipped(12) if each.slot.due > NOW)
    return f"/calendar/slot/{slot.key}"


PAGES = {
    "now": "/",
    "calendar": "/calendar",
    "calendar-list": "/calendar?view=list",
    "calendar-slot": _coming(),
    "post-now": "/post-now?message=what-mpp-means",
    "messages": "/messages",
    "message": "/message/two-friends",
    "message-new": "/messages/new",
    "message-delete": "/message/two-friends/delete",
    "history": "/history",
    "history-nothing": "/history?state=cancelled&since=nonsense",
    "delivery": "/history/3",
    "take-back": "/history/3/take-back",
    "petition": "/petition",
    "people": "/people",
    "log": "/people/log",
    "timelines": "/demo",
    "share": "/share/",
    "nothing": "/nowhere",
}
"""What each page is called, and where it is."""
