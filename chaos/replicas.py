"""One round of several replicas over one PostgreSQL, of which any may be gone at any time. Its own process:

`python -m chaos.replicas FOLDER SEED STRATEGY POSTS` prints the verdicts as one line of JSON. Replicas are
ended with SIGKILL and started again, or stand still (SIGSTOP) for longer than their leases last; PostgreSQL
is broken off and started again; all that at random, every few seconds, until so many posts stand.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from chaos import person, weather
from chaos.bot import Life, fork
from chaos.naive import OURS, TROUPE
from chaos.postgresql import Postgresql, postgresql
from chaos.round import Round, bring_to_an_end
from chaos.stage import NETWORKS, Stage, network_of, stage
from chaos.verdict import Verdict, planned, verdict

REPLICAS, TOWNS = 4, 6
"""So many bots for so many accounts on each network."""

DEADLINE = 0.6
"""Seconds of a request: replicas, sandboxes and PostgreSQL share the machine."""

PAUSES = (2.0, 6.0)
"""Seconds between two blows: at least, at most."""

BLOWS = {"kill": 0.7, "restart": 0.15, "stall": 0.15}
"""What happens, and how often of all."""

SLOWEST = 2.0
"""Posts a second that must come at least; else the round is broken off."""


class Troupe:
    """The replicas at work. `done` counts what was done to them."""

    def __init__(self, here: Stage, server: Postgresql, strategy: str, dice: random.Random) -> None:
        self._here, self._server, self._strategy, self._dice = here, server, strategy, dice
        self._lives = [fork(here, strategy) for _ in range(REPLICAS)]
        self._asleep: dict[int, float] = {}
        self.done: Counter[str] = Counter()

    def blow(self) -> None:
        """One of the three; whoever has slept long enough, or has ended, goes on."""
        what = self._dice.choices([*BLOWS], [*BLOWS.values()])[0]
        self.done[what] += 1
        if what == "restart":
            self._server.restart(self._dice.choice(["immediate", "fast"]))
        elif what == "kill":
            self._kill(self._dice.randrange(REPLICAS))
        else:
            self._stall(self._lives[self._dice.randrange(REPLICAS)])
        self._go_on()

    def _kill(self, place: int) -> None:
        self._asleep.pop(self._lives[place].process, None)
        self._lives[place].kill()
        self._lives[place] = fork(self._here, self._strategy)

    def _stall(self, life: Life) -> None:
        os.kill(life.process, signal.SIGSTOP)
        self._asleep[life.process] = time.monotonic() + self._here.lease * self._dice.uniform(1.1, 1.5)

    def _go_on(self) -> None:
        for process, until in [*self._asleep.items()]:
            if time.monotonic() >= until:
                os.kill(process, signal.SIGCONT)
                del self._asleep[process]
        for place, life in enumerate(self._lives):
            if life.ended(0) is not None:  # it found no PostgreSQL when it began
                self.done["began in vain"] += 1
                self._lives[place] = fork(self._here, self._strategy)

    def end(self) -> None:
        for life in self._lives:
            life.kill()


@contextmanager
def troupe(here: Stage, server: Postgresql, strategy: str, dice: random.Random) -> Iterator[Troupe]:
    made = Troupe(here, server, strategy, dice)
    try:
        yield made
    finally:
        made.end()


def play(folder: Path, seed: int, strategy: str, posts: int) -> Round:
    dice, notes = random.Random(seed), list[str]()
    texts = posts // (2 * TOWNS) + 60  # more than an account has slots, where the machine keeps up
    with (
        postgresql() as server,
        stage(folder, seed, database=server.url, deadline=DEADLINE, towns=TOWNS, texts=texts) as here,
    ):
        with troupe(here, server, strategy, dice) as at_work:
            _until(here, at_work, posts, dice, notes)
        keys = planned(here)
        bring_to_an_end(here, OURS if strategy == TROUPE else strategy, notes)
        found = {each: verdict(here, each, keys[each]) for each in here.accounts}
        total = {each: _sum(found, each) for each in NETWORKS}
        done = ", ".join(f"{many} × {what}" for what, many in at_work.done.items())
        print(f"{strategy}: {done}", file=sys.stderr)
        return Round(strategy, at_work.done["kill"], total, notes, at_work.done["restart"])


def _until(here: Stage, at_work: Troupe, posts: int, dice: random.Random, notes: list[str]) -> None:
    """Blow after blow, until so many posts stand."""
    begun = time.monotonic()
    while (stand := _stand(here)) < posts:
        if time.monotonic() > begun + 60 + posts / SLOWEST:
            notes.append(f"only {stand} of {posts} posts in {time.monotonic() - begun:.0f} s")
            break
        weather.change(here, dice)
        time.sleep(dice.uniform(*PAUSES))
        at_work.blow()
        if sum(at_work.done.values()) % 10 == 0:
            person.look(here)
    print(f"{stand} posts in {time.monotonic() - begun:.0f} s", file=sys.stderr)


def _stand(here: Stage) -> int:
    """Lines of the ledgers: posts and reposts."""
    files = (here.ledger(account) for account in here.accounts)
    return sum(file.read_bytes().count(b"\n") for file in files if file.exists())


def _sum(found: dict[str, Verdict], network: str) -> Verdict:
    return sum((each for account, each in found.items() if network_of(account) == network), Verdict())


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder, seed, strategy, posts = arguments
    print(json.dumps(asdict(play(Path(folder), int(seed), strategy, int(posts)))))


if __name__ == "__main__":
    main(sys.argv[1:])
