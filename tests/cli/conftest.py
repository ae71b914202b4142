"""A campaign's folder for every test, and the commands on it: in this process, or as a process of its own."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import program
from bot.core.model import Change, Delivery, Go, NewDelivery, State
from bot.sandbox import Sandbox
from bot.store import open_store
from bot.store.store import SqlStore

TOP = Path(__file__).parents[2]
NOBODYS = ("X_", "MASTODON_", "HERE_", "PETITION_BOT_CONFIG", "DATABASE_URL", "NO_COLOR", "COLUMNS")

CONFIG = """\
campaign: {name: Test, timezone: America/Chicago, hashtags: [KeepIt]}
petition:
  url: https://petition.example.org/p
  goal: 100000
  milestones: {thresholds: [1000, 5000]}
accounts:
  - id: here
    network: dry
    schedule: {at: ["09:00", "18:30"]}
web: {listen: "127.0.0.1:0"}
"""

MESSAGES = """\
messages:
  - id: tents
    kind: fact
    text: In November 2019 families slept in tents by the bridge, and waited [sic] for a :date:.
    source: https://example.org/tents
    as_of: 2019-11-20
  - id: court
    kind: fact
    text: Few of them ever saw a court.
    source: https://example.org/court
    as_of: 2019-11-20
  - id: a-story
    kind: story
    text: Ana tells how it was.
    link: https://example.org/ana
  - id: later
    kind: fact
    text: Not yet.
    source: https://example.org/later
    as_of: 2019-11-20
    draft: true
  - id: passed
    kind: milestone
    text: "{milestone} have signed."
"""


class Place:
    """One folder with both files, and what can be done with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("config.yaml", CONFIG)
        self.write("messages.yaml", MESSAGES)

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        path.chmod(mode)
        return path

    @property
    def environ(self) -> dict[str, str]:
        return {"PETITION_BOT_CONFIG": str(self.folder / "config.yaml")}

    def bot(self, *words: str, **environ: str) -> Result:
        """The command in this process. Whatever escapes it is an error of the test."""
        done = CliRunner().invoke(program, words, env=self.environ | environ, prog_name="petition-bot")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def json(self, *words: str) -> Any:
        done = self.bot(*words, "--json")
        assert done.exit_code in (0, 1), done.output
        return json.loads(done.stdout)

    def needs_a_person(self) -> list[Any]:
        """What `status` says of it, less the draft that is in the file from the start."""
        return [each for each in self.json("status")["needs_a_person"] if each["state"] != "draft"]

    def start(
        self, *words: str, stdout: int = subprocess.PIPE, environ: Mapping[str, str] = {}
    ) -> subprocess.Popen[str]:
        """The command as a process of its own, its output in pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            env={**without_ours(os.environ), **self.environ, "PYTHONPATH": str(TOP), **environ},
            cwd=self.folder,
            text=True,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )

    # --- the state ------------------------------------------------------------------------

    @property
    def state(self) -> Path:
        return self.folder / "state" / "petition-bot.db"

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        with closing(open_store(f"sqlite:///{self.state}")) as opened:
            yield opened

    def unconfirmed(self, message_id: str = "tents", *, waits: bool = True) -> int:
        """A delivery of unknown fate; `waits` for a person. Returns its id."""
        with self.store() as store:
            row = _claimed(store, message_id)
            later = None if waits else datetime.now(UTC) + timedelta(hours=1)
            assert store.settle(row, Change(State.UNCONFIRMED, "the connection broke", next_at=later))
            return row.id


class Terminal:
    """A process whose output goes to a terminal, and what it shows there."""

    def __init__(self, place: Place, *words: str, width: int = 80) -> None:
        self._leader, follower = pty.openpty()
        size = {"COLUMNS": str(width), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        self.process = place.start(*words, stdout=follower, environ=size)
        os.close(follower)
        self.shown = ""

    def until(self, text: str) -> str:
        """All that is shown so far, once `text` is."""
        while text not in self.shown:
            some = self._some()
            assert some, f"it ended without {text!r}:\n{self.shown}"
            self.shown += some
        return self.shown

    def rest(self) -> str:
        """All that is shown until the process ends by itself, well."""
        while some := self._some():
            self.shown += some
        os.close(self._leader)
        _, errors = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, errors
        return self.shown

    def _some(self) -> str:
        try:
            return os.read(self._leader, 65536).decode(errors="replace").replace("\r", "")
        except OSError:  # Linux says so when the other side is closed
            return ""


def bare(shown: str) -> str:
    """What a terminal shows, without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def _claimed(store: SqlStore, message_id: str) -> Delivery:
    now = datetime.now(UTC)
    wanted = NewDelivery(f"here/{message_id}", "here", now, now + timedelta(hours=1), message_id=message_id)
    (row,) = store.insert([wanted], {})
    claimed = store.claim(row.id, None, now, (now, now + timedelta(days=1)), lambda _row, _situation: Go())
    assert isinstance(claimed, Delivery)
    assert store.spoke(claimed.id, now)
    return claimed


def without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(NOBODYS)}


@pytest.fixture(autouse=True)
def _nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(without_ours(os.environ)):
        monkeypatch.delenv(name)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start() as started:
        yield started


LIVE = """\
campaign: {{name: Test}}
petition:
  url: https://petition.example.org/p
  goal: 100000
  counter: {{kind: json, url: "{petition}/petitions/1.json", path: data.attributes.signature_count}}
  milestones: {{thresholds: [1000, 5000]}}
accounts:
  - id: x
    network: x
    api_url: {x}
    schedule: {{every: 1s}}
    budget: {{usd_per_month: 25}}
  - id: mastodon
    network: mastodon
    server: {mastodon}
    schedule: {{every: 1s}}
web: {{listen: "127.0.0.1:0"}}
"""


@pytest.fixture
def live(place: Place, box: Sandbox) -> Place:
    """The same folder with an X and a Mastodon account on the sandbox, and their keys."""
    place.write("config.yaml", LIVE.format(x=box.x.url, mastodon=box.mastodon.url, petition=box.petition.url))
    keys = {f"X_{name}": value for name, value in box.x.secrets.items()}
    keys |= {f"MASTODON_{name}": value for name, value in box.mastodon.secrets.items()}
    place.write(".env", "".join(f"{name}={value}\n" for name, value in keys.items()), 0o600)
    return place
