"""Times as people say them, through time zones and midnights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from bot.web.times import clock, day_name, relative, short, when
from tests.given import at

NOW = at("2026-12-02 05:30")
CHICAGO = "America/Chicago"


@contextmanager
def spanish_page() -> Iterator[None]:
    with Flask(__name__).test_request_context():
        g.language = "es"
        yield


@pytest.fixture
def spanish() -> Iterator[None]:
    with spanish_page():
        yield


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "now"),
        (0.9, "now"),
        (-0.9, "now"),
        (1, "in 1 second"),
        (59.9, "in 59 seconds"),
        (60, "in 1 minute"),
        (7199, "in 1 hour"),
        (86_400, "in 1 day"),
        (200_000, "in 2 days"),
        (-12, "12 seconds ago"),
        (-3600, "1 hour ago"),
    ],
)
def test_a_time_is_told_from_now_in_its_largest_unit(seconds: float, said: str):
    assert relative(NOW + timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-12-02 05:29", "today at 23:29:00"),
        ("2026-12-01 23:00", "today at 17:00"),
        ("2026-12-01 05:30", "yesterday at 23:30"),
        ("2026-11-28 15:00", "on Saturday 28 November at 09:00"),
        ("2025-12-31 18:00", "on Wednesday 31 December 2025 at 12:00"),
        ("2026-12-02 06:30", "tomorrow at 00:30"),
    ],
)
def test_the_clock_is_that_of_the_campaign_in_the_past_too(moment: str, said: str):
    assert clock(at(moment), CHICAGO, NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "now"), (12, "12s"), (119, "1m"), (7200, "2h"), (86_399, "23h"), (86_400, "30 Nov")],
)
def test_timelines_shorten_the_age_of_a_post(seconds: int, said: str):
    assert short(NOW - timedelta(seconds=seconds), CHICAGO, NOW) == said


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda each: at(str(each)))


@given(MOMENTS, MOMENTS, st.sampled_from([CHICAGO, "UTC", "Asia/Kathmandu", "Pacific/Apia"]))
def test_every_moment_can_be_said(moment: datetime, now: datetime, zone: str):
    said = when(moment, zone, now)
    assert datetime.fromisoformat(said.iso) == moment.replace(microsecond=0)
    assert said.clock
    assert said.relative == "now" or ("ago" in said.relative) == (moment < now)
    assert said.short


# --- in Spanish ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-12-02 05:29", "hoy a las 23:29:00"),
        ("2026-12-01 05:30", "ayer a las 23:30"),
        ("2026-12-02 06:30", "mañana a las 00:30"),
        ("2026-11-28 15:00", "el sábado 28 de noviembre a las 09:00"),
        ("2025-12-31 18:00", "el miércoles 31 de diciembre de 2025 a las 12:00"),
    ],
)
def test_the_clock_speaks_the_language_of_the_page(spanish: None, moment: str, said: str):
    assert clock(at(moment), CHICAGO, NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "en 1 segundo"), (7200, "en 2 horas"), (-90, "hace 1 minuto")]
)
def test_so_does_what_is_told_from_now(spanish: None, seconds: int, said: str):
    assert relative(NOW + timedelta(seconds=seconds), NOW) == said


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_days_have_their_own_names_in_both_languages(day: date):
    english = day_name(day)
    assert english == f"{day:%A} {day.day} {day:%B}"
    with spanish_page():
        assert re.fullmatch(
            r"(lunes|martes|miércoles|jueves|viernes|sábado|domingo) \d+ de [a-z]+", day_name(day)
        )
