"""An account is served by one replica at a time; who lost it writes nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot.core.model import Change, Delivery, Go, Identity, State, Verdict
from bot.ports import Lease, LeaseLost
from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.given import DAY, MINUTE, NOON, NOWHERE, added, found, go, row, spoken
from tests.store.test_races import together

LONG, OVER = timedelta(minutes=5), timedelta(0)
"""A lease of OVER has ended when the next one looks."""
FOUR = ("a", "b", "c", "d")


@pytest.fixture
def other(store: SqlStore, url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()


def lease(store: SqlStore, owner: str, *accounts: str, lasts: timedelta = LONG, **given: Any) -> set[str]:
    return {*leases(store, owner, *accounts, lasts=lasts, **given)}


def leases(
    store: SqlStore, owner: str, *accounts: str, lasts: timedelta = LONG, **given: Any
) -> Mapping[str, Lease]:
    return store.lease(owner, accounts, given.get("beside", ()), given.get("busy", ()), lasts)


def test_who_comes_first_serves_all(store: SqlStore) -> None:
    assert lease(store, "one", *FOUR) == {*FOUR}
    assert lease(store, "one", *FOUR) == {*FOUR}


def test_two_replicas_share_the_accounts(store: SqlStore, other: SqlStore) -> None:
    lease(store, "one", *FOUR)
    assert lease(other, "two", *FOUR) == set()
    kept = lease(store, "one", *FOUR)
    assert len(kept) == 2
    assert lease(other, "two", *FOUR) == {*FOUR} - kept
    assert lease(store, "one", *FOUR) == kept


def test_an_account_that_is_being_served_is_not_handed_over(store: SqlStore, other: SqlStore) -> None:
    lease(store, "one", *FOUR)
    lease(other, "two", *FOUR)
    assert lease(store, "one", *FOUR, busy={"c", "d"}) == {"c", "d"}


def test_more_replicas_than_accounts_leave_some_with_none(store: SqlStore) -> None:
    held = [lease(store, owner, "a") for owner in ("one", "two", "three")]
    assert held == [{"a"}, set(), set()]


def test_a_lease_that_has_not_ended_is_not_taken(store: SqlStore, other: SqlStore) -> None:
    lease(store, "one", "a")
    assert lease(other, "two", "a") == set()


def test_what_a_dead_replica_served_is_taken_when_its_lease_has_ended(
    store: SqlStore, other: SqlStore
) -> None:
    dead = leases(store, "one", *FOUR, lasts=OVER)
    taken = leases(other, "two", *FOUR)
    assert {*taken} == {*FOUR}
    assert all(taken[each].fence > dead[each].fence for each in FOUR)


def test_what_is_given_back_is_taken_at_once(store: SqlStore, other: SqlStore) -> None:
    lease(store, "one", *FOUR)
    store.give_back("one", busy={"a"})
    assert lease(other, "two", *FOUR) == {"b", "c", "d"}


def test_who_left_does_not_count_as_a_replica(store: SqlStore, other: SqlStore) -> None:
    lease(store, "one", *FOUR)
    store.give_back("one")
    assert lease(other, "two", *FOUR) == {*FOUR}


def test_an_account_that_is_no_longer_wanted_is_given_back(store: SqlStore, other: SqlStore) -> None:
    lease(store, "one", "a", "b")
    assert lease(store, "one", "a") == {"a"}
    assert lease(other, "two", "a", "b") == {"b"}


def test_what_is_leased_beside_has_one_holder(store: SqlStore, other: SqlStore) -> None:
    assert lease(store, "one", "a", beside=("/count",)) == {"a", "/count"}
    assert lease(other, "two", "a", beside=("/count",)) == set()


def test_of_many_replicas_that_come_at_once_none_serves_what_another_does(url: str) -> None:
    stores = [open_store(url) for _ in range(4)]
    for _ in range(3):
        held = together(4, lambda place: lease(stores[place], f"{place}", *FOUR))
    assert sorted(each for one in held for each in one) == [*FOUR]
    for each in stores:
        each.close()


# --- the fence ---------------------------------------------------------------------------------


def claim(store: SqlStore, key: str = "x/1") -> Any:
    return store.claim(found(store, key).id, None, NOON, DAY, go)


WRITES: dict[str, Callable[[SqlStore], Any]] = {
    "claim": claim,
    "spoke": lambda store: store.spoke(found(store, "x/2").id, NOON + MINUTE),
    "settle": lambda store: store.settle(found(store, "x/2"), Change(State.POSTED)),
    "charge": lambda store: store.charge("x", NOON, 5, "reading"),
    "hold": lambda store: store.hold("x", "revoked"),
    "pin": lambda store: store.pin("x", Identity("n", "1", "@me")),
    "cross": lambda store: store.cross([100], NOON, [row("x/3")]),
}


def everything(store: SqlStore) -> Any:
    return store.history(), store.account("x"), store.spent("2026-12"), store.passed()


@pytest.mark.parametrize("write", WRITES)
def test_who_lost_a_lease_writes_nothing_under_it(store: SqlStore, other: SqlStore, write: str) -> None:
    added(store)
    spoken(store, "x/2")
    lost = leases(store, "one", "x", lasts=OVER)["x"]
    lease(other, "two", "x")
    before = everything(store)
    with pytest.raises(LeaseLost), store.fenced(lost):
        WRITES[write](store)
    assert everything(store) == before


@pytest.mark.parametrize("write", WRITES)
def test_who_holds_a_lease_writes(store: SqlStore, write: str) -> None:
    added(store)
    spoken(store, "x/2")
    before = everything(store)
    with store.fenced(leases(store, "one", "x")["x"]):
        WRITES[write](store)
    assert everything(store) != before


def test_a_lease_that_came_back_is_another_one(store: SqlStore, other: SqlStore) -> None:
    """A thread that stood still all the while is not let in by what its replica got since."""
    added(store)
    before = leases(store, "one", "x", lasts=OVER)["x"]
    lease(other, "two", "x", lasts=OVER)
    assert lease(store, "one", "x") == {"x"}
    with pytest.raises(LeaseLost), store.fenced(before):
        claim(store)


def test_a_lease_that_ended_and_nobody_took_is_good(store: SqlStore) -> None:
    added(store)
    with store.fenced(leases(store, "one", "x", lasts=OVER)["x"]):
        assert isinstance(claim(store), Delivery)


def test_whatever_is_written_under_a_lease_renews_it(store: SqlStore, other: SqlStore) -> None:
    """So that a request which begins at that moment is over before somebody else may look."""
    added(store)
    ended = leases(store, "one", "x", lasts=OVER)["x"]
    with store.fenced(Lease("x", "one", ended.fence, LONG)):
        claim(store)
    assert lease(other, "two", "x") == set()


def test_a_thread_is_fenced_for_itself(store: SqlStore, other: SqlStore) -> None:
    """People resolve and pause beside whoever serves."""
    added(store)
    lost = leases(store, "one", "x", lasts=OVER)["x"]
    lease(other, "two", "x")
    with store.fenced(lost), ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(claim, store).result(), Delivery)


# --- only where several bots may be at work -----------------------------------------------------


@pytest.fixture
def replicas(postgresql: str) -> Iterator[list[SqlStore]]:
    stores = [open_store(postgresql) for _ in range(4)]
    yield stores
    for each in stores:
        each.close()


def test_nobody_takes_an_account_while_its_owner_writes(replicas: list[SqlStore]) -> None:
    """The lease has ended, and yet: what is written is written whole before another may look at it."""
    store, other, *_ = replicas
    due, tried = added(store), list[set[str]]()
    ended = leases(store, "one", "x", lasts=OVER)["x"]

    def decide(_row: Delivery, _situation: Any) -> Verdict:
        tried.append(lease(other, "two", "x"))
        return Go()

    with store.fenced(ended):
        store.claim(due.id, None, NOON, DAY, decide)
    assert tried == [set()]
    assert lease(other, "two", "x") == {"x"}


def test_accounts_are_claimed_side_by_side(replicas: list[SqlStore]) -> None:
    store, other, *_ = replicas
    due, beside = added(store), added(store, "m/1", account="mastodon")

    def decide(_row: Delivery, _situation: Any) -> Verdict:
        assert isinstance(other.claim(beside.id, None, NOON, DAY, go), Delivery)
        return Go()

    assert isinstance(store.claim(due.id, None, NOON, DAY, decide), Delivery)


def test_no_turn_is_used_by_two_that_plan_at_once(replicas: list[SqlStore]) -> None:
    def lay(place: int) -> None:
        with replicas[place].planning():
            turn = replicas[place].ledger(NOON, NOWHERE).pasts["x"].turns
            replicas[place].insert([row(f"x/{place}", turn=turn, message_id=f"m{turn}")], {"x": NOON})

    together(4, lay)
    assert sorted(each.turn or 0 for each in replicas[0].history()) == [0, 1, 2, 3]


def test_a_plan_that_breaks_off_leaves_nothing(replicas: list[SqlStore]) -> None:
    store = replicas[0]

    def plan() -> None:
        with store.planning():
            store.insert([row()], {"x": NOON})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        plan()
    assert store.history() == []
    assert store.account("x").planned_until is None
    assert added(replicas[1]).key == "x/1"
