"""What a person is asked about the petition, in sentences that stay the same while nothing changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.asks import asks
from bot.core.model import Reading
from tests.given import NOON, settings

DAY = timedelta(days=1)
JSON = {"counter": {"kind": "json", "url": "https://petition.example.org/n", "path": "n"}}
FOLLOWS = "and its calls are held. What follows? Write an update, or change petition in config.yaml."


def asked(number: int | None = 5, age: timedelta = timedelta(0), **petition: Any) -> list[str]:
    closed, suspect = petition.pop("closed", ""), petition.pop("suspect", None)
    reading = None if number is None else Reading(number, "test", NOON - age, closed)
    doubted = Reading(suspect, "test", NOON) if suspect else None
    return list(asks(settings(petition=petition), reading, doubted, NOON))


@pytest.mark.parametrize("number", [None, 0, 99])
def test_nothing_is_asked_while_all_is_well(number: int | None):
    assert asked(number, goal=100, closes="2026-12-01", milestones={"thresholds": [100]}, **JSON) == []


@pytest.mark.parametrize("state", ["closed", "rejected"])
def test_what_follows_a_petition_that_its_site_has_ended(state: str):
    assert asked(closed=state) == [f"The petition's site says that it is {state}, {FOLLOWS}"]


@pytest.mark.parametrize(
    ("zone", "is_over"), [("Pacific/Kiritimati", True), ("America/Chicago", False), ("UTC", False)]
)
def test_what_follows_the_last_day_in_the_campaigns_zone(zone: str, is_over: bool):
    given = settings(petition={"closes": "2026-12-01"}, campaign={"timezone": zone})
    expected = (f"The petition closed on 2026-12-01, {FOLLOWS}",) if is_over else ()
    assert asks(given, None, None, NOON) == expected


def test_the_next_goal_and_the_next_thresholds():
    assert asked(100, goal=100, milestones={"thresholds": [50]}) == [
        "The goal of 100 is reached: set the next one in petition.goal.",
        "The last milestone is passed: add the next ones to petition.milestones.thresholds.",
    ]
    assert asked(100, milestones={"thresholds": [50], "then_every": 50}) == []
    assert asked(60, goal=100, milestones={"thresholds": [50]}) == []


def test_whether_a_jump_is_right():
    assert asked(900, suspect=60_000) == [
        "The count went from 900 to 60000 at once. If that is right, say so: petition-bot count set 60000"
    ]


def test_a_count_that_no_machine_has_read_for_long():
    assert asked(5, age=2 * DAY, **JSON) == [
        "The count was last read on 2026-11-29 12:00 UTC: texts that say it wait. Try: petition-bot count"
    ]
    assert asked(5, age=2 * DAY) == []
