"""What a restored backup cannot know, as values: in doubt, and what becomes of that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.judgement import Known, judge
from bot.core.model import NewDelivery, Planned, Seen, Slot, State, Timeline, Unreadable
from bot.core.restored import doubted, doubtful, unsure
from bot.core.written import DeliveryRules
from tests.given import NOON, at, book, delivery, message
from tests.store.given import post

RULES = DeliveryRules()
NINE = at("2026-12-01 09:00")
SLOT = Slot(NINE, "mastodon", NINE.date(), NINE.time())


def test_a_slot_since_the_backup_is_in_doubt_with_the_words_that_it_would_have_had() -> None:
    row = doubtful(Planned(SLOT, "its turn", post(), turn=4), RULES)
    assert (row.state, row.post, row.turn, row.key) == (State.UNCONFIRMED, post(), 4, SLOT.key)


def test_a_slot_in_which_nothing_could_go_out_is_missed() -> None:
    assert doubtful(Planned(SLOT, "nothing to post"), RULES).state is State.MISSED


@pytest.mark.parametrize(
    ("fields", "looked_up"),
    [({"post": post()}, True), ({"action": "repost"}, True), ({}, False)],
    ids=["post", "repost", "no words"],
)
def test_what_was_due_is_looked_up_where_one_knows_what_to_look_for(
    fields: dict[str, Any], looked_up: bool
) -> None:
    change = doubted(delivery(state=State.DUE, **fields))
    assert change.state is State.UNCONFIRMED
    assert (change.next_at is not None) == looked_up


def test_only_the_words_of_the_count_are_unsure_and_not_their_repost() -> None:
    given = book(message("t", "milestone", text="{milestone} signed!"))
    row = NewDelivery(
        "k", "mastodon", NOON, NOON, message_id="t", kind="milestone", language="en", target="10"
    )
    looked_up = unsure(given, row, NINE, 12)
    assert (looked_up.state, looked_up.slot) == (State.UNCONFIRMED, NINE)
    assert looked_up.post
    assert looked_up.post.words == "10 signed!"
    for other in ({"action": "repost", "target": "k"}, {"state": State.MISSED}, {"message_id": "gone"}):
        unchanged = NewDelivery(**{**as_dict(row), **other})
        assert unsure(given, unchanged, NINE, 12) == unchanged


def as_dict(row: NewDelivery) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


# --- looking it up -------------------------------------------------------------------------------


def in_doubt(**fields: Any) -> Any:
    return delivery(
        state=State.UNCONFIRMED, attempts=0, spoke_at=None, post=post(parts=("Words.",)), **fields
    )


def seen(remote_id: str, minutes: int) -> Seen:
    return Seen(remote_id, "Words.", NINE + timedelta(minutes=minutes), exact=True)


def test_of_two_posts_of_the_same_words_the_first_since_the_slot_is_ours() -> None:
    timeline = Timeline("me", (seen("late", 40), seen("ours", 0), seen("before", -30)), True)
    change = judge(in_doubt(), timeline, Known(), "mastodon", NOON, RULES)
    assert (change.state, change.remote_ids) == (State.POSTED, ("ours",))


NOWHERE_NEAR = Timeline("me", (Seen("new", "Other words entirely.", NOON),), False)


@pytest.mark.parametrize(
    ("now", "state"),
    [(NOON, State.UNCONFIRMED), (NOON + timedelta(days=1), State.MISSED)],
    ids=["fresh", "old"],
)
def test_where_the_account_does_not_show_so_far_back_old_news_is_given_up(
    now: datetime, state: State
) -> None:
    assert judge(in_doubt(), NOWHERE_NEAR, Known(), "mastodon", now, RULES).state is state


@pytest.mark.parametrize(("readings", "state"), [(0, State.UNCONFIRMED), (5, State.MISSED)])
def test_a_server_in_trouble_is_asked_more_than_once(readings: int, state: State) -> None:
    now = NOON + timedelta(days=1)
    change = judge(in_doubt(readings=readings), Unreadable("503"), Known(), "mastodon", now, RULES)
    assert change.state is state


def test_what_was_really_attempted_is_never_given_up_without_a_person() -> None:
    attempted = delivery(state=State.UNCONFIRMED, post=post())
    change = judge(attempted, NOWHERE_NEAR, Known(), "mastodon", NOON + timedelta(days=2), RULES)
    assert (change.state, change.next_at) == (State.UNCONFIRMED, None)


# --- threads -------------------------------------------------------------------------------------

PARTS = ("One.", "Two.", "Three.")


def a_thread(**fields: Any) -> Any:
    return delivery(
        state=State.UNCONFIRMED,
        attempts=0,
        spoke_at=None,
        post=post(parts=PARTS),
        reason="restored",
        **fields,
    )


def read(thread: Any, *words: str) -> Any:
    """What a reading says that shows posts of these words, in this order, all from after the slot."""
    posts = [
        Seen(f"id {each}", each, NINE + timedelta(seconds=place), exact=True)
        for place, each in enumerate(words)
    ]
    return judge(thread, Timeline("me", tuple(reversed(posts)), True), Known(), "mastodon", NOON, RULES)


def test_a_thread_that_stands_whole_is_found_whole() -> None:
    change = read(a_thread(), "Another.", "One.", "Two.", "Three.")
    assert (change.state, change.remote_ids) == (State.POSTED, ("id One.", "id Two.", "id Three."))


def test_a_thread_that_stands_in_part_is_looked_at_again_before_it_goes_on() -> None:
    """The next part may be about to show as well."""
    change = read(a_thread(), "One.", "Two.")
    assert (change.state, change.remote_ids) == (State.UNCONFIRMED, ("id One.", "id Two."))
    assert (change.reason, change.next_at) == ("restored", NOON + RULES.settle)
    again = read(a_thread(remote_ids=change.remote_ids), "One.", "Two.")
    assert (again.state, again.absences) == (State.UNCONFIRMED, 1)
    gone = read(a_thread(remote_ids=change.remote_ids, absences=1), "One.", "Two.")
    assert gone.state is State.DUE
    found = read(a_thread(remote_ids=change.remote_ids, absences=1), "One.", "Two.", "Three.")
    assert (found.state, found.remote_ids) == (State.POSTED, ("id One.", "id Two.", "id Three."))


def test_parts_are_ours_only_in_their_order() -> None:
    change = read(a_thread(), "Three.", "Two.", "One.")
    assert (change.state, change.remote_ids) == (State.UNCONFIRMED, ("id One.",))


def test_a_part_that_was_spoken_is_looked_up_alone() -> None:
    """What comes after it was certainly not sent by us."""
    spoken = delivery(
        state=State.UNCONFIRMED, attempts=2, spoke_at=NINE, post=post(parts=PARTS), remote_ids=("id One.",)
    )
    change = read(spoken, "One.", "Two.", "Three.")
    assert (change.state, change.remote_ids) == (State.DUE, ("id One.", "id Two."))
