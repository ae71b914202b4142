"""What every account has had so far: the past that planning starts from. It only reads.

Uses are counted from the outbox itself, along one index that holds all the query needs: nothing can
drift from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select

from bot.core.budget import month
from bot.core.model import TURN_USED, Ledger, Past, State, Use
from bot.store.choices import known
from bot.store.claims import STANDS
from bot.store.rows import unpacked
from bot.store.schema import charges, deliveries

COLUMNS = deliveries.c
A_DAY = timedelta(days=1)
NO_TURN = -1
"""The last turn of a message that only went out beside the rotation (by hand, on its date)."""

Words = tuple[str, str, str, datetime]


def ledger(connection: Connection, now: datetime, zones: Mapping[str, str]) -> Ledger:
    used, spent = _uses(connection, zones), _spent(connection, now, zones)
    said = _said(connection, now, zones)
    pasts = {
        account: Past(
            turns=max((use.last_turn for use in used[account].values()), default=NO_TURN) + 1,
            uses=used[account],
            spent=spent[account],
            posts=_per_day(said, account, zones[account], now),
        )
        for account in zones
    }
    keys = connection.scalars(select(COLUMNS.key).where(COLUMNS.slot > now - 2 * A_DAY))
    return Ledger(pasts, _recent_words(said, now), frozenset(keys), known(connection))


def _uses(connection: Connection, zones: Mapping[str, str]) -> dict[str, dict[str, Use]]:
    """Every post of a message counts as a use; a row beside the rotation has no turn."""
    used = COLUMNS.account.in_(zones), COLUMNS.action == "post", COLUMNS.state.in_(TURN_USED)
    group = COLUMNS.account, COLUMNS.message_id, COLUMNS.language
    query = (
        select(*group, func.count(), func.max(COLUMNS.turn), func.max(COLUMNS.slot))
        .where(*used, COLUMNS.message_id.is_not(None))
        .group_by(*group)
    )
    uses: dict[str, dict[str, Use]] = defaultdict(dict)
    for account, message, language, times, turn, at in connection.execute(query):
        before = uses[account].get(message, Use({}, NO_TURN, at))
        last = NO_TURN if turn is None else turn
        uses[account][message] = Use(
            {**before.times, language: times}, max(before.last_turn, last), max(before.last_at, at)
        )
    return uses


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


def _per_day(said: list[Row[Any]], account: str, zone: str, now: datetime) -> Mapping[date, int]:
    """Posts of yesterday and today in the account's own calendar."""
    local = ZoneInfo(zone)
    first = now.astimezone(local).date() - A_DAY
    ours = (row.spoke_at for row in said if row.account == account and row.stands and row.spoke_at)
    return Counter(day for spoke in ours if (day := spoke.astimezone(local).date()) >= first)


def _recent_words(said: list[Row[Any]], now: datetime) -> tuple[Words, ...]:
    found = ((unpacked(row.post), row.spoke_at or row.slot) for row in said)
    return tuple(
        (post.network, post.words, post.account, at) for post, at in found if post and at > now - A_DAY
    )
