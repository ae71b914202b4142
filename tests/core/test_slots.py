"""Schedules into slots: every local day has its slots exactly once, at a decent hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.core.model import Slot
from bot.core.slots import after_quiet, fixed, instant, local_day, next_slot, slots
from bot.core.written import Message, Settings

MADRID = "Europe/Madrid"
DAY = timedelta(days=1)


def config(
    zone: str = MADRID,
    quiet: tuple[str, str] | None = None,
    account_zone: str | None = None,
    **schedule: Any,
) -> Settings:
    account = {"id": "a", "network": "dry", "timezone": account_zone, "schedule": schedule}
    return Settings.model_validate(
        {
            "campaign": {"name": "Test", "timezone": zone},
            "petition": {"url": "https://example.org/petition"},
            "accounts": [account],
            "quiet_hours": quiet,
        }
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def found(settings: Settings, start: datetime, end: datetime) -> list[Slot]:
    return list(slots(settings.accounts[0], settings, start, end))


def on(settings: Settings, first: str, last: str | None = None) -> list[Slot]:
    """The slots that belong to the local days from `first` to `last`."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    near = found(settings, utc(first) - 2 * DAY, utc(last or first) + 3 * DAY)
    return [slot for slot in near if begin <= slot.local_date <= end]


def local(slot: Slot, settings: Settings) -> str:
    shown = slot.due.astimezone(ZoneInfo(settings.zone(settings.accounts[0])))
    return shown.strftime("%Y-%m-%d %H:%M")


def walls(found: list[Slot]) -> list[str]:
    return [f"{slot.wall:%H:%M}" for slot in found]


# --- a time that does not exist, or exists twice ---------------------------------------------


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


# --- at, every, cron, days -------------------------------------------------------------------


def test_times_come_in_order_and_once_however_they_are_written() -> None:
    assert walls(on(config(at=["18:30", "09:00", "18:30"]), "2027-01-11")) == ["09:00", "18:30"]


def test_every_starts_afresh_at_midnight_of_each_local_day() -> None:
    assert (
        walls(on(config(every="7h"), "2027-01-11", "2027-01-12")) == ["00:00", "07:00", "14:00", "21:00"] * 2
    )


def test_every_runs_through_between_and_includes_its_end() -> None:
    settings = config(every="4h", between=["08:00", "20:00"])
    assert walls(on(settings, "2027-01-11")) == ["08:00", "12:00", "16:00", "20:00"]


def test_a_window_past_midnight_belongs_to_the_day_it_started_on() -> None:
    settings = config(every="2h", between=["22:00", "02:00"], days=["fri"])
    friday = on(settings, "2027-01-11", "2027-01-17")
    assert [local(slot, settings) for slot in friday] == [
        "2027-01-15 22:00",
        "2027-01-16 00:00",
        "2027-01-16 02:00",
    ]
    assert {slot.local_date for slot in friday} == {date(2027, 1, 15)}


def test_a_window_past_midnight_is_whole_also_when_asked_for_its_end_only() -> None:
    settings = config(every="2h", between=["22:00", "02:00"])
    assert [slot.key for slot in found(settings, utc("2027-01-15T23:30"), utc("2027-01-16T12:00"))] == [
        "a/2027-01-15/02:00"
    ]


def test_a_window_from_nine_to_nine_is_a_whole_day() -> None:
    settings = config(every="6h", between=["09:00", "09:00"])
    week = on(settings, "2027-01-11", "2027-01-17")
    assert walls(week) == ["09:00", "15:00", "21:00", "03:00"] * 7
    assert len({slot.key for slot in week}) == 28


@pytest.mark.parametrize("end", ["09:00", "22:00"])
def test_an_interval_of_24_hours_stays_at_its_wall_time(end: str) -> None:
    settings = config(every="24h", between=["09:00", end])
    assert {local(slot, settings)[11:] for slot in on(settings, "2027-01-01", "2027-12-31")} == {"09:00"}


def test_days_pick_the_local_days() -> None:
    settings = config("Pacific/Auckland", at=["09:00"], days=["mon", "wed"])
    assert [f"{slot.local_date:%a}" for slot in on(settings, "2027-01-11", "2027-01-17")] == ["Mon", "Wed"]


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 8 * * 3", ["Wed"]),
        ("0 9 * * 0", ["Sun"]),
        ("0 9 * * 7", ["Sun"]),
        ("0 9 * * 1-5", ["Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("0 9 * * mon,SUN", ["Mon", "Sun"]),
        ("0 9 13 * *", ["Wed"]),
        ("0 9 13 * 5", ["Wed", "Fri"]),
    ],
)
def test_cron_means_what_cron_means(expression: str, days: list[str]) -> None:
    week = on(config(cron=expression), "2027-01-11", "2027-01-17")
    assert [f"{slot.local_date:%a}" for slot in week] == days


@pytest.mark.parametrize(
    "expression",
    ["*/7 */5 * * *", "0 9 L * *", "0 9 * * fri#2", "5 4 * 2,3 5L", "15 10 LW * *", "59 23 */9 * */2"],
)
def test_cron_says_what_cronsim_says(expression: str) -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    theirs = islice(CronSim(expression, start - timedelta(seconds=1)), 20)
    ours = slots(*_of("UTC", cron=expression), start, start + 4000 * DAY)
    assert [slot.due for slot in islice(ours, 20)] == list(theirs)


def _of(zone: str, **schedule: Any) -> tuple[Any, Settings]:
    settings = config(zone, **schedule)
    return settings.accounts[0], settings


def test_the_zone_is_the_accounts_else_the_campaigns() -> None:
    assert on(config("America/Chicago", at=["09:00"]), "2027-01-11")[0].due == utc("2027-01-11T15:00")
    tokyo = config("America/Chicago", account_zone="Asia/Tokyo", at=["09:00"])
    assert on(tokyo, "2027-01-11")[0].due == utc("2027-01-11T00:00")


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


# --- the next slot ---------------------------------------------------------------------------


def test_the_next_slot_is_later_than_now() -> None:
    settings = config(at=["09:00"])
    account = settings.accounts[0]
    nine = utc("2027-01-11T08:00")
    assert [
        next_slot(account, settings, at).due  # type: ignore[union-attr]
        for at in (nine - timedelta(seconds=1), nine)
    ] == [nine, nine + DAY]


def test_a_yearly_slot_is_found_and_one_that_never_comes_is_not() -> None:
    yearly, never = config(cron="0 9 1 1 *"), config(quiet=("08:00", "10:00"), at=["09:00"])
    found = next_slot(yearly.accounts[0], yearly, utc("2027-01-01T08:00"))
    assert found is not None
    assert found.key == "a/2028-01-01/09:00"
    assert next_slot(never.accounts[0], never, utc("2027-01-01T08:00")) is None


def test_a_schedule_of_seconds_is_exact_late_in_the_day() -> None:
    settings = config("UTC", every="6s")
    evening = utc("2027-01-11T23:59:45")
    keys = [slot.key for slot in found(settings, evening, evening + timedelta(seconds=30))]
    assert keys == [
        "a/2027-01-11/23:59:48",
        "a/2027-01-11/23:59:54",
        "a/2027-01-12/00:00",
        "a/2027-01-12/00:00:06",
        "a/2027-01-12/00:00:12",
    ]


# --- fixed dates -----------------------------------------------------------------------------


def dated(post_at: str | None) -> Message:
    return Message.model_validate({"id": "day", "kind": "fact", "text": "t", "post_at": post_at})


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-12-01T18:00:00", "2026-12-01T17:00"),
        ("2026-12-01 18:00", "2026-12-01T17:00"),
        ("2026-12-01T18:00:00Z", "2026-12-01T18:00"),
        ("2026-12-01T18:00:00+03:00", "2026-12-01T15:00"),
        ("2026-12-01 18:00 America/Chicago", "2026-12-02T00:00"),
        ("2026-12-01 18:00 CET", "2026-12-01T17:00"),
        ("2027-03-28 02:30", "2027-03-28T01:00"),
        ("2027-10-31 02:30", "2027-10-31T00:30"),
    ],
)
def test_a_fixed_date_is_meant_in_the_campaigns_zone_unless_it_says_another(written: str, due: str) -> None:
    settings = config(account_zone="Asia/Tokyo", at=["09:00"], quiet=("00:00", "23:00"))
    slot = fixed(dated(written), settings.accounts[0], settings)
    assert slot is not None
    assert slot.due == utc(due)
    tokyo = utc(due).astimezone(ZoneInfo("Asia/Tokyo"))
    assert (slot.local_date, slot.wall) == (tokyo.date(), tokyo.time())
    assert slot.key == "a/post_at/day"


def test_a_message_without_a_fixed_date_has_no_slot_of_its_own() -> None:
    settings = config(at=["09:00"])
    assert fixed(dated(None), settings.accounts[0], settings) is None
