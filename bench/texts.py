"""X's length, beside the official library from npm where it is there (`make test-all` installs it)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench import made_up
from bench.measure import Row, seconds
from bot.core.text import LIMITS, length

SCRIPT = """
const t = require(process.argv[1]); const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
texts.slice(0, 50).forEach(x => t.parseTweet(x));
const began = process.hrtime.bigint(); texts.forEach(x => t.parseTweet(x));
console.log(Number(process.hrtime.bigint() - began) / 1e9);
"""


def rows() -> Iterator[Row]:
    ours = min(measured(made_up.texts(1000, seed)) for seed in range(3))  # new texts: nothing is cached
    official = twitter_text()
    theirs = official(made_up.texts(1000)) if official else 0.0
    yield Row("X length of 1,000 texts", ours, "s", "npm twitter-text 3.1.0", theirs, "under 0.1 s")


def measured(texts: list[str]) -> float:
    return seconds(lambda: [length(each, LIMITS["x"]) for each in texts], times=1)


def twitter_text():  # type: ignore[no-untyped-def]
    given = os.environ.get("PETITION_BOT_TWITTER_TEXT") or ".node/node_modules/twitter-text"
    node = shutil.which("node")
    if not node or not Path(given).exists():
        return None

    def measure(texts: list[str]) -> float:
        command = [node, "-e", SCRIPT, str(Path(given).resolve())]
        ran = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
        return float(ran.stdout)

    return measure
