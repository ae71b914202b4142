"""Keys of records: the same at every try, in the order of time, and never of two things."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.networks.tid import EPOCH, TID, moment_of, tid

moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
SLOT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@given(moments, st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 20))
def test_a_key_is_a_tid_and_the_same_whenever_it_is_asked_for(moment: datetime, name: str, part: int) -> None:
    key = tid(moment, name, part)
    assert TID.fullmatch(key)
    assert key == tid(moment, name, part)
    assert timedelta(milliseconds=part - 1) < moment_of(key) - moment < timedelta(milliseconds=part + 1)


@given(moments, moments, st.text(max_size=5), st.text(max_size=5))
def test_keys_are_in_the_order_of_time(one: datetime, other: datetime, a: str, b: str) -> None:
    first, second = sorted((one, other))
    if second - first > timedelta(milliseconds=1):
        assert tid(first, a) < tid(second, b)


@pytest.mark.parametrize(
    ("key", "micros"),
    [
        ("2222222222222", 0),
        ("2222222222223", 0),
        ("2222222222322", 1),
        ("222222222b222", 7 * 32),
        ("2222223222222", 2**20),
    ],
)
def test_a_key_is_microseconds_and_then_ten_bits(key: str, micros: int) -> None:
    """https://atproto.com/specs/tid"""
    assert moment_of(key) == EPOCH + timedelta(microseconds=micros)


def test_the_parts_of_a_thread_follow_each_other() -> None:
    keys = [tid(SLOT, f"x/2026-12-01/09:00\n{part}", part) for part in range(10)]
    assert keys == sorted(set(keys))


def test_deliveries_of_the_same_moment_have_keys_of_their_own() -> None:
    assert len({tid(SLOT, f"sky/{number}") for number in range(300)}) == 300


@pytest.mark.parametrize(
    "odd", ["", "self", "3jzfcijpj2z2", "3JZFCIJPJ2Z2A", "zzzzzzzzzzzzz", "1234567890123"]
)
def test_what_is_no_key_tells_no_time(odd: str) -> None:
    with pytest.raises(ValueError):
        moment_of(odd)
