"""How the campaign stands: what `status` prints and what the first page shows, from one place.

Pure: it puts values together and into one sentence; it does not ask anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.chores import Chore
from bot.core.figures import written
from bot.core.model import Delivery, Planned

NETWORKS = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "dry": "the terminal"}
"""How networks are called in a sentence."""


@dataclass(frozen=True, slots=True)
class AccountOverview:
    """One account: why it stands still (None: it does not), its next post, what it cost this UTC month."""

    id: str
    network: str
    paused: str | None
    held: str | None
    next: Planned | None
    month_cost: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole campaign at one moment. Money in micro-dollars; `zone` is the campaign's."""

    at: datetime
    campaign: str
    zone: str
    language: str
    paused: str | None
    accounts: tuple[AccountOverview, ...]
    signatures: int | None
    next_milestone: int | None
    goal: int | None
    needs_person: tuple[Delivery, ...]
    recent: tuple[Delivery, ...]
    asks: tuple[str, ...] = ()
    """What a person should decide about the petition, in sentences."""
    chores: tuple[Chore, ...] = ()
    """What messages want from a person."""

    @property
    def next(self) -> Planned | None:
        """What goes out next, on any account that is not stopped."""
        if self.paused:
            return None
        moving = [each.next for each in self.accounts if each.next and not each.paused and not each.held]
        return min(moving, key=lambda planned: planned.slot.due, default=None)

    @property
    def month_cost(self) -> int:
        return sum(each.month_cost for each in self.accounts)


def sentence(overview: Overview) -> str:
    """What goes out next, where and when, and how the count stands: the first line of everything."""
    return f"{_next(overview)} {_count(overview)}".strip()


def _next(overview: Overview) -> str:
    planned = overview.next
    if overview.paused:
        return f"Nothing goes out: {overview.paused}."
    if planned is None or planned.post is None:
        stopped = sum(1 for each in overview.accounts if each.held or each.paused)
        if stopped and stopped == len(overview.accounts):
            return "Nothing goes out: every account stands still, and each says why."
        return "Nothing is planned for the coming week."
    network = NETWORKS[planned.post.network]
    when = day_and_time(planned.slot.due, overview.zone, overview.at)
    return f"Next, “{opening(planned.post.words)}” goes out on {network} {when}."


def opening(words: str, length: int = 60) -> str:
    """The first words of a text, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


def day_and_time(at: datetime, zone: str, now: datetime) -> str:
    """`today at 18:30`, `tomorrow at 09:00`, `on Friday 4 December at 09:00`, in the campaign's zone."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    seconds = f":{local:%S}" if abs((at - now).total_seconds()) < 60 else ""
    clock = f"{local:%H:%M}{seconds}"
    days = (local.date() - today).days
    named = {0: "today", 1: "tomorrow"}.get(days)
    return f"{named} at {clock}" if named else f"on {local:%A} {local.day} {local:%B} at {clock}"


def _count(overview: Overview) -> str:
    if overview.signatures is None:
        return "The signatures have not been counted yet."
    signed = f"{written(overview.signatures, overview.language)} people have signed"
    if overview.next_milestone is None:
        return f"{signed}."
    to_go = written(overview.next_milestone - overview.signatures, overview.language)
    return f"{signed}, {to_go} to go to {written(overview.next_milestone, overview.language)}."
