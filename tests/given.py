"""Small, valid values to start a test from; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.core.model import Delivery, State
from bot.core.plan import Book
from bot.core.written import Account, Message, Queue, Settings

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
PETITION = "https://petition.example.org/p"


def at(text: str) -> datetime:
    """`2026-12-01 09:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def account(id: str = "mastodon", **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": id,
        "network": "mastodon",
        "schedule": {"at": ["09:00", "18:00"]},
        **fields,
    }
    if given["network"] == "mastodon":
        given.setdefault("server", "https://social.example.org")
    return given


def settings(*accounts: dict[str, Any], **fields: Any) -> Settings:
    campaign = {"name": "Test", "timezone": "UTC", **fields.pop("campaign", {})}
    petition = {"url": PETITION, **fields.pop("petition", {})}
    given = {"campaign": campaign, "petition": petition, "accounts": accounts or (account(),), **fields}
    return Settings.model_validate(given)


def message(id: str, kind: str = "fact", **fields: Any) -> Message:
    return Message.model_validate({"id": id, "kind": kind, "text": f"The text of {id}.", **fields})


def book(*messages: Message, settings: Settings | None = None) -> Book:
    return Book(settings or globals()["settings"](), Queue(messages=messages))


def an_account(**fields: Any) -> Account:
    return Account.model_validate(account(**fields))


def delivery(**fields: Any) -> Delivery:
    given: dict[str, Any] = {
        "id": 1,
        "key": "mastodon/2026-12-01/09:00",
        "account": "mastodon",
        "action": "post",
        "state": State.SENDING,
        "slot": at("2026-12-01 09:00"),
        "expires": at("2026-12-01 09:30"),
        "attempts": 1,
        "spoke_at": at("2026-12-01 09:00"),
    }
    return Delivery(**(given | fields))
