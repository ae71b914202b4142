"""config.yaml, messages.yaml beside it, and the environment, as one frozen answer.

It reads and checks; it starts nothing, asks no network, and never shows a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.lint import Finding
from bot.core.pictures import files
from bot.core.written import Queue, Settings
from bot.files import pairs, yaml
from bot.files.problems import Margin, Problem
from bot.files.read import Read, survey_queue, survey_settings
from bot.files.secrets import (
    REQUIRED,
    WHENCE,
    ConfigRefused,
    Secrets,
    addresses,
    alert_variable,
    counter_secret,
    counter_variable,
    database_url,
    heartbeat,
    metrics_token,
    secrets,
    variable,
)

__all__ = [
    "REQUIRED",
    "WHENCE",
    "ConfigRefused",
    "Loaded",
    "Secrets",
    "addresses",
    "alert_variable",
    "counter_secret",
    "counter_variable",
    "heartbeat",
    "load",
    "located",
    "metrics_token",
    "path_from",
    "secrets",
    "state_url",
    "unguarded",
    "variable",
]

PATH = "PETITION_BOT_CONFIG"
NAME = "config.yaml"


@dataclass(frozen=True)
class Loaded:
    """Both files. `settings` and `queue` are None when their file has an error.

    `config` and `messages` hold the documents, and what is sound in them although the file has errors.
    """

    settings: Settings | None
    queue: Queue | None
    config_path: Path
    messages_path: Path
    config: Read[Settings]
    messages: Read[Queue]
    problems: list[Problem]
    cache: Path | None = None
    """The folder of what can be read anew, such as servers' limits; None: state/ beside the config."""

    def usable(self) -> tuple[Settings, Queue]:
        """Both models. Raises ConfigRefused with every error when one is missing."""
        if self.settings is None or self.queue is None:
            raise ConfigRefused([problem for problem in self.problems if problem.severity == "error"])
        return self.settings, self.queue

    def checkable(self) -> tuple[Settings, Queue] | None:
        """What further checks can look at, broken entries left out; never to be run."""
        settings, queue = self.settings or self.config.sound, self.queue or self.messages.sound
        return (settings, queue) if settings and queue else None


def path_from(option: str | None, environ: Mapping[str, str]) -> Path:
    """`--config`, else PETITION_BOT_CONFIG, else config.yaml in the present folder; a folder holds one."""
    path = Path(option or environ.get(PATH) or NAME)
    return path / NAME if path.is_dir() else path


def load(path: Path, environ: Mapping[str, str], messages_text: str | None = None) -> Loaded:
    """Read and check both files. Never raises for what stands in them.

    `messages_text`: what messages.yaml would say, instead of what it says, to look ahead of an edit.
    """
    beside = path.parent / "messages.yaml"
    document = yaml.load(beside) if messages_text is None else yaml.parse(messages_text.encode(), str(beside))
    config, messages = survey_settings(yaml.load(path)), survey_queue(document)
    problems = [*config.problems, *messages.problems]
    loaded = Loaded(config.whole, messages.whole, path, beside, config, messages, problems)
    found = located(_between(loaded), loaded)
    wrong = {problem.file for problem in found if problem.severity == "error"}
    return Loaded(
        None if str(path) in wrong else loaded.settings,
        None if str(beside) in wrong else loaded.queue,
        path,
        beside,
        config,
        messages,
        sorted([*problems, *found]),
    )


def _between(loaded: Loaded) -> Iterable[Finding]:
    if loaded.config.sound:
        yield from pairs.of_settings(loaded.config.sound)
    ids = _account_ids(loaded.config)
    if ids and loaded.messages.sound:
        yield from pairs.of_both(loaded.messages.sound, ids)


def unguarded(loaded: Loaded) -> list[Problem]:
    """What is wrong with usable files while nobody has to sign in."""
    return located(pairs.unguarded(loaded.usable()[0]), loaded)


def _account_ids(config: Read[Settings]) -> list[str]:
    """All ids that stand in the file, also those of broken accounts; none where some are unreadable."""
    data = config.document.data
    accounts = data.get("accounts") if isinstance(data, dict) and not config.document.given_up else None
    entries = [entry for entry in accounts or () if isinstance(entry, dict)]
    return [entry["id"] for entry in entries if isinstance(entry.get("id"), str)]


def located(findings: Iterable[Finding], loaded: Loaded) -> list[Problem]:
    """Findings about `checkable()` (or `usable()`), each at its line."""
    return [_located(finding, loaded) for finding in findings]


def _located(finding: Finding, loaded: Loaded) -> Problem:
    read: Read[Settings] | Read[Queue] = loaded.config if finding.file == "config" else loaded.messages
    section, *rest = finding.loc
    if section in ("accounts", "messages") and rest and isinstance(rest[0], int):
        rest[0] = read.kept[rest[0]]
    place = read.document.at((section, *rest))
    return Problem(read.document.file, *place, finding.severity, finding.code, finding.message)


def state_url(settings: Settings, folder: Path, environ: Mapping[str, str]) -> str:
    """Where the state is kept: DATABASE_URL (environment or `.env`), else `state:`.

    A relative SQLite file is relative to `folder`, that of the config; the answer is absolute. Raises
    ConfigRefused for a DATABASE_URL that is none.
    """
    url = database_url(environ, folder) or settings.state
    if not pairs.STATE.fullmatch(url):
        margin = Margin(str(folder / ".env"))
        margin.error((1, 1), "bad-value", f"DATABASE_URL is not the address of a state; {pairs.STATE_FORMS}")
        raise ConfigRefused(margin.notes)
    if url.startswith("sqlite:///"):
        return f"sqlite:///{(folder / url.removeprefix('sqlite:///')).resolve()}"
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


Stamps = Mapping[Path, tuple[int, int] | None]


def stamps(loaded: Loaded) -> Stamps:
    """What tells that a file was edited: its time and size; None while it is not there. Pictures are among
    them, since another picture may have to stay at home."""
    folder = loaded.messages_path.parent
    pictures = [folder / file for file in files(loaded.queue)] if loaded.queue else []
    return {path: _stamp(path) for path in (loaded.config_path, loaded.messages_path, *pictures)}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
