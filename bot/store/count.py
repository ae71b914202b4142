"""Readings of the signature count, thresholds passed for ever, and money by month. No judgement here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.core.model import Reading
from bot.store.schema import charges, milestones, readings


def add(connection: Connection, reading: Reading) -> None:
    row = {"number": reading.number, "source": reading.source, "at": reading.at}
    connection.execute(insert(readings).values(row))


def newest(connection: Connection, limit: int | None) -> list[Reading]:
    query = select(readings.c.number, readings.c.source, readings.c.at)
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
