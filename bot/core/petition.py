"""The petition as config.yaml has it: where people sign, how signatures are counted, and what is announced.

It refuses what it does not know; what stands between two of its values is said by bot/files/pairs.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from bot.core.addresses import AnyUrl, Url
from bot.core.scalars import (
    Day,
    Duration,
    Factor,
    Flag,
    Language,
    Positive,
    Whole,
    Words,
    Written,
    quoted,
    text_like,
    words,
)

CounterKind = Literal["manual", "json", "page", "uk_parliament", "action_network", "controlshift", "eci"]
Addresses = Annotated[
    Annotated[Url, Tag("one")] | Annotated[Mapping[Language, Url], Field(min_length=1), Tag("each")],
    Discriminator(lambda value: "each" if isinstance(value, Mapping) else "one"),
]


def header_name(value: Any) -> str:
    text = words(value).strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,59}", text):
        raise ValueError(
            f"{quoted(text)} cannot be the name of a header; write the name alone, such as X-Api-Key"
        )
    return text


HeaderName = Annotated[str, BeforeValidator(header_name), text_like(r"^[A-Za-z][A-Za-z0-9-]*$", "X-Api-Key")]


class CounterInfo(Written):
    """How the signature count is read."""

    kind: CounterKind = Field(
        "manual",
        description="manual: told by petition-bot count set N; json, page: read from an address; "
        "the others: read from a petition on that platform",
    )
    url: AnyUrl | None = Field(
        None, description="Where the count is read; default, but for json: the petition's page"
    )
    path: Words | None = Field(None, description="json: dotted path of the number in the answer")
    select: Words | None = Field(
        None, description="page: CSS selector of the element with the number; with @name, its attribute"
    )
    header: HeaderName | None = Field(
        None, description="json: a header with a secret, which stands in .env as PETITION_ and its name"
    )
    every: Duration = Field(timedelta(minutes=15), description="How often it is read; at least 1m")
    max_jump: Factor = Field(10, description="Times the recent rate, before a second reading is wanted")
    allow_private: Flag = Field(
        False, description="true: the count may be read within a private network, unencrypted as well"
    )

    @property
    def secret_header(self) -> str | None:
        """The header that carries a secret."""
        return "OSDI-API-Token" if self.kind == "action_network" else self.header


class MilestoneRules(Written):
    """Which counts are announced."""

    thresholds: tuple[Positive, ...] = Field(
        (), description="Announced once each, when the count passes them"
    )
    then_every: Positive | None = Field(None, description="After the last threshold, one more every so many")
    repost_after: Duration | None = Field(
        None, description="The announcement is reposted once, this much later"
    )
    progress_every: Duration | None = Field(
        None, description="How often a progress message says where it stands"
    )


class Petition(Written):
    """What people are asked to sign."""

    url: Addresses = Field(description="Where people sign: one address, or one per language")
    goal: Whole | None = Field(None, description="Signatures that are wanted; templates call it {goal}")
    closes: Day | None = Field(None, description="Last day; after it calls are held")
    counter: CounterInfo = CounterInfo()
    milestones: MilestoneRules = MilestoneRules()

    def address(self, language: str, default: str) -> str:
        """The petition's page for a language, else for the campaign's, else the first."""
        if isinstance(self.url, str):
            return self.url
        return self.url.get(language) or self.url.get(default) or next(iter(self.url.values()))

    @property
    def pages(self) -> tuple[str, ...]:
        """Its page in every language."""
        return (self.url,) if isinstance(self.url, str) else tuple(self.url.values())
