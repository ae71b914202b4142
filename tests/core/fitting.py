"""Messages fitted for accounts of a small campaign, for the tests of fitting."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.core.fit import Misfit, fit
from bot.core.model import Post
from bot.core.text import normalized
from bot.core.written import Message, Settings

PETITION = "https://example.org/firma"
STORY = "https://example.net/historia"
X: dict[str, Any] = {"id": "x", "network": "x"}
MASTODON: dict[str, Any] = {"id": "mastodon", "network": "mastodon", "server": "https://example.social"}
BLUESKY: dict[str, Any] = {"id": "bluesky", "network": "bluesky"}
DRY: dict[str, Any] = {"id": "dry", "network": "dry"}

words = st.text(min_size=1, max_size=80).filter(normalized)
accounts = st.sampled_from([X, MASTODON, BLUESKY, DRY])


def settings(account: dict[str, Any], campaign: dict[str, Any], petition: Any = PETITION) -> Settings:
    return Settings.model_validate(
        {
            "campaign": {"name": "A food bank", **campaign},
            "petition": {"url": petition, "goal": 100_000},
            "accounts": [{"schedule": {"at": "09:00"}, **account}],
        }
    )


def fitted(
    message: dict[str, Any],
    account: dict[str, Any] = X,
    campaign: dict[str, Any] | None = None,
    petition: Any = PETITION,
    language: str = "en",
    **more: Any,
) -> Post | Misfit:
    chosen = settings(account, campaign or {}, petition)
    written = Message.model_validate({"id": "a-fact", "kind": "fact", "text": "Some words.", **message})
    return fit(written, chosen.accounts[0], chosen, language, **more)


def post(message: dict[str, Any], account: dict[str, Any] = X, **more: Any) -> Post:
    made = fitted(message, account, **more)
    assert isinstance(made, Post), made
    return made


def text(message: dict[str, Any], account: dict[str, Any] = X, **more: Any) -> str:
    (part,) = post(message, account, **more).parts
    return part
