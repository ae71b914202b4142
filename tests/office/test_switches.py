"""Pauses and holds: set and lifted by people, each under its doer's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from bot.office.people import NotSo
from bot.store import open_store
from tests.given import account, book, message, settings
from tests.office.test_calendar import NOW, Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    zone = {"timezone": "America/Chicago"}
    given = settings(account("a"), account("b"), campaign=zone)
    with closing(open_store("sqlite://")) as store:
        yield Desk(book(message("m"), settings=given), store)


def test_a_pause_of_everything_stops_every_account_until_somebody_goes_on(desk: Desk):
    desk.office.switches.pause("Ana", None)
    assert desk.store.paused(NOW, "a") == desk.store.paused(NOW, "b") == "paused"
    desk.office.switches.resume("Beto", None)
    assert desk.store.paused(NOW, "a") is None
    assert desk.woken == 1
    assert desk.deeds() == [
        ("Ana", "pause", "all accounts", "", "paused"),
        ("Beto", "resume", "all accounts", "paused", ""),
    ]


def test_a_pause_until_a_day_ends_when_that_day_begins_where_the_campaign_is(desk: Desk):
    desk.office.switches.pause("Ana", "a", date(2026, 12, 3))
    assert desk.store.paused(NOW, "a") == "paused until 2026-12-03 06:00 UTC"
    assert desk.store.paused(NOW, "b") is None
    assert desk.deeds() == [("Ana", "pause", "a", "", "paused until 2026-12-03 06:00 UTC")]


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2020, 1, 1), date.min])
def test_a_day_that_has_begun_pauses_nothing(desk: Desk, day: date):
    with pytest.raises(NotSo):
        desk.office.switches.pause("Ana", "a", day)
    assert desk.store.paused(NOW, "a") is None
    assert desk.deeds() == []


def test_going_on_with_an_account_lets_go_of_a_held_one(desk: Desk):
    desk.store.hold("a", "the keys are worth nothing")
    desk.office.switches.resume("Ana", "a")
    assert desk.store.account("a").held is None
    assert desk.deeds() == [("Ana", "resume", "a", "held: the keys are worth nothing", "")]


def test_going_on_with_everything_lets_go_of_no_held_account(desk: Desk):
    desk.store.hold("a", "the keys are worth nothing")
    desk.office.switches.resume("Ana", None)
    assert desk.store.account("a").held == "the keys are worth nothing"


def test_there_is_no_switch_for_an_account_that_nobody_has(desk: Desk):
    for deed in (desk.office.switches.pause, desk.office.switches.resume):
        with pytest.raises(NotSo, match="there is no account zz; there are a, b"):
            deed("Ana", "zz")
    assert desk.deeds() == []
