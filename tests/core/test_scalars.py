"""The single values people write: one right form each, and a sentence for all others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import scalars
from bot.core.closing import ToClosing, moment_day_or_closing
from bot.core.petition import header_name
from bot.core.scalars import Moment


def said(validator: Any, value: Any) -> str:
    with pytest.raises(ValueError, match=r".") as refusal:
        validator(value)
    return str(refusal.value)


def answer(validator: Any, value: Any) -> str:
    """The sentence of a refusal; nothing where the value is taken."""
    try:
        validator(value)
    except ValueError as refusal:
        return str(refusal)
    return ""


# --- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("300ms", timedelta(milliseconds=300)),
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("4 h", timedelta(hours=4)),
        ("7d", timedelta(days=7)),
        ("999999d", timedelta(days=999999)),
        (timedelta(seconds=0.3), timedelta(seconds=0.3)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(written: Any, meant: timedelta) -> None:
    assert scalars.duration(written) == meant


@pytest.mark.parametrize(
    "written", ["30", 30, "4 hours", "1h30m", "-5m", "1.5h", "9999999d", "٣h", "P1D", {"h": 1}, [], True]
)
def test_other_durations_are_refused_with_the_right_form(written: Any) -> None:
    assert "such as 30s, 15m, 4h or 7d" in said(scalars.duration, written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10:30", time(10, 30)),
        ("09:30", time(9, 30)),
        ("9:05", time(9, 5)),
        ("10:30:00", time(10, 30)),
        ("00:00", time()),
        ("23:59:59", time(23, 59, 59)),
    ],
)
def test_a_time_of_day_reads_the_same_with_and_without_its_first_0(written: str, meant: time) -> None:
    assert scalars.time_of_day(written) == meant


@pytest.mark.parametrize("written", ["24:00", "9:5", "9", 630, "9pm", "12:60", "09.30", "٠٩:٣٠", ["09:00"]])
def test_other_times_are_refused_with_the_right_form(written: Any) -> None:
    assert 'write it as "09:00"' in said(scalars.time_of_day, written)


@pytest.mark.parametrize("written", ["2026-13-01", "2027-02-29", "2026-12-32", "0000-01-01"])
def test_a_day_that_is_not_in_the_calendar_is_refused(written: str) -> None:
    assert "is not in the calendar" in said(scalars.day, written)


@pytest.mark.parametrize(
    "written", ["20270201", "2027-2-1", "1.2.2027", "tomorrow", 2027, "2027-W05-1", "2027-02-01 18:00"]
)
def test_a_day_has_one_form_under_every_python(written: Any) -> None:
    assert "write it as 2027-02-01" in said(scalars.day, written)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-12-01T18:00:00", "2026-12-01T17:00"),
        ("2026-12-01 18:00", "2026-12-01T17:00"),
        ("2026-12-01  18:00", "2026-12-01T17:00"),
        ("2026-12-01 9:00", "2026-12-01T08:00"),
        ("2026-12-01T18:00:00Z", "2026-12-01T18:00"),
        ("2026-12-01 18:00Z", "2026-12-01T18:00"),
        ("2026-12-01 18:00+01:00", "2026-12-01T17:00"),
        ("2026-12-01 18:00 -06:00", "2026-12-02T00:00"),
        ("2026-12-01 18:00 America/Chicago", "2026-12-02T00:00"),
        ("2026-12-01T18:00:00 CET", "2026-12-01T17:00"),
        ("2026-12-01 18:00 Etc/GMT+5", "2026-12-01T23:00"),
    ],
)
def test_a_moment_without_a_zone_is_the_campaigns(written: str, utc: str) -> None:
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert scalars.moment(written).utc("Europe/Madrid") == expected


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-12-01 18:00 Europe/Madird", "did you mean Europe/Madrid?"),
        ("2026-12-01 18:00 europe/madrid", "did you mean Europe/Madrid?"),
        ("2026-12-01", "write it as 2026-12-10 18:00"),
        ("2026-12-01 24:00", 'write it as "09:00"'),
        ("2026-13-01 18:00", "is not in the calendar"),
        ("2026-12-01 18:00Z Europe/Madrid", "write it as 2026-12-10 18:00"),
        ("18:00", "write it as 2026-12-10 18:00"),
        (1796140800, "write it as 2026-12-10 18:00"),
        ({"at": "2026-12-01"}, "write it as 2026-12-10 18:00"),
    ],
)
def test_other_moments_are_refused_by_name(written: Any, words: str) -> None:
    assert words in said(scalars.moment, written)


def test_a_bare_day_stays_a_day_where_both_can_stand() -> None:
    assert scalars.moment_or_day("2027-02-01") == date(2027, 2, 1)
    assert scalars.moment_or_day("2027-02-01 18:00") == Moment(at=datetime(2027, 2, 1, 18))
    assert "write it as 2027-02-01" in said(scalars.moment_or_day, "February")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("closes", "2027-03-01"),
        ("closes - 7d", "2027-02-22"),
        ("closes-1d", "2027-02-28"),
        (" closes +  10 d", "2027-03-11"),
    ],
)
def test_a_day_may_count_from_the_petitions_last(written: str, day: str) -> None:
    value = moment_day_or_closing(written)
    assert isinstance(value, ToClosing)
    assert value.on(date(2027, 3, 1)) == date.fromisoformat(day)
    assert moment_day_or_closing(str(value)) == value


@pytest.mark.parametrize("written", ["closes - 7", "closes 7d", "closes - 12h", "closes - -7d", "closest"])
def test_other_ways_to_count_from_it_are_refused(written: str) -> None:
    assert "write it as closes - 7d, closes, or closes + 1d" in said(moment_day_or_closing, written)


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("100.000", "write 100000"),
        ("100,000", "write 100000"),
        ("100 000", "write 100000"),
        ("100\u00a0000", "write 100000"),
        ("100\u202f000", "write 100000"),
        ("100'000", "write 100000"),
        ("1_000", "write 1000"),
        ("010", "write 10"),
        ("1.234.567", "write 1234567"),
        ("12K", "such as 100000"),
        ("0x1F", "such as 100000"),
        ("1e3", "such as 100000"),
        ("many", "such as 100000"),
        (12.0, "such as 100000"),
        (True, "such as 100000"),
        ([1], "such as 100000"),
    ],
)
def test_a_number_in_groups_is_refused_with_the_plain_one(written: Any, hint: str) -> None:
    assert hint in said(scalars.whole, written)


@pytest.mark.parametrize(
    ("written", "meant"), [(25, 25.0), ("25", 25.0), ("12.5", 12.5), ("12.50", 12.5), (0.25, 0.25)]
)
def test_dollars_may_have_cents(written: Any, meant: float) -> None:
    assert scalars.number(written) == meant


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("25,50", "25.50"),
        ("25.000", "25"),
        ("$25", "25"),
        ("nan", "25"),
        ("inf", "25"),
        ("1_0", "25"),
        (True, "25"),
    ],
)
def test_dollars_are_not_guessed(written: Any, hint: str) -> None:
    assert f"write it as {hint}" in said(scalars.number, written)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("yes", "true"),
        ("No", "false"),
        ("on", "true"),
        ("off", "false"),
        ("maybe", "true or false"),
        (1, "true or false"),
    ],
)
def test_only_true_and_false_are_true_and_false(written: Any, hint: str) -> None:
    assert said(scalars.flag, written).endswith(f"write {hint}")


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["en", "es", "pt-BR", "zh-Hant-TW", "no", "ast"])
def test_a_language_is_a_code(written: str) -> None:
    assert scalars.language_code(written) == written


@pytest.mark.parametrize("written", ["EN", "english", "e", "en_US", "en\n", "Fact", False, None, ""])
def test_other_languages_are_refused(written: Any) -> None:
    said(scalars.language_code, written)


@pytest.mark.parametrize("written", ["", "  ", "\n", None, "\u00a0"])
def test_a_text_that_says_nothing_is_refused(written: Any) -> None:
    assert said(scalars.words, written) == "the text is empty; write one"


EVERY = [
    value
    for name, value in vars(scalars).items()
    if name in ("words", "flag", "language_code", "account_id", "message_id", "whole", "number", "duration")
    or name in ("time_of_day", "window", "day", "zone_name", "moment", "moment_or_day")
] + [moment_day_or_closing, header_name]


@given(
    st.sampled_from(EVERY),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.lists(st.text(), max_size=3),
    ),
)
def test_a_validator_answers_with_a_value_or_with_one_line(validator: Any, value: Any) -> None:
    sentence = answer(validator, value)
    assert "\n" not in sentence
    assert len(sentence) < 250
