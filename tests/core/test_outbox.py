"""From a planned slot to a row, and from a row to what is sent now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core.model import Delivery, Ledger, NewDelivery, Post, Reading, Slot, State, Stop, Use, Wait
from bot.core.outbox import by_hand, catch_up, content, laid, superseded
from bot.core.plan import agenda, plan
from bot.core.written import DeliveryRules
from tests.given import NOON, account, at, book, delivery, message, settings

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


def test_two_fixed_dates_and_a_slot_may_share_their_moment():
    assert late(slot("11:50", message_id="m"), slot("11:50"), slot("11:50", message_id="n")) == []


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


def sent(
    row: Delivery, *messages: Any, signatures: int | None = None, age: timedelta = MINUTE, **fields: Any
) -> Post | Stop | Wait:
    given = book(*messages, settings=settings(**fields))
    reading = None if signatures is None else Reading(signatures, "test", NOON - age)
    return content(given, row, NOON, reading)


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


def test_a_milestone_that_the_count_has_fallen_below_waits():
    row, template = a_row(kind="milestone", target="10000"), message("m", "milestone", text="{milestone}!")
    wait = sent(row, template, signatures=9_997)
    assert isinstance(wait, Wait)
    assert wait.reason == "the count has fallen to 9997, below the milestone of 10000"
    assert isinstance(sent(row, template, signatures=10_000), Post)


@pytest.mark.parametrize(("signatures", "goes"), [(1_000, False), (900, False), (1_001, True)])
def test_progress_is_left_out_unless_the_count_has_risen(signatures: int, goes: bool):
    row = a_row(kind="progress", target="1000")
    answer = sent(row, message("m", "progress", text="{signatures}"), signatures=signatures)
    assert isinstance(answer, Post if goes else Stop)
    if isinstance(answer, Stop):
        assert answer == Stop(State.MISSED, f"the count is {signatures}, not above the 1000 of last time")


DAY = timedelta(days=1)


def test_a_message_that_says_the_count_waits_for_a_fresh_one():
    text = message("m", text="{signatures} signed.")
    assert isinstance(sent(a_row(), text, signatures=5, age=DAY), Post)
    wait = sent(a_row(), text, signatures=5, age=DAY + MINUTE)
    assert isinstance(wait, Wait)
    assert wait.reason == (
        "m needs {signatures}, and the count is of 2026-11-30 11:59 UTC: it waits for a new one"
    )


def test_what_was_tried_with_a_fresh_count_is_tried_again_though_it_aged():
    text = message("m", text="{signatures} signed.")
    first = sent(a_row(), text, signatures=5)
    assert isinstance(first, Post)
    assert sent(a_row(attempts=1, post=first), text, signatures=5, age=2 * DAY) == first


def test_a_template_says_the_last_count_however_old():
    row, template = a_row(kind="progress", target="3"), message("m", "progress", text="{signatures}")
    assert isinstance(sent(row, template, signatures=5, age=2 * DAY), Post)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({}, ("en", 0)),
        ({"en": 1}, ("es", 0)),
        ({"en": 1, "es": 1}, ("en", 1)),
        ({"en": 2, "es": 1}, ("es", 1)),
    ],
)
def test_by_hand_come_the_language_and_the_words_that_were_used_least(
    times: dict[str, int], said: tuple[str, int]
):
    """X would refuse the same words again."""
    text = message("m", text={"en": ["One.", "Two."], "es": ["Uno.", "Dos."]})
    given = book(text, settings=settings(account(languages=["en", "es"])))
    row = by_hand(given, text, "mastodon", NOON, None, Use(times, 3, NOON))
    assert isinstance(row, NewDelivery)
    assert row.post
    assert ((row.language, row.variant), row.post.language) == (said, said[0])
    assert row.post.words == {"en": ["One.", "Two."], "es": ["Uno.", "Dos."]}[said[0]][said[1]]


def test_a_milestone_is_never_posted_by_hand():
    given = book(template := message("m", "milestone", text="{milestone}!"))
    assert by_hand(given, template, "mastodon", NOON) == (
        "m is a template: it goes out when the count passes a milestone"
    )


def test_by_hand_the_count_is_said_while_it_is_fresh():
    given = book(text := message("m", text="{signatures} signed."))
    fresh = by_hand(given, text, "mastodon", NOON, Reading(7, "test", NOON))
    assert not isinstance(fresh, str)
    stale = by_hand(given, text, "mastodon", NOON, Reading(7, "test", NOON - 2 * DAY))
    assert "it waits for a new one" in str(stale)
