"""Stories of several bots on one PostgreSQL: whatever becomes of one of them, everything goes out once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.app import Bot as App
from bot.campaign import Campaign
from bot.core.model import BadReading, Event, Outcome, Post, Reading, State
from bot.core.plan import Book
from bot.ports import Drawn, Ready
from bot.replica import COUNT
from bot.store import open_store
from bot.store.engine import ALONE
from bot.store.schema import EPOCH, leases
from tests.given import account, at, book, message, settings
from tests.scripted import HandClock, HandCounter, Scripted
from tests.test_app import Here

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
START, NINE = at("2026-12-01 08:00:30"), at("2026-12-01 09:00")
ACCOUNTS = ("one", "two", "three", "four")
MESSAGES = [message(f"m{n}", text=f"The text of m{n}.") for n in range(8)]
LINK = "\n\nhttps://petition.example.org/p"


class Dead(BaseException):
    """What ends a replica as SIGKILL would: nothing is caught, nothing written."""


class Wire(Scripted):
    """A network that all replicas speak to. `meanwhile` happens once while it prepares or publishes."""

    def __init__(self, clock: HandClock, user: str) -> None:
        super().__init__(clock, user=user)
        self.meanwhile: dict[str, Callable[[], None]] = {}

    def _pass(self, what: str) -> None:
        self.meanwhile.pop(what, lambda: None)()

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        self._pass("prepare")
        return super().prepare(post, pictures)

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        answer = super().publish(ready, part, key, reply_to)
        self._pass("publish")
        return answer


class Shared:
    """One database, one set of networks, one clock; and the replicas that were started."""

    def __init__(self, url: str, given: Book) -> None:
        self.url, self.clock, self.counter = url, HandClock(START), HandCounter()
        self.networks = {each.id: Wire(self.clock, each.id) for each in given.settings.accounts}
        self.book, self.bots = given, list[Bot]()
        self.store = open_store(url)

    def start(self, given: Book | None = None) -> Bot:
        self.bots.append(Bot(self, given or self.book))
        return self.bots[-1]

    def share(self) -> None:
        """Until every replica knows of the others."""
        for each in [*self.bots, *self.bots]:
            each.campaign.renew()

    def go(self, until: Any, step: timedelta = 5 * MINUTE) -> None:
        while self.clock.now() < until:
            alarms = [each.campaign.next_at() or until for each in self.bots]
            soonest = self.clock.now() + timedelta(milliseconds=100)
            self.clock.to(min(max(min(alarms), soonest), self.clock.now() + step, until))
            for each in self.bots:
                each.campaign.renew()
                each.tick()

    def states(self) -> list[str]:
        return [row.state.value for row in self.store.history()]

    def close(self) -> None:
        for each in self.bots:
            each.store.close()
        self.store.close()


class Bot:
    def __init__(self, shared: Shared, given: Book) -> None:
        self.store, self.events = open_store(shared.url), list[Event]()
        networks = {each.id: shared.networks[each.id] for each in given.settings.accounts}
        told = self.events.append
        self.campaign = Campaign(given, self.store, networks, shared.counter, shared.clock, told)
        self.campaign.start()
        self.tick()

    def tick(self) -> None:
        for account_id in self.campaign.tick():
            self.campaign.serve(account_id)

    def serves(self) -> set[str]:
        return {each for each in ACCOUNTS if self.campaign.serves(each)}

    def take_over(self, account_id: str) -> None:
        """The leases of all others have ended, without any waiting for it."""
        with self.store._begun(ALONE) as connection:
            connection.execute(update(leases).values(until=EPOCH))
        self.campaign.renew()
        assert self.campaign.serves(account_id)


@pytest.fixture
def shared(postgresql: str) -> Iterator[Callable[..., Shared]]:
    made: list[Shared] = []

    def make(*accounts: str, **fields: Any) -> Shared:
        rows = [account(each, schedule={"at": ["09:00", "13:00"]}) for each in accounts or ACCOUNTS]
        given = settings(*rows, **fields)
        made.append(Shared(postgresql, book(*MESSAGES, settings=given)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_two_replicas_share_the_accounts_and_everything_goes_out_once(shared):
    here = shared()
    one, two = here.start(), here.start()
    here.share()
    assert (len(one.serves()), len(two.serves())) == (2, 2)
    here.go(NINE + 5 * HOUR)
    assert here.states() == ["posted"] * 8
    assert all(len({*network.texts()}) == 2 == len(network.texts()) for network in here.networks.values())
    said = [{event.account for event in each.events if event.what == "posted"} for each in (one, two)]
    assert said == [one.serves(), two.serves()]


def test_what_one_planned_the_other_sends(shared):
    here = shared()
    one, two = here.start(), here.start()
    here.share()
    here.clock.to(NINE)
    one.tick()
    assert sorted(here.states()) == ["due", "due", "posted", "posted"]
    two.tick()
    assert here.states() == ["posted"] * 4


def test_a_replica_that_ends_hands_over_at_once(shared):
    here = shared("one")
    one, two = here.start(), here.start()
    one.campaign.leave()
    here.clock.to(NINE)
    two.tick()
    assert here.states() == ["posted"]
    assert [event.what for event in two.events] == ["posted"]


@pytest.mark.parametrize("step", ["prepare", "publish"])
def test_what_a_dead_replica_was_sending_goes_out_once(shared, step: str):
    here = shared("one")
    one, two = here.start(), here.start()
    here.networks["one"].meanwhile[step] = die
    here.clock.to(NINE)
    with pytest.raises(Dead):
        one.tick()
    here.bots.remove(one)
    two.tick()
    assert here.states() == ["sending"]
    two.take_over("one")
    here.go(NINE + 30 * MINUTE)
    assert here.states() == ["posted"]
    assert here.networks["one"].texts() == [f"The text of m0.{LINK}"]
    one.store.close()


def die() -> None:
    raise Dead


@pytest.mark.parametrize("step", ["prepare", "publish"])
def test_a_replica_that_stood_still_finds_that_another_has_taken_over(shared, step: str):
    here = shared("one")
    one, two = here.start(), here.start()

    def stand_still() -> None:
        two.take_over("one")
        here.bots.remove(one)
        here.go(NINE + 30 * MINUTE)
        here.bots.append(one)

    here.networks["one"].meanwhile[step] = stand_still
    here.clock.to(NINE)
    one.tick()
    here.go(NINE + HOUR)
    assert here.states() == ["posted"]
    assert len(here.networks["one"].texts()) == 1
    assert not one.campaign.serves("one")
    assert [event.what for event in one.events] == []


def test_the_settle_time_begins_with_the_one_who_takes_over(shared):
    """The other's clock may have been a minute behind."""
    here = shared("one")
    one, two = here.start(), here.start()
    here.networks["one"].meanwhile["publish"] = die
    here.clock.to(NINE)
    with pytest.raises(Dead):
        one.tick()
    two.take_over("one")
    here.clock.to(NINE + 50 * timedelta(seconds=1))
    two.tick()
    [row] = here.store.history()
    assert (row.state, row.spoke_at, row.next_at) == (State.UNCONFIRMED, NINE, here.clock.now() + MINUTE)


def test_the_count_is_read_by_one_and_a_milestone_is_announced_once(shared):
    here = shared(petition={"url": "https://petition.example.org/p", "milestones": {"thresholds": [1000]}})
    here.book = book(*MESSAGES, message("t", "milestone", text="{milestone}!"), settings=here.book.settings)
    one, two = here.start(), here.start()
    here.share()
    for number in (990, 1001, 1012):
        here.counter.number = number
        here.clock.forward(10 * MINUTE)
        answers = [each.campaign.watch() for each in (two, one)]
        assert [type(each) for each in answers] == [BadReading, Reading], answers
    assert here.counter.asked == 3
    here.go(NINE)
    kinds = [row.kind for row in here.store.history() if row.action == "post" and row.kind == "milestone"]
    assert len(kinds) == len(ACCOUNTS)


def test_who_reads_the_count_is_followed_by_the_others(shared):
    here = shared()
    one, two = here.start(), here.start()
    here.counter.number, here.counter.closed = 900, "closed"
    one.campaign.watch()
    two.tick()
    assert two.campaign.book.closed == one.campaign.book.closed is not None


def test_a_replica_whose_clock_is_wrong_leaves_the_accounts_to_others(shared):
    here = shared("one")
    one, two = here.start(), here.start()
    here.networks["one"].offset = HOUR
    one.campaign.couriers["one"].introduce()
    here.networks["one"].offset = timedelta(0)
    for each in (one, two):
        each.campaign.renew()
    assert (one.serves(), two.serves()) == (set(), {"one"})


def test_an_account_that_is_gone_is_retired_by_whoever_knows_it_when_nobody_serves_it(shared):
    here = shared("one", "two")
    one = here.start()
    here.clock.to(NINE)
    one.campaign.plan()
    two = here.start(book(*MESSAGES, settings=settings(account("two"))))
    two.tick()
    assert sorted(here.states()) == ["due", "due"]  # another serves it: its files may be newer
    one.campaign.leave()
    two.campaign.renew()
    two.tick()
    assert sorted(here.states()) == ["cancelled", "posted"]


def test_a_post_by_hand_is_left_to_the_bot_that_serves_the_account(shared):
    here = shared("one", "two")
    here.start()
    hand = here.start()
    hand.campaign.post("m3", "one")
    hand.campaign.serve("one")
    assert here.states() == ["due"]


def test_a_bot_that_ends_gives_back_what_it_served(postgresql: str, tmp_path: Path):
    files = Here(tmp_path)
    files.store.close()
    with closing(open_store(postgresql)) as store:
        stop, seen = threading.Event(), list[set[str]]()

        def tell(event: Event) -> None:
            if event.what == "posted":
                seen.append({*store.lease("another", ["dry"], (COUNT,), (), HOUR)})
                stop.set()

        threading.Timer(20, stop.set).start()
        assert App(files.loaded, store, {}, tell).run(stop)
        assert seen[0] == set()
        assert {*store.lease("another", ["dry"], (COUNT,), (), HOUR)} == {"dry", COUNT}
