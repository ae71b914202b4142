"""Which replica serves what, and until when by the database's clock. It serves nobody itself.

A lease has a fence, which goes up with every new owner: whoever was slow and lost it can write nothing
more under it. Renewing and taking is done by one replica at a time (engine.py); a lease that somebody
writes under at this moment is left to him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, literal_column, select, update

from bot.ports import Lease, LeaseLost
from bot.store.deliveries import chunks
from bot.store.schema import EPOCH, Moment, leases

NOW = {
    "postgresql": "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
}
COLUMNS = leases.c
PRESENT = "/replica/"
"""Begins the name of the lease that every replica has on being there: no account is called so."""
NOBODY = ""


def renew(
    connection: Connection,
    owner: str,
    accounts: Sequence[str],
    beside: Sequence[str],
    busy: Collection[str],
    lasts: timedelta,
) -> dict[str, Lease]:
    """Keep what is ours, take what nobody has, up to our share of `accounts`; give back what is more than
    that, or no longer wanted, unless it is `busy`. `beside` is taken whole, wherever it is free."""
    now: datetime = connection.execute(select(_now(connection))).scalar_one()
    rows = _rows(connection, [f"{PRESENT}{owner}", *beside, *accounts])
    ours = [name for name, row in rows.items() if row.owner == owner and not name.startswith(PRESENT)]
    share = _share(len(accounts), rows, now, owner)
    kept = _kept(ours, accounts, beside, busy, share)
    _free(connection, set(ours) - kept, owner)
    connection.execute(update(leases).where(COLUMNS.owner == owner).values(until=now + lasts))
    free = [name for name in (*beside, *accounts) if name not in kept and rows[name].until <= now]
    room = max(share - len(kept & set(accounts)), 0)
    wanted = [name for name in free if name in beside] + [name for name in free if name not in beside][:room]
    _take(connection, wanted, owner, now, now + lasts)
    _be_present(connection, owner, now, lasts)
    return _held(connection, owner, lasts)


def _now(connection: Connection) -> ColumnElement[datetime]:
    return literal_column(NOW[connection.dialect.name], Moment())


def _rows(connection: Connection, names: Iterable[str]) -> Mapping[str, Row[Any]]:
    """All leases; what never had one gets a row."""
    rows = {row.account: row for row in connection.execute(select(leases))}
    new = sorted({*names} - {*rows})
    if not new:
        return rows
    nobodys = {"owner": NOBODY, "until": EPOCH, "fence": 0}
    connection.execute(insert(leases), [{"account": name, **nobodys} for name in new])
    return _rows(connection, ())


def _share(accounts: int, rows: Mapping[str, Row[Any]], now: datetime, owner: str) -> int:
    """Accounts that one of so many replicas serves, at most."""
    there = {row.owner for name, row in rows.items() if name.startswith(PRESENT) and row.until > now}
    return -(-accounts // len(there | {owner}))


def _kept(
    ours: Sequence[str],
    accounts: Sequence[str],
    beside: Sequence[str],
    busy: Collection[str],
    share: int,
) -> set[str]:
    wanted = {*ours} & {*accounts}
    first = sorted(wanted, key=lambda name: (name not in busy, name))
    return {*first[:share], *(name for name in ours if name in busy or name in beside)}


def _free(connection: Connection, names: Iterable[str], owner: str) -> None:
    for some in chunks(sorted(names)):
        ours = COLUMNS.owner == owner, COLUMNS.account.in_(some)
        connection.execute(update(leases).where(*ours).values(owner=NOBODY, until=EPOCH))


def _take(connection: Connection, names: Iterable[str], owner: str, now: datetime, until: datetime) -> None:
    for some in chunks(names):
        free = select(COLUMNS.account).where(COLUMNS.account.in_(some), COLUMNS.until <= now)
        found = connection.scalars(free.with_for_update(skip_locked=True)).all()
        taken = update(leases).where(COLUMNS.account.in_(found))
        connection.execute(taken.values(owner=owner, until=until, fence=COLUMNS.fence + 1))


def _be_present(connection: Connection, owner: str, now: datetime, lasts: timedelta) -> None:
    ours = update(leases).where(COLUMNS.account == f"{PRESENT}{owner}")
    connection.execute(ours.values(owner=owner, until=now + lasts))
    gone = COLUMNS.account.startswith(PRESENT, autoescape=True), COLUMNS.until <= now
    connection.execute(delete(leases).where(*gone))


def _held(connection: Connection, owner: str, lasts: timedelta) -> dict[str, Lease]:
    rows = connection.execute(select(leases).where(COLUMNS.owner == owner))
    found = (Lease(row.account, owner, row.fence, lasts) for row in rows)
    return {lease.name: lease for lease in found if not lease.name.startswith(PRESENT)}


def give_back(connection: Connection, owner: str, busy: Collection[str]) -> None:
    """All that is ours and not `busy`, for others to take at once."""
    ours = connection.scalars(select(COLUMNS.account).where(COLUMNS.owner == owner)).all()
    _free(connection, {*ours} - {*busy}, owner)


def keep(connection: Connection, lease: Lease) -> None:
    """In a transaction of whoever serves under `lease`: nobody takes it before this one ends, nor for as
    long as it lasts after it. Raises LeaseLost where somebody has."""
    ours = COLUMNS.account == lease.name, COLUMNS.owner == lease.owner, COLUMNS.fence == lease.fence
    until: ColumnElement[Any] = literal_column(
        f"{NOW[connection.dialect.name]} + {lease.lasts // timedelta(microseconds=1)}"
    )
    if connection.execute(update(leases).where(*ours).values(until=until)).rowcount != 1:
        raise LeaseLost(lease.name)
