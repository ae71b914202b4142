"""One delivery as the pages show it: when, where, what was said, and what became of it. It asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.budget import dollars
from bot.core.model import Delivery, Picture, State
from bot.core.written import Settings
from bot.web.now import STATES, label, sentence_case
from bot.web.passages import Passage, passages, web_link

KINDS: Mapping[str, str] = {
    "fact": "Fact",
    "story": "Story",
    "call": "Call",
    "update": "Update",
    "milestone": "Milestone",
    "progress": "Progress",
}
"""How kinds are called on the page."""


LARGEST_ID = 2**31 - 1
NUMBER = f"<int(max={LARGEST_ID}):number>"
"""How an address names a delivery."""


@dataclass(frozen=True, slots=True)
class Local:
    """A moment on an account's clock, and for programs."""

    iso: str
    shown: str
    zone: str

    @classmethod
    def of(cls, at: datetime, zone: str) -> Local:
        there = at.astimezone(ZoneInfo(zone))
        return cls(there.isoformat(timespec="seconds"), f"{there:%Y-%m-%d %H:%M}", f"{there:%Z}")


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery. `url` is where it stands, `pending` whether only a person can say what became of it,
    `stands` whether there is something to take back."""

    id: int
    state: State
    called: str
    where: str
    network: str
    at: Local
    planned: Local
    parts: tuple[tuple[Passage, ...], ...]
    pictures: tuple[Picture, ...]
    language: str
    message: str
    kind: str
    repost: bool
    attempts: int
    reason: str
    cost: str
    url: str | None
    pending: bool
    stands: bool
    key: str


def line(row: Delivery, cost: int, settings: Settings) -> Line:
    network, zone = _place(row.account, settings)
    post = row.post
    return Line(
        id=row.id,
        state=row.state,
        called=STATES[row.state],
        where=label(network, row.account) if network else row.account,
        network=network,
        at=Local.of(row.posted_at or row.slot, zone),
        planned=Local.of(row.slot, zone),
        parts=tuple(passages(part, network or "dry") for part in post.parts) if post else (),
        pictures=post.pictures if post else (),
        language=row.language or (post.language if post else ""),
        message=row.message_id or "",
        kind=KINDS.get(row.kind or (post.kind if post else ""), ""),
        repost=row.action == "repost",
        attempts=row.attempts,
        reason=sentence_case(row.reason),
        cost=dollars(cost) if cost else "",
        url=web_link(row.remote_url),
        pending=row.state is State.UNCONFIRMED,
        stands=bool(row.remote_ids) and row.state not in (State.SENDING, State.UNCONFIRMED),
        key=row.key,
    )


def _place(account_id: str, settings: Settings) -> tuple[str, str]:
    """Network and zone of an account; the campaign's zone for one that is no longer in the settings."""
    known = next((each for each in settings.accounts if each.id == account_id), None)
    return (known.network, settings.zone(known)) if known else ("", settings.campaign.timezone)
