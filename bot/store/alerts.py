"""Who was told of what, and who is still to be told: an outbox of its own, with a lease for each try.

It knows no address and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from bot.core.alerts import FRESH, OVER, Alert, Need
from bot.store.schema import alerts

COLUMNS = alerts.c


def known(connection: Connection) -> list[Alert]:
    """The oldest first."""
    rows = connection.execute(select(alerts).order_by(COLUMNS.since, COLUMNS.key, COLUMNS.name))
    return [Alert(**row._asdict()) for row in rows]


def keep(connection: Connection, needs: Sequence[Need], names: Sequence[str], now: datetime) -> None:
    """These are open: new ones are kept for everybody in `names`, what is over is forgotten."""
    there = {(row.key, row.name) for row in connection.execute(select(COLUMNS.key, COLUMNS.name))}
    for need in {need.key: need for need in needs}.values():
        for name in names:
            if (need.key, name) in there:
                connection.execute(update(alerts).where(_one(need.key, name)).values(seen_at=now))
            else:
                connection.execute(insert(alerts).values(_new(need, name, now)))
    connection.execute(delete(alerts).where(COLUMNS.seen_at < now - OVER))


def _new(need: Need, name: str, now: datetime) -> dict[str, Any]:
    times = {"since": now, "seen_at": now, "next_at": now + need.wait}
    return {"key": need.key, "name": name, "words": need.words, "attempts": 0, **times}


def take(connection: Connection, name: str, now: datetime, until: datetime) -> list[Alert]:
    """What `name` is to be told now; nobody else takes it until `until`."""
    due = (COLUMNS.name == name) & COLUMNS.sent_at.is_(None) & (COLUMNS.next_at <= now)
    still = COLUMNS.seen_at >= now - FRESH
    rows = connection.execute(select(alerts).where(due, still).order_by(COLUMNS.since, COLUMNS.key)).all()
    for row in rows:
        connection.execute(update(alerts).where(_one(row.key, name)).values(next_at=until))
    return [Alert(**row._asdict()) for row in rows]


def sent(connection: Connection, told: Iterable[Alert], now: datetime) -> None:
    for alert in told:
        connection.execute(update(alerts).where(_one(alert.key, alert.name)).values(sent_at=now))


def postpone(connection: Connection, untold: Iterable[Alert], until: datetime) -> None:
    """They could not be told; they are tried again at `until`."""
    for alert in untold:
        values = {"next_at": until, "attempts": alert.attempts + 1}
        connection.execute(update(alerts).where(_one(alert.key, alert.name)).values(values))


def _one(key: str, name: str) -> ColumnElement[bool]:
    return (COLUMNS.key == key) & (COLUMNS.name == name)
