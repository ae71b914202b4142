"""Starting up and idling, beside a script with the same libraries and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from bench.measure import Row, memory, python

LIBRARIES = "import tweepy, mastodon, apscheduler.schedulers.background, yaml, flask, waitress, sqlalchemy"
CONFIG = """
campaign: {name: Bench}
petition: {url: "https://petition.example.org/p"}
accounts:
  - {id: x, network: x, api_url: "http://127.0.0.1:9", schedule: {at: ["09:00"]}}
  - {id: mastodon, network: mastodon, server: "http://127.0.0.1:9", schedule: {at: ["09:00"]}}
web: {listen: "127.0.0.1:0"}
"""
KEYS = {
    **{f"X_{each}": "k" for each in ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")},
    "MASTODON_ACCESS_TOKEN": "k",
}


def rows() -> Iterator[Row]:
    main = "import sys; from bot.cli import main; sys.argv = ['petition-bot', '--help']; main()"
    yield Row(
        "petition-bot --help", python(main), "s", "python -c pass", python("pass"), "no network library"
    )
    ready, megabytes = idle()
    yield Row(
        "run: page answers after", ready, "s", "importing the libraries", python(LIBRARIES), "under 1.5 s"
    )
    yield Row(
        "run: memory while idle",
        megabytes,
        "MB",
        "importing the libraries",
        memory(LIBRARIES),
        "under 110 MB",
    )


def idle() -> tuple[float, float]:
    """Seconds until the page answers, and MB in use a few seconds later."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "config.yaml").write_text(CONFIG)
        (Path(folder) / "messages.yaml").write_text("messages:\n  - {id: a, kind: fact, text: Sign today}\n")
        began = time.perf_counter()
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "--config", f"{folder}/config.yaml", "run"],
            env={**KEYS, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert bot.stdout is not None
            found = (re.search(r'http://127[^\s"]+', line) for line in bot.stdout)
            address = next(each[0] for each in found if each)
            with urlopen(address) as answer:
                answer.read()
            ready = time.perf_counter() - began
            time.sleep(3)
            status = Path(f"/proc/{bot.pid}/status").read_text()
            return ready, int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
        finally:
            bot.terminate()
            bot.wait(30)
