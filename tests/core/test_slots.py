"""Schedules into slots: at, every, cron and days, in local time; the next slot; fixed dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from bot.core.slots import fixed, next_slot, slots
from bot.core.written import Message, Settings
from tests.core.calendars import DAY, config, found, local, on, utc, walls

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
