"""What organizers decide for single slots, and what a week of the calendar shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest

from bot.campaign import Campaign
from bot.core.model import Delivery, State
from bot.core.plan import Book
from bot.office import Office
from bot.office.calendar import AHEAD, BEHIND, MOST, Calendar, Entry
from bot.office.people import NotSo
from bot.store import open_store
from bot.store.store import SqlStore
from tests.given import account, at, book, message, settings
from tests.scripted import HandClock, HandCounter

NOW = at("2026-12-01 08:00")  # a Tuesday
NINE, SIX = "mastodon/2026-12-01/09:00", "mastodon/2026-12-01/18:00"
DAY = timedelta(days=1)


class Desk:
    """An office with a calendar, and how often the bot was woken."""

    def __init__(self, given: Book, store: SqlStore) -> None:
        self.clock, self.store, self.woken = HandClock(NOW), store, 0
        self.campaign = Campaign(given, store, {}, HandCounter(), self.clock, lambda event: None)
        self.campaign.plan()
        self.office = Office(self.campaign, store, self.clock, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    @property
    def calendar(self) -> Calendar:
        return self.office.calendar

    def entries(self, **asked: Any) -> list[Entry]:
        return [entry for _day, entries in self.calendar.week(**asked).days for entry in entries]

    def ids(self) -> list[str | None]:
        return [each.post.message_id if each.post else None for each in self.entries()]

    def deeds(self) -> list[tuple[str, ...]]:
        return [
            (each.who, each.verb, each.about, each.before, each.after)
            for each in reversed(self.store.deeds())
        ]


Make = Callable[..., Desk]


@pytest.fixture
def desk() -> Iterator[Make]:
    with closing(open_store("sqlite://")) as store:
        yield lambda *messages, **fields: Desk(
            book(*(messages or [message(f"m{n}") for n in range(4)]), settings=settings(**fields)), store
        )


# --- a week -------------------------------------------------------------------------------------


def test_a_week_goes_from_monday_to_sunday_in_the_campaigns_zone(desk: Make):
    here = desk(campaign={"timezone": "Pacific/Auckland"})
    week = here.calendar.week()
    assert [day for day, _entries in week.days] == [date(2026, 11, 30) + n * DAY for n in range(7)]
    assert week.first == date(2026, 11, 30)
    assert all(entry.at.astimezone().tzinfo for _day, entries in week.days for entry in entries)


def test_a_week_shows_the_plan_that_the_preview_shows(desk: Make):
    here = desk()
    shown = list(here.campaign.preview(NOW, at("2026-12-07 00:00")))
    assert [entry.planned for entry in here.entries()] == shown


def test_a_later_week_goes_on_from_the_weeks_before(desk: Make):
    here = desk()
    whole = list(here.campaign.preview(NOW, at("2026-12-14 00:00")))
    later = [entry.planned for entry in here.entries(day=date(2026, 12, 9))]
    assert later == [row for row in whole if row.slot.due >= at("2026-12-07 00:00")]


def test_what_is_past_is_shown_with_what_became_of_it(desk: Make):
    here = desk()
    here.clock.to(at("2026-12-01 09:00"))
    here.campaign.plan()
    first, *others = here.entries()
    assert first.delivery
    assert (first.key, first.delivery.state) == (NINE, State.DUE)
    assert all(entry.planned for entry in others)


def test_one_account_is_shown_as_it_is_among_all(desk: Make):
    here = desk(accounts=[account("a"), account("b")])
    whole = [entry for entry in here.entries() if entry.account == "b"]
    assert here.entries(account_id="b") == whole
    assert whole


def test_no_week_is_too_far_away_to_be_asked_for(desk: Make):
    here = desk()
    last, first = here.calendar.week(date.max), here.calendar.week(date.min)
    assert last.first == date(2026, 11, 30) + AHEAD * 7 * DAY
    assert (last.later, last.earlier) == (None, last.first - 7 * DAY)
    assert first.first == date(2026, 11, 30) - BEHIND * 7 * DAY
    assert (first.earlier, first.later) == (None, first.first + 7 * DAY)


def test_a_bot_in_a_hurry_shows_only_so_much(desk: Make):
    here = desk(accounts=[account(schedule={"every": "5m"})])
    week = here.calendar.week()
    assert week.more
    assert sum(1 for _day, entries in week.days for each in entries if each.planned) == MOST


# --- one slot -----------------------------------------------------------------------------------


def test_a_slot_to_come_has_its_post_and_what_may_be_put_there(desk: Make):
    here = desk(message("m"), message("long", text="word " * 200))
    opened = here.calendar.slot(NINE)
    assert opened
    assert opened.is_open
    assert opened.entry.post
    assert opened.offers
    assert [(each.id, isinstance(post, str)) for each, post in opened.offers] == [
        ("m", False),
        ("long", True),
    ]


def test_a_slot_that_has_a_row_is_closed(desk: Make):
    here = desk()
    here.clock.to(at("2026-12-01 09:00"))
    here.campaign.plan()
    opened = here.calendar.slot(NINE)
    assert opened
    assert (opened.is_open, opened.offers) == (False, None)
    assert opened.entry.delivery


def test_a_slot_that_never_was_planned_can_still_be_looked_at(desk: Make):
    opened = desk().calendar.slot("mastodon/2026-11-30/09:00")
    assert opened
    assert not opened.is_open


def test_what_is_no_slot_is_none(desk: Make):
    assert desk().calendar.slot("nothing") is None


# --- to decide ----------------------------------------------------------------------------------


def test_a_slot_is_left_out_and_the_rotation_goes_on_behind_it(desk: Make):
    here = desk()
    here.calendar.skip("Ana", NINE)
    assert here.ids()[:4] == [None, "m0", "m1", "m2"]
    assert here.deeds() == [("Ana", "skip", NINE, "m0", "")]


def test_a_message_is_put_into_a_slot(desk: Make):
    here = desk()
    here.calendar.put("Ana", NINE, "m2")
    assert here.ids()[:4] == ["m2", "m0", "m1", "m3"]
    assert here.deeds() == [("Ana", "put", NINE, "m0", "m2")]


def test_a_choice_is_undone(desk: Make):
    here = desk()
    before = here.ids()
    here.calendar.put("Ana", NINE, "m2")
    here.calendar.undo("Beto", NINE)
    assert here.ids() == before
    assert here.deeds()[1] == ("Beto", "undo choice", NINE, "m2, chosen by Ana", "")


def test_a_later_choice_takes_the_place_of_an_earlier_one(desk: Make):
    here = desk()
    here.calendar.skip("Ana", NINE)
    here.calendar.put("Beto", NINE, "m1")
    assert here.ids()[0] == "m1"
    assert here.deeds()[1] == ("Beto", "put", NINE, "nothing, left out by Ana", "m1")


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ("gone", "there is no message gone"),
        ("d", "d is a draft"),
        ("t", "there is no message t that can be put into a slot"),
        ("p", "there is no message p that can be put into a slot"),
        ("long", "long is too long for mastodon"),
        ("per", "100% is too long|per is too long"),
    ],
)
def test_what_may_not_go_out_cannot_be_put_in(desk: Make, chosen: str, why: str):
    here = desk(
        message("m"),
        message("d", draft=True),
        message("t", "milestone", text="Hooray."),
        message("p", post_at="2026-12-24 10:00"),
        message("long", text="word " * 200),
        message("per", text="100% of them %(x)s " * 60),
    )
    with pytest.raises(NotSo, match=why):
        here.calendar.put("Ana", NINE, chosen)
    assert here.deeds() == []
    assert here.ids()[0] == "m"


def test_a_fixed_date_can_be_left_out_and_nothing_else(desk: Make):
    here = desk(message("f", post_at="2026-12-01 10:00"), message("m"))
    key = "mastodon/post_at/f"
    with pytest.raises(NotSo, match="fixed date of f"):
        here.calendar.put("Ana", key, "m")
    here.calendar.skip("Ana", key)
    assert here.ids()[:3] == ["m", None, "m"]


@pytest.mark.parametrize("now", ["2026-12-01 08:59:59", "2026-12-01 09:00", "2026-12-01 12:00"])
def test_what_the_bot_may_have_in_its_hands_is_not_decided_any_more(desk: Make, now: str):
    here = desk()
    here.clock.to(at(now))
    for deed in (
        lambda: here.calendar.skip("Ana", NINE),
        lambda: here.calendar.put("Ana", NINE, "m1"),
        lambda: here.calendar.undo("Ana", NINE),
    ):
        with pytest.raises(NotSo, match="its time has come"):
            deed()
    here.calendar.skip("Ana", SIX)


def test_what_was_not_chosen_cannot_be_undone(desk: Make):
    with pytest.raises(NotSo, match="no choice to undo"):
        desk().calendar.undo("Ana", NINE)


# --- now ----------------------------------------------------------------------------------------


def test_what_a_post_would_say_and_cost_is_known_before(desk: Make):
    here = desk(message("m"), accounts=[account("x", network="x"), account("mastodon")])
    found = here.calendar.would_post("m")
    assert {each: isinstance(row, str) for each, row in found.items()} == {"x": False, "mastodon": False}
    assert here.store.history() == []
    laid = here.calendar.post_now("Ana", "m")
    for each in laid:
        assert isinstance(each, Delivery)
        row = found[each.account]
        assert not isinstance(row, str)
        assert row.post == each.post


def test_posting_now_wakes_the_bot_and_is_in_the_log(desk: Make):
    here = desk(message("m"), accounts=[account("a"), account("b")])
    (laid,) = here.calendar.post_now("Ana", "m", "b")
    assert isinstance(laid, Delivery)
    assert (laid.account, laid.state) == ("b", State.DUE)
    assert here.woken == 1
    assert here.deeds() == [("Ana", "post now", laid.key, "", "m")]


def test_what_may_not_go_out_is_not_posted_now_either(desk: Make):
    here = desk(message("d", draft=True))
    assert here.calendar.post_now("Ana", "d") == ["d is a draft: clear it first"]
    assert here.store.history() == []
    assert here.deeds() == []
