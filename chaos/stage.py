"""What a round is played on: a folder with the campaign's files, and the sandbox as a process of its own.

Where several replicas are at work there are several towns, each a sandbox with an account on every network.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bot.replica import DEADLINES

DEADLINE = 0.3
"""Seconds of a request in a round of one bot; the settle time is twice that."""
NETWORKS = ("x", "mastodon", "bluesky")
PACE = "1s"
MESSAGES = 250
"""More than a round has slots: no text comes back, so a second post of one text is one too many."""
IN_TURN = 40
"""Messages of each town, where there are several; they have as many variants as it takes."""
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "os")]


@dataclass(frozen=True)
class Stage:
    """`servers` by account, and the petition's. `database`: a PostgreSQL that keeps the state."""

    folder: Path
    servers: Mapping[str, Any]
    database: str | None = None
    deadline: float = DEADLINE

    @property
    def lease(self) -> float:
        """Seconds for which nobody takes over what a dead bot served."""
        return DEADLINES * self.deadline if self.database else 0.0

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(each for each in self.servers if network_of(each) in NETWORKS)

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def state(self) -> str:
        return self.database or f"sqlite:///{self.folder / 'state' / 'petition-bot.db'}"

    def ledger(self, account: str) -> Path:
        network = network_of(account)
        return self.folder / f"sandbox{account.removeprefix(network)}" / f"{network}.jsonl"

    def environ(self) -> dict[str, str]:
        """The keys of all accounts, under the names that the bot wants."""
        return {
            f"{account.upper()}_{field}": value
            for account in self.accounts
            for field, value in self.servers[account]["secrets"].items()
        } | ({"DATABASE_URL": self.database} if self.database else {})

    def tell(self, account: str, door: str, **body: Any) -> None:
        """Turn a knob of the sandbox, or order a fault."""
        self._ask(account, "POST", door, body)

    def calm(self, account: str) -> None:
        """No more faults."""
        self._ask(account, "DELETE", "fault", {})

    def _ask(self, account: str, method: str, door: str, body: Mapping[str, Any]) -> None:
        """Also while its port is closed for a moment, which is one of the faults."""
        for _ in range(200):
            with suppress(requests.ConnectionError):
                url = f"{self.servers[account]['url']}/_sandbox/{door}"
                requests.request(method, url, json=body, timeout=10).raise_for_status()
                return
            time.sleep(0.05)
        raise TimeoutError(f"the sandbox's {account} is gone")

    def write(self, *, over: bool = False) -> None:
        """config.yaml; `over`: no slot comes any more, and the counter stands still."""
        settings = _settings(self, {"cron": "0 0 29 2 1"} if over else {"every": PACE})
        if over:
            settings["petition"]["counter"] = {"kind": "manual"}
        self.config.write_text(json.dumps(settings), "utf-8")


def network_of(account: str) -> str:
    """The network of an account in any town: `mastodon2` is the one of the second."""
    return account.rstrip("0123456789")


def _settings(stage: Stage, schedule: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON, which is YAML as well."""
    counter = {
        "kind": "json",
        "url": f"{stage.servers['petition']['url']}/petitions/1.json",
        "path": "data.attributes.signature_count",
        "every": "1s",
    }
    return {
        "campaign": {"name": "Chaos", "timezone": "UTC"},
        "petition": {
            "url": "https://petition.example.org/p",
            "counter": counter,
            "milestones": {"thresholds": [10], "then_every": 10, "repost_after": "2s"},
        },
        "accounts": [
            {
                "id": each,
                "network": network_of(each),
                "api_url" if network_of(each) == "x" else "server": stage.servers[each]["url"],
                "schedule": schedule,
            }
            for each in stage.accounts
        ],
        "delivery": {
            "timeout": f"{stage.deadline * 1000:.0f}ms",
            "settle": f"{stage.deadline * 2000:.0f}ms",
            "grace": "30m",
            "catch_up": "all",
        },
        "web": {"listen": "127.0.0.1:0"},
    }


def messages(seed: int, towns: int = 1, texts: int = MESSAGES) -> dict[str, Any]:
    """A queue in which no two texts are alike, and templates for milestones. Where there are several towns,
    each has so many `texts` of its own, since no two accounts on X may say the same."""
    dice = random.Random(seed)
    if towns == 1:
        made = [_message(dice, number) for number in range(texts)]
    else:
        each = -(-texts // IN_TURN)
        made = [_variants(dice, town, number, each) for town in range(towns) for number in range(IN_TURN)]
    templates = [
        {"id": f"t{number}", "kind": "milestone", "text": f"{{milestone}} {_text(dice, number)}"}
        for number in range(8)
    ]
    return {"messages": [*made, *templates]}


def _message(dice: random.Random, number: int) -> dict[str, Any]:
    """One in five is a thread of two."""
    written = {"id": f"m{number}", "kind": "fact", "text": _text(dice, number)}
    return written | ({"thread": [_text(dice, number)]} if number % 5 == 4 else {})


def _variants(dice: random.Random, town: int, number: int, many: int) -> dict[str, Any]:
    """A message of one town, which says something else whenever its turn comes."""
    texts = [_text(dice, 1000 * town + number) for _ in range(many)]
    accounts = [f"{network}{town + 1 if town else ''}" for network in NETWORKS]
    return {"id": f"m{town}-{number}", "kind": "fact", "text": texts, "accounts": accounts}


def _text(dice: random.Random, number: int) -> str:
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(12)]
    return f"{number}: {' '.join(words)}"


@contextmanager
def stage(
    folder: Path,
    seed: int,
    grow: float = 2.0,
    database: str | None = None,
    deadline: float = DEADLINE,
    towns: int = 1,
    texts: int = MESSAGES,
) -> Iterator[Stage]:
    """Files written, servers up; all accounts without the second belts that some servers give."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "messages.yaml").write_text(json.dumps(messages(seed, towns, texts)), "utf-8")
    with ExitStack() as open_now:
        names = [f"{number + 1 if number else ''}" for number in range(towns)]
        servers = {
            f"{site}{name}": server
            for name in names
            for site, server in open_now.enter_context(_sandbox(folder / f"sandbox{name}", grow)).items()
        }
        here = Stage(folder, servers, database, deadline)
        here.write()
        for name in names:
            here.tell(f"x{name}", "settings", duplicate_rule=False)
            here.tell(f"mastodon{name}", "settings", ignores_keys=True, boosts_twice=True)
        yield here


@contextmanager
def _sandbox(state: Path, grow: float) -> Iterator[dict[str, Any]]:
    ports = state.with_suffix(".json")
    kept = ["--state", str(state), "--ports-file", str(ports), "--grow", str(grow)]
    with (
        state.with_suffix(".log").open("wb") as log,
        subprocess.Popen([sys.executable, "-m", "bot.sandbox", *kept], stderr=log) as process,
    ):
        try:
            while not ports.exists() and process.poll() is None:
                time.sleep(0.02)
            yield json.loads(ports.read_text("utf-8"))
        finally:
            process.kill()
