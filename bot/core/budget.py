"""What posts cost, in whole micro-dollars, before they are sent.

It keeps no account of what was spent: the store does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.model import MICRO_USD, Picture
from bot.core.text import urls
from bot.core.written import Account, Budget


@dataclass(frozen=True, slots=True)
class Prices:
    """Micro-dollars: one post, one post with a URL, one alt text, one own post read back, one repost."""

    post: int = 0
    with_url: int = 0
    alt_text: int = 0
    read: int = 0
    repost: int = 0


FREE = Prices()

PRICES: Mapping[str, Prices] = {
    "x": Prices(post=15_000, with_url=200_000, alt_text=5_000, read=1_000, repost=15_000),
    "mastodon": FREE,
    "bluesky": FREE,
    "dry": FREE,
}
"""Defaults of November 2026, from https://docs.x.com/x-api/getting-started/pricing (a repost is a “user
interaction: create”); the others are free."""

LEAST, MOST = 5, 25
"""Posts that a look at one's own timeline on X reads: at least what one call takes, at most two pages."""


def prices(account: Account) -> Prices:
    """What this account is charged: its network's prices, but for those that its settings name."""
    named, usual = account.prices, PRICES[account.network]
    if not named.model_fields_set:
        return usual
    given = (named.post, named.post_with_link, named.alt_text, named.reading, named.repost)
    known = (usual.post, usual.with_url, usual.alt_text, usual.read, usual.repost)
    return Prices(
        *(micro if usd is None else round(usd * MICRO_USD) for usd, micro in zip(given, known, strict=True))
    )


def price(account: Account, parts: Sequence[str], pictures: Sequence[Picture] = ()) -> int:
    """Micro-dollars of a whole post: every part of a thread, and the alt texts."""
    charged = prices(account)
    if charged == FREE:
        return 0
    described = sum(1 for picture in pictures if picture.alt)
    return sum(_part(part, account.network, charged) for part in parts) + described * charged.alt_text


def _part(text: str, network: str, charged: Prices) -> int:
    """X does not say what a URL is, so all that begins like one counts, linked or not."""
    return charged.with_url if "://" in text or urls(text, network) else charged.post


def reading_price(account: Account, posts: int) -> int:
    """Micro-dollars of one look at an account's own timeline that showed so many posts."""
    return prices(account).read * max(posts, LEAST)


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
