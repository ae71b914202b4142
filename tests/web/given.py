"""A campaign that a page can show: the shipped messages, fitted and planned as the bot would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot import config
from bot.campaign import Campaign
from bot.core.model import Delivery, Ledger, Planned, Post, Slot, State
from bot.core.overview import AccountOverview, Overview
from bot.core.plan import Book, agenda, plan
from bot.office import Office
from bot.ports import Clock, Network, Store
from bot.store import open_store
from bot.web import Card, Column
from tests.given import at
from tests.scripted import HandClock, HandCounter

SHIPPED = Path(__file__).parents[2] / "config.example.yaml"
NOW = at("2026-12-01 16:59:48")


def a_post(**fields: Any) -> Post:
    given: dict[str, Any] = {
        "account": "x",
        "network": "x",
        "message_id": "what-mpp-means",
        "kind": "fact",
        "language": "en",
        "parts": ("People wait. https://petition.example.org/p #StopMPP",),
        "words": "People wait.",
        "length": 45,
        "limit": 280,
        "cost": 200_000,
    }
    return Post(**(given | fields))


def planned(post: Post | None = None, due: datetime = NOW + timedelta(hours=2)) -> Planned:
    post = post or a_post()
    slot = Slot(due, post.account, due.date(), due.time())
    return Planned(slot, "fact is number 1 of 5 in the mix; not posted here yet", post, 0)


def an_account(id: str = "x", **fields: Any) -> AccountOverview:
    given: dict[str, Any] = {
        "network": id,
        "paused": None,
        "held": None,
        "next": planned(),
        "month_cost": 4_215_000,
    }
    return AccountOverview(id=id, **(given | fields))


def an_overview(**fields: Any) -> Overview:
    given: dict[str, Any] = {
        "at": NOW,
        "campaign": "Stop MPP",
        "zone": "America/Chicago",
        "language": "en",
        "paused": None,
        "accounts": (an_account(),),
        "signatures": 1234,
        "next_milestone": 5000,
        "goal": 100_000,
        "needs_person": (),
        "recent": (),
    }
    return Overview(**(given | fields))


def a_delivery(**fields: Any) -> Delivery:
    given: dict[str, Any] = {
        "id": 12,
        "key": "x/2026-12-01/09:00",
        "account": "x",
        "action": "post",
        "state": State.POSTED,
        "slot": NOW - timedelta(hours=2),
        "expires": NOW,
        "language": "en",
        "post": a_post(),
        "message_id": "what-mpp-means",
        "posted_at": NOW - timedelta(hours=2),
    }
    return Delivery(**(given | fields))


class OneOverview(Office):
    """An office whose first page shows what a test wants to be shown."""

    shown: Callable[[], Overview] | None = None

    def overview(self) -> Overview:
        return self.shown() if self.shown else super().overview()


@cache
def a_book() -> Book:
    return Book(*config.load(SHIPPED, {}).usable())


@cache
def untouched() -> Store:
    """A state that tests share which change nothing of it."""
    return open_store("sqlite://")


def an_office(
    overview: Callable[[], Overview] | None = None,
    store: Store | None = None,
    clock: Clock | None = None,
    networks: Mapping[str, Network] | None = None,
    book: Book | None = None,
) -> OneOverview:
    """The shipped campaign's, at NOW. `overview`: what is shown instead of how it really stands."""
    store, clock = store or untouched(), clock or HandClock(NOW)
    campaign = Campaign(book or a_book(), store, networks or {}, HandCounter(), clock, lambda event: None)
    office = OneOverview(campaign, store, clock, lambda: None)
    office.shown = overview
    return office


# --- the shipped campaign -----------------------------------------------------------------------


def shipped(days: int = 12) -> list[Planned]:
    """What the shipped files plan for these days, as posts."""
    settings, queue = config.load(SHIPPED, {}).usable()
    book = Book(settings, queue)
    start = NOW - timedelta(days=days - 2)
    coming = plan(book, Ledger(), agenda(book, start, start + timedelta(days=days)), book.figures(1234))
    return [each for each in coming if each.post]


def a_full_overview() -> Overview:
    """Everything that the first page can show at once, in the words of the shipped campaign."""
    plans = shipped()
    past = [each for each in plans if each.slot.due <= NOW]
    nexts = {each.slot.account: each for each in reversed(plans) if each.slot.due > NOW}
    spent = {"x": 4_215_000, "mastodon": 0, "bluesky": 0}
    accounts = tuple(an_account(each, next=nexts[each], month_cost=spent[each]) for each in spent)
    recent = tuple(_happened(number, each) for number, each in enumerate(reversed(past[-11:])))
    doubtful = next(each for each in recent if each.state is State.UNCONFIRMED)
    return an_overview(accounts=accounts, recent=recent, needs_person=(doubtful,))


FATES: dict[int, dict[str, Any]] = {
    2: {"state": State.UNCONFIRMED, "reason": "the network did not answer within 30 s; looked 6 times"},
    4: {"state": State.REFUSED, "reason": "X says that the text was posted before"},
    6: {"state": State.MISSED, "reason": "the bot was not running at 2026-11-30 14:00 UTC"},
}


def _happened(number: int, planned: Planned) -> Delivery:
    assert planned.post is not None
    fate = FATES.get(number, {"posted_at": planned.slot.due + timedelta(seconds=2)})
    where = {
        "x": "https://x.example.org/i/status/",
        "mastodon": "https://social.example.org/@stopmpp/",
        "bluesky": "https://sky.example.org/profile/stopmpp/post/",
    }
    link = {} if number in FATES else {"remote_url": f"{where[planned.slot.account]}{11500 + number}"}
    own: dict[str, Any] = {
        "id": 40 - number,
        "key": planned.slot.key,
        "account": planned.slot.account,
        "slot": planned.slot.due,
        "language": planned.post.language,
        "post": planned.post,
        "posted_at": None,
    }
    return a_delivery(**(own | fate | link))


def full_timelines(posts: int = 40) -> list[Column]:
    """The timelines of the shipped campaign, and one repost on each."""
    handles = {"x": "@StopMPP", "mastodon": "@stopmpp@social.example.org", "bluesky": "@stopmpp.example.org"}
    return [Column(each, "Stop MPP", handles[each], _posts(each, posts)) for each in handles]


def _posts(network: str, number: int) -> list[Card]:
    plans = [each.post for each in shipped(30) if each.post and each.post.network == network][:number]
    cards = [
        Card(each.parts[0], NOW - timedelta(seconds=5 * age**1.6), None, language=each.language)
        for age, each in enumerate(reversed(plans))
    ]
    again = Card(cards[-1].text, NOW - timedelta(seconds=21), reposted=True, language=cards[-1].language)
    return [again, *cards]
