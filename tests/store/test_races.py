"""Threads and processes at the same rows: one wins, and a pause that is committed holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from bot.core.model import Change, Delivery, Go, State, Verdict, Wait
from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.given import DAY, NOON, NOWHERE, added, found, go, obedient, post, row

CLAIM_ALL = """
import sys
from bot.core.model import Delivery
from bot.store import open_store
from tests.store.given import DAY, NOON, go
store = open_store(sys.argv[1])
sys.stdin.readline()
for delivery in store.due(NOON):
    if isinstance(store.claim(delivery.id, None, NOON, DAY, go), Delivery):
        print(delivery.key)
store.close()
"""


def together(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in so many threads at once."""
    start = Barrier(number)

    def one(place: int) -> Any:
        start.wait()
        return act(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_of_many_threads_one_claims_a_row(store: SqlStore) -> None:
    due = added(store, post=post(cost=7))
    results = together(6, lambda _: store.claim(due.id, None, NOON, DAY, go))
    assert sum(isinstance(result, Delivery) for result in results) == 1
    assert found(store).attempts == 1
    assert store.spent("2026-12") == {"x": 7}


def test_of_many_stores_on_one_state_one_claims_a_row(store: SqlStore, url: str) -> None:
    due = added(store)
    others = [open_store(url) for _ in range(3)]
    results = together(3, lambda place: others[place].claim(due.id, None, NOON, DAY, go))
    assert sum(isinstance(result, Delivery) for result in results) == 1
    for other in others:
        other.close()


def test_of_two_processes_one_claims_each_row(store: SqlStore, url: str) -> None:
    keys = {f"x/{number}" for number in range(40)}
    store.insert([row(key) for key in keys], {})
    command = [sys.executable, "-c", CLAIM_ALL, url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    won = [key for process in processes for key in process.communicate(timeout=60)[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(won) == sorted(keys)


def test_two_claims_of_one_account_never_overlap(store: SqlStore, url: str) -> None:
    rows = store.insert([row("x/1"), row("x/2")], {})
    others = [open_store(url), open_store(url)]
    together(2, lambda place: others[place].claim(rows[place].id, None, NOON, DAY, obedient))
    assert len(store.sending()) == 1
    for other in others:
        other.close()


def test_accounts_do_not_wait_for_each_other_s_posts(store: SqlStore) -> None:
    rows = store.insert([row("x/1"), row("mastodon/1", account="mastodon")], {})
    results = together(2, lambda place: store.claim(rows[place].id, None, NOON, DAY, obedient))
    assert all(isinstance(result, Delivery) for result in results)


def test_no_claim_after_a_pause_is_committed(store: SqlStore, url: str) -> None:
    rows = store.insert([row(f"x/{number}") for number in range(30)], {})
    other = open_store(url)
    claimed_after: list[int] = []
    paused = False

    def act(place: int) -> None:
        nonlocal paused
        if place == 0:
            other.pause(None, None)
            paused = True
            return
        for each in rows[place - 1 :: 3]:
            before = paused
            result = store.claim(each.id, None, NOON, DAY, unless_paused)
            if before and isinstance(result, Delivery):
                claimed_after.append(each.id)

    together(4, act)
    assert claimed_after == []
    assert isinstance(store.claim(rows[-1].id, None, NOON, DAY, unless_paused), Wait)
    other.close()


def unless_paused(delivery: Delivery, situation: Any) -> Verdict:
    return Wait(situation.paused) if situation.paused else Go()


def test_a_pause_waits_for_the_claim_that_is_deciding(store: SqlStore, url: str) -> None:
    """So that whoever pauses knows: what is not `sending` now will not be."""
    due, other = added(store), open_store(url)
    with ThreadPoolExecutor(1) as pool:

        def decide(delivery: Delivery, situation: Any) -> Verdict:
            nonlocal pausing
            pausing = pool.submit(other.pause, None, None)
            with pytest.raises(TimeoutError):
                pausing.result(timeout=0.3)
            return Go()

        pausing: Any = None
        assert isinstance(store.claim(due.id, None, NOON, DAY, decide), Delivery)
        pausing.result(timeout=20)
    assert store.paused(NOON) == "paused"
    other.close()


def test_of_two_settlements_one_is_written(store: SqlStore) -> None:
    due = added(store)
    sending = store.claim(due.id, None, NOON, DAY, go)
    assert isinstance(sending, Delivery)
    ends = (State.POSTED, State.REFUSED, State.DUE, State.UNCONFIRMED)
    results = together(4, lambda place: store.settle(sending, Change(ends[place])))
    assert sum(results) == 1
    assert found(store).state is ends[results.index(True)]


def test_a_key_inserted_by_many_at_once_is_one_row(store: SqlStore) -> None:
    results = together(6, lambda place: store.insert([row("x/1", reason=f"{place}")], {"x": NOON}))
    assert sorted(len(made) for made in results) == [0, 0, 0, 0, 0, 1]
    assert len(store.history()) == 1


def test_reading_does_not_wait_for_a_writer(store: SqlStore, url: str) -> None:
    """What a reader sees is the state before the claim: all of it."""
    due, other = added(store), open_store(url)
    seen: list[Any] = []

    def decide(delivery: Delivery, situation: Any) -> Verdict:
        seen.extend((other.ledger(NOON, NOWHERE).pasts["x"].uses.keys(), found(other).state))
        return Go()

    store.claim(due.id, None, NOON, DAY, decide)
    assert seen == [{"tents"}, State.DUE]
    other.close()
