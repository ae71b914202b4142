"""Readings of the signature count, thresholds passed for ever, and money by month. No judgement here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from bot.core.model import Reading
from bot.store.schema import charges, milestones, readings

Superfluous = Callable[[Sequence[datetime]], Iterable[int]]


def add(connection: Connection, reading: Reading) -> None:
    connection.execute(insert(readings).values(asdict(reading)))


def thin(connection: Connection, superfluous: Superfluous) -> None:
    """Forget the readings that `superfluous` names, by their places among the times of all."""
    rows = connection.execute(select(readings.c.id, readings.c.at).order_by(readings.c.at)).all()
    gone = [{"row": rows[place].id} for place in superfluous([row.at for row in rows])]
    if gone:
        connection.execute(delete(readings).where(readings.c.id == bindparam("row")), gone)


def newest(connection: Connection, limit: int | None) -> list[Reading]:
    columns = readings.c
    query = select(columns.number, columns.source, columns.at, columns.closed)
    newest_first = query.order_by(readings.c.at.desc(), readings.c.id.desc()).limit(limit)
    return [Reading(*row) for row in connection.execute(newest_first)]


def passed(connection: Connection) -> Mapping[int, datetime]:
    return {row.threshold: row.at for row in connection.execute(select(milestones))}


def cross(connection: Connection, thresholds: Iterable[int], at: datetime) -> None:
    """Mark thresholds as passed; one that was passed before keeps its time."""
    new = sorted(set(thresholds) - set(passed(connection)))
    if new:
        connection.execute(insert(milestones), [{"threshold": each, "at": at} for each in new])


def spent(connection: Connection, month: str) -> Mapping[str, int]:
    query = select(charges.c.account, func.sum(charges.c.cost)).where(charges.c.month == month)
    return {account: int(cost) for account, cost in connection.execute(query.group_by(charges.c.account))}


def charged(connection: Connection, ids: Sequence[int]) -> Mapping[int, int]:
    query = select(charges.c.delivery_id, charges.c.cost).where(charges.c.delivery_id.in_(ids))
    return {row.delivery_id: row.cost for row in connection.execute(query)}
