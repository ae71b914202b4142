"""One post from the command line, as a whole process: `petition-bot post` beside `toot post`, which remembers
nothing. Measured where toot is: on the PATH, or where PETITION_BOT_TOOT says.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.delivering import sandbox
from bench.measure import Row

TIMES = 3


def rows() -> Iterator[Row]:
    toot = os.environ.get("PETITION_BOT_TOOT") or shutil.which("toot")
    with TemporaryDirectory() as folder, sandbox(Path(folder), latency=0.0) as servers:
        there = servers["mastodon"]
        ours = _ours(Path(folder), there)
        theirs = _toots(toot, Path(folder), there) if toot else (0.0, 0.0)
    yield Row("one post by command", ours[0], "s", "toot post", theirs[0], "")
    yield Row("  memory", ours[1], "MB", "toot post", theirs[1], "")


def _ours(folder: Path, there: Mapping[str, Any]) -> tuple[float, float]:
    account = {"id": "m", "network": "mastodon", "server": there["url"], "schedule": {"at": ["09:00"]}}
    petition = {"url": "https://petition.example.org/p"}
    settings = {"campaign": {"name": "Bench"}, "petition": petition, "accounts": [account]}
    messages = [{"id": f"m{number}", "kind": "fact", "text": f"Sign {number}"} for number in range(TIMES)]
    (folder / "config.yaml").write_text(json.dumps(settings))
    (folder / "messages.yaml").write_text(json.dumps({"messages": messages}))
    command = [sys.executable, "-m", "bot", "--config", str(folder / "config.yaml"), "post"]
    environ = {**os.environ, "M_ACCESS_TOKEN": there["secrets"]["ACCESS_TOKEN"]}
    return _best([[*command, each["id"]] for each in messages], environ)


def _toots(toot: str, folder: Path, there: Mapping[str, Any]) -> tuple[float, float]:
    known = {"instance": "here", "base_url": there["url"], "client_id": "c", "client_secret": "s"}
    user = {"instance": "here", "username": "me", "access_token": there["secrets"]["ACCESS_TOKEN"]}
    settings = {"apps": {"here": known}, "users": {"me@here": user}, "active_user": "me@here"}
    (folder / "toot").mkdir()
    (folder / "toot" / "config.json").write_text(json.dumps(settings))
    environ = {**os.environ, "XDG_CONFIG_HOME": str(folder)}
    return _best([[toot, "post", f"Toot {number}"] for number in range(TIMES)], environ)


def _best(commands: list[list[str]], environ: Mapping[str, str]) -> tuple[float, float]:
    """Seconds and peak MB of the quickest."""
    found = []
    for command in commands:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        found.append((time.perf_counter() - began, usage.ru_maxrss / 1024))
    return min(found)
