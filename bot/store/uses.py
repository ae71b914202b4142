"""How often and when last each account posted each message: a sum over the outbox, kept beside it.

What one row adds or takes away is counted anew from the rows themselves, in the transaction that writes them,
so that the sum cannot drift and a look at it costs the same after ten years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select

from bot.core.model import TURN_USED, Delivery, NewDelivery, Use
from bot.store.schema import deliveries, uses

NO_TURN = -1
"""The last turn of a message that only went out beside the rotation (by hand, on its date)."""

COLUMNS = deliveries.c
USED = or_(*(COLUMNS.state == state for state in sorted(TURN_USED)))
GROUP = (COLUMNS.account, COLUMNS.message_id, COLUMNS.language)
COUNTED = (
    select(*GROUP, func.count(), func.max(COLUMNS.turn), func.max(COLUMNS.slot))
    .where(COLUMNS.action == "post", USED, COLUMNS.message_id.is_not(None))
    .group_by(*GROUP)
)
OURS = {"ours": COLUMNS.account, "message": COLUMNS.message_id, "tongue": COLUMNS.language}
ANEW = COUNTED.where(*(column == bindparam(name) for name, column in OURS.items()))
NAMES = ("account", "message_id", "language", "times", "last_turn", "last_at")
FORGET = delete(uses).where(
    uses.c.account == bindparam("ours"),
    uses.c.message_id == bindparam("message"),
    uses.c.language == bindparam("tongue"),
)
KEEP = insert(uses).from_select(NAMES, ANEW)


def recount(connection: Connection, changed: Iterable[Delivery | NewDelivery]) -> None:
    """After these rows came, or came to an end without a post."""
    groups = {(row.account, row.message_id, row.language) for row in changed if row.action == "post"}
    asked = [dict(zip(OURS, group, strict=True)) for group in sorted(groups, key=str) if group[1]]
    if asked:
        connection.execute(FORGET, asked)
        connection.execute(KEEP, asked)


def of_all(connection: Connection, accounts: Iterable[str]) -> Mapping[str, dict[str, Use]]:
    """Per account and message. A row beside the rotation has no turn."""
    found: dict[str, dict[str, Use]] = defaultdict(dict)
    for row in connection.execute(select(uses).where(uses.c.account.in_(accounts))):
        before = found[row.account].get(row.message_id, Use({}, NO_TURN, row.last_at))
        last = NO_TURN if row.last_turn is None else row.last_turn
        times = {**before.times, row.language: row.times}
        use = Use(times, max(before.last_turn, last), max(before.last_at, row.last_at))
        found[row.account][row.message_id] = use
    return found
