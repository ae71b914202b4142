"""What stops an account or all of them, and who an account is. It lifts nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update

from bot.core.model import Identity
from bot.ports import AccountState
from bot.store.schema import accounts, switches

PAUSE, RESTORED = "pause", "restored"


def account(connection: Connection, account_id: str) -> AccountState:
    row = connection.execute(select(accounts).where(accounts.c.id == account_id)).one_or_none()
    if row is None:
        return AccountState()
    return _state(row)


def _state(row: Row[Any]) -> AccountState:
    return AccountState(row.paused, row.paused_until, row.held, row.server, row.user_id, row.planned_until)


def _set(connection: Connection, account_id: str, **changed: Any) -> None:
    if not connection.scalar(select(exists().where(accounts.c.id == account_id))):
        connection.execute(insert(accounts).values(id=account_id, paused=False))
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(changed))


def hold(connection: Connection, account_id: str, reason: str | None) -> None:
    _set(connection, account_id, held=reason)


def every(connection: Connection) -> dict[str, AccountState]:
    return {row.id: _state(row) for row in connection.execute(select(accounts))}


def pin(connection: Connection, account_id: str, identity: Identity) -> bool:
    """A handle may change; server and user id may not."""
    known = account(connection, account_id)
    if known.user_id is None:
        _set(connection, account_id, server=identity.server, user_id=identity.user_id)
        return True
    return (known.server, known.user_id) == (identity.server, identity.user_id)


def planned(connection: Connection, planned_until: Mapping[str, datetime]) -> None:
    """Move watermarks forward, never back."""
    rows = connection.execute(select(accounts.c.id, accounts.c.planned_until))
    known = {row.id: row.planned_until for row in rows}
    new = [each for each in planned_until if each not in known]
    if new:
        connection.execute(insert(accounts), [{"id": each, "paused": False} for each in new])
    behind = [
        {"account": each, "until": until}
        for each, until in planned_until.items()
        if (reached := known.get(each)) is None or reached < until
    ]
    if behind:
        ours = accounts.c.id == bindparam("account")
        connection.execute(update(accounts).where(ours).values(planned_until=bindparam("until")), behind)


def pause(connection: Connection, account_id: str | None, until: datetime | None) -> None:
    if account_id is not None:
        return _set(connection, account_id, paused=True, paused_until=until)
    resume(connection, None)
    connection.execute(insert(switches).values(name=PAUSE, until=until))
    return None


def resume(connection: Connection, account_id: str | None) -> None:
    if account_id is not None:
        return _set(connection, account_id, paused=False, paused_until=None)
    connection.execute(delete(switches).where(switches.c.name == PAUSE))
    return None


def paused(connection: Connection, now: datetime, account_id: str | None) -> str | None:
    """The pause of all accounts, else the one of this account."""
    return _all_paused(connection, now) if account_id is None else standing(connection, now, account_id)[0]


def standing(connection: Connection, now: datetime, account_id: str) -> tuple[str | None, str | None]:
    """Why an account is paused, and why it is held."""
    own = account(connection, account_id)
    paused = _all_paused(connection, now) or (_why(own.paused_until, now) if own.paused else None)
    return paused, own.held


def _all_paused(connection: Connection, now: datetime) -> str | None:
    found = connection.execute(select(switches).where(switches.c.name == PAUSE)).one_or_none()
    return _why(found.until, now) if found else None


def _why(until: datetime | None, now: datetime) -> str | None:
    if until is None:
        return "paused"
    return f"paused until {until:%Y-%m-%d %H:%M} UTC" if now < until else None


def mark_restored(connection: Connection, restored: bool) -> None:
    connection.execute(delete(switches).where(switches.c.name == RESTORED))
    if restored:
        connection.execute(insert(switches).values(name=RESTORED))


def restored(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists().where(switches.c.name == RESTORED))))
