"""Whatever happens, in any order: lost answers, a bot that dies between any two steps, edits, pauses, clocks
that are set. No part of a post stands twice, and none is lost."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.campaign import Campaign
from bot.core.delivery import needs_person
from bot.core.model import (
    FINAL,
    TURN_USED,
    Deferred,
    Delivery,
    Outcome,
    Refused,
    State,
    Timeline,
    Unconfirmed,
    Unreadable,
)
from bot.core.plan import Book
from bot.ports import Ready
from bot.store import open_store
from tests import given
from tests.scripted import HandClock, HandCounter, Scripted

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = given.at("2026-12-01 08:00:30")
ACCOUNTS = ("mastodon", "x")
WRITES = ("claim", "spoke", "settle", "insert", "cross", "hold", "pin", "charge")


class Died(BaseException):
    """The bot was killed here."""


class Brittle:
    """A store in which the bot dies when it writes: before it is committed, or just after."""

    def __init__(self, store: Any) -> None:
        self._store, self.armed = store, dict[str, bool]()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._deadly(name, found) if name in self.armed else found

    def _deadly(self, name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            after = self.armed.pop(name, None)
            if after is False:
                raise Died
            answer = verb(*arguments, **named)
            if after:
                raise Died
            return answer

        return call


class Server(Scripted):
    """Counts what stands of each delivery; its timeline may lag, and may not be readable."""

    def __init__(self, clock: HandClock, name: str, paused: Callable[[], str | None]) -> None:
        super().__init__(clock, name, user=name)
        self._paused = paused
        self.stands = Counter[tuple[str, int]]()
        self.lag, self.unreadable = timedelta(0), False

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        assert self._paused() is None, "nothing is sent while the account is paused"
        self._part = key, part
        return super().publish(ready, part, key, reply_to)

    def repost(self, remote_id: str, key: str) -> Outcome:
        self._part, self._text, self._repeats = (key, 0), "", remote_id
        return super().repost(remote_id, key)

    def stand(self) -> None:
        """What was asked for just now becomes public."""
        self._stand(self._text, None if self._text else self._repeats)

    def _stand(self, text: str, repost_of: str | None = None) -> Any:
        self.stands[self._part] += 1
        return super()._stand(text, repost_of)

    def timeline(self, since: datetime) -> Timeline | Unreadable:
        if self.unreadable:
            return Unreadable("the timeline cannot be read")
        now = self._clock.now() + self.offset
        shown = [seen for seen in self.public if seen.created_at <= now - self.lag]
        return Timeline(self.user, tuple(reversed(shown)), True, now)


ANSWERS = st.tuples(
    st.sampled_from(ACCOUNTS),
    st.sampled_from(
        ["down", "limited", "refused", "revoked", "silence", "death", "stands: silence", "stands: death"]
    ),
)


class Life(RuleBasedStateMachine):
    """One campaign on two networks, alive for as long as hypothesis likes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.counter = HandClock(START), HandCounter()
        self.counter.number = 900
        self.disk = open_store("sqlite://")
        self.store = Brittle(self.disk)
        self.networks = {name: Server(self.clock, name, self._paused(name)) for name in ACCOUNTS}
        self.texts = {f"m{n}": f"The text of m{n}." for n in range(4)}
        self.drafts: set[str] = set()
        self.boot()

    def _paused(self, account: str) -> Callable[[], str | None]:
        return lambda: self.disk.paused(self.clock.now(), account)

    def book(self) -> Book:
        accounts = [given.account(network=name, id=name, schedule={"every": "1h"}) for name in ACCOUNTS]
        rules = {"thresholds": [1000, 2000], "repost_after": "5h", "progress_every": "24h"}
        petition = {
            "milestones": rules,
            "counter": {"kind": "json", "url": "https://n.example/c", "path": "n"},
        }
        rotating = [
            given.message(name, text=text, draft=name in self.drafts, thread=["One more."] * (name == "m1"))
            for name, text in self.texts.items()
        ]
        return given.book(
            *rotating,
            given.message("passed", "milestone", text="{milestone} have signed!"),
            given.message("so-far", "progress", text="{signatures} have signed so far."),
            settings=given.settings(*accounts, petition=petition),
        )

    def boot(self) -> None:
        """Start the bot, again and again until it does not die at once."""
        arguments: Any = (self.book(), self.store, self.networks, self.counter, self.clock)
        while True:
            try:
                self.campaign = Campaign(*arguments, lambda event: None)
                return self.campaign.start()
            except Died:
                continue

    def alive(self, verb: Callable[[], Any]) -> None:
        try:
            verb()
        except Died:
            self.boot()

    def tick(self) -> None:
        for account in self.campaign.tick():
            self.campaign.serve(account)

    # --- what happens --------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([5, 70, 200]), answers=st.lists(ANSWERS, max_size=3))
    def time_passes(self, minutes: int, answers: list[tuple[str, str]]) -> None:
        """And the networks answer like this, before they answer well again."""
        for account, how in answers:
            self.networks[account].will(self.answer(self.networks[account], how))
        self.go(minutes * MINUTE, MINUTE)

    def go(self, time: timedelta, step: timedelta) -> None:
        """Tick at every alarm, but not sooner than after a `step`."""
        end = self.clock.now() + time
        while self.clock.now() < end:
            alarm = self.campaign.next_at() or end
            self.clock.to(min(max(alarm, self.clock.now() + step), end))
            self.alive(self.tick)

    def answer(self, server: Server, how: str) -> Callable[[], Outcome]:
        known = {
            "down": Deferred("connection refused"),
            "limited": Deferred("rate limit", self.clock.now() + 20 * MINUTE),
            "refused": Refused("the text is not wanted"),
            "revoked": Refused("the keys were revoked", "account"),
            "silence": Unconfirmed("the answer was lost"),
        }

        def given_now() -> Outcome:
            stands, _, end = how.rpartition(" ")
            if stands:
                server.stand()
            if end == "death":
                raise Died
            return known[end]

        return given_now

    @rule(hours=st.sampled_from([3, 30]))
    def the_machine_sleeps(self, hours: int) -> None:
        self.clock.forward(hours * HOUR)
        self.alive(self.tick)

    @rule(write=st.sampled_from(WRITES), after=st.booleans())
    def the_bot_will_die_at(self, write: str, after: bool) -> None:
        self.store.armed[write] = after

    @rule(account=st.sampled_from(ACCOUNTS), seconds=st.sampled_from([0, 10, 50]))
    def the_timeline_lags(self, account: str, seconds: int) -> None:
        self.networks[account].lag = timedelta(seconds=seconds)

    @rule(account=st.sampled_from(ACCOUNTS), unreadable=st.booleans())
    def the_timeline_can_be_read(self, account: str, unreadable: bool) -> None:
        self.networks[account].unreadable = unreadable

    @rule(hours=st.sampled_from([-1, 1, 24]), minutes=st.sampled_from([0, 70]))
    def somebody_sets_the_clock(self, hours: int, minutes: int) -> None:
        """And sees after a while that it was right before."""
        self.set_clock(self.clock.now() + hours * HOUR)
        self.go(minutes * MINUTE, 5 * MINUTE)
        self.set_clock(self.clock.now() + self.networks["x"].offset)

    def set_clock(self, at: datetime) -> None:
        for server in self.networks.values():
            server.offset += self.clock.now() - at
        self.clock.set(at)
        self.alive(self.tick)

    @rule(number=st.integers(850, 2100))
    def people_sign(self, number: int) -> None:
        self.counter.number = number
        self.alive(self.campaign.watch)

    # --- what people do ------------------------------------------------------------------------

    @rule(name=st.sampled_from(["m0", "m1", "m2"]), words=st.sampled_from(["Edited.", "Edited again."]))
    def somebody_edits(self, name: str, words: str) -> None:
        self.texts[name] = f"{name}: {words}"
        self.campaign.book = self.book()

    @rule(name=st.sampled_from(["m0", "m1"]))
    def somebody_drafts_or_clears(self, name: str) -> None:
        self.drafts ^= {name}
        self.campaign.book = self.book()

    @rule(account=st.sampled_from([None, *ACCOUNTS]), hours=st.sampled_from([None, 4]))
    def somebody_pauses(self, account: str | None, hours: int | None) -> None:
        self.disk.pause(account, self.clock.now() + hours * HOUR if hours else None)

    @rule()
    def all_goes_on(self) -> None:
        for account in (None, *ACCOUNTS):
            self.disk.resume(account)
        for account in ACCOUNTS:
            self.disk.hold(account, None)

    @rule(name=st.sampled_from(["m0", "m1", "m3"]))
    def somebody_posts_by_hand(self, name: str) -> None:
        self.alive(lambda: self.campaign.post(name))

    @rule()
    def somebody_looks(self) -> None:
        """And says truly what stands there."""
        for row in self.disk.unconfirmed():
            if needs_person(row):
                there = self.networks[row.account].stands[row.key, len(row.remote_ids)]
                self.alive(lambda row=row, there=there: self.campaign.resolve(row, posted=bool(there)))

    # --- what is always true -------------------------------------------------------------------

    @invariant()
    def nothing_stands_twice(self) -> None:
        for server in self.networks.values():
            assert max(server.stands.values(), default=0) <= 1, server.stands.most_common(2)

    @invariant()
    def what_is_posted_stands_and_is_owned_once(self) -> None:
        for name, server in self.networks.items():
            rows = self.disk.history(account=name)
            owned = [remote for row in rows if row.action == "post" for remote in row.remote_ids]
            assert len(owned) == len(set(owned))
            assert set(owned) <= {seen.remote_id for seen in server.public}

    @invariant()
    def the_uses_of_a_message_are_those_of_its_rows(self) -> None:
        kept, counted = self.disk.ledger(self.clock.now(), dict.fromkeys(ACCOUNTS, "UTC")).pasts, Counter()
        for row in self.disk.history():
            if row.action == "post" and row.message_id and row.state in TURN_USED:
                counted[row.account, row.message_id] += 1
        uses = {
            (account, message): sum(use.times.values())
            for account, past in kept.items()
            for message, use in past.uses.items()
        }
        assert uses == counted

    def teardown(self) -> None:
        """Three quiet days later every delivery has its end, and everything that stands is known."""
        self.set_clock(self.clock.now() + self.networks["x"].offset)
        self.store.armed.clear()
        for server in self.networks.values():
            server._script.clear()
            server.lag, server.unreadable = timedelta(0), False
        for _ in range(3):
            self.all_goes_on()
            self.go(DAY, HOUR / 4)
            self.somebody_looks()
        self.nothing_stands_twice()
        self.nothing_is_lost()
        self.disk.close()

    def nothing_is_lost(self) -> None:
        rows = {row.key: row for row in self.disk.history()}
        open_ones = [row for row in rows.values() if row.state not in FINAL and self._overdue(row)]
        assert not open_ones
        for server in self.networks.values():
            for (key, part), _ in server.stands.items():
                assert self._knows(rows[key], part), (key, part, rows[key])

    def _overdue(self, row: Delivery) -> bool:
        return row.slot < self.clock.now() - DAY

    def _knows(self, row: Delivery, part: int) -> bool:
        """By its id, or by the word of a person, who has none to give."""
        by_hand = row.reason.startswith("a person said that it was posted")
        known = len(row.remote_ids) + by_hand
        return row.state is State.POSTED if row.action == "repost" else part < known


EXAMPLES = 60 if os.environ.get("PETITION_BOT_ALL") else 15
TestLife = Life.TestCase
TestLife.settings = settings(
    deadline=None,
    max_examples=EXAMPLES,
    stateful_step_count=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a life of days takes minutes
    suppress_health_check=list(HealthCheck),
)
