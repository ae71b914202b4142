"""Readings into milestones: exact numbers, doubt where it is due, and each threshold once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.milestones import believe, crossed, milestone_list, next_milestone, number
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
