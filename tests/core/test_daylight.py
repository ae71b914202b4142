"""Through gaps and repeated hours: every local day has its slots exactly once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Slot
from bot.core.slots import instant
from tests.core.calendars import DAY, config, local, on, utc, walls


@pytest.mark.parametrize("schedule", [{"at": ["02:30"]}, {"cron": "30 2 * * *"}])
@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2027-03-27", "2027-03-27T01:30"),
        ("2027-03-28", "2027-03-28T01:00"),  # 02:30 does not exist: 03:00, the first valid instant
        ("2027-03-29", "2027-03-29T00:30"),
        ("2027-10-30", "2027-10-30T00:30"),
        ("2027-10-31", "2027-10-31T00:30"),  # 02:30 exists twice: the first time
        ("2027-11-01", "2027-11-01T01:30"),
    ],
)
def test_half_past_two_in_madrid_runs_once_every_day(schedule: dict[str, Any], day: str, due: str) -> None:
    (slot,) = on(config(**schedule), day)
    assert slot.due == utc(due)
    assert (slot.local_date, slot.wall) == (date.fromisoformat(day), time(2, 30))
    assert slot.key == f"a/{day}/02:30"


@cache
def changes(name: str) -> list[date]:
    """The days of 2027 and 2028 in which the zone changes its offset."""
    zone = ZoneInfo(name)
    noons = [datetime(2027, 1, 1, 12, tzinfo=UTC) + n * DAY for n in range(731)]
    offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
    return [b.date() for a, b, x, y in zip(noons, noons[1:], offsets, offsets[1:], strict=False) if x != y]


def is_right(slot: Slot, zone: ZoneInfo) -> bool:
    """Its wall, the first time that it exists; else the end of the gap that it lies in."""
    wall = datetime.combine(slot.local_date, slot.wall)
    shown = slot.due.astimezone(zone)
    if shown.replace(tzinfo=None) == wall:
        return shown.fold == 0
    before = (slot.due - timedelta(seconds=1)).astimezone(zone)
    return before.replace(tzinfo=None) < wall < shown.replace(tzinfo=None)


NASTY = ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "23:30", "23:59"]


def test_a_daily_slot_exists_exactly_once_on_every_local_day_of_every_zone() -> None:
    days = [date(2027, 1, 1) + n * DAY for n in range(731)]
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        two_years = on(config(name, at=["02:30"]), "2027-01-01", "2028-12-31")
        assert [slot.local_date for slot in two_years] == days, name
        assert all(slot.due.astimezone(zone).date() == slot.local_date for slot in two_years), name
        assert all(is_right(slot, zone) for slot in two_years), name


@pytest.mark.parametrize(
    "schedule", [{"at": NASTY}, {"cron": "30 2 * * *"}, {"cron": "0 0 * * *"}, {"every": "24h"}], ids=str
)
def test_around_every_change_of_every_zone_each_time_exists_exactly_once(schedule: dict[str, Any]) -> None:
    ordinary = walls(on(config("UTC", **schedule), "2027-01-11"))
    for name in sorted(available_timezones()):
        zone, settings = ZoneInfo(name), config(name, **schedule)
        for day in changes(name):
            near = on(settings, str(day - DAY), str(day + DAY))
            wanted = [(day + n * DAY, time.fromisoformat(each)) for n in (-1, 0, 1) for each in ordinary]
            assert [(slot.local_date, slot.wall) for slot in near] == wanted, (name, day)
            assert all(is_right(slot, zone) for slot in near), (name, day)


@pytest.mark.parametrize(
    ("zone", "missing"), [("Pacific/Apia", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")]
)
@pytest.mark.parametrize(
    "schedule", [{"at": ["00:00", "12:00"]}, {"every": "12h"}, {"cron": "0 0,12 * * *"}], ids=str
)
def test_a_day_that_a_zone_left_out_has_no_slots(zone: str, missing: str, schedule: dict[str, Any]) -> None:
    day, settings = date.fromisoformat(missing), config(zone, **schedule)
    near = on(settings, str(day - DAY), str(day + DAY))
    assert [slot.local_date for slot in near] == [day - DAY] * 2 + [day + DAY] * 2
    assert len({slot.due for slot in near}) == 4


def test_a_change_of_half_an_hour_moves_only_what_lies_in_it() -> None:
    lord_howe = config("Australia/Lord_Howe", at=["01:45", "02:00", "02:15", "02:30"])
    spring = on(lord_howe, "2027-10-03")
    assert [local(slot, lord_howe)[11:] for slot in spring] == ["01:45", "02:30", "02:30", "02:30"]
    autumn = on(lord_howe, "2027-04-04")
    assert [b.due - a.due for a, b in pairwise(autumn)] == [timedelta(minutes=n) for n in (45, 15, 15)]


def test_a_midnight_that_does_not_exist_runs_at_one() -> None:
    beirut = config("Asia/Beirut", at=["00:00"])
    assert [local(slot, beirut)[11:] for slot in on(beirut, "2027-03-27", "2027-03-29")] == [
        "00:00",
        "01:00",
        "00:00",
    ]


def test_times_of_at_that_one_gap_moves_together_stay_two_slots() -> None:
    settings = config(at=["02:00", "02:30"])
    first, second = on(settings, "2027-03-28")
    assert first.due == second.due == utc("2027-03-28T01:00")
    assert first.key != second.key


@pytest.mark.parametrize("schedule", [{"every": "30m"}, {"cron": "0,30 * * * *"}], ids=str)
def test_times_of_a_grid_do_not_pile_up_after_a_gap(schedule: dict[str, Any]) -> None:
    spring = on(config(**schedule), "2027-03-28")
    assert walls(spring)[:6] == ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30"]
    assert len({slot.due for slot in spring}) == len(spring) == 46


def test_an_hourly_grid_pauses_while_the_hour_is_repeated() -> None:
    autumn = on(config(every="1h"), "2027-10-31")
    assert walls(autumn) == [f"{hour:02}:00" for hour in range(24)]
    assert autumn[3].due - autumn[2].due == timedelta(hours=2)


@given(
    zone=st.sampled_from(["Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia", "America/Nuuk", "UTC"]),
    first=st.datetimes(datetime(2011, 12, 25), datetime(2028, 1, 1)),
    step=st.timedeltas(timedelta(0), timedelta(hours=30)),
)
def test_a_later_wall_is_never_an_earlier_instant(zone: str, first: datetime, step: timedelta) -> None:
    assert instant(first, ZoneInfo(zone)) <= instant(first + step, ZoneInfo(zone))
