"""Whatever happens in whatever order, the store holds what a plain model of it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from bot.core.budget import month
from bot.core.model import Change, Delivery, Go, Situation, State, Stop, Verdict, Wait
from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.given import DAY, NOON, post, row

MOMENTS = st.integers(0, 90 * 24).map(lambda hours: NOON + timedelta(hours=hours))
TEXTS = st.none() | st.integers(0, 3).map(lambda cents: post(cost=cents * 10_000))
VERDICTS = st.one_of(
    *[st.just(Go())] * 4,
    st.builds(Wait, st.sampled_from(["gap", "paused"]), st.none() | MOMENTS),
    st.builds(Stop, st.sampled_from([State.MISSED, State.CANCELLED]), st.just("no")),
)
CHANGES = st.builds(
    Change,
    st.sampled_from([State.DUE, State.DUE, State.DUE, State.UNCONFIRMED, State.POSTED, State.MISSED]),
    st.sampled_from(["", "reason"]),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.none() | st.lists(st.sampled_from("abc"), unique=True, max_size=2).map(tuple),
    st.none() | st.just("https://x.com/i/1"),
    *[st.integers(0, 3)] * 3,
    release=st.booleans(),
)


class Life(RuleBasedStateMachine):
    """Rows by id, and the money that stands for them; `seen` are rows as somebody once read them."""

    seen: Bundle[Delivery] = Bundle("seen")

    @initialize(target=seen)
    def start(self) -> Any:
        self.folder = TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name)}/state.db"
        self.store: SqlStore = open_store(self.url)
        self.rows: dict[int, Delivery] = {}
        self.money: dict[int, tuple[str, str, int]] = {}
        return self.insert(0, "x", post(cost=10_000), NOON)

    @rule(target=seen, number=st.integers(0, 1), account=st.sampled_from(["x", "y"]), text=TEXTS, at=MOMENTS)
    def insert(self, number: int, account: str, text: Any, at: Any) -> Any:
        made = self.store.insert([row(f"{number}", account=account, slot=at, post=text)], {})
        known = {each.key for each in self.rows.values()}
        assert [each.key for each in made] == [key for key in [f"{number}"] if key not in known]
        self.rows.update({each.id: each for each in made})
        return multiple(*made)

    @rule(target=seen, row=seen)
    def look(self, row: Delivery) -> Delivery:
        found = self.store.delivery(row.id)
        assert found == self.rows[row.id]
        return found

    @rule(row=seen, text=TEXTS, now=MOMENTS, verdict=VERDICTS)
    def claim(self, row: Delivery, text: Any, now: Any, verdict: Verdict) -> None:
        before, asked = self.rows[row.id], []

        def decide(delivery: Delivery, situation: Situation) -> Verdict:
            asked.append((delivery, situation.sending, situation.unconfirmed))
            return verdict

        result = self.store.claim(row.id, text, now, DAY, decide)
        others = [each for each in self.rows.values() if each.account == row.account and each.id != row.id]
        if before.state is not State.DUE:
            assert asked == []
            return
        doubted = sum(each.state is State.UNCONFIRMED for each in others)
        assert asked == [(before, any(each.state is State.SENDING for each in others), doubted)]
        self.rows[row.id] = self._after_claim(before, text or before.post, now, verdict)
        assert result == (self.rows[row.id] if verdict == Go() else verdict)

    def _after_claim(self, before: Delivery, text: Any, now: Any, verdict: Verdict) -> Delivery:
        if isinstance(verdict, Wait):
            return replace(before, next_at=verdict.until, reason=verdict.reason)
        if isinstance(verdict, Stop):
            return replace(before, state=verdict.state, next_at=None, reason=verdict.reason)
        if text and text.cost:
            self.money.setdefault(before.id, (before.account, month(now), text.cost))
        fresh: dict[str, Any] = {"spoke_at": None, "next_at": None, "readings": 0, "absences": 0}
        attempts = before.attempts + 1
        return replace(before, state=State.SENDING, attempts=attempts, claimed_at=now, post=text, **fresh)

    @rule(row=seen, now=MOMENTS)
    def speak(self, row: Delivery, now: Any) -> None:
        sending = self.rows[row.id].state is State.SENDING
        assert self.store.spoke(row.id, now) is sending
        if sending:
            self.rows[row.id] = replace(self.rows[row.id], spoke_at=now)

    @rule(row=seen, change=CHANGES, stale=st.booleans())
    def settle(self, row: Delivery, change: Change, stale: bool) -> None:
        before = self.rows[row.id]
        row = row if stale else before
        current = (row.state, row.attempts) == (before.state, before.attempts)
        assert self.store.settle(row, change) is current
        if not current:
            return
        given = {name: getattr(change, name) for name in ("state", "reason", "next_at")}
        looks = {name: getattr(change, name) for name in ("readings", "absences", "doubts")}
        stands = {name: getattr(change, name) for name in ("posted_at", "remote_ids", "remote_url")}
        stands = {name: value for name, value in stands.items() if value is not None}
        self.rows[row.id] = replace(before, **given, **looks, **stands)
        if change.release:
            self.money.pop(row.id, None)

    @rule(target=seen, row=seen, text=TEXTS, now=MOMENTS, release=st.booleans())
    def another_attempt(self, row: Delivery, text: Any, now: Any, release: bool) -> Delivery:
        self.claim(row, text, now, Go())
        sending = self.rows[row.id]
        self.settle(sending, Change(State.DUE, release=release), stale=False)
        return sending

    @rule()
    def start_again(self) -> None:
        self.store.close()
        self.store = open_store(self.url)

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        newest = sorted(self.rows.values(), key=lambda each: (each.slot, each.id), reverse=True)
        assert self.store.history() == newest

    @invariant()
    def the_money_is_that_of_the_model(self) -> None:
        spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for account, of, cost in self.money.values():
            spent[of][account] += cost
        for of in ("2026-12", "2027-01", "2027-02", "2027-03"):
            assert self.store.spent(of) == spent[of]

    @invariant()
    def the_lists_are_those_of_the_model(self) -> None:
        def keys(wanted: Callable[[Delivery], bool]) -> list[str]:
            oldest = sorted(self.rows.values(), key=lambda each: (each.slot, each.id))
            return [each.key for each in oldest if wanted(each)]

        now = NOON + timedelta(days=30)
        due = keys(lambda each: each.state is State.DUE and (each.next_at or now) <= now)
        assert [each.key for each in self.store.due(now)] == due
        assert [each.key for each in self.store.sending()] == keys(lambda each: each.state is State.SENDING)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


Life.TestCase.settings = settings(max_examples=15, stateful_step_count=50, deadline=None)
TestLife = Life.TestCase
