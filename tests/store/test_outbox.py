"""Rows of the outbox: made once, kept whole, found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.model import Change, Picture, State
from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.given import MINUTE, NOON, added, claimed, found, post, row, spoken

WHOLE = post(
    parts=("Primera parte 👩‍👩‍👧", "second, “quoted”"),
    link="https://example.org/?a=1&b=ñ",
    pictures=(Picture("media/tents.jpg", "Tents\nin rows"), Picture("b.png", "")),
    content_warning="camp",
    visibility="unlisted",
    cost=215_000,
    template="{signatures} …\n\n---\n\nsecond",
)


def test_a_row_comes_back_as_it_was_made(store: SqlStore) -> None:
    new = row(kind="fact", variant=2, turn=7, post=WHOLE, target="10000", reason="because")
    (made,) = store.insert([new], {})
    assert made == found(store, new.key)
    assert made.post == WHOLE
    assert (made.state, made.action, made.slot, made.expires) == (State.DUE, "post", new.slot, new.expires)
    assert (made.variant, made.turn, made.target, made.reason) == (2, 7, "10000", "because")
    assert (made.attempts, made.readings, made.absences, made.doubts, made.remote_ids) == (0, 0, 0, 0, ())


def test_a_time_comes_back_to_the_microsecond_and_aware(store: SqlStore) -> None:
    slot = NOON.replace(microsecond=123_457)
    made = added(store, slot=slot)
    assert made.slot == slot
    assert made.slot.utcoffset() == timedelta(0)


def test_a_row_whose_key_stands_is_left_alone(store: SqlStore) -> None:
    first = added(store, reason="first")
    assert store.insert([row(reason="second"), row("x/2")], {}) == [found(store, "x/2")]
    assert found(store) == first


def test_the_first_of_two_rows_with_one_key_is_inserted(store: SqlStore) -> None:
    (made,) = store.insert([row(reason="first"), row(reason="second")], {})
    assert made.reason == "first"


def test_many_rows_are_inserted_in_one_call_in_their_order(store: SqlStore) -> None:
    keys = [f"x/{number}" for number in range(1203)]
    store.insert([row(keys[700])], {})
    made = store.insert([row(key) for key in keys], {})
    assert [delivery.key for delivery in made] == [key for key in keys if key != keys[700]]


def test_a_due_row_is_looked_at_from_its_slot_on_and_a_missed_one_never(store: SqlStore) -> None:
    assert added(store).next_at == NOON
    assert added(store, "x/2", state=State.MISSED).next_at is None


def test_watermarks_move_forward_only(store: SqlStore) -> None:
    for until, reached in ((NOON, NOON), (NOON - MINUTE, NOON), (NOON + MINUTE, NOON + MINUTE)):
        store.insert([], {"x": until})
        assert store.account("x").planned_until == reached
    assert store.account("mastodon").planned_until is None


def test_what_cannot_be_stored_is_replaced_and_never_lost(store: SqlStore) -> None:
    delivery = spoken(store)
    assert store.settle(delivery, Change(State.REFUSED, "page \0 with \ud83d half an emoji"))
    assert found(store).reason == "page \ufffd with ? half an emoji"


def test_due_rows_come_oldest_slot_first_when_their_time_is_there(store: SqlStore) -> None:
    store.insert([row("late", slot=NOON + MINUTE), row("b"), row("a"), row("old", slot=NOON - MINUTE)], {})
    assert [delivery.key for delivery in store.due(NOON)] == ["old", "b", "a"]
    assert [delivery.key for delivery in store.due(NOON + MINUTE)] == ["old", "b", "a", "late"]


def test_a_due_row_without_a_time_is_due_now(store: SqlStore) -> None:
    held = Change(State.DUE, "401", next_at=None)
    assert store.settle(claimed(store, slot=NOON), held)
    assert [delivery.key for delivery in store.due(NOON - MINUTE)] == ["x/1"]


def test_each_state_has_its_list(store: SqlStore) -> None:
    store.insert([row("due")], {})
    sending, doubted = claimed(store, "sending"), spoken(store, "doubted")
    store.settle(doubted, Change(State.UNCONFIRMED, next_at=NOON))
    assert store.sending() == [sending]
    assert [delivery.key for delivery in store.unconfirmed()] == ["doubted"]
    assert store.count() == dict.fromkeys(State, 0) | {State.DUE: 1, State.SENDING: 1, State.UNCONFIRMED: 1}


def test_the_alarm_is_the_earliest_time_of_a_due_or_unconfirmed_row(store: SqlStore) -> None:
    assert store.next_at() is None
    store.insert([row("later", slot=NOON + 9 * MINUTE), row("missed", slot=NOON, state=State.MISSED)], {})
    assert store.next_at() == NOON + 9 * MINUTE
    store.settle(spoken(store), Change(State.UNCONFIRMED, next_at=NOON + MINUTE))
    assert store.next_at() == NOON + MINUTE
    store.settle(found(store), Change(State.POSTED, posted_at=NOON))
    assert store.next_at() == NOON + 9 * MINUTE


def test_the_newest_of_a_kind_is_found_for_each_account_in_any_state(store: SqlStore) -> None:
    added(store, "x/1", kind="progress", slot=NOON)
    added(store, "x/2", kind="progress", slot=NOON + MINUTE, state=State.MISSED)
    added(store, "x/3", kind="progress", slot=NOON + 2 * MINUTE, action="repost")
    added(store, "x/4", kind="fact", slot=NOON + 3 * MINUTE)
    added(store, "m/1", kind="progress", account="mastodon", slot=NOON)
    found = store.newest("progress", ["x", "mastodon", "nobody"])
    assert {account: row.key for account, row in found.items()} == {"x": "x/2", "mastodon": "m/1"}


def test_history_is_newest_slot_first_in_every_state(store: SqlStore) -> None:
    rows = [row(f"{n}", slot=NOON + n * MINUTE, state=state) for n, state in enumerate(State)]
    store.insert([*rows, row("other", account="mastodon")], {})
    keys = [delivery.key for delivery in store.history()]
    assert keys == [*(f"{n}" for n in range(len(State) - 1, 0, -1)), "other", "0"]
    assert [delivery.key for delivery in store.history(2)] == keys[:2]
    assert [delivery.key for delivery in store.history(account="mastodon")] == ["other"]


def test_a_row_that_is_not_there_is_none(store: SqlStore) -> None:
    assert store.delivery(1) is None
    assert store.by_key("x/1") is None


def test_all_is_there_after_closing_and_opening(store: SqlStore, url: str) -> None:
    posted = spoken(store, post=WHOLE)
    store.settle(
        posted, Change(State.POSTED, posted_at=NOON, remote_ids=("1", "2"), remote_url="https://x/1")
    )
    known = found(store)
    store.close()
    again = open_store(url)
    assert found(again) == known
    assert known == replace(
        posted, state=State.POSTED, posted_at=NOON, remote_ids=("1", "2"), remote_url="https://x/1"
    )
    again.close()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_state_in_memory_is_one_for_all_threads_of_its_store(address: str) -> None:
    store = open_store(address)
    added(store)
    assert len(store.due(NOON)) == 1
    store.close()
