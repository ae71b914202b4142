"""The short form of `make chaos`: a few kills of the real bot, and of a naive one that must be caught."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chaos.naive import OURS
from chaos.postgresql import INSTALLED
from chaos.round import EACH_STEP, POSTGRESQL
from chaos.verdict import Verdict

TOP = Path(__file__).parents[2]
ROUNDS = {OURS: 10, "after": 10, EACH_STEP: 3} | ({POSTGRESQL: 5} if INSTALLED else {})
"""Kills of each; they are played side by side."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("chaos")
    return play("chaos.round", folder, ROUNDS)


def play(module: str, folder: Path, rounds: dict[str, int]) -> dict[str, dict[str, Any]]:
    games = {
        strategy: subprocess.Popen(
            [sys.executable, "-m", module, str(folder / strategy), "5", strategy, str(many)],
            cwd=TOP,
            stdout=subprocess.PIPE,
        )
        for strategy, many in rounds.items()
    }
    return {strategy: json.loads(game.communicate()[0]) for strategy, game in games.items()}


def total(game: dict[str, Any]) -> Verdict:
    return sum((Verdict(**counts) for counts in game["verdicts"].values()), Verdict())


@pytest.mark.parametrize("strategy", [each for each in ROUNDS if each != "after"])
def test_a_bot_that_is_killed_posts_nothing_twice_and_loses_nothing(played, strategy: str):
    game, found = played[strategy], total(played[strategy])
    assert game["notes"] == []
    assert game["kills"] == ROUNDS[strategy]
    assert found.clean, found
    assert found.posts >= game["kills"]


def test_a_bot_that_records_after_sending_is_caught(played):
    assert total(played["after"]).duplicates > 0
