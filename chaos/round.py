"""One round: a fresh campaign, many lives of its bot, then peace, and the verdict. A process of its own:

`python -m chaos.round FOLDER SEED STRATEGY KILLS` prints the verdicts as one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

from chaos import person, weather
from chaos.bot import command, fork
from chaos.naive import OURS
from chaos.postgresql import postgresql
from chaos.stage import NETWORKS, Stage, stage
from chaos.steps import IN_FLIGHT, LOOKS, STEPS, UNANSWERED, Step
from chaos.verdict import Verdict, planned, settled, verdict

EACH_STEP = "steps"
"""Ours, killed once at every step between claim and record; 0 KILLS are all of them."""

POSTGRESQL, EACH_STEP_THERE = "postgresql", "postgresql-steps"
"""The same two with the state on PostgreSQL: who comes next waits for the leases of the dead one to end."""

WHILE_STARTING, LONGEST_START = 0.2, 0.5
"""So many lives end while they begin, within so many seconds."""

LONGEST_LIFE = 1.5
"""The others, so many seconds after they began to work."""

PEACE = 300.0
"""Times the deadline of a request: so long it may take until all is settled, once nothing fails any more."""

AS_A_COMMAND, LONGEST_COMMAND = 0.1, 3.0
"""So many lives of ours are the real command, which takes longer to begin."""

A_LOOK_EVERY = 10
"""Kills between two looks of a person."""

STOPPING = 20.0
STEP_COMES_WITHIN = 60.0


@dataclass(frozen=True)
class Round:
    """What came of one round. `kills` are those that hit a living bot, `restarts` those of PostgreSQL."""

    strategy: str
    kills: int
    verdicts: dict[str, Verdict]
    notes: list[str]
    restarts: int = 0


def play(folder: Path, seed: int, strategy: str, kills: int) -> Round:
    notes: list[str] = []
    with _database(strategy) as database, stage(folder, seed, database=database) as here:
        if strategy in (EACH_STEP, EACH_STEP_THERE):
            strategy, killed = OURS, at_each_step(here, _some(seed, kills), notes)
        else:
            strategy = OURS if database else strategy
            killed = at_random(here, strategy, kills, random.Random(seed))
        keys = planned(here)
        bring_to_an_end(here, strategy, notes)
        return Round(strategy, killed, {each: verdict(here, each, keys[each]) for each in NETWORKS}, notes)


@contextmanager
def _database(strategy: str) -> Iterator[str | None]:
    if strategy not in (POSTGRESQL, EACH_STEP_THERE):
        yield None
        return
    with postgresql() as server:
        yield server.url


# --- many lives --------------------------------------------------------------------------------


def at_random(here: Stage, strategy: str, kills: int, dice: random.Random) -> int:
    killed = 0
    while killed < kills:
        weather.change(here, dice)
        status = _life(here, strategy, dice)
        if status != -signal.SIGKILL:
            raise RuntimeError(f"the bot ended by itself ({status}): {here.folder / 'bot.log'} says why")
        killed += 1
        if killed % A_LOOK_EVERY == 0:
            person.look(here)
    return killed


def _life(here: Stage, strategy: str, dice: random.Random) -> int | None:
    """A bot that lives for a while; gives how it ended."""
    real = strategy == OURS and dice.random() < AS_A_COMMAND
    bot = command(here) if real else fork(here, strategy)
    try:
        if real:
            time.sleep(dice.uniform(0.0, LONGEST_COMMAND))
        elif dice.random() < WHILE_STARTING:
            time.sleep(dice.uniform(0.0, LONGEST_START))
        elif bot.begun():
            time.sleep(dice.uniform(0.0, LONGEST_LIFE + here.lease))
    finally:
        status = bot.kill()
    return status


def _some(seed: int, most: int) -> list[tuple[str, str, str]]:
    """All steps of posts and reposts on every network; where fewer are wanted, some of the posts'."""
    every = list(product(NETWORKS, ("post", "repost"), STEPS))
    posts = [each for each in every if each[1] == "post"]
    return random.Random(seed).sample(posts, most) if most else every


def at_each_step(here: Stage, steps: list[tuple[str, str, str]], notes: list[str]) -> int:
    killed = 0
    for network, action, name in steps:
        person.look(here)
        slow = 2 * IN_FLIGHT if name in UNANSWERED else 0.0
        here.tell(network, "settings", slow=slow, slow_answer=slow)
        if name in LOOKS:
            endpoint = "create" if action == "post" else "repost"
            here.tell(network, "fault", endpoint=endpoint, fault="reset_after")
        bot = fork(here, OURS, Step(name, network, action))
        if bot.ended(STEP_COMES_WITHIN) == -signal.SIGKILL:
            killed += 1
        else:
            notes.append(f"{network}, {action}: the step “{name}” never came")
            bot.kill()
    return killed


# --- peace -------------------------------------------------------------------------------------


def bring_to_an_end(here: Stage, strategy: str, notes: list[str]) -> None:
    """No faults and no slots any more: what is left must settle, and SIGTERM must end the bot."""
    weather.clear_up(here)
    here.write(over=True)
    before = len(_log(here))
    bot = command(here) if strategy == OURS else fork(here, strategy)
    if strategy == OURS:
        _wait_for(lambda: "event=started" in _log(here)[before:])
    else:
        bot.begun()
    ends = time.monotonic() + here.deadline * (PEACE if strategy == OURS else PEACE / 5)
    while time.monotonic() < ends and not settled(here):
        person.look(here)
        time.sleep(0.2)
    os.kill(bot.process, signal.SIGTERM)
    status = bot.ended(STOPPING)
    if status != 0:
        notes.append(f"SIGTERM did not end the bot well within {STOPPING:.0f} s (status {status})")
    if status is None:
        bot.kill()
    if "Traceback" in _log(here):
        notes.append("the bot showed a traceback")


def _log(here: Stage) -> str:
    file = here.folder / "bot.log"
    return file.read_text("utf-8", "replace") if file.exists() else ""


def _wait_for(happened: Callable[[], bool], within: float = 30.0) -> None:
    ends = time.monotonic() + within
    while not happened() and time.monotonic() < ends:
        time.sleep(0.05)


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder, seed, strategy, kills = arguments
    print(json.dumps(asdict(play(Path(folder), int(seed), strategy, int(kills)))))


if __name__ == "__main__":
    main(sys.argv[1:])
