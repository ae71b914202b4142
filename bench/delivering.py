"""Posts through outbox and network, beside a bare loop over the same client library; commits by fsyncs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench import made_up
from bench.measure import Row
from bot.app import SystemClock
from bot.campaign import Campaign
from bot.core.model import NewDelivery
from bot.core.plan import Book
from bot.core.written import Queue, Settings
from bot.networks.dry import Dry
from bot.ports import Network, Store
from bot.store import open_store
from chaos.postgresql import INSTALLED, postgresql

THREADS, POSTS = 8, 30
"""Accounts that are served at once, and posts of each."""

LATENCY = 0.1
"""Seconds in which a network answers; real ones take 0.1 to 0.4."""

COMMITS = 3
"""Of one post: the claim, that we speak, what came of it."""


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder, sandbox(Path(folder)) as servers:
        bare, commits = bare_loop(servers), fsyncs(Path(folder)) / COMMITS
        for name, state in states(folder):
            with state() as url:
                found = through_the_outbox(url, servers)
                yield Row(
                    f"posts a second, 0.1 s away, {name}",
                    found,
                    "/s",
                    "a bare loop of Mastodon.py",
                    bare,
                    "0.8",
                )
            with state() as url:
                durable = without_network(url)
                yield Row(f"durable posts a second, {name}", durable, "/s", "fsyncs ÷ 3", commits, "0.3")
        late = lateness(f"sqlite:///{folder}/late.db")
        yield Row("lateness of 100 due posts, p99", late, "s", "", 0, "at most 1 s")


def states(folder: str) -> Iterator[tuple[str, Callable[[], AbstractContextManager[str]]]]:
    """What makes an empty state of each engine that is here."""
    numbers = count()
    yield "SQLite", lambda: nullcontext(f"sqlite:///{folder}/{next(numbers)}.db")
    if INSTALLED:
        yield "PostgreSQL", _a_database


@contextmanager
def _a_database() -> Iterator[str]:
    with postgresql() as server:
        yield server.url


# --- ours --------------------------------------------------------------------------------------------


def campaign(url: str, accounts: int, made_by: Callable[[str], Network], **fields: Any) -> Campaign:
    account = {"network": "dry", "schedule": {"cron": "0 0 29 2 1"}, **fields}
    settings = {
        "campaign": {"name": "Bench"},
        "petition": {"url": "https://petition.example.org/p"},
        "accounts": [{"id": f"a{number}", **account} for number in range(accounts)],
    }
    book = Book(
        Settings.model_validate(settings), Queue.model_validate({"messages": made_up.messages(POSTS)})
    )
    networks = {f"a{number}": made_by(f"a{number}") for number in range(accounts)}
    made = Campaign(book, open_store(url), networks, None, SystemClock(), lambda event: None)  # type: ignore[arg-type]
    made.start()
    return made


def lay(store: Store, accounts: int, posts: int, at: datetime) -> None:
    """So many due deliveries of each account."""
    store.insert(
        [
            NewDelivery(
                f"a{account}/bench/{number}",
                f"a{account}",
                at,
                at + timedelta(hours=1),
                message_id=f"m{number}",
                language="en",
            )
            for account in range(accounts)
            for number in range(posts)
        ],
        {},
    )


def served(made: Campaign, accounts: int, posts: int) -> float:
    """Posts a second, all accounts at once."""
    store = made._store
    lay(store, accounts, posts, datetime.now(UTC))
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(made.serve, [f"a{number}" for number in range(accounts)]))
    took = time.perf_counter() - began
    posted = store.count()
    assert posted.get("posted") == accounts * posts, posted  # type: ignore[call-overload]
    store.close()
    return accounts * posts / took


def through_the_outbox(url: str, servers: dict[str, Any]) -> float:
    from bot.networks.mastodon import Mastodon

    there = servers["mastodon"]

    def network(account: str) -> Network:
        secrets = {"ACCESS_TOKEN": there["secrets"]["ACCESS_TOKEN"]}
        return Mastodon(account, secrets, there["url"], 30.0, now=SystemClock().now)

    made = campaign(url, THREADS, network, network="mastodon", server=there["url"])
    return served(made, THREADS, POSTS)


def without_network(url: str) -> float:
    return served(campaign(url, THREADS, lambda each: Dry(each, lambda text: None, now=now)), THREADS, POSTS)


def now() -> datetime:
    return datetime.now(UTC)


def lateness(url: str) -> float:
    """Of 100 accounts that are due at one moment, seconds until the last but one was out."""
    from bot.scheduler import Alarm

    made = campaign(url, 100, lambda each: Dry(each, lambda text: None, now=now))
    at = datetime.now(UTC)
    lay(made._store, 100, 1, at)
    Alarm(made.tick, made.serve, made.next_at).once()
    late = sorted((row.posted_at - at).total_seconds() for row in made._store.history() if row.posted_at)
    assert len(late) == 100
    made._store.close()
    return late[98]


# --- beside it ---------------------------------------------------------------------------------------


def bare_loop(servers: dict[str, Any]) -> float:
    """Mastodon.py in as many threads, and nothing is remembered."""
    from mastodon import Mastodon

    there = servers["mastodon"]

    def post(account: int) -> None:
        client = Mastodon(
            access_token=there["secrets"]["ACCESS_TOKEN"],
            api_base_url=there["url"],
            mastodon_version="4.5.2",
            version_check_mode="created",
            ratelimit_method="throw",
            request_timeout=30,
        )
        with client.session:
            for number in range(POSTS):
                client.status_post(f"bare {account} {number}", idempotency_key=f"{account}/{number}")

    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(post, range(THREADS)))
    return THREADS * POSTS / (time.perf_counter() - began)


def fsyncs(folder: Path) -> float:
    """What the disk does a second: 4 KiB more in a file, and synced."""
    with (folder / "fsync").open("wb", buffering=0) as file:
        began = time.perf_counter()
        for _ in range(300):
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
    return 300 / (time.perf_counter() - began)


@contextmanager
def sandbox(folder: Path, latency: float = LATENCY) -> Iterator[dict[str, Any]]:
    """The networks as a process of their own, slow as real ones."""
    ports = folder / "ports.json"
    command = [sys.executable, "-m", "bot.sandbox", "--ports-file", str(ports)]
    with (
        subprocess.Popen(command, stderr=subprocess.DEVNULL) as process,
        closing(requests.Session()) as asking,
    ):
        try:
            while not ports.exists():
                time.sleep(0.02)
            servers = json.loads(ports.read_text("utf-8"))
            url = f"{servers['mastodon']['url']}/_sandbox/settings"
            asking.post(url, json={"slow": latency}, timeout=10).raise_for_status()
            yield servers
        finally:
            process.terminate()
