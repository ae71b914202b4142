"""The count as shapes: all of it lies in the picture, and what is drawn is what was read."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Reading
from bot.web.chart import BETWEEN, BOTTOM, COLUMNS, TOP, WIDTH, Chart, chart, table, thinned
from tests.given import at

START = at("2026-11-01 06:00")
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
ZONE = "America/Chicago"


def readings(*numbers: int, every: timedelta = A_DAY) -> list[Reading]:
    return [Reading(number, "test", START + place * every) for place, number in enumerate(numbers)]


def drawn(
    given: list[Reading],
    *milestones: int,
    goal: int | None = None,
    rate: float | None = None,
    days: float | None = None,
) -> Chart:
    """`days`: after the last reading the next milestone is expected."""
    now = given[-1].at
    expected = None if days is None else now + timedelta(days=days)
    found = chart(given, milestones, goal, rate, expected, now, ZONE)
    assert found
    return found


def points(path: str) -> list[tuple[float, float]]:
    """In percents of the width, and pixels of the whole picture."""
    found = re.findall(r"[ML]([0-9.]+) ([0-9.]+)", path)
    return [(float(x) / WIDTH * 100, float(y) + TOP) for x, y in found]


# --- the line -----------------------------------------------------------------------------------


def test_without_a_reading_there_is_no_picture():
    assert chart([], (), None, None, None, START, ZONE) is None


def test_the_line_goes_through_every_reading():
    found = drawn(readings(0, 50, 100))
    assert points(found.line) == [(0, BOTTOM), (50, (TOP + BOTTOM) / 2), (100, TOP)]
    assert (found.x, found.y) == (100, TOP)


def test_a_fall_goes_down_and_a_stall_is_flat():
    heights = [y for _, y in points(drawn(readings(100, 100, 60, 80)).line)]
    assert heights[0] == heights[1] < heights[3] < heights[2]


def test_the_area_is_closed_on_the_lower_edge():
    found = drawn(readings(0, 50, 100))
    assert found.area.startswith(found.line)
    assert found.area.endswith("Z")
    assert points(found.area)[-2:] == [(100, BOTTOM), (0, BOTTOM)]


@given(
    numbers=st.lists(st.integers(0, 10_000_000_000), min_size=1, max_size=30),
    milestones=st.sets(st.integers(1, 10_000_000_000), max_size=20),
    goal=st.none() | st.integers(1, 10_000_000_000),
    rate=st.none() | st.floats(0, 1e9),
    days=st.none() | st.floats(0, 3650),
    every=st.sampled_from([timedelta(seconds=1), A_MINUTE, timedelta(hours=7), A_DAY, 300 * A_DAY]),
)
def test_everything_lies_in_the_picture(
    numbers: list[int],
    milestones: set[int],
    goal: int | None,
    rate: float | None,
    days: float | None,
    every: timedelta,
):
    found = drawn(readings(*numbers, every=every), *milestones, goal=goal, rate=rate, days=days)
    for x, y in [*points(found.line), *points(found.forecast), (found.x, found.y)]:
        assert -0.1 <= x <= 100.1
        assert TOP - 0.2 <= y <= BOTTOM + 0.2
    heights = [rule.y for rule in found.rules]
    assert all(TOP - 0.2 <= y <= BOTTOM + 0.2 for y in [*heights, *(y for y, _ in found.scale)])
    assert all(lower - upper >= BETWEEN for upper, lower in pairwise(heights))
    assert all(0 <= tick.x <= 100 for tick in found.ticks)
    assert 1 <= len(found.scale) <= 7
    assert len(found.ticks) <= 7


def test_thousands_of_readings_are_drawn_as_some_hundred_with_both_ends():
    many = readings(*range(5000), every=timedelta(hours=1))
    kept = thinned(many, COLUMNS)
    assert len(kept) <= COLUMNS + 1
    assert (kept[0], kept[-1]) == (many[0], many[-1])
    assert [each.number for each in kept] == sorted(each.number for each in kept)


def test_readings_of_one_instant_are_drawn():
    assert points(drawn(readings(5)).line) == [(0, TOP)]
    assert drawn([Reading(5, "test", START), Reading(6, "test", START)]).y == TOP


# --- milestones, goal, forecast ------------------------------------------------------------------


def test_each_milestone_is_a_line_at_its_height_and_says_whether_it_was_passed():
    found = drawn(readings(0, 1500), 1000, 2000)
    assert [(rule.number, rule.passed, rule.goal) for rule in found.rules] == [
        (2000, False, False),
        (1000, True, False),
    ]
    upper, lower = found.rules
    assert upper.y == TOP
    assert lower.y == pytest.approx((TOP + BOTTOM) / 2)


def test_what_is_far_beyond_the_count_is_not_drawn():
    assert drawn(readings(0, 1500), 10_000, goal=100_000).rules == ()
    (rule,) = drawn(readings(0, 90_000), goal=100_000).rules
    assert (rule.number, rule.goal) == (100_000, True)


def test_where_lines_are_close_the_goal_and_the_next_one_stay():
    found = drawn(readings(0, 9990), *range(100, 10_001, 100), goal=10_050)
    numbers = [rule.number for rule in found.rules]
    assert numbers[0] == 10_050
    crowded = drawn(readings(0, 9990), *range(100, 10_001, 100))
    assert crowded.rules[0].number == 10_000
    assert len(crowded.rules) > 5


def test_the_forecast_goes_on_at_the_pace_until_the_milestone():
    found = drawn(readings(0, 100, 200), 250, rate=100, days=0.5)
    begin, end = points(found.forecast)
    assert begin == pytest.approx((found.x, found.y), abs=0.1)
    assert end == pytest.approx((100, found.rules[0].y), abs=0.1)


def test_the_forecast_takes_a_third_of_the_picture_at_most():
    found = drawn(readings(0, 100, 200), 10_000, rate=100, days=98)
    assert found.x == pytest.approx(66.67, abs=0.01)
    assert points(found.forecast)[-1][0] == 100


@pytest.mark.parametrize(("rate", "days"), [(None, None), (0, None), (100, None)])
def test_without_pace_or_date_nothing_is_forecast(rate: float | None, days: float | None):
    assert drawn(readings(0, 100), 250, rate=rate, days=days).forecast == ""


# --- scale and days -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "scale"),
    [
        ((0, 100), [0, 50, 100]),
        ((900, 1000), [900, 950, 1000]),
        ((960, 1234), [900, 1000, 1100, 1200]),
        ((0, 0), [0, 1]),
        ((7, 7), [0, 2, 4, 6]),
    ],
)
def test_the_scale_has_numbers_that_people_like(numbers: tuple[int, ...], scale: list[int]):
    assert [number for _, number in drawn(readings(*numbers)).scale] == scale


def test_days_begin_at_midnight_where_the_campaign_is():
    ticks = drawn(readings(*range(8))).ticks
    days = ["11-02", "11-04", "11-06", "11-08"]
    assert [f"{tick.at:%m-%d %H:%M}" for tick in ticks] == [f"{day} 00:00" for day in days]
    assert not any(tick.hours for tick in ticks)


def test_where_all_is_young_the_hours_tell_the_ticks_apart():
    ticks = drawn(readings(*range(11), every=A_MINUTE)).ticks
    assert all(tick.hours for tick in ticks)
    assert [f"{tick.at:%H:%M}" for tick in ticks] == [f"01:{minute:02}" for minute in range(0, 11, 2)]


# --- as a table ---------------------------------------------------------------------------------


def test_a_day_has_its_last_count_and_how_many_more_that_is():
    rows = table(readings(10, 12, 17, 15, every=timedelta(hours=12)), "UTC")
    assert [(row.day, row.number, row.more) for row in rows] == [
        (date(2026, 11, 2), 15, 3),
        (date(2026, 11, 1), 12, None),
    ]


def test_a_day_is_local():
    (row,) = table([Reading(1, "test", at("2026-11-02 05:59"))], ZONE)
    assert row.day == date(2026, 11, 1)


def test_what_is_older_than_a_month_is_told_by_months_and_the_first_day_stays():
    rows = table(readings(*range(0, 4000, 10)), "UTC")
    assert len(rows) == 31 + 13 + 1
    assert rows[-1].day == START.date()
    assert sum(row.more or 0 for row in rows) == rows[0].number - rows[-1].number


def test_no_reading_no_row():
    assert table([], "UTC") == ()
