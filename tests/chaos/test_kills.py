"""The short form of `make chaos`: a few kills of the real bot, and of a naive one that must be caught."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chaos.naive import OURS
from chaos.round import EACH_STEP
from chaos.verdict import Verdict

TOP = Path(__file__).parents[2]
ROUNDS = {OURS: 10, "after": 10, EACH_STEP: 3}
"""Kills of each; they are played side by side."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("chaos")
    games = {
        strategy: subprocess.Popen(
            [sys.executable, "-m", "chaos.round", str(folder / strategy), "5", strategy, str(kills)],
            cwd=TOP,
            stdout=subprocess.PIPE,
        )
        for strategy, kills in ROUNDS.items()
    }
    return {strategy: json.loads(game.communicate()[0]) for strategy, game in games.items()}


def total(game: dict[str, Any]) -> Verdict:
    return sum((Verdict(**counts) for counts in game["verdicts"].values()), Verdict())


@pytest.mark.parametrize("strategy", [OURS, EACH_STEP])
def test_a_bot_that_is_killed_posts_nothing_twice_and_loses_nothing(played, strategy: str):
    game, found = played[strategy], total(played[strategy])
    assert game["notes"] == []
    assert game["kills"] == ROUNDS[strategy]
    assert found.clean, found
    assert found.posts >= game["kills"]


def test_a_bot_that_records_after_sending_is_caught(played):
    assert total(played["after"]).duplicates > 0
