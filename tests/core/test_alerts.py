"""What needs a person, under which key, and what a day's digest holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.alerts import (
    AN_HOUR,
    Alert,
    Need,
    Standing,
    digest,
    letter,
    needs,
    retry_at,
    unusable,
    wanted,
)
from bot.core.links import Link
from bot.core.model import State
from bot.core.settings import AlertRules
from tests.given import NOON, account, at, delivery, settings

X = account("x", network="x", budget={"usd_per_month": 1})
HOUR = timedelta(hours=1)


def standing(**fields: Any) -> Standing:
    return Standing(**({"settings": settings(X), "now": NOON, "held": {}} | fields))


def one(**fields: Any) -> Need:
    (found,) = needs(standing(**fields))
    return found


def test_where_all_is_well_nobody_is_needed():
    assert needs(standing()) == ()


def test_a_held_account_is_told_with_its_reason_and_what_to_type():
    found = one(held={"x": "the keys are refused (401)"})
    assert found.subject == "held"
    assert found.words == (
        "x posts nothing: the keys are refused (401). When that is mended: petition-bot resume --account x"
    )


def test_a_reason_that_names_the_command_does_not_name_it_twice():
    words = one(held={"x": "settle them, then petition-bot resume --account x"}).words
    assert words.count("petition-bot resume") == 1


def test_another_reason_is_another_thing_and_another_figure_is_not():
    keys = [one(held={"x": reason}).key for reason in ("locked (403)", "locked (401)", "no credits")]
    assert keys[0] == keys[1] != keys[2]


def test_a_post_is_told_only_when_it_waits_for_a_person():
    waits = delivery(state=State.UNCONFIRMED, message_id="tents", reason="a reset")
    looked_up = replace(waits, id=2, next_at=NOON)
    found = one(doubtful=[waits, looked_up])
    assert (found.subject, found.key) == ("posts", "post/1")
    assert "petition-bot resolve 1 posted" in found.words


@pytest.mark.parametrize(
    ("spent", "links", "told"),
    [
        (790_000, "always", False),
        (810_000, "always", True),
        (810_000, "never", False),
        (990_000, "never", True),
    ],
    ids=["one more fits", "no link fits", "without links it fits", "nothing fits"],
)
def test_a_budget_is_used_up_when_the_usual_post_does_not_fit(spent: int, links: str, told: bool):
    found = needs(standing(settings=settings(X | {"links": links}), spent={"x": spent}))
    assert [need.key for need in found] == ["budget/x/2026-12"] * told


def test_the_budget_of_the_next_month_is_another_thing():
    late = one(spent={"x": 10**6}, now=at("2026-12-31 23:59"))
    assert "until 2027-01-01 (UTC)" in late.words
    assert one(spent={"x": 10**6}, now=at("2027-01-01 00:00")).key != late.key


def test_an_account_without_a_budget_never_runs_out():
    assert needs(standing(settings=settings(account()), spent={"mastodon": 10**9})) == ()


def test_a_question_with_other_figures_is_the_same_question():
    first, second = (
        one(asks=[f"The count went from 10 to {leap} at once. Say so: petition-bot count set {leap}"])
        for leap in (900, 12_000)
    )
    assert first.key == second.key
    assert first.subject == "count"
    assert one(asks=["The goal of 100,000 is reached: set the next one."]).subject == "petition"


def test_two_dead_links_are_two_things_though_only_a_figure_differs():
    dead = Link("https://a.org/1", NOON, bad=2, gone=True, why="answers 404", since=NOON)
    links = [dead, replace(dead, url="https://a.org/2"), Link("https://a.org/3", NOON, bad=1)]
    found = needs(standing(links=links))
    assert [need.key for need in found] == ["link/https://a.org/1", "link/https://a.org/2"]


def test_a_counter_that_has_never_answered_is_told_after_an_hour():
    assert one(uncounted="the site answers 500").wait == AN_HOUR


def test_what_ends_by_itself_within_a_minute_wakes_nobody():
    assert unusable("the disk is full").wait > timedelta(0)
    assert one(files="config.yaml:3: a mistake").wait > timedelta(0)


def test_a_wrong_clock_is_told_at_once_and_stays_one_thing():
    minutes = [one(clock=f"this machine's clock is {n} minutes behind") for n in (3, 4)]
    assert minutes[0].key == minutes[1].key
    assert minutes[0].wait == timedelta(0)


def test_people_hear_only_of_what_they_want_to_hear():
    both = needs(standing(held={"x": "keys"}, clock="slow"))
    assert [need.subject for need in wanted(both, AlertRules())] == ["clock", "held"]
    assert [need.subject for need in wanted(both, AlertRules(about=("held",)))] == ["held"]


# --- the digest ----------------------------------------------------------------------------------

RULES = AlertRules.model_validate({"digest": "09:00"})
OPEN = Need("held", "held/x/keys", "x posts nothing.")


def alert(key: str = OPEN.key, since: str = "2026-12-01 08:00") -> Alert:
    return Alert(key, "team", "words", at(since), NOON, NOON)


@pytest.mark.parametrize(
    ("now", "since", "told"),
    [
        ("2026-12-01 08:59", "2026-12-01 08:00", False),
        ("2026-12-01 09:00", "2026-12-01 08:00", True),
        ("2026-12-01 23:00", "2026-12-01 08:00", True),
        ("2026-12-01 23:00", "2026-12-01 09:01", False),
    ],
    ids=["too early", "in time", "late, after a night off", "what is newer waits for tomorrow"],
)
def test_a_digest_holds_what_was_open_at_its_time(now: str, since: str, told: bool):
    assert (digest([alert(since=since)], [OPEN], RULES, "UTC", at(now)) is not None) is told


def test_its_time_is_local_and_each_day_has_its_own():
    found = [
        digest([alert()], [OPEN], RULES, "America/Chicago", NOON + days * 24 * HOUR + 4 * HOUR)
        for days in (0, 1)
    ]
    assert [each.key for each in found if each] == ["digest/2026-12-01", "digest/2026-12-02"]
    assert digest([alert()], [OPEN], RULES, "America/Chicago", NOON) is None


def test_there_is_none_where_all_is_over_or_nobody_wants_one():
    assert digest([alert()], [], RULES, "UTC", NOON) is None
    assert digest([alert()], [OPEN], AlertRules(), "UTC", NOON) is None


def test_what_is_told_for_the_first_time_is_in_no_digest():
    assert digest([], [OPEN], RULES, "UTC", NOON) is None


# --- words -----------------------------------------------------------------------------------------


def test_one_thing_stands_alone_and_several_are_listed():
    title, text = letter([alert()], "Stop MPP")
    assert (title, text) == ("Stop MPP: something needs you", "words")
    title, text = letter([alert("a"), alert("b")], "Stop MPP")
    assert title == "Stop MPP: 2 things need you"
    assert text == "- words\n\n- words"


def test_a_digest_alone_says_so():
    assert letter([alert("digest/2026-12-01")], "Stop MPP")[0] == "Stop MPP: what is still open"


def test_who_cannot_be_reached_is_tried_later_and_later_but_never_given_up():
    waits = [retry_at(attempts, NOON) - NOON for attempts in (1, 2, 3, 7, 8, 10_000)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == HOUR
