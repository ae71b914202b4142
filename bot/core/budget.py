"""What posts cost, in whole micro-dollars, before they are sent.

It keeps no account of what was spent: the store does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.model import MICRO_USD, Picture
from bot.core.text import urls
from bot.core.written import Budget


@dataclass(frozen=True, slots=True)
class Prices:
    """Micro-dollars: one post, one post with a URL, one alt text, one own post read back."""

    post: int = 0
    with_url: int = 0
    alt_text: int = 0
    read: int = 0


PRICES: Mapping[str, Prices] = {
    "x": Prices(post=15_000, with_url=200_000, alt_text=5_000, read=1_000),
    "mastodon": Prices(),
    "bluesky": Prices(),
    "dry": Prices(),
}
"""Defaults of November 2026, from https://docs.x.com/x-api/getting-started/pricing; the others are free."""

READING = 5
"""Posts that one call of X's timeline takes at least."""


def price(network: str, parts: Sequence[str], pictures: Sequence[Picture] = ()) -> int:
    """Micro-dollars of a whole post: every part of a thread, and the alt texts."""
    prices = PRICES[network]
    if not prices.post:
        return 0
    described = sum(1 for picture in pictures if picture.alt)
    return sum(_part(part, network, prices) for part in parts) + described * prices.alt_text


def _part(text: str, network: str, prices: Prices) -> int:
    """X does not say what a URL is, so all that begins like one counts, linked or not."""
    return prices.with_url if "://" in text or urls(text, network) else prices.post


def reading_price(network: str) -> int:
    """Micro-dollars of one look at an account's own timeline."""
    return PRICES[network].read * READING


def month(at: datetime) -> str:
    """The month in which money counts, in UTC: `2026-12`."""
    return at.astimezone(UTC).strftime("%Y-%m")


def dollars(micro: int) -> str:
    """`$0.20`, `$0.015`: exact, with at least two decimals."""
    whole, rest = divmod(abs(micro), MICRO_USD)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micro < 0 else ''}${whole}.{decimals}"


def over_budget(budget: Budget, cost: int, spent: int, posts: int) -> str | None:
    """Why a post of `cost` goes beyond what is left, after `spent` this month and `posts` today."""
    if budget.posts_per_day is not None and posts >= budget.posts_per_day:
        return f"budget: {budget.posts_per_day} posts a day are used up"
    if budget.usd_per_month is None or not cost:
        return None
    limit = round(budget.usd_per_month * MICRO_USD)
    left = max(limit - spent, 0)
    if cost <= left:
        return None
    rest = f"{dollars(left)} of {dollars(limit)} are left this month"
    return f"budget: this post costs {dollars(cost)}, and {rest}"
