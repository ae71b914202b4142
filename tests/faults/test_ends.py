"""A bot that is told to end does so within 20 seconds, whatever it is at, and leaves nothing half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import LAST_LOOK
from bot.sandbox import Fault, Sandbox
from bot.store import open_store
from tests.faults.town import wait_for

TOP = Path(__file__).parents[2]
ENDS_WITHIN = 20.0

CAUGHT_ELSEWHERE = """
import signal, sys, threading, time
from pathlib import Path
from bot.cli import main

def catch():
    while "event=started" not in Path("said").read_text():
        time.sleep(0.05)
    time.sleep(0.5)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    time.sleep(60)

threading.Thread(target=catch, daemon=True).start()
sys.argv[1:] = ["run"]
main()
"""


class Running:
    """The real command in a folder of its own, posting to the sandbox every second."""

    def __init__(self, folder: Path, box: Sandbox, *command: str, timeout: str = "1s") -> None:
        self.folder = folder
        accounts = [
            {"id": "x", "network": "x", "api_url": box.x.url, "schedule": {"every": "1s"}},
            {"id": "m", "network": "mastodon", "server": box.mastodon.url, "schedule": {"every": "1s"}},
        ]
        messages = [{"id": f"m{n}", "kind": "fact", "text": f"Number {n} of many."} for n in range(30)]
        config = {
            "campaign": {"name": "Ends"},
            "petition": {"url": "https://petition.example.org/p"},
            "accounts": accounts,
            "delivery": {"timeout": timeout, "settle": "2m"},
            "web": {"listen": "127.0.0.1:0"},
        }
        (folder / "config.yaml").write_text(json.dumps(config), "utf-8")
        (folder / "messages.yaml").write_text(json.dumps({"messages": messages}), "utf-8")
        keys = {f"X_{name}": value for name, value in box.x.secrets.items()}
        keys["M_ACCESS_TOKEN"] = box.mastodon.secrets["ACCESS_TOKEN"]
        self._said = (folder / "said").open("wb")
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env=os.environ | keys | {"PYTHONPATH": str(TOP)},
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        return (self.folder / "said").read_text("utf-8")

    def end(self, number: int = signal.SIGTERM) -> float:
        """Seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(ENDS_WITHIN) in (0, 1)
        return time.monotonic() - began

    def states(self) -> list[str]:
        store = open_store(f"sqlite:///{self.folder}/state/petition-bot.db")
        found = [row.state.value for row in store.history(account="x")]
        store.close()
        return found

    def close(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self._said.close()


@pytest.fixture
def running(tmp_path: Path, box: Sandbox) -> Iterator[Any]:
    made: list[Running] = []

    def start(*command: str, **fields: str) -> Running:
        made.append(Running(tmp_path, box, *command, **fields))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_bot_at_rest_ends_at_once_and_says_nothing_of_it(running, box: Sandbox, number: int):
    bot = running()
    wait_for(box.x.posts, 30)
    assert bot.end(number) < 5
    assert "Traceback" not in bot.said()


def test_a_signal_that_another_thread_caught_is_heard_as_well(running, box: Sandbox):
    """The system may hand it to any thread; Python looks at it in the first one, when that wakes."""
    bot = running(sys.executable, "-c", CAUGHT_ELSEWHERE)
    assert bot.process.wait(30) == 0
    assert "Traceback" not in bot.said()


def test_what_is_under_way_is_brought_to_its_end(running, box: Sandbox):
    box.x.settings.slow_answer = 2.0
    bot = running(timeout="10s")
    wait_for(lambda: box.x.calls("create"), 30)
    assert 1 < bot.end() < ENDS_WITHIN
    assert bot.states().count("posted") == len(box.x.posts()) == 1
    assert not {"sending", "unconfirmed"} & set(bot.states())


def test_a_service_that_is_stopped_has_twenty_seconds():
    """What systemd and Docker give may be more; no request is waited for longer."""
    assert LAST_LOOK < ENDS_WITHIN


def test_who_is_told_twice_ends_at_once_and_what_was_under_way_is_not_sent_again(running, box: Sandbox):
    """As at the end of the twenty seconds: the post stands, and is in doubt at the next start."""
    box.x.settings.hang = 60.0
    box.x.fault("create", Fault.TIMEOUT_AFTER)
    bot = running(timeout="60s")
    wait_for(box.x.posts, 30)
    bot.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    bot.process.send_signal(signal.SIGTERM)
    assert bot.process.wait(5) != 0
    assert "sending" in bot.states()
    box.x.clear()
    again = running(timeout="1s")
    wait_for(lambda: "unconfirmed" in again.said(), 30)
    again.end()
    texts = [post.text for post in box.x.posts()]
    assert len(texts) == len(set(texts))
