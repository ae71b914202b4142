"""From a planned slot to a row, and from a row to what is sent now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core.model import Delivery, Ledger, Post, Slot, State, Stop
from bot.core.outbox import by_hand, catch_up, content, laid, superseded
from bot.core.plan import agenda, plan
from bot.core.written import DeliveryRules
from tests.given import NOON, at, book, delivery, message, settings

MINUTE = timedelta(minutes=1)


def slot(clock: str, account_id: str = "a", message_id: str | None = None) -> Slot:
    due = at(f"2026-12-01 {clock}")
    return Slot(due, account_id, date(2026, 12, 1), time.fromisoformat(clock), message_id)


def late(*slots: Slot, now: str = "12:00", **rules: Any) -> list[str]:
    return list(catch_up(slots, at(f"2026-12-01 {now}"), DeliveryRules.model_validate(rules)))


def test_only_the_latest_slot_within_the_grace_is_still_posted():
    slots = [slot("11:00"), slot("11:40"), slot("11:50")]
    assert late(*slots) == ["a/2026-12-01/11:00", "a/2026-12-01/11:40"]


def test_accounts_catch_up_side_by_side():
    assert late(slot("11:40"), slot("11:50", "b")) == []


@pytest.mark.parametrize(("clock", "rule", "kept"), [("11:59", "skip", True), ("11:58", "skip", False)])
def test_skip_means_that_a_slot_slept_through_is_gone(clock: str, rule: str, kept: bool):
    assert (late(slot(clock), catch_up=rule) == []) is kept


def test_all_keeps_every_slot_within_the_grace():
    assert late(slot("11:20"), slot("11:35"), slot("11:50"), catch_up="all") == ["a/2026-12-01/11:20"]


def test_a_fixed_date_waits_up_to_a_day_and_takes_nobodys_place():
    fixed = slot("02:00", message_id="m")
    assert late(fixed, slot("11:50")) == []
    assert list(catch_up([fixed], at("2026-12-02 02:01"), DeliveryRules())) == ["a/post_at/m"]


def due(clock: str, **fields: Any) -> Delivery:
    return delivery(state=State.DUE, slot=at(f"2026-12-01 {clock}"), turn=1, key=clock, **fields)


def test_a_newer_slot_takes_the_place_of_one_that_could_not_be_sent():
    rows = [due("09:00"), due("09:10"), due("09:20")]
    assert superseded(rows, DeliveryRules()) == rows[:2]
    assert superseded(rows, DeliveryRules.model_validate({"catch_up": "all"})) == []


def test_fixed_dates_milestones_and_threads_that_began_are_not_superseded():
    rows = [replace(due("09:00"), turn=None), due("09:05", remote_ids=("1",)), due("09:20")]
    assert superseded(rows, DeliveryRules()) == []


# --- rows --------------------------------------------------------------------------------------


def test_a_planned_slot_becomes_a_due_row_with_its_turn_and_text():
    given = book(message("m"))
    planned = next(plan(given, Ledger(), agenda(given, NOON, NOON + timedelta(days=1)), given.figures(None)))
    row = laid(planned, given.settings.delivery)
    assert (row.state, row.turn, row.message_id) == (State.DUE, 0, "m")
    assert row.expires - row.slot == timedelta(minutes=30)
    assert row.post is not None


def test_a_slot_without_a_message_is_missed_with_the_reason():
    given = book(message("m", draft=True))
    planned = next(plan(given, Ledger(), agenda(given, NOON, NOON + timedelta(days=1)), given.figures(None)))
    row = laid(planned, given.settings.delivery)
    assert (row.state, row.message_id) == (State.MISSED, None)
    assert row.reason.startswith("nothing to post")


def test_a_message_by_hand_has_a_key_of_its_own_every_time():
    given = book(message("m"))
    first = by_hand(given, message("m"), "mastodon", NOON)
    second = by_hand(given, message("m"), "mastodon", NOON + timedelta(microseconds=1))
    assert not isinstance(first, str)
    assert not isinstance(second, str)
    assert first.key != second.key


# --- what is sent now ----------------------------------------------------------------------------


def sent(row: Delivery, *messages: Any, signatures: int | None = None, **fields: Any) -> Post | Stop:
    given = book(*messages, settings=settings(**fields))
    return content(given, row, NOON, signatures)


def a_row(**fields: Any) -> Delivery:
    given = {"state": State.DUE, "message_id": "m", "kind": "fact", "language": "en", "attempts": 0}
    return delivery(**(given | fields))


def test_before_its_first_claim_a_row_follows_the_file():
    post = sent(a_row(), message("m", text="Mended."))
    assert isinstance(post, Post)
    assert post.words == "Mended."


def test_after_its_first_claim_the_text_is_frozen():
    first = sent(a_row(), message("m", text="{signatures} signed."), signatures=5000)
    assert isinstance(first, Post)
    again = sent(a_row(attempts=1, post=first), message("m", text="{signatures} signed."), signatures=6000)
    assert again == first


@pytest.mark.parametrize(
    ("now", "why"),
    [
        pytest.param([], "no longer in messages.yaml", id="removed"),
        pytest.param([{"draft": True}], "a draft", id="drafted"),
        pytest.param([{"expires": "2026-11-30"}], "expired", id="expired"),
        pytest.param([{"text": "Other words."}], "edited", id="edited"),
        pytest.param([{"accounts": ["elsewhere"]}], "not for mastodon", id="taken off the account"),
        pytest.param([{"text": {"es": "Hola."}}], "not for mastodon", id="no more in the language"),
    ],
)
def test_a_second_attempt_is_cancelled_when_the_message_changed(now: list[dict[str, Any]], why: str):
    first = sent(a_row(), message("m"))
    stop = sent(a_row(attempts=1, post=first), *(message("m", **fields) for fields in now))
    assert isinstance(stop, Stop)
    assert stop.state is State.CANCELLED
    assert why in stop.reason


def test_a_change_of_another_message_changes_nothing():
    first = sent(a_row(), message("m"), message("other"))
    assert sent(a_row(attempts=1, post=first), message("other", text="New."), message("m")) == first


def test_a_message_with_an_error_of_its_own_is_not_sent():
    given = replace(book(message("m")), barred=frozenset({"m"}))
    stop = content(given, a_row(), NOON, None)
    assert isinstance(stop, Stop)
    assert "petition-bot check" in stop.reason


def test_a_milestone_names_its_own_threshold():
    row = a_row(kind="milestone", target="10000")
    post = sent(row, message("m", "milestone", text="{milestone} of {goal}!"), petition={"goal": 50000})
    assert isinstance(post, Post)
    assert post.words == "10,000 of 50,000!"
