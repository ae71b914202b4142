"""What the count puts into the outbox: whose rows, under which keys, when, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.announce import announcements, outdone, petition_name, progress
from bot.core.model import Delivery, Ledger, NewDelivery, Past, Post, Reading, State, Use
from bot.core.plan import Book
from tests.given import NOON, account, at, book, delivery, message, settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKLY = {"milestones": {"thresholds": [1000, 5000], "repost_after": "12h", "progress_every": "7d"}}
PASSED = message("t", "milestone", text="{milestone} have signed.")
PROGRESS = message("p", "progress", text="{signatures} so far.")


def given(*messages: Any, **fields: Any) -> Book:
    accounts = fields.pop("accounts", [account()])
    petition = {**WEEKLY, **fields.pop("petition", {})}
    return book(*messages, settings=settings(*accounts, petition=petition, **fields))


def reading(number: int, when: datetime = NOON) -> Reading:
    return Reading(number, "test", when)


def announced(desk: Book, threshold: int = 1000, number: int = 1001, **ledger: Any) -> list[NewDelivery]:
    return list(announcements(desk, threshold, reading(number), Ledger(**ledger)))


def progressed(
    desk: Book,
    number: int = 1234,
    when: datetime = NOON,
    last: dict[str, Delivery] | None = None,
    first: datetime = NOON - 7 * DAY,
    passed: int = 0,
    **ledger: Any,
) -> list[NewDelivery]:
    return list(progress(desk, reading(number, when), Ledger(**ledger), last or {}, first, passed))


# --- milestones --------------------------------------------------------------------------------


def test_an_announcement_and_its_repost_have_keys_of_petition_threshold_and_account():
    post, repost = announced(given(PASSED))
    assert post.key == "mastodon/milestone/petition.example.org/p/1000"
    assert repost.key == f"mastodon/repost/{post.key}"
    assert (post.kind, post.target, post.message_id, post.language) == ("milestone", "1000", "t", "en")
    assert (repost.action, repost.target, repost.slot) == ("repost", post.key, NOON + 12 * HOUR)
    assert (post.slot, post.expires) == (NOON, NOON + DAY)


def test_the_same_crossing_has_the_same_keys_whenever_it_is_seen():
    later = list(announcements(given(PASSED), 1000, reading(1100, NOON + HOUR), Ledger()))
    assert [row.key for row in later] == [row.key for row in announced(given(PASSED))]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://petition.example.org/p/?utm=1#top", "petition.example.org/p"),
        ({"es": "https://example.org/es", "en": "https://example.org/en"}, "example.org/en"),
    ],
)
def test_a_petition_is_known_by_its_address(url: Any, name: str):
    assert petition_name(given(PASSED, petition={"url": url})) == name


def test_without_repost_after_there_is_no_repost():
    once = given(PASSED, petition={"milestones": {"thresholds": [1000]}})
    assert [row.action for row in announced(once)] == ["post"]


def test_quiet_hours_move_an_announcement_and_its_repost_each_to_a_morning():
    night = given(PASSED, quiet_hours=["11:00", "13:00"], campaign={"timezone": "UTC"})
    post, repost = announced(night)
    assert (post.slot, repost.slot) == (at("2026-12-01 13:00"), at("2026-12-02 01:00"))


@pytest.mark.parametrize(
    "template",
    [
        {"text": {"es": "{milestone}"}},
        {"draft": True},
        {"accounts": ["elsewhere"]},
        {"expires": "2026-11-30"},
        {"not_before": "2026-12-02"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_account_without_a_template_that_it_may_use_announces_nothing(template: dict[str, Any]):
    assert announced(given(message("t", "milestone", **template))) == []


def test_a_template_with_an_error_of_its_own_is_no_template():
    assert announced(replace(given(PASSED), barred=frozenset({"t"}))) == []


def test_a_template_that_does_not_fit_gives_way_to_one_that_does():
    long = message("long", "milestone", text="{milestone} " + "word " * 200)
    assert announced(given(long, PASSED))[0].message_id == "t"
    (row,) = announced(given(long))
    assert row.state is State.MISSED
    assert row.reason.startswith("long is too long for mastodon")


def test_at_the_goal_no_template_says_how_far_it_is():
    to_go = message("to-go", "milestone", text="{to_go} to go!")
    desk = given(to_go, PASSED, petition={"goal": 1000})
    assert announced(desk)[0].message_id == "t"


# --- whose turn it is --------------------------------------------------------------------------


def used(**uses: Use) -> dict[str, Past]:
    return {"mastodon": Past(uses=uses)}


def test_a_new_template_comes_first_and_then_the_one_that_waited_longest():
    desk = given(PASSED, message("u", "milestone", text="{milestone}!"))
    assert announced(desk, pasts=used(t=Use({"en": 1}, -1, NOON)))[0].message_id == "u"
    both = used(t=Use({"en": 1}, -1, NOON), u=Use({"en": 1}, -1, NOON - DAY))
    assert announced(desk, pasts=both)[0].message_id == "u"


def test_the_language_least_spoken_comes_first():
    words = message("t", "milestone", text={"en": "{milestone}!", "es": "¡{milestone}!"})
    desk = given(words, accounts=[account(languages=["es", "en"])])
    assert announced(desk)[0].language == "es"
    assert announced(desk, pasts=used(t=Use({"es": 1}, -1, NOON)))[0].language == "en"
    assert announced(desk, pasts=used(t=Use({"es": 1, "en": 1}, -1, NOON)))[0].language == "es"


def test_variants_follow_each_other():
    desk = given(message("t", "milestone", text=["{milestone} a", "{milestone} b"]))
    assert announced(desk)[0].variant == 0
    assert announced(desk, pasts=used(t=Use({"en": 1}, -1, NOON)))[0].variant == 1


def test_what_another_x_account_said_today_is_not_said_again():
    desk = given(PASSED, accounts=[account("x", network="x")])
    words = "1,000 have signed."
    (row, *_) = announced(desk, recent_words=(("x", words, "x2", NOON - HOUR),))
    assert (row.state, row.reason) == (State.MISSED, "another X account says the same as t today")
    (row, *_) = announced(desk, recent_words=(("x", words, "x2", NOON - 25 * HOUR),))
    assert row.state is State.DUE


# --- outdone -----------------------------------------------------------------------------------


def waiting(target: str, **fields: Any) -> Delivery:
    kind = {"state": State.DUE, "kind": "milestone", "target": target, "attempts": 0}
    return delivery(**(kind | fields))


@pytest.mark.parametrize(
    ("other", "gives_way"),
    [
        (waiting("5000"), True),
        (waiting("1000"), False),
        (waiting("500"), False),
        (waiting("5000", account="x"), False),
        (waiting("mastodon/milestone/p/5000", action="repost"), False),
        (waiting("5000", kind="progress"), False),
    ],
)
def test_a_lower_milestone_gives_way_to_a_higher_one_of_its_account(other: Delivery, gives_way: bool):
    own = waiting("1000")
    assert outdone(own, [own, other]) is gives_way


def test_an_announcement_that_was_begun_is_brought_to_its_end():
    assert not outdone(waiting("1000", attempts=1), [waiting("5000")])


# --- progress ----------------------------------------------------------------------------------


def said(number: int, slot: datetime = NOON - 7 * DAY, **fields: Any) -> Delivery:
    post = Post("mastodon", "mastodon", "p", "progress", "en", ("",), "", 0, 500, signatures=number)
    given = {"state": State.POSTED, "kind": "progress", "slot": slot, "post": post, "target": "0"}
    return delivery(**(given | fields))


def test_a_period_begins_a_period_after_the_last_one_or_after_the_first_reading():
    assert progressed(given(PROGRESS), first=NOON - 7 * DAY + HOUR) == []
    (row,) = progressed(given(PROGRESS))
    assert row.key == "mastodon/progress/petition.example.org/p/2026-12-01T12:00:00"
    assert (row.slot, row.expires, row.kind, row.message_id) == (NOON, NOON + DAY, "progress", "p")
    assert progressed(given(PROGRESS), last={"mastodon": said(5, NOON - 6 * DAY)}) == []
    assert progressed(given(PROGRESS), last={"mastodon": said(5)})[0].key == row.key


def test_the_key_is_that_of_the_period_however_late_it_is_seen():
    (row,) = progressed(given(PROGRESS), when=NOON + 3 * DAY)
    assert row.key.endswith("/2026-12-01T12:00:00")
    assert row.slot == NOON + 3 * DAY


def test_without_progress_every_nothing_is_said():
    assert progressed(given(PROGRESS, petition={"milestones": {"thresholds": [1000]}})) == []


@pytest.mark.parametrize(
    ("last", "number", "goes"),
    [
        (said(1000), 1001, True),
        (said(1000), 1000, False),
        (said(1000), 999, False),
        (said(1000, state=State.UNCONFIRMED), 1000, False),
        (said(1000, state=State.REFUSED), 1000, True),  # it never stood, and what was said before was 0
        (said(1000, state=State.MISSED, post=None, target="1000"), 1000, False),
        (said(1000, state=State.MISSED, post=None, target="1000"), 1001, True),
    ],
)
def test_a_count_that_an_account_has_said_is_no_progress(last: Delivery, number: int, goes: bool):
    (row,) = progressed(given(PROGRESS), number, last={"mastodon": last})
    assert (row.state is State.DUE) is goes
    assert goes or "not above the 1000 of last time" in row.reason


def test_below_a_passed_milestone_nothing_is_said():
    (below,) = progressed(given(PROGRESS), 999, passed=1000)
    (again,) = progressed(given(PROGRESS), 1000, passed=1000)
    assert (below.state, again.state) == (State.MISSED, State.DUE)


def test_an_account_without_a_past_goes_in_step_with_the_others():
    desk = given(PROGRESS, accounts=[account(), account("new")])
    rows = progressed(desk, last={"mastodon": said(5, NOON - 6 * DAY)}, first=NOON - 90 * DAY)
    assert rows == []
    rows = progressed(desk, last={"mastodon": said(5)}, first=NOON - 90 * DAY)
    assert [row.key.split("/")[0] for row in rows] == ["mastodon", "new"]
