"""What every account has had so far: the past that planning starts from. It only reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select

from bot.core.budget import month
from bot.core.model import Ledger, Past, State
from bot.store import uses
from bot.store.choices import known
from bot.store.claims import STANDS
from bot.store.rows import unpacked
from bot.store.schema import charges, deliveries

COLUMNS = deliveries.c
A_DAY = timedelta(days=1)

Words = tuple[str, str, str, datetime]


def ledger(connection: Connection, now: datetime, zones: Mapping[str, str]) -> Ledger:
    used, spent = uses.of_all(connection, zones), _spent(connection, now, zones)
    said = _said(connection, now, zones)
    of_account: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in said:
        of_account[row.account].append(row)
    pasts = {
        account: Past(
            turns=max((use.last_turn for use in used[account].values()), default=uses.NO_TURN) + 1,
            uses=used[account],
            spent=spent[account],
            posts=_per_day(of_account[account], zones[account], now),
        )
        for account in zones
    }
    keys = connection.scalars(select(COLUMNS.key).where(COLUMNS.slot > now - 2 * A_DAY))
    return Ledger(pasts, _recent_words(said, now), frozenset(keys), known(connection))


def _spent(connection: Connection, now: datetime, zones: Mapping[str, str]) -> dict[str, dict[str, int]]:
    group = charges.c.account, charges.c.month
    query = select(*group, func.sum(charges.c.cost)).where(charges.c.month >= month(now)).group_by(*group)
    spent: dict[str, dict[str, int]] = defaultdict(dict)
    for account, of, cost in connection.execute(query):
        spent[account][of] = int(cost)
    return spent


def _said(connection: Connection, now: datetime, zones: Mapping[str, str]) -> list[Row[Any]]:
    """What went out since the day before yesterday, and what is about to."""
    columns = COLUMNS.account, COLUMNS.slot, COLUMNS.spoke_at, COLUMNS.post, STANDS.label("stands")
    ours = select(*columns).where(COLUMNS.account.in_(zones))
    spoken = ours.where(COLUMNS.spoke_at >= now - 3 * A_DAY, STANDS)
    waiting = ours.where(COLUMNS.state == State.DUE, COLUMNS.remote_ids.is_(None))
    return [*connection.execute(spoken), *connection.execute(waiting)]


def _per_day(said: list[Row[Any]], zone: str, now: datetime) -> Mapping[date, int]:
    """Posts of yesterday and today in the account's own calendar."""
    local = ZoneInfo(zone)
    first = now.astimezone(local).date() - A_DAY
    ours = (row.spoke_at for row in said if row.stands and row.spoke_at)
    return Counter(day for spoke in ours if (day := spoke.astimezone(local).date()) >= first)


def _recent_words(said: list[Row[Any]], now: datetime) -> tuple[Words, ...]:
    # by their slots, as a plan ahead counts them: what was sent a moment late must not make another choice
    found = ((unpacked(row.post), row.slot) for row in said)
    return tuple(
        (post.network, post.words, post.account, at) for post, at in found if post and at > now - A_DAY
    )
