"""Who may sign in, and the keys that sign what browsers keep. It knows hashes, and no password."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.ports import User
from bot.store.schema import keys, users


def everybody(connection: Connection) -> list[User]:
    rows = connection.execute(select(users).order_by(users.c.created_at, users.c.name))
    return [User(*row) for row in rows]


def one(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    return None if row is None else User(*row)


def add(connection: Connection, user: User) -> bool:
    if one(connection, user.name) is not None:
        return False
    values = {each: getattr(user, each) for each in ("name", "role", "password", "version", "created_at")}
    connection.execute(insert(users).values(values))
    return True


def change(connection: Connection, name: str, **changed: Any) -> bool:
    """Every change ends the sign-ins that are older than it."""
    values = {**changed, "version": users.c.version + 1}
    return connection.execute(update(users).where(users.c.name == name).values(values)).rowcount == 1


def remove(connection: Connection, name: str) -> bool:
    return connection.execute(delete(users).where(users.c.name == name)).rowcount == 1


def key(connection: Connection, name: str, fresh: str) -> str:
    known = connection.scalar(select(keys.c.value).where(keys.c.name == name))
    if known is None:
        connection.execute(insert(keys).values(name=name, value=fresh))
    return known or fresh
