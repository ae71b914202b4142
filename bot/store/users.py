"""Who may sign in, and the keys that sign what browsers keep. It knows hashes, and no password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from bot.ports import User
from bot.store.schema import keys, users

Fits = Callable[[Sequence[User]], bool]
"""Whether the users may be these."""


def everybody(connection: Connection) -> list[User]:
    rows = connection.execute(select(users).order_by(users.c.created_at, users.c.name))
    return [User(*row) for row in rows]


def one(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    return None if row is None else User(*row)


def add(connection: Connection, user: User, fits: Fits) -> bool:
    known = everybody(connection)
    if user.name in {each.name for each in known} or not fits([*known, user]):
        return False
    values = {each: getattr(user, each) for each in ("name", "role", "password", "version", "created_at")}
    connection.execute(insert(users).values(values))
    return True


def change(connection: Connection, name: str, fits: Fits, role: str | None, password: str | None) -> bool:
    """Every change ends the sign-ins that are older than it."""
    known = one(connection, name)
    if known is None:
        return False
    changed = replace(
        known, role=role or known.role, password=password or known.password, version=known.version + 1
    )
    if not fits([changed if each.name == name else each for each in everybody(connection)]):
        return False
    values = {"role": changed.role, "password": changed.password, "version": changed.version}
    connection.execute(update(users).where(users.c.name == name).values(values))
    return True


def remove(connection: Connection, name: str, fits: Fits) -> bool:
    left = [each for each in everybody(connection) if each.name != name]
    if not fits(left):
        return False
    return connection.execute(delete(users).where(users.c.name == name)).rowcount == 1


def key(connection: Connection, name: str, fresh: str) -> str:
    known = connection.scalar(select(keys.c.value).where(keys.c.name == name))
    if known is None:
        connection.execute(insert(keys).values(name=name, value=fresh))
    return known or fresh
