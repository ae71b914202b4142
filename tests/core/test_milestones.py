"""Readings into milestones: exact numbers, doubt where it is due, and each threshold once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.milestones import (
    believe,
    crossed,
    expected,
    is_fresh,
    milestone_list,
    next_milestone,
    number,
    rate_per_day,
    superfluous,
)
from bot.core.model import Reading
from bot.core.written import MilestoneRules

START = datetime(2026, 12, 1, tzinfo=UTC)


def rules(*thresholds: int, then_every: int | None = None) -> MilestoneRules:
    return MilestoneRules(thresholds=thresholds, then_every=then_every)


def reading(number: int, minutes: float = 0) -> Reading:
    return Reading(number, "test", START + timedelta(minutes=minutes))


# --- thresholds ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "upto", "expected"),
    [
        (rules(1000, 5000, 10_000, then_every=10_000), 30_000, [1000, 5000, 10_000, 20_000, 30_000]),
        (rules(1000, 5000, 10_000, then_every=10_000), 9_999, [1000, 5000]),
        (rules(5000, 1000, 1000), 10**9, [1000, 5000]),
        (rules(100, 2500, then_every=1000), 4000, [100, 2500, 3000, 4000]),
        (rules(then_every=250), 800, [250, 500, 750]),
        (rules(), 10**9, []),
    ],
)
def test_thresholds_go_on_in_round_steps_above_the_highest(
    given: MilestoneRules, upto: int, expected: list[int]
) -> None:
    assert milestone_list(given, upto) == expected


@pytest.mark.parametrize(
    ("given", "number", "expected"),
    [
        (rules(1000, 5000), 0, 1000),
        (rules(1000, 5000), 1000, 5000),
        (rules(1000, 5000), 5000, None),
        (rules(1000, 5000, then_every=10_000), 5000, 10_000),
        (rules(then_every=10_000), 20_000, 30_000),
        (rules(), 5, None),
    ],
)
def test_the_next_milestone_is_the_lowest_that_is_not_reached(
    given: MilestoneRules, number: int, expected: int | None
) -> None:
    assert next_milestone(given, number) == expected


def test_the_goal_is_a_milestone_wherever_it_lies() -> None:
    given = rules(1000, 5000, then_every=5000)
    assert milestone_list(given, 15_000, goal=12_000) == [1000, 5000, 10_000, 12_000, 15_000]
    assert milestone_list(given, 11_999, goal=12_000) == [1000, 5000, 10_000]
    assert next_milestone(rules(), 5, goal=100) == 100
    assert next_milestone(rules(), 100, goal=100) is None
    assert crossed(rules(1000), 100, (), goal=100) == (100,)
    assert crossed(rules(), 100, {100}, goal=100) == ()


def announced(given: MilestoneRules, counts: Sequence[int]) -> list[int]:
    """What is announced over a row of counts, as the bot does it: the last one that is crossed."""
    passed: set[int] = set()
    said = []
    for count in counts:
        new = crossed(given, count, frozenset(passed))  # nothing else survives a restart
        passed.update(new)
        said += new[-1:]
    return said


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([9995, 10_005, 9997, 10_002], [10_000]),  # it moves around the round number
        ([10_210, 9_600, 9_600, 10_050], [10_000]),  # signatures are removed, and come back
        ([9_000, 31_000], [30_000]),  # several at once: the highest
        ([10_000, 10_000, 20_000], [10_000, 20_000]),
        ([9_999], []),
    ],
)
def test_a_milestone_is_announced_once_ever(counts: list[int], expected: list[int]) -> None:
    assert announced(rules(10_000, then_every=10_000), counts) == expected


def test_all_thresholds_that_were_crossed_at_once_are_passed() -> None:
    assert crossed(rules(1000, 5000, then_every=5000), 15_500, {1000}) == (5000, 10_000, 15_000)


def test_a_threshold_written_below_a_passed_one_is_no_news() -> None:
    assert crossed(rules(1000, 3000, 5000), 5200, {1000, 5000}) == ()


@given(st.lists(st.integers(0, 60_000), max_size=30), st.integers(1, 20_000))
def test_announcements_only_ever_rise(counts: list[int], step: int) -> None:
    said = announced(rules(500, 2500, then_every=step), counts)
    assert said == sorted(set(said))


# --- belief ----------------------------------------------------------------------------------

STEADY = [reading(10_000 + 10 * hour, 60 * hour) for hour in range(24)]  # ten an hour, 10,230 at the end
END = 60 * 23


@pytest.mark.parametrize("count", [0, 1, 250_000])
def test_a_first_reading_is_good(count: int) -> None:
    assert believe(reading(count), [], 10) is None


def test_zero_stays_good_until_somebody_signed() -> None:
    assert believe(reading(0, 15), [reading(0)], 10) is None


@pytest.mark.parametrize("pending", [None, reading(0, END + 15)])
def test_zero_after_a_positive_count_is_never_believed(pending: Reading | None) -> None:
    assert believe(reading(0, END + 30), STEADY, 10, pending) == (
        "the count fell from 10230 to 0, which is taken for a fault of the counter"
    )
    assert believe(reading(0, 15), [reading(3)], 10) is not None


@pytest.mark.parametrize("count", [10_230, 10_235, 10_330, 11_253, 9_600, 5_200])
def test_a_likely_count_is_believed_at_once_also_a_lower_one(count: int) -> None:
    assert believe(reading(count, END + 15), STEADY, 10) is None


@pytest.mark.parametrize("count", [11_300, 60_000, 102_300, 4_000, 12])
def test_a_leap_or_a_deep_fall_wants_a_second_reading(count: int) -> None:
    doubt = believe(reading(count, END + 15), STEADY, 10)
    assert doubt == f"the count went from 10230 to {count} at once; it waits for a second reading"


def test_a_second_reading_that_agrees_is_believed() -> None:
    first = reading(60_000, END + 15)
    assert believe(reading(60_000, END + 30), STEADY, 10, first) is None
    assert believe(reading(60_050, END + 30), STEADY, 10, first) is None


def test_a_second_reading_that_disagrees_is_doubted_too() -> None:
    first = reading(60_000, END + 15)
    assert believe(reading(90_000, END + 30), STEADY, 10, first) is not None
    assert believe(reading(20_000, END + 30), STEADY, 10, first) is not None


def test_a_count_that_is_back_to_normal_is_believed_without_ado() -> None:
    assert believe(reading(10_240, END + 30), STEADY, 10, reading(60_000, END + 15)) is None


def test_after_a_doubted_zero_a_leap_is_still_a_leap() -> None:
    assert believe(reading(60_000, END + 30), STEADY, 10, reading(0, END + 15)) is not None


def test_a_busy_petition_may_grow_as_it_did_times_the_largest_jump() -> None:
    busy = [reading(100_000 + 1000 * quarter, 15 * quarter) for quarter in range(20)]
    after = 15 * 20
    assert believe(reading(119_000 + 19_900, after), busy, 20) is None
    assert believe(reading(119_000 + 20_100, after), busy, 20) is not None


def test_the_longer_nobody_looked_the_more_may_have_signed() -> None:
    assert believe(reading(12_500, END + 15), STEADY, 10) is not None
    assert believe(reading(12_500, END + 60 * 24), STEADY, 10) is None


def test_a_young_petition_may_leap_by_a_hundred() -> None:
    young = [reading(0), reading(3, 15)]
    assert believe(reading(103, 30), young, 10) is None
    assert believe(reading(5_000, 30), young, 10) is not None


def test_a_fall_does_not_hide_how_fast_people_sign() -> None:
    """1,000 an hour for two days, then 30,000 are removed: the rate is still 1,000 an hour."""
    signed = [reading(100_000 + 1000 * hour, 60 * hour) for hour in range(48)]
    purged = [*signed, reading(117_000, 60 * 48)]
    assert believe(reading(117_000 + 14_000, 60 * 50), purged, 10) is None


def test_the_order_of_the_readings_does_not_matter() -> None:
    late = reading(12_500, END + 60 * 24)
    assert believe(late, STEADY[::-1], 10) is None


def test_what_is_older_than_a_week_says_nothing_of_the_rate() -> None:
    """It grew fast once, and has been quiet for a month."""
    old = [reading(0), reading(50_000, 60)]
    quiet = [reading(50_000 + day, 60 * 24 * day) for day in range(30, 38)]
    assert believe(reading(58_000, 60 * 24 * 37 + 15), [*old, *quiet], 10) is not None


# --- age and pace ------------------------------------------------------------------------------

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("every", "age", "fresh"),
    [
        (15 * MINUTE, 24 * HOUR, True),
        (15 * MINUTE, 24 * HOUR + MINUTE, False),
        (7 * DAY, 21 * DAY, True),
        (7 * DAY, 22 * DAY, False),
    ],
)
def test_a_count_is_fresh_for_a_day_or_three_polls(every: timedelta, age: timedelta, fresh: bool) -> None:
    assert is_fresh(reading(5), every, START + age) is fresh


@pytest.mark.parametrize(
    ("numbers", "step", "rate"),
    [
        ([0, 10, 20, 30], DAY, 10.0),
        ([0, 0, 0, 30], DAY, 10.0),  # a stall is part of the pace
        ([100, 110, 50, 60], DAY, 20 / 3),  # what was removed does not count against those who signed
        ([0] * 20, DAY, 0.0),
        ([0, 100], HOUR, 2400.0),
        ([7], DAY, None),
        ([], DAY, None),
        ([0, 5], 30 * MINUTE, None),
    ],
)
def test_the_pace_is_that_of_the_last_week(numbers: list[int], step: timedelta, rate: float | None) -> None:
    rows = [Reading(each, "test", START + place * step) for place, each in enumerate(numbers)]
    now = START + max(len(numbers) - 1, 0) * step
    assert rate_per_day(rows, now) == (rate if rate is None else pytest.approx(rate))
    assert rate_per_day(rows[::-1], now) == rate_per_day(rows, now)


def test_a_quick_start_long_ago_says_nothing_of_the_pace_now() -> None:
    rows = [Reading(5000 if day else 0, "test", START + day * DAY) for day in range(30)]
    assert rate_per_day(rows, START + 29 * DAY) == 0.0


def test_nobody_looking_is_part_of_the_pace_too() -> None:
    rows = [Reading(0, "test", START), Reading(70, "test", START + 14 * DAY)]
    assert rate_per_day(rows, START + 14 * DAY) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("number", "wanted", "rate", "days"),
    [
        (900, 1000, 10.0, 10),
        (1000, 1000, None, 0),
        (1200, 1000, 0.0, 0),
        (900, 1000, 0.0, None),
        (900, 1000, None, None),
        (0, 1_000_000, 1.0, None),
    ],
)
def test_when_a_milestone_is_expected(number: int, wanted: int, rate: float | None, days: int | None) -> None:
    assert expected(number, wanted, rate, START) == (None if days is None else START + days * DAY)


def test_a_year_of_readings_is_thinned_to_what_a_chart_needs() -> None:
    now = START + 365 * DAY
    times = [START + place * 15 * MINUTE for place in range(365 * 96)]
    gone = set(superfluous(times, now))
    kept = [each for place, each in enumerate(times) if place not in gone]
    assert len(kept) < 2500
    assert kept[0] == times[0]
    assert kept[-1] == times[-1]
    assert [each for each in kept if now - each < DAY] == [each for each in times if now - each < DAY]
    widest = max(later - earlier for earlier, later in pairwise(kept))
    assert widest <= 2 * timedelta(minutes=6 * 256)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60), st.integers(0, 10**9))
def test_thinning_keeps_the_first_and_the_last_and_is_done_at_once(seconds: list[int], later: int) -> None:
    times = [START + timedelta(seconds=each) for each in seconds]
    now = max(times) + timedelta(seconds=later)
    kept = [each for place, each in enumerate(times) if place not in superfluous(times, now)]
    assert {min(times), max(times)} <= set(kept)
    assert superfluous(kept, now) == []


def test_a_hundred_years_of_readings_are_bounded() -> None:
    old = [START + place * 12 * HOUR for place in range(2 * 36_500)]
    times = [*old, *(old[-1] + place * 10 * timedelta(seconds=1) for place in range(8640))]
    assert len(times) - len(superfluous(times, times[-1])) < 5000


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12345, 12345),
        (0, 0),
        (12345.0, 12345),  # JSON has one kind of number
        ("12345", 12345),
        (" 12345\n", 12345),
        ("0", 0),
        ("12.345", 12345),
        ("3.456", 3456),
        ("12,345", 12345),
        ("12 345", 12345),
        ("12\u00a0345", 12345),
        ("12\u202f345", 12345),
        ("12\u2009345", 12345),
        ("12'345", 12345),
        ("12’345", 12345),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("12345 firmas", 12345),
        ("12.345 Unterschriften", 12345),
        ("12\u202f345\u00a0signataires", 12345),
        ("12,345 people have signed", 12345),
        ("12 345 подписей", 12345),
        ("١٢٣٤٥", 12345),
        ("١٢٬٣٤٥", 12345),
        ("१२,३४५", 12345),
    ],
)
def test_a_count_is_read_exactly_with_whatever_mark_of_thousands(value: object, expected: int) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, -1, 1.5, float("nan"), float("inf"), 10**30, [5], {"n": 5}, b"5"),
        *("", " ", "-5", "+5", "~12345", "12345+", "12345.", ".5", "1e5", "0x10", "1_000"),
        *("12K", "12.3K", "12k", "1.2M", "12,3 mil", "12 mil", "12 mil firmas", "1.2 million signatures"),
        *("12 thousand people", "3 lakh", "5 Mio. Unterschriften", "12万", "12 тыс. подписей"),
        *("1.5", "12.34", "0.123", "0,123", "007", "1.234,567", "1,234.00", "12,34,567", "1234.567"),
        *("12.345.6", "12.3456", "12 345.678", "1. 234", "1  234"),
        *("more than 12,000", "12345 of 20000", "12345 signatures (12K)", "12345firmas", "1٢3", "9" * 5000),
    ],
)
def test_what_is_rounded_partial_or_doubtful_is_no_count(value: object) -> None:
    assert number(value) is None


@given(st.integers(0, 9_999_999_999), st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "'"]))
def test_every_count_that_people_group_in_threes_is_read_back(count: int, mark: str) -> None:
    assert number(f"{count:,}".replace(",", mark)) == number(str(count)) == number(count) == count


@given(st.text(alphabet="0123456789.,' kKmil٠٣\u00a0", max_size=12))
def test_no_text_is_ever_read_as_another_number(text: str) -> None:
    found = number(text)
    digits = "".join(each for each in text if each.isdecimal())
    assert found is None or found == int(digits)
