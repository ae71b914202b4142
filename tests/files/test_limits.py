"""What servers said that they take, kept between runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.model import Limits
from bot.files.limits import read_limits, write_limits

LIMITS = {
    "x": Limits(280, "weighted"),
    "big": Limits(5000, "graphemes", url_length=None, alt_length=10000, pictures=8),
}


def test_limits_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "state" / "limits.json"
    write_limits(path, LIMITS)
    assert read_limits(path) == LIMITS
    assert [each.name for each in path.parent.iterdir()] == ["limits.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"x": 3}', '{"x": {"length": "many"}}', "\x00"])
def test_a_damaged_cache_is_an_empty_one(text: str, tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    path.write_text(text)
    assert read_limits(path) == {}


def test_one_damaged_entry_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    write_limits(path, LIMITS)
    path.write_text(json.dumps({**json.loads(path.read_text()), "x": {"counting": "words"}}))
    assert read_limits(path) == {"big": LIMITS["big"]}


def test_without_a_cache_there_are_no_limits(tmp_path: Path) -> None:
    assert read_limits(tmp_path / "limits.json") == {}
