"""One, two and four bots on one PostgreSQL: posts a second through the outbox, no network in the way.

`python -m bench.replicas URL` is one of them, in a process of its own, until it is killed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

from bench.delivering import campaign, lay, now
from bench.measure import Row
from bot.networks.dry import Dry
from bot.scheduler import Alarm
from bot.store import open_store
from chaos.postgresql import INSTALLED, postgresql

ACCOUNTS, POSTS = 24, 30
LOOK = 0.05
"""Seconds between two looks of a replica."""


def rows() -> Iterator[Row]:
    if not INSTALLED:
        return
    one = throughput(1)
    for count in (1, 2, 4):
        found = one if count == 1 else throughput(count)
        yield Row(f"posts a second, {count} on PostgreSQL", found, "/s", "one", one, "")


def throughput(count: int) -> float:
    with postgresql() as server:
        command = [sys.executable, "-m", "bench.replicas", server.url]
        bots = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        try:
            for bot in bots:
                assert bot.stdout is not None
                bot.stdout.readline()  # it serves its share
            return _until_all_are_out(server.url)
        finally:
            for bot in bots:
                bot.kill()
                bot.wait()


def _until_all_are_out(url: str) -> float:
    with closing(open_store(url)) as store:
        began = time.perf_counter()
        lay(store, ACCOUNTS, POSTS, datetime.now(UTC))
        while sum(store.count().values()) > store.count()["posted"]:  # type: ignore[index]
            time.sleep(LOOK)
        return ACCOUNTS * POSTS / (time.perf_counter() - began)


def replica(url: str) -> None:
    made = campaign(url, ACCOUNTS, lambda each: Dry(each, lambda text: None, now=now))
    alarm = Alarm(made.tick, made.serve, made.next_at)
    every = made.renew_every
    alarm.every(LOOK, alarm.wake)
    if every is not None:
        alarm.every(every.total_seconds() / 4, partial(made.renew))
    alarm.start()
    time.sleep(4)  # until all have their share
    print("ready", flush=True)
    while True:
        time.sleep(1)


if __name__ == "__main__":
    replica(sys.argv[1])
