"""The demo's page: timelines as followers see them, whoever published what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.overview import NETWORKS, Overview
from bot.web.passages import Passage, passages, web_link
from bot.web.said import Sentence
from bot.web.times import When, when

MOST = 30
"""Posts that a column shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a post: `key` finds its bytes, `alt` says what it shows."""

    key: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """One post that followers see, or one that the account repeated (`reposted`).

    `at` is when it became public (aware UTC), `url` where it stands, `language` that of its text.
    `continues`: it stands under the account's post before, as parts of a thread do.
    """

    text: str
    at: datetime
    url: str | None = None
    reposted: bool = False
    language: str | None = None
    continues: bool = False
    pictures: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One account's timeline. `name` and `handle` as followers see them; `posts` in any order."""

    network: str
    name: str
    handle: str
    posts: Sequence[Card]


@dataclass(frozen=True, slots=True)
class CardView:
    key: str
    at: When
    text: tuple[Passage, ...]
    url: str | None
    reposted: bool
    language: str | None
    continues: bool
    pictures: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    key: str
    network: str
    label: str
    name: str
    handle: str
    initials: str
    posts: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class DemoPage:
    campaign: str
    sentence: Sentence
    columns: tuple[ColumnView, ...]
    most: int = MOST


def demo_page(overview: Overview, columns: Sequence[Column]) -> DemoPage:
    """What the page shows at the overview's moment, times in the campaign's zone."""
    views = tuple(_column(number, column, overview) for number, column in enumerate(columns, 1))
    return DemoPage(overview.campaign, Sentence.of(overview), views)


def _column(number: int, column: Column, overview: Overview) -> ColumnView:
    newest = sorted(column.posts, key=lambda card: card.at, reverse=True)[:MOST]
    label = NETWORKS.get(column.network, column.network)
    return ColumnView(
        key=f"column-{number}",
        network=column.network,
        label=label,
        name=column.name,
        handle=column.handle if column.handle != label else "",
        initials=initials(column.name),
        posts=tuple(_card(card, column.network, overview) for card in newest),
    )


def _card(card: Card, network: str, overview: Overview) -> CardView:
    return CardView(
        key=f"{card.at.timestamp()}",
        at=when(card.at, overview.zone, overview.at),
        text=passages(card.text, network),
        url=web_link(card.url),
        reposted=card.reposted,
        language=card.language,
        continues=card.continues,
        pictures=tuple(card.pictures),
    )


def initials(name: str) -> str:
    """The first letters of the first two words: what stands in the picture's place."""
    return "".join(word[0] for word in name.split()[:2]).upper() or "·"
