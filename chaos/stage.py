"""What a round is played on: a folder with the campaign's files, and the sandbox as a process of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

DEADLINE, SETTLE = "300ms", "600ms"
NETWORKS = ("x", "mastodon", "bluesky")
PACE = "1s"
MESSAGES = 250
"""More than a round has slots: no text comes back, so a second post of one text is one too many."""
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "os")]


@dataclass(frozen=True)
class Stage:
    folder: Path
    servers: Mapping[str, Any]

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def state(self) -> str:
        return f"sqlite:///{self.folder / 'state' / 'petition-bot.db'}"

    def ledger(self, network: str) -> Path:
        return self.folder / "sandbox" / f"{network}.jsonl"

    def environ(self) -> dict[str, str]:
        """The keys of both accounts, under the names that the bot wants."""
        return {
            f"{network.upper()}_{field}": value
            for network in NETWORKS
            for field, value in self.servers[network]["secrets"].items()
        }

    def tell(self, network: str, door: str, **body: Any) -> None:
        """Turn a knob of the sandbox, or order a fault."""
        self._ask(network, "POST", door, body)

    def calm(self, network: str) -> None:
        """No more faults."""
        self._ask(network, "DELETE", "fault", {})

    def _ask(self, network: str, method: str, door: str, body: Mapping[str, Any]) -> None:
        """Also while its port is closed for a moment, which is one of the faults."""
        for _ in range(200):
            with suppress(requests.ConnectionError):
                url = f"{self.servers[network]['url']}/_sandbox/{door}"
                requests.request(method, url, json=body, timeout=10).raise_for_status()
                return
            time.sleep(0.05)
        raise TimeoutError(f"the sandbox's {network} is gone")

    def write(self, *, over: bool = False) -> None:
        """config.yaml; `over`: no slot comes any more, and the counter stands still."""
        settings = _settings(self.servers, {"cron": "0 0 29 2 1"} if over else {"every": PACE})
        if over:
            settings["petition"]["counter"] = {"kind": "manual"}
        self.config.write_text(json.dumps(settings), "utf-8")


def _settings(servers: Mapping[str, Any], schedule: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON, which is YAML as well."""
    counter = {
        "kind": "json",
        "url": f"{servers['petition']['url']}/petitions/1.json",
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
                "network": each,
                "api_url" if each == "x" else "server": servers[each]["url"],
                "schedule": schedule,
            }
            for each in NETWORKS
        ],
        "delivery": {"timeout": DEADLINE, "settle": SETTLE, "grace": "30m", "catch_up": "all"},
        "web": {"listen": "127.0.0.1:0"},
    }


def messages(seed: int) -> dict[str, Any]:
    """A queue in which no two texts are alike, and a template for milestones."""
    dice = random.Random(seed)
    made = [_message(dice, number) for number in range(MESSAGES)]
    templates = [
        {"id": f"t{number}", "kind": "milestone", "text": f"{{milestone}} {_text(dice, number)}"}
        for number in range(8)
    ]
    return {"messages": [*made, *templates]}


def _message(dice: random.Random, number: int) -> dict[str, Any]:
    """One in five is a thread of two."""
    written = {"id": f"m{number}", "kind": "fact", "text": _text(dice, number)}
    return written | ({"thread": [_text(dice, number)]} if number % 5 == 4 else {})


def _text(dice: random.Random, number: int) -> str:
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(12)]
    return f"{number}: {' '.join(words)}"


@contextmanager
def stage(folder: Path, seed: int, grow: float = 2.0) -> Iterator[Stage]:
    """Files written, servers up; both accounts without the second belts that some servers give."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "messages.yaml").write_text(json.dumps(messages(seed)), "utf-8")
    with _sandbox(folder, grow) as servers:
        here = Stage(folder, servers)
        here.write()
        here.tell("x", "settings", duplicate_rule=False)
        here.tell("mastodon", "settings", ignores_keys=True, boosts_twice=True)
        yield here


@contextmanager
def _sandbox(folder: Path, grow: float) -> Iterator[dict[str, Any]]:
    ports = folder / "ports.json"
    kept = ["--state", str(folder / "sandbox"), "--ports-file", str(ports), "--grow", str(grow)]
    with (
        (folder / "sandbox.log").open("wb") as log,
        subprocess.Popen([sys.executable, "-m", "bot.sandbox", *kept], stderr=log) as process,
    ):
        try:
            while not ports.exists() and process.poll() is None:
                time.sleep(0.02)
            yield json.loads(ports.read_text("utf-8"))
        finally:
            process.kill()
