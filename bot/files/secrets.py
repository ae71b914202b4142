"""Keys from the environment, from `.env` beside the config, or from the file that `…_FILE` names.

A secret is handed to whoever asks for it by name, and is never shown: not in a repr, not in a problem,
not in a pickle. It writes nothing and asks no network whether a key is right. python-dotenv lives here.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from bot.core.written import Account, CounterInfo, Settings
from bot.files.problems import Margin, Problem

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "x": ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"),
    "mastodon": ("ACCESS_TOKEN",),
    "bluesky": ("HANDLE", "APP_PASSWORD"),
    "dry": (),
}
WHENCE = {
    "x": "console.x.com, your app, Keys and tokens",
    "mastodon": "Preferences, Development, your application on {server}",
    "bluesky": "Settings, Privacy and security, App passwords",
}
"""Where a person finds the keys of a network."""


HEARTBEAT, METRICS = "HEARTBEAT_URL", "METRICS_TOKEN"


class ConfigRefused(Exception):
    """What people wrote cannot be used; `problems` say why, each in one sentence."""

    exit_code = 78

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


class Secrets(Mapping[str, str]):
    """Field name (`ACCESS_TOKEN`) -> value. Shows its names only."""

    __slots__ = ("__values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self.__values = dict(values)

    def __getitem__(self, field: str) -> str:
        return self.__values[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__values)

    def __len__(self) -> int:
        return len(self.__values)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self.__values) or 'none'})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets are not written anywhere")


def variable(account_id: str, field: str) -> str:
    """`X_API_KEY` for the account x."""
    return f"{account_id.upper().replace('-', '_')}_{field}"


def secrets(account: Account, environ: Mapping[str, str], folder: Path) -> Secrets:
    """The keys of one account. Raises ConfigRefused that names every variable that is missing."""
    beside = dot_env(folder)
    margin = Margin(str(folder / ".env"))
    values: dict[str, str] = {}
    for field in REQUIRED[account.network]:
        name = variable(account.id, field)
        value = _look_up(name, environ, folder, margin) or _look_up(name, beside, folder, margin)
        if value:
            values[field] = value
        elif not any(name in note.message for note in margin.notes):
            margin.error((1, 1), "missing-secret", _missing(name, account))
    if margin.notes:
        raise ConfigRefused(margin.notes)
    return Secrets(values)


def counter_variable(header: str) -> str:
    """`PETITION_OSDI_API_TOKEN` for the header OSDI-API-Token."""
    return f"PETITION_{header.upper().replace('-', '_')}"


def counter_secret(counter: CounterInfo, environ: Mapping[str, str], folder: Path) -> str | None:
    """What goes into the counter's header; None where it has none. Raises ConfigRefused where it lacks."""
    if counter.secret_header is None:
        return None
    beside, margin = dot_env(folder), Margin(str(folder / ".env"))
    name = counter_variable(counter.secret_header)
    value = _found(name, environ, beside, folder, margin)
    if not value and not margin.notes:
        whence = "the API & Sync page of your group" if counter.kind == "action_network" else "the site"
        what = f"petition.counter needs {name}: find it at {whence}, and set it in .env beside the config"
        margin.error((1, 1), "missing-secret", what)
    if margin.notes:
        raise ConfigRefused(margin.notes)
    return value


def alert_variable(name: str) -> str:
    """`ALERT_TEAM_URL` for the address that alerts.to calls team."""
    return variable(f"alert-{name}", "URL")


def addresses(settings: Settings, environ: Mapping[str, str], folder: Path) -> Secrets:
    """Where people are told: name -> an address that Apprise knows (or several, with blanks between). Raises
    ConfigRefused that names every variable that is missing."""
    found = {name: (alert_variable(name), f"alerts.to names {name}") for name in settings.alerts.to}
    return Secrets(_named(found, environ, folder))


def heartbeat(settings: Settings, environ: Mapping[str, str], folder: Path) -> str | None:
    """The address of a dead man's switch; None where none is wanted. Raises ConfigRefused where it lacks."""
    found = {"url": (HEARTBEAT, "heartbeat is true")} if settings.heartbeat else {}
    return _named(found, environ, folder).get("url")


def _named(wanted: Mapping[str, tuple[str, str]], environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """`wanted`: name -> its variable, and what in config.yaml asks for it."""
    margin, values = Margin(str(folder / ".env")), dict[str, str]()
    beside = dot_env(folder) if wanted else {}
    for name, (named, asks) in wanted.items():
        value = _found(named, environ, beside, folder, margin)
        if value:
            values[name] = value
        elif not any(named in note.message for note in margin.notes):
            what = f"{asks}, and {named} is not set: set it in .env beside the config"
            margin.error((1, 1), "missing-secret", what)
    if margin.notes:
        raise ConfigRefused(margin.notes)
    return values


def _found(
    name: str, environ: Mapping[str, str], beside: Mapping[str, str], folder: Path, margin: Margin
) -> str:
    """A value that may hold blanks, from the environment, else from `.env`; empty where there is none."""
    found = (_look_up(name, where, folder, margin, " ") for where in (environ, beside))
    return next(filter(None, found), "")


def database_url(environ: Mapping[str, str], folder: Path) -> str:
    """DATABASE_URL of the environment, of `.env`, or in the file that DATABASE_URL_FILE names; or nothing."""
    margin = Margin(str(folder / ".env"))
    value = _found("DATABASE_URL", environ, dot_env(folder), folder, margin)
    if margin.notes:
        raise ConfigRefused(margin.notes)
    return value


def metrics_token(environ: Mapping[str, str], folder: Path) -> str | None:
    """With what other machines may read /metrics; None: none may. Raises ConfigRefused."""
    margin = Margin(str(folder / ".env"))
    value = _found(METRICS, environ, dot_env(folder), folder, margin)
    if margin.notes:
        raise ConfigRefused(margin.notes)
    return value or None


def _missing(name: str, account: Account) -> str:
    whence = WHENCE[account.network].format(server=account.server)
    return f"account {account.id} needs {name}: find it at {whence}, and set it in .env beside the config"


def _look_up(name: str, where: Mapping[str, str], folder: Path, margin: Margin, lowest: str = "!") -> str:
    """`lowest` is the first letter, as ASCII has them, that a value may have."""
    value = where.get(name, "").strip()
    path = where.get(f"{name}_FILE", "").strip()
    if not value and path:
        try:
            value = (folder / path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            margin.error(
                (1, 1), "unreadable", f"{name}_FILE names a file that cannot be read; correct the path"
            )
    if not all(lowest <= character <= "~" for character in value):
        margin.error(
            (1, 1), "bad-secret", f"{name} holds a character that no key has; copy the key once more"
        )
    return value


def dot_env(folder: Path) -> dict[str, str]:
    """What `.env` sets; empty without one. Raises ConfigRefused when others can read it."""
    path = folder / ".env"
    margin = Margin(str(path))
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            margin.error(
                (1, 1), "open-to-others", f"{path} can be read by others; close it with: chmod 600 {path}"
            )
            raise ConfigRefused(margin.notes)
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        why = (
            "it is not UTF-8; save as UTF-8"
            if isinstance(problem, ValueError)
            else "its permissions forbid it"
        )
        margin.error((1, 1), "unreadable", f"{path} cannot be read: {why}")
        raise ConfigRefused(margin.notes) from None
    from dotenv import dotenv_values

    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if value is not None}
