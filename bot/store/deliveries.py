"""Reading and inserting rows of the outbox, on a connection that is handed in. It changes no row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, or_, select

from bot.core.model import Delivery, NewDelivery, State
from bot.core.sought import Place, Sought, place
from bot.store.rows import delivery, values
from bot.store.schema import deliveries, leases
from bot.store.uses import recount

COLUMNS = deliveries.c
OLDEST = (COLUMNS.slot, COLUMNS.id)
AT_ONCE = 500
"""Keys asked for in one statement; engines limit the parameters of one."""


# asked at every delivery, and therefore made once
ONE = select(deliveries).where(COLUMNS.id == bindparam("row"))
BY_KEY = select(deliveries).where(COLUMNS.key == bindparam("named"))
OPEN = COLUMNS.state.in_((State.DUE, State.SENDING, State.UNCONFIRMED))
UNSETTLED = select(deliveries).where(COLUMNS.account == bindparam("ours"), OPEN).order_by(*OLDEST)


def rows(
    connection: Connection, query: Select[Any], asked: Mapping[str, object] | None = None
) -> list[Delivery]:
    return [delivery(row) for row in connection.execute(query, asked)]


def one(connection: Connection, delivery_id: int) -> Delivery | None:
    return next(iter(rows(connection, ONE, {"row": delivery_id})), None)


def by_key(connection: Connection, key: str) -> Delivery | None:
    return next(iter(rows(connection, BY_KEY, {"named": key})), None)


def added(connection: Connection, new: Iterable[NewDelivery]) -> list[Delivery]:
    """Insert the rows whose key is new, the first of each; returns those, in the order of their ids.

    Nobody else inserts meanwhile (engine.py), so looking first is safe on both engines.
    """
    wanted: dict[str, NewDelivery] = {}
    for row in new:
        wanted.setdefault(row.key, row)
    for keys in chunks(wanted):
        standing = set(connection.scalars(select(COLUMNS.key).where(COLUMNS.key.in_(keys))))
        for key in standing:
            del wanted[key]
    if wanted:
        connection.execute(insert(deliveries), [values(row) for row in wanted.values()])
        recount(connection, wanted.values())
    found = [rows(connection, select(deliveries).where(COLUMNS.key.in_(keys))) for keys in chunks(wanted)]
    return sorted(chain.from_iterable(found), key=lambda row: row.id)


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    left = list(keys)
    while left:
        yield left[:AT_ONCE]
        del left[:AT_ONCE]


def in_state(connection: Connection, state: State, account: str | None) -> list[Delivery]:
    return rows(connection, select(deliveries).where(*_of(account), COLUMNS.state == state).order_by(*OLDEST))


def due(connection: Connection, now: datetime, account: str | None) -> list[Delivery]:
    query = select(deliveries).where(*_of(account), COLUMNS.state == State.DUE, _ripe(now))
    return rows(connection, query.order_by(*OLDEST))


def unsettled(connection: Connection, account: str) -> list[Delivery]:
    return rows(connection, UNSETTLED, {"ours": account})


def in_hand(connection: Connection, now: datetime) -> list[str]:
    looked_at = and_(COLUMNS.state.in_((State.DUE, State.UNCONFIRMED)), COLUMNS.next_at <= now)
    at_once = and_(COLUMNS.state == State.DUE, COLUMNS.next_at.is_(None))
    now_or_before = or_(COLUMNS.state == State.SENDING, looked_at, at_once)
    query = select(COLUMNS.account).where(now_or_before).group_by(COLUMNS.account)
    return list(connection.scalars(query.order_by(func.min(COLUMNS.slot), COLUMNS.account)))


def _of(account: str | None) -> list[ColumnElement[bool]]:
    return [] if account is None else [COLUMNS.account == account]


def _ripe(now: datetime) -> ColumnElement[bool]:
    return or_(COLUMNS.next_at.is_(None), COLUMNS.next_at <= now)


def next_at(connection: Connection, owner: str | None) -> datetime | None:
    earliest = select(func.min(COLUMNS.next_at)).where(COLUMNS.state.in_((State.DUE, State.UNCONFIRMED)))
    served = select(leases.c.account).where(leases.c.owner == owner)
    theirs = earliest if owner is None else earliest.where(COLUMNS.account.in_(served))
    found: datetime | None = connection.scalar(theirs)
    return found


def history(connection: Connection, limit: int | None, account: str | None) -> list[Delivery]:
    query = select(deliveries).order_by(COLUMNS.slot.desc(), COLUMNS.id.desc()).limit(limit)
    return rows(connection, query if account is None else query.where(COLUMNS.account == account))


def sought(
    connection: Connection, wanted: Sought, limit: int, older: Place | None, newer: Place | None
) -> list[Delivery]:
    """Along `deliveries_past`, which holds all that is asked for: what does not fit costs no look at its row,
    so that a rare state among half a million rows is found at once, and nothing is counted off."""
    order = OLDEST if newer else (COLUMNS.slot.desc(), COLUMNS.id.desc())
    ids = select(COLUMNS.id).where(*_terms(wanted), *_beyond(older, newer)).order_by(*order).limit(limit)
    found = rows(connection, select(deliveries).where(COLUMNS.id.in_(connection.scalars(ids).all())))
    return sorted(found, key=place, reverse=True)


def _terms(wanted: Sought) -> list[ColumnElement[bool]]:
    same = {
        COLUMNS.account: wanted.account,
        COLUMNS.state: wanted.state,
        COLUMNS.message_id: wanted.message,
        COLUMNS.kind: wanted.kind,
    }
    terms = [column.concat("") == value for column, value in same.items() if value]  # no other index, please
    if wanted.since:
        terms.append(COLUMNS.slot >= wanted.since)
    if wanted.before:
        terms.append(COLUMNS.slot < wanted.before)
    return terms


def _beyond(older: Place | None, newer: Place | None) -> list[ColumnElement[bool]]:
    """Two terms each: an index serves the first one."""
    terms: list[ColumnElement[bool]] = []
    if older:
        slot, row = older
        terms += [COLUMNS.slot <= slot, or_(COLUMNS.slot < slot, COLUMNS.id < row)]
    if newer:
        slot, row = newer
        terms += [COLUMNS.slot >= slot, or_(COLUMNS.slot > slot, COLUMNS.id > row)]
    return terms


def newest(connection: Connection, kind: str, accounts: Iterable[str]) -> dict[str, Delivery]:
    """Backwards along (account, slot): a kind that is posted now and then is soon found."""
    ours = select(deliveries).where(COLUMNS.kind == kind, COLUMNS.action == "post")
    latest = ours.order_by(COLUMNS.slot.desc(), COLUMNS.id.desc()).limit(1)
    found = {each: rows(connection, latest.where(COLUMNS.account == each)) for each in accounts}
    return {account: row for account, one_or_none in found.items() for row in one_or_none}


def tally(connection: Connection) -> dict[str, dict[State, int]]:
    groups = (COLUMNS.account, COLUMNS.state)
    found: dict[str, dict[State, int]] = {}
    for account, state, number in connection.execute(select(*groups, func.count()).group_by(*groups)):
        found.setdefault(account, {})[State(state)] = number
    return found


def count(connection: Connection) -> dict[State, int]:
    """How many rows are in each state, also where there are none."""
    found = connection.execute(select(COLUMNS.state, func.count()).group_by(COLUMNS.state))
    return dict.fromkeys(State, 0) | {State(state): number for state, number in found}
