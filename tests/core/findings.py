"""A small campaign to lint: one account on X in English, one on Mastodon in Spanish and English."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.core.lint import Finding, lint
from bot.core.model import Limits
from bot.core.pictures import Looks
from bot.core.written import Queue, Settings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
X: dict[str, Any] = {"id": "x", "network": "x", "schedule": {"at": ["09:00"]}}
MASTODON: dict[str, Any] = {
    "id": "m",
    "network": "mastodon",
    "server": "https://social.example.org",
    "languages": ["en", "es"],
    "schedule": {"at": ["09:00"]},
}
SOURCE = {"source": "https://example.org/report", "as_of": "2019-11-20"}


def settings(**changed: Any) -> Settings:
    """A valid config; `changed` names whole sections, of which those given here win key by key."""
    whole: dict[str, Any] = {
        "campaign": {"name": "Library", "timezone": "Europe/Madrid"},
        "petition": {"url": "https://example.org/library", "goal": 100_000},
        "accounts": [X, MASTODON],
    }
    for name, value in changed.items():
        whole[name] = {**whole.get(name, {}), **value} if isinstance(value, dict) else value
    return Settings.model_validate(whole)


def message(text: Any = "Sign for the library.", **given: Any) -> dict[str, Any]:
    return {"id": "one", "kind": "call", "text": text, **given}


def check(
    *messages: dict[str, Any],
    limits: dict[str, Limits] | None = None,
    now: datetime = NOW,
    looks: Looks | None = None,
    **changed: Any,
) -> list[Finding]:
    """The findings on a queue; entries of the same id get numbers."""
    queue = Queue.model_validate({"messages": list(messages)})
    return lint(settings(**changed), queue, limits or {}, now, looks or {})


def codes(*messages: dict[str, Any], **given: Any) -> list[str]:
    return [finding.code for finding in check(*messages, **given)]


def the(code: str, *messages: dict[str, Any], **given: Any) -> Finding:
    """The only finding of that code."""
    (found,) = [finding for finding in check(*messages, **given) if finding.code == code]
    return found
