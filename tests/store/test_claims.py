"""The claim: what it is told, what it carries out, and what the rest of a delivery's life writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.model import Change, Delivery, Post, Situation, State, Verdict, Wait
from bot.store.store import SqlStore
from tests.store.given import (
    DAY,
    MINUTE,
    NOON,
    added,
    claimed,
    found,
    go,
    post,
    situation_of,
    spoken,
    stop,
)

CENT = 10_000


def test_go_makes_it_sending_with_its_text_frozen_and_its_money_reserved(store: SqlStore) -> None:
    due = added(store, post=post(parts=("as planned",)))
    text = post(parts=("as sent",), cost=CENT)
    sending = store.claim(due.id, text, NOON + MINUTE, DAY, go)
    assert sending == found(store)
    assert (sending.state, sending.attempts, sending.claimed_at) == (State.SENDING, 1, NOON + MINUTE)
    assert (sending.post, sending.spoke_at, sending.next_at) == (text, None, None)
    assert store.spent("2026-12") == {"x": CENT}


def test_without_a_new_text_the_old_one_stands(store: SqlStore) -> None:
    assert claimed(store, post=post(parts=("as planned",))).post == post(parts=("as planned",))


def test_wait_sets_the_time_and_the_reason_and_it_stays_due(store: SqlStore) -> None:
    due = added(store)
    wait = Wait("the least gap", NOON + 5 * MINUTE)
    assert store.claim(due.id, post(cost=CENT), NOON, DAY, lambda *_: wait) == wait
    waiting = found(store)
    assert (waiting.state, waiting.attempts, waiting.post) == (State.DUE, 0, None)
    assert (waiting.reason, waiting.next_at) == ("the least gap", NOON + 5 * MINUTE)
    assert store.spent("2026-12") == {}


def test_stop_ends_it(store: SqlStore) -> None:
    due = added(store)
    store.claim(due.id, post(cost=CENT), NOON, DAY, stop(State.MISSED, "too late"))
    ended = found(store)
    assert (ended.state, ended.reason, ended.next_at) == (State.MISSED, "too late", None)
    assert store.next_at() is None
    assert store.spent("2026-12") == {}


@pytest.mark.parametrize("state", [state for state in State if state is not State.DUE])
def test_only_a_due_row_is_claimed(store: SqlStore, state: State) -> None:
    row = added(store, state=state)
    assert isinstance(store.claim(row.id, None, NOON, DAY, go), Wait)
    assert found(store) == row


def test_a_row_that_is_not_there_is_not_claimed(store: SqlStore) -> None:
    assert isinstance(store.claim(99, None, NOON, DAY, go), Wait)


def test_a_decision_that_fails_changes_nothing(store: SqlStore) -> None:
    due = added(store)

    def confused(delivery: Delivery, situation: Situation) -> Verdict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.claim(due.id, None, NOON, DAY, confused)
    assert found(store) == due
    assert claimed(store).state is State.SENDING


def test_decide_sees_the_row_as_it_stands(store: SqlStore) -> None:
    due = added(store)
    seen: list[Delivery] = []
    store.claim(due.id, None, NOON, DAY, lambda delivery, _: seen.append(delivery) or Wait("x"))  # type: ignore[func-returns-value]
    assert seen == [due]


# --- the situation -------------------------------------------------------------------------------


def test_a_quiet_account_has_nothing_in_the_way(store: SqlStore) -> None:
    assert situation_of(store, added(store)) == Situation(None, None, False, 0, None, 0, 0)


def test_the_situation_is_of_this_account_alone(store: SqlStore) -> None:
    due = added(store)
    spoken(store, "mastodon/1", account="mastodon", post=post(cost=CENT))
    store.hold("mastodon", "401")
    assert situation_of(store, due) == Situation(None, None, False, 0, None, 0, 0)


def test_pause_and_hold_are_told(store: SqlStore) -> None:
    due = added(store)
    store.pause(None, NOON + MINUTE)
    store.hold("x", "401: the keys are revoked")
    told = situation_of(store, due)
    assert (told.paused, told.held) == ("paused until 2026-12-01 12:01 UTC", "401: the keys are revoked")
    assert situation_of(store, due, NOON + MINUTE).paused is None


def test_what_is_under_way_or_in_doubt_is_told(store: SqlStore) -> None:
    due = added(store)
    spoken(store, "x/2", NOON - MINUTE)
    told = situation_of(store, due)
    assert (told.sending, told.unconfirmed, told.last_spoke_at) == (True, 0, NOON - MINUTE)
    store.settle(found(store, "x/2"), Change(State.UNCONFIRMED))
    told = situation_of(store, due)
    assert (told.sending, told.unconfirmed, told.last_spoke_at) == (False, 1, NOON - MINUTE)


def test_posts_of_the_day_are_those_that_spoke_within_it_and_may_stand(store: SqlStore) -> None:
    due = added(store)
    ends = {
        "posted": State.POSTED,
        "doubted": State.UNCONFIRMED,
        "refused": State.REFUSED,
        "again": State.DUE,
    }
    for key, state in ends.items():
        store.settle(spoken(store, key, DAY[0]), Change(state))
    store.settle(spoken(store, "before", DAY[0] - MINUTE), Change(State.POSTED))
    store.settle(spoken(store, "after", DAY[1]), Change(State.POSTED))
    assert situation_of(store, due).posts_today == 2


def test_a_thread_that_broke_off_counts_as_a_post(store: SqlStore) -> None:
    due = added(store)
    store.settle(spoken(store, "thread"), Change(State.REFUSED, remote_ids=("1",)))
    assert situation_of(store, due).posts_today == 1


def test_money_is_that_of_the_utc_month(store: SqlStore) -> None:
    due = added(store)
    end = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    store.charge("x", end, 5, "reading")
    store.charge("x", end + timedelta(microseconds=1), 70, "reading")
    claimed(store, "x/2", end, post=post(cost=CENT))
    assert situation_of(store, due, end).spent_this_month == CENT + 5
    assert situation_of(store, due, end + MINUTE).spent_this_month == 70


def test_a_delivery_does_not_stand_in_its_own_way(store: SqlStore) -> None:
    """The rest of a thread, and a post sent again: neither its words nor its money count against it."""
    first = spoken(store, post=post(parts=("one", "two"), cost=CENT))
    store.settle(first, Change(State.DUE, next_at=NOON, remote_ids=("1",)))
    assert situation_of(store, found(store)) == Situation(None, None, False, 0, None, 0, 0)


# --- after the claim -----------------------------------------------------------------------------


def test_speaking_is_noted_only_while_sending(store: SqlStore) -> None:
    due = added(store)
    assert not store.spoke(due.id, NOON)
    assert found(store) == due
    sending = claimed(store)
    assert store.spoke(sending.id, NOON + MINUTE)
    assert found(store).spoke_at == NOON + MINUTE


def test_a_new_claim_forgets_words_and_looks_but_not_doubts(store: SqlStore) -> None:
    doubt = Change(State.UNCONFIRMED, next_at=NOON, readings=3, absences=1, doubts=1)
    assert store.settle(spoken(store), doubt)
    assert store.settle(found(store), Change(State.DUE, next_at=NOON, readings=4, absences=2, doubts=1))
    again = claimed(store, now=NOON + MINUTE)
    assert (again.attempts, again.claimed_at, again.spoke_at) == (2, NOON + MINUTE, None)
    assert (again.readings, again.absences, again.doubts) == (0, 0, 1)


def test_a_change_is_written_whole(store: SqlStore) -> None:
    change = Change(
        State.POSTED,
        "found",
        NOON,
        NOON + MINUTE,
        ("9", "8"),
        "https://x.com/i/9",
        readings=1,
        absences=2,
        doubts=3,
    )
    assert store.settle(spoken(store), change)
    written = found(store)
    assert all(
        getattr(written, name) == getattr(change, name)
        for name in ("state", "reason", "next_at", "posted_at", "remote_ids", "remote_url")
    )
    assert (written.readings, written.absences, written.doubts) == (1, 2, 3)


def test_what_is_known_to_stand_is_kept_where_a_change_is_silent(store: SqlStore) -> None:
    store.settle(spoken(store), Change(State.POSTED, "", None, NOON, ("9",), "https://x.com/i/9"))
    store.settle(found(store), Change(State.CANCELLED, "taken back"))
    kept = found(store)
    assert (kept.posted_at, kept.remote_ids, kept.remote_url) == (NOON, ("9",), "https://x.com/i/9")


def test_only_the_state_and_the_attempt_that_were_seen_are_settled(store: SqlStore) -> None:
    first = spoken(store)
    assert store.settle(first, Change(State.DUE, next_at=NOON))
    second = claimed(store)
    assert not store.settle(first, Change(State.POSTED, hold="late", release=True)), "an earlier attempt"
    assert store.settle(second, Change(State.POSTED))
    assert not store.settle(second, Change(State.REFUSED)), "another state"
    assert found(store).state is State.POSTED
    assert store.account("x").held is None


def test_a_change_may_hold_the_account(store: SqlStore) -> None:
    store.settle(spoken(store), Change(State.DUE, "401", hold="401: the keys are revoked"))
    assert store.account("x").held == "401: the keys are revoked"


# --- money ---------------------------------------------------------------------------------------


def test_money_comes_back_when_a_change_releases_it(store: SqlStore) -> None:
    store.charge("x", NOON, 5, "reading")
    store.settle(spoken(store, post=post(cost=CENT)), Change(State.DUE, release=True))
    assert store.spent("2026-12") == {"x": 5}


def test_money_stays_when_it_may_have_gone_out(store: SqlStore) -> None:
    store.settle(spoken(store, post=post(cost=CENT)), Change(State.UNCONFIRMED))
    assert store.spent("2026-12") == {"x": CENT}


def test_money_is_reserved_once_for_all_attempts_of_a_delivery(store: SqlStore) -> None:
    store.settle(spoken(store, post=post(cost=CENT)), Change(State.DUE, remote_ids=("1",)))
    claimed(store)
    assert store.spent("2026-12") == {"x": CENT}


def test_money_released_is_reserved_again_by_the_next_claim(store: SqlStore) -> None:
    store.settle(spoken(store, post=post(cost=CENT)), Change(State.DUE, release=True))
    claimed(store, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert store.spent("2026-12") == {}
    assert store.spent("2027-01") == {"x": CENT}


@pytest.mark.parametrize("text", [None, post(cost=0)])
def test_what_costs_nothing_is_not_written_down(store: SqlStore, text: Post | None) -> None:
    claimed(store, post=text)
    assert store.spent("2026-12") == {}
