"""What people decided for single slots, until some time after they are past. It knows no schedule."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, exists, insert, select

from bot.core.model import Choice
from bot.store.schema import choices, deliveries

KEPT = timedelta(days=31)
"""So long after its slot a choice is remembered: the outbox has what became of it."""

COLUMNS = choices.c


def known(connection: Connection) -> dict[str, Choice]:
    """By the key of the slot."""
    rows = connection.execute(select(choices))
    return {row.slot_key: Choice(row.slot_key, row.message_id, row.who, row.slot, row.at) for row in rows}


def choose(connection: Connection, choice: Choice) -> bool:
    """Keep it in the place of an earlier one, and forget the old ones."""
    if _is_past(connection, choice.slot_key):
        return False
    connection.execute(delete(choices).where(COLUMNS.slot_key == choice.slot_key))
    connection.execute(delete(choices).where(COLUMNS.slot < choice.at - KEPT))
    values = {"slot_key": choice.slot_key, "message_id": choice.message_id, "who": choice.who}
    connection.execute(insert(choices).values(**values, slot=choice.slot, at=choice.at))
    return True


def undo(connection: Connection, slot_key: str) -> bool:
    if _is_past(connection, slot_key):
        return False
    return connection.execute(delete(choices).where(COLUMNS.slot_key == slot_key)).rowcount > 0


def _is_past(connection: Connection, slot_key: str) -> bool:
    """The outbox has a row for it: what is planned there is planned."""
    return bool(connection.scalar(select(exists().where(deliveries.c.key == slot_key))))
