"""Who did what, when, with before and after. Nothing in it is ever changed or taken out."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from bot.ports import Deed
from bot.store.schema import audit


def note(connection: Connection, deed: Deed) -> None:
    values = {"at": deed.at, "who": deed.who, "verb": deed.verb, "about": deed.about}
    connection.execute(insert(audit).values(**values, before=deed.before, after=deed.after))


def newest(
    connection: Connection, limit: int | None, about: str | None, who: str | None, skip: int
) -> list[Deed]:
    wanted = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit)
    if about is not None:
        wanted = wanted.where(audit.c.about == about)
    if who is not None:
        wanted = wanted.where(audit.c.who == who)
    if skip:
        wanted = wanted.offset(skip)
    rows = connection.execute(wanted)
    return [Deed(row.who, row.verb, row.about, row.before, row.after, row.at) for row in rows]
