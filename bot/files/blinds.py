"""Leaves the secrets of one campaign out of a text: those of the environment, of `.env`, and of files.

It knows them only to leave them out; it hands none to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECRET = re.compile(
    r"(API_KEY|API_SECRET|ACCESS_TOKEN|ACCESS_TOKEN_SECRET|APP_PASSWORD|DATABASE_URL|METRICS_TOKEN"
    r"|HEARTBEAT_URL|ALERT_[A-Z0-9_]+_URL|PETITION_[A-Z0-9_]+)(_FILE)?$"
)
"""How the names of variables end whose values nobody may see."""

NONE = re.compile(r"PETITION_BOT_")
ADDRESSES = re.compile(r"(HEARTBEAT|ALERT_[A-Z0-9_]+)_URL")
"""Of these any part may be the secret."""

SHORTEST = 6
"""A value of fewer letters is no key, and leaving it out would garble every line."""

SHORTEST_PART = 8
"""The same for a part of an address."""


class Blinds:
    """Whatever config.yaml says of its accounts. The secrets are read when the first text comes: most calls
    have none to show, and `folder` (that of the config) may not be known before."""

    def __init__(self, folder: Callable[[], Path], environ: Mapping[str, str]) -> None:
        self._folder, self._environ = folder, environ

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    @cached_property
    def _secrets(self) -> list[str]:
        folder = self._folder()
        named = [*_beside(folder).items(), *self._environ.items()]
        told = [(name, value) for name, value in named if SECRET.search(name) and not NONE.match(name)]
        values = {(name, _filed(folder / value) if name.endswith("_FILE") else value) for name, value in told}
        kept = {form for name, value in values for form in _forms(name, value)}
        return sorted(kept, key=len, reverse=True)


def _forms(name: str, value: str) -> Iterator[str]:
    """The value, and what of it may be met alone."""
    words = [value, _password(value)]
    yield from (word for word in (*words, *map(unquote, words)) if len(word) >= SHORTEST)
    if ADDRESSES.match(name):
        parts = re.split(r"[\s,;:/?&=@#]+", value)
        yield from (part for part in (*parts, *map(unquote, parts)) if len(part) >= SHORTEST_PART)


def _password(value: str) -> str:
    try:
        return urlsplit(value).password or ""
    except ValueError:
        return ""


def _beside(folder: Path) -> dict[str, str]:
    from bot.files.secrets import ConfigRefused, dot_env

    try:
        return dot_env(folder)
    except ConfigRefused:
        return {}


def _filed(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
