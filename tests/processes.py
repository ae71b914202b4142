"""The real program as a process, on a folder of files and a sandbox that the test holds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from bot.core.model import Delivery
from bot.sandbox import Sandbox
from bot.store import open_store

TOP = Path(__file__).parents[1]

CONFIG = """\
campaign: {{name: Test, timezone: UTC}}
petition: {{url: "{petition}"{counter}}}
delivery: {{timeout: {timeout}, settle: {settle}}}
web: {{listen: "127.0.0.1:0"}}
accounts:
  - {{id: mastodon, network: mastodon, server: "{server}", schedule: {{every: {every}}}}}
"""

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
QUEUE = "messages:\n" + "".join(
    f"- {{id: m-{first}-{second}, kind: call, text: We are {first} and {second} of many.}}\n"
    for first in NUMBERS
    for second in NUMBERS
)


class Place:
    """A folder with both files and `.env`, for a bot on the sandbox's Mastodon."""

    def __init__(
        self,
        folder: Path,
        box: Sandbox,
        every: str = "1s",
        timeout: str = "10s",
        settle: str = "11s",
        reads: bool = False,
    ) -> None:
        """`reads`: the count, from the sandbox's petition, once a second."""
        self.folder, self.box = folder, box
        page = f"{box.petition.url}/petitions/1"
        counter = (
            f', counter: {{kind: json, path: data.attributes.signature_count, url: "{page}.json", every: 1s}}'
        )
        values = {"petition": page, "server": box.mastodon.url, "counter": counter if reads else ""}
        text = CONFIG.format(**values, every=every, timeout=timeout, settle=settle)
        (folder / "config.yaml").write_text(text, "utf-8")
        (folder / "messages.yaml").write_text(QUEUE, "utf-8")
        env = folder / ".env"
        env.write_text(f"MASTODON_ACCESS_TOKEN={box.mastodon.secrets['ACCESS_TOKEN']}\n", "utf-8")
        env.chmod(0o600)

    @property
    def state(self) -> Path:
        return self.folder / "state" / "petition-bot.db"

    def rows(self) -> list[Delivery]:
        """Oldest first."""
        with closing(open_store(f"sqlite:///{self.state}")) as store:
            return store.history()[::-1]

    def command(self, *words: str, before: str = "") -> list[str]:
        """`before`: Python that is run first, in the same process."""
        start = ["-c", f"{before}\nfrom bot.cli import main; main()"] if before else ["-m", "bot"]
        return [sys.executable, *start, *words]

    def ran(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), cwd=self.folder, env=environ(), capture_output=True, text=True, timeout=60
        )

    @contextmanager
    def running(self, *words: str, before: str = "") -> Iterator[subprocess.Popen[str]]:
        """`petition-bot run`, or another command; killed at the end where it has not ended."""
        with subprocess.Popen(
            self.command(*(words or ("run",)), before=before),
            cwd=self.folder,
            env=environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


def environ(without: Sequence[str] = ("PETITION_BOT_CONFIG", "DATABASE_URL")) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return kept | {"PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}


def wait_for(happened: Callable[[], object], seconds: float = 20.0) -> None:
    ends = time.monotonic() + seconds
    while not happened() and time.monotonic() < ends:
        time.sleep(0.02)
    assert happened()
