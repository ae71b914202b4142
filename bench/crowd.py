"""Thousands of accounts due at one instant: how late their posts are, and what memory it takes.

`python -m bench.crowd ACCOUNTS STATE` is one such instant in a process of its own; it prints its figures.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import made_up
from bench.measure import Row
from bot.app import SystemClock
from bot.campaign import Campaign
from bot.core.model import Outcome
from bot.core.plan import Book
from bot.core.written import Queue, Settings
from bot.networks.dry import Dry
from bot.ports import Ready
from bot.scheduler import Alarm
from bot.store import open_store

ACCOUNTS, MESSAGES = 10_000, 20
FASTEST, SLOWEST = 0.1, 0.4
"""Seconds in which a network answers."""


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        found = measured(ACCOUNTS, f"sqlite:///{Path(folder).resolve()}/state.db")
    ideal = ACCOUNTS * (FASTEST + SLOWEST) / 2 / found["workers"]
    yield Row(
        f"{ACCOUNTS:,} accounts due at once: lateness p99",
        found["p99"],
        "s",
        f"{found['workers']} workers that only wait",
        ideal,
        "at most 60 s",
    )
    yield Row("  memory", found["memory"], "MB", "", 0, "under 250 MB")


def measured(accounts: int, state: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.crowd", str(accounts), state]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


class Far(Dry):
    """A network that takes its time."""

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        time.sleep(random.uniform(FASTEST, SLOWEST))
        return super().publish(ready, part, key, reply_to)


def crowd(accounts: int, state: str) -> dict[str, float]:
    """All due at a full minute; the alarm clock as the bot has it."""
    soon = datetime.now(UTC) + timedelta(seconds=80)
    at = soon.replace(second=0, microsecond=0)
    made = campaign(accounts, at, state, Far)
    made.start()
    alarm, store = Alarm(made.tick, made.serve, made.next_at), made._store
    alarm.start()
    while store.count()["posted"] < accounts:  # type: ignore[index]
        time.sleep(0.5)
    alarm.stop(20)
    late = sorted((row.posted_at - row.slot).total_seconds() for row in store.history() if row.posted_at)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"p99": late[len(late) * 99 // 100], "memory": peak, "workers": alarm.workers}


def campaign(accounts: int, at: datetime, state: str, network: Callable[..., Dry]) -> Campaign:
    ids = [f"a{number}" for number in range(accounts)]
    settings = {
        "campaign": {"name": "Bench"},
        "petition": {"url": "https://petition.example.org/p"},
        "accounts": [{"id": each, "network": "dry", "schedule": {"at": [f"{at:%H:%M}"]}} for each in ids],
    }
    queue = Queue.model_validate({"messages": made_up.messages(MESSAGES)})
    networks = {each: network(each, lambda text: None) for each in ids}
    book, clock = Book(Settings.model_validate(settings), queue), SystemClock()
    return Campaign(book, open_store(state), networks, None, clock, lambda event: None)  # type: ignore[arg-type]


if __name__ == "__main__":
    print(json.dumps(crowd(int(sys.argv[1]), sys.argv[2])))
