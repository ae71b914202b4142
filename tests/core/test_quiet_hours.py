"""Quiet hours and jitter: at a decent hour, and a little irregular; any part of a schedule fits the whole."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.core.model import Slot
from bot.core.slots import after_quiet, instant, local_day, next_slot
from bot.core.written import Settings
from tests.core.calendars import DAY, MADRID, config, found, on, utc, walls

# --- quiet hours -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet", "kept"),
    [
        (("23:00", "07:00"), ["07:00", "22:59"]),
        (("06:00", "07:00"), ["00:00", "07:00", "22:59", "23:00"]),
        (("06:00", "06:00"), ["00:00", "06:00", "07:00", "22:59", "23:00"]),
    ],
)
def test_a_slot_in_quiet_hours_does_not_exist(quiet: tuple[str, str], kept: list[str]) -> None:
    settings = config(quiet=quiet, at=["00:00", "06:00", "07:00", "22:59", "23:00"])
    assert walls(on(settings, "2027-01-11")) == kept


def test_quiet_hours_are_in_the_accounts_own_zone() -> None:
    settings = config("UTC", quiet=("23:00", "07:00"), account_zone="Asia/Tokyo", every="6h")
    assert walls(on(settings, "2027-01-11")) == ["12:00", "18:00"]


def test_a_slot_that_a_gap_moves_into_quiet_hours_does_not_exist() -> None:
    settings = config(quiet=("03:00", "07:00"), at=["02:30"])
    assert [slot.local_date.day for slot in on(settings, "2027-03-27", "2027-03-29")] == [27, 29]


def test_a_grid_of_seconds_jumps_over_the_night() -> None:
    settings = config(quiet=("23:00", "07:00"), every="6s")
    found = next_slot(settings.accounts[0], settings, utc("2027-01-11T22:30"))
    assert found is not None
    assert found.key == "a/2027-01-12/07:00"


@pytest.mark.parametrize(
    ("at", "after"),
    [
        ("2027-01-11T12:00", "2027-01-11T12:00"),
        ("2027-01-11T22:00", "2027-01-12T06:00"),  # 23:00 in Madrid
        ("2027-01-12T05:59", "2027-01-12T06:00"),
        ("2027-01-12T06:00", "2027-01-12T06:00"),
    ],
)
def test_what_falls_into_the_night_waits_for_its_end(at: str, after: str) -> None:
    settings = config(quiet=("23:00", "07:00"), at=["09:00"])
    assert after_quiet(settings.accounts[0], settings, utc(at)) == utc(after)


def test_a_night_that_ends_in_a_repeated_hour_never_sends_anybody_back() -> None:
    settings = config(quiet=("23:00", "02:30"), at=["09:00"])
    second_time = utc("2027-10-31T01:10")
    assert after_quiet(settings.accounts[0], settings, second_time) == second_time


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-01-11", 24)])
def test_a_local_day_runs_from_midnight_to_midnight(day: str, hours: int) -> None:
    begin, end = local_day(utc(f"{day}T12:00"), MADRID)
    assert end - begin == timedelta(hours=hours)
    assert begin.astimezone(ZoneInfo(MADRID)).isoformat()[:19] == f"{day}T00:00:00"


# --- jitter ----------------------------------------------------------------------------------


def late(settings: Settings, found: list[Slot]) -> list[int]:
    """By how many seconds jitter moved each slot."""
    zone = ZoneInfo(settings.zone(settings.accounts[0]))
    bases = [instant(datetime.combine(slot.local_date, slot.wall), zone) for slot in found]
    return [int((slot.due - base).total_seconds()) for slot, base in zip(found, bases, strict=True)]


def test_jitter_is_drawn_from_the_slots_key_and_spreads() -> None:
    settings = config(at=["09:00"], jitter="5m")
    year = on(settings, "2027-01-01", "2027-12-31")
    assert year == on(settings, "2027-01-01", "2027-12-31")
    drawn = late(settings, year)
    assert all(0 <= each <= 300 for each in drawn)
    assert min(drawn) < 30 < 270 < max(drawn)
    assert len(set(drawn)) > 150


def test_jitter_changes_no_key() -> None:
    plain, jittered = config(at=["09:00"]), config(at=["09:00"], jitter="5m")
    week = [on(each, "2027-01-11", "2027-01-17") for each in (plain, jittered)]
    assert [slot.key for slot in week[0]] == [slot.key for slot in week[1]]


@pytest.mark.parametrize(
    ("schedule", "latest"),
    [
        ({"every": "12h", "between": ["09:00", "09:10"]}, 600),  # between's end
        ({"at": ["22:50"]}, 599),  # quiet hours at 23:00
        ({"every": "10m", "between": ["09:00", "09:30"]}, 599),  # the next slot
        ({"at": ["09:00", "09:02"], "days": ["mon"]}, 1800),
    ],
    ids=str,
)
def test_jitter_never_passes_the_window_quiet_hours_or_the_next_slot(
    schedule: dict[str, Any], latest: int
) -> None:
    settings = config(quiet=("23:00", "07:00"), jitter="30m", **schedule)
    year = on(settings, "2027-01-01", "2027-12-31")
    assert max(late(settings, year)) <= latest
    assert all(a.due < b.due for a, b in pairwise(year))


def test_jitter_does_not_carry_a_slot_into_the_next_day() -> None:
    settings = config(at=["23:58"], jitter="10m")
    year = on(settings, "2027-01-01", "2027-12-31")
    assert {slot.due.astimezone(ZoneInfo(MADRID)).date() == slot.local_date for slot in year} == {True}


def test_jitter_does_not_run_back_into_a_night_that_ends_in_a_repeated_hour() -> None:
    settings = config(quiet=("23:00", "02:30"), at=["02:30"], jitter="3h")
    (slot,) = on(settings, "2027-10-31")
    assert slot.due.astimezone(ZoneInfo(MADRID)).time() >= time(2, 30)


# --- any part of a schedule is a part of the whole -------------------------------------------

hours = st.integers(0, 23).map(lambda hour: f"{hour:02}:00")
minutes = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.integers(0, 59))
weekdays = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), max_size=4)
jitters = st.sampled_from(["0s", "5m", "90m", "30h"])
schedules = st.one_of(
    st.fixed_dictionaries({"at": st.lists(minutes, min_size=1, max_size=5), "days": weekdays}),
    st.fixed_dictionaries(
        {
            "every": st.sampled_from(["25m", "1h", "7h", "24h"]),
            "between": st.none() | st.tuples(hours, minutes),
            "days": weekdays,
        }
    ),
    st.fixed_dictionaries(
        {"cron": st.sampled_from(["30 2 * * *", "*/20 1-3 * * *", "0 */5 * * 1-5", "15 0,23 29-31 * *"])}
    ),
)
places = st.sampled_from(
    [
        (MADRID, "2027-03-28"),
        (MADRID, "2027-10-31"),
        ("Australia/Lord_Howe", "2027-04-04"),
        ("Pacific/Apia", "2011-12-30"),
        ("America/Nuuk", "2027-03-28"),
        ("UTC", "2027-02-28"),
    ]
)
moments = st.integers(-3 * 86_400, 3 * 86_400)


@examples(max_examples=200, deadline=None)
@given(
    schedule=schedules,
    jitter=jitters,
    place=places,
    quiet=st.none() | st.tuples(hours, hours),
    cuts=st.tuples(moments, moments, moments).map(sorted),
    on_a_slot=st.booleans(),
)
def test_the_slots_of_two_parts_are_the_slots_of_the_whole(
    schedule: dict[str, Any],
    jitter: str,
    place: tuple[str, str],
    quiet: tuple[str, str] | None,
    cuts: list[int],
    on_a_slot: bool,
) -> None:
    zone, day = place
    settings = config(zone, quiet, jitter=jitter, **schedule)
    start, cut, end = (utc(day) + timedelta(seconds=each) for each in cuts)
    whole = found(settings, start, end)
    if on_a_slot and whole:
        cut = whole[len(whole) // 2].due
    assert found(settings, start, cut) + found(settings, cut, end) == whole
    assert all(start <= slot.due < end for slot in whole)


@examples(max_examples=200, deadline=None)
@given(schedule=schedules, jitter=jitters, place=places, quiet=st.none() | st.tuples(hours, hours))
def test_slots_come_in_order_once_and_never_in_quiet_hours(
    schedule: dict[str, Any], jitter: str, place: tuple[str, str], quiet: tuple[str, str] | None
) -> None:
    zone, day = place
    settings = config(zone, quiet, jitter=jitter, **schedule)
    week = found(settings, utc(day) - 4 * DAY, utc(day) + 4 * DAY)
    plain = found(config(zone, quiet, **schedule), utc(day) - 8 * DAY, utc(day) + 8 * DAY)
    assert [slot.due for slot in week] == sorted(slot.due for slot in week)
    assert len({slot.key for slot in week}) == len(week)
    keys = {slot.key for slot in week}
    assert [slot.key for slot in week] == [slot.key for slot in plain if slot.key in keys]
    account = settings.accounts[0]
    assert all(after_quiet(account, settings, slot.due) == slot.due for slot in week)
