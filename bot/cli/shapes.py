"""What `--json` gives, to the letter of the README: programs rely on every key. Nothing is worded here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.core.model import MICRO_USD, Delivery, Planned, Reading

if TYPE_CHECKING:
    from bot.core.overview import Overview
    from bot.core.written import Settings
    from bot.files.problems import Problem
    from bot.petitions.proposal import Proposal
    from bot.ports import User

BETWEEN_PARTS = "\n\n---\n\n"
"""Between the posts of a thread, where they stand as one text."""


LONG = 1000
"""Rows of a listing that nobody reads by eye: they come on one line, which is much quicker to write."""


def give(value: Any) -> None:
    indent = None if isinstance(value, list) and len(value) > LONG else 2
    click.echo(json.dumps(value, indent=indent, ensure_ascii=False))


def zone_of(settings: Settings, account_id: str) -> ZoneInfo:
    """An account's zone; the campaign's for one that is no longer in the configuration."""
    found = (settings.zone(account) for account in settings.accounts if account.id == account_id)
    return ZoneInfo(next(found, settings.campaign.timezone))


def usd(micro: int) -> float:
    return micro / MICRO_USD


def _iso(at: datetime | None, settings: Settings, account_id: str) -> str | None:
    return at.astimezone(zone_of(settings, account_id)).isoformat(timespec="seconds") if at else None


def problems(found: Iterable[Problem]) -> dict[str, Any]:
    keys = ("file", "line", "column", "severity", "code", "message")
    return {"problems": [{key: getattr(problem, key) for key in keys} for problem in found]}


def planned(row: Planned, settings: Settings) -> dict[str, Any]:
    """`message_id`, `language`, `length`, `limit` and `link` are null where nothing goes out."""
    slot, post = row.slot, row.post
    return {
        "account": slot.account,
        "network": settings.account(slot.account).network,
        "slot": _iso(slot.due, settings, slot.account),
        "message_id": post.message_id if post else None,
        "language": post.language if post else None,
        "parts": list(post.parts) if post else [],
        "length": post.length if post else None,
        "limit": post.limit if post else None,
        "link": post.link if post else None,
        "cost_usd": usd(post.cost) if post else 0.0,
        "why": row.why,
    }


def delivery(row: Delivery, settings: Settings) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "account": row.account,
        "slot": _iso(row.slot, settings, row.account),
        "message_id": row.message_id,
        "kind": row.kind,
        "state": str(row.state),
        "attempts": row.attempts,
        "remote_id": row.remote_ids[0] if row.remote_ids else None,
        "remote_url": row.remote_url,
        "text": BETWEEN_PARTS.join(row.post.parts) if row.post else None,
        "reason": row.reason,
        "posted_at": _iso(row.posted_at, settings, row.account),
    }


def status(overview: Overview, settings: Settings, coming: int) -> dict[str, Any]:
    """`paused` is the reason why nothing goes out on any account, or null. An account that is held, and
    a question about the petition or about a message, need a person as well: their entries have no id."""
    other = [_other(each.id, "held", each.held) for each in overview.accounts if each.held]
    other += [_other(None, "asks", ask) for ask in overview.asks]
    other += [
        _other(None, chore.kind, chore.sentence) | {"message_id": chore.message_id}
        for chore in overview.chores
    ]
    return {
        "paused": overview.paused,
        "next": planned(overview.next, settings) if overview.next else None,
        "signatures": overview.signatures,
        "next_milestone": overview.next_milestone,
        "needs_a_person": [*(delivery(row, settings) for row in overview.needs_person), *other],
        "month_cost_usd": usd(overview.month_cost),
        "next_30_days_usd": usd(coming),
    }


def _other(account_id: str | None, state: str, reason: str) -> dict[str, Any]:
    return {"id": None, "account": account_id, "state": state, "reason": reason}


def count(newest: Reading | None, settings: Settings) -> dict[str, Any]:
    """The newest reading, null where there is none yet, and where the count is on its way to."""
    from bot.core.milestones import next_milestone

    rules = settings.petition.milestones
    at = newest.at.astimezone(ZoneInfo(settings.campaign.timezone)) if newest else None
    return {
        "signatures": newest.number if newest else None,
        "source": newest.source if newest else None,
        "at": at.isoformat(timespec="seconds") if at else None,
        "next_milestone": next_milestone(rules, newest.number if newest else 0, settings.petition.goal),
        "goal": settings.petition.goal,
    }


def count_history(readings: Sequence[Reading], settings: Settings, now: datetime) -> dict[str, Any]:
    """The newest reading as `count` gives it, and all that are kept, oldest first, with what they tell:
    `rate_per_day` over the last week and when milestone and goal are expected, null where nobody knows."""
    from bot.core.milestones import expected, rate_per_day

    zone = ZoneInfo(settings.campaign.timezone)
    newest = readings[-1] if readings else None
    told, rate = count(newest, settings), rate_per_day(readings, now)
    coming = {
        name: expected(newest.number, told[name], rate, now) if newest and told[name] else None
        for name in ("next_milestone", "goal")
    }
    return told | {
        "rate_per_day": None if rate is None else round(rate, 2),
        **{
            f"{name}_expected": at.astimezone(zone).isoformat(timespec="seconds") if at else None
            for name, at in coming.items()
        },
        "readings": [
            {"at": each.at.astimezone(zone).isoformat(timespec="seconds"), "signatures": each.number}
            for each in readings
        ],
    }


def proposal(found: Proposal) -> dict[str, Any]:
    """What was read, and what `petition.counter` has to say for it."""
    about = {name: getattr(found, name) for name in ("kind", "url", "path", "select")}
    return {
        "signatures": found.number,
        "counter": {name: value for name, value in about.items() if value is not None},
    }


def users(known: Sequence[User]) -> dict[str, Any]:
    """Who may sign in, oldest first; nothing of their passwords."""
    return {
        "users": [
            {"name": each.name, "role": each.role, "since": each.created_at.isoformat(timespec="seconds")}
            for each in known
        ]
    }
