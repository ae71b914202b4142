"""The life of a delivery: claimed, spoken, settled. It carries out what it is told and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from bot.core.budget import month
from bot.core.model import Change, Delivery, Go, Post, Situation, State, Stop, Verdict, Wait
from bot.store import deliveries as outbox
from bot.store import switches
from bot.store.rows import packed, unlisted
from bot.store.schema import charges, deliveries

COLUMNS = deliveries.c
STANDS = or_(
    COLUMNS.state.in_((State.SENDING, State.UNCONFIRMED, State.POSTED)), COLUMNS.remote_ids.is_not(None)
)
"""Rows that followers see or may see; a thread that broke off stands in part."""

Day = tuple[datetime, datetime]
Decide = Callable[[Delivery, Situation], Verdict]


def claim(
    connection: Connection, delivery_id: int, post: Post | None, now: datetime, day: Day, decide: Decide
) -> Delivery | Verdict:
    row = outbox.one(connection, delivery_id)
    if row is None or row.state is not State.DUE:
        return Wait("it is no longer due")
    verdict = decide(row, situation(connection, row, now, day))
    match verdict:
        case Go(cost):
            post = post or row.post
            return _claimed(connection, row, post, (post.cost if post else 0) if cost is None else cost, now)
        case Wait(reason, until):
            _write(connection, row.id, next_at=until, reason=reason)
        case Stop(state, reason):
            _write(connection, row.id, state=state, next_at=None, reason=reason)
        case _:
            assert_never(verdict)
    return verdict


def situation(connection: Connection, row: Delivery, now: datetime, day: Day) -> Situation:
    """All that bears on a claim of `row`, beside the row itself: what it spoke or reserved before does not
    stand in its own way (it was not posted, or is a thread that goes on)."""
    others = (COLUMNS.account == row.account, COLUMNS.id != row.id)
    spoke = COLUMNS.spoke_at
    last = select(spoke).where(*others, spoke.is_not(None)).order_by(spoke.desc()).limit(1)
    today = select(func.count()).where(*others, STANDS, spoke >= day[0], spoke < day[1])
    doubted = select(func.count()).where(*others, COLUMNS.state == State.UNCONFIRMED)
    return Situation(
        paused=switches.paused(connection, now, row.account),
        held=switches.account(connection, row.account).held,
        sending=bool(connection.scalar(select(exists().where(*others, COLUMNS.state == State.SENDING)))),
        unconfirmed=connection.scalar(doubted) or 0,
        last_spoke_at=connection.scalar(last),
        spent_this_month=_spent(connection, row, now),
        posts_today=connection.scalar(today) or 0,
    )


def _spent(connection: Connection, row: Delivery, now: datetime) -> int:
    ours = charges.c.account == row.account, charges.c.month == month(now)
    others = or_(charges.c.delivery_id.is_(None), charges.c.delivery_id != row.id)
    return int(connection.scalar(select(func.sum(charges.c.cost)).where(*ours, others)) or 0)


def _claimed(
    connection: Connection, row: Delivery, post: Post | None, cost: int, now: datetime
) -> Delivery | Verdict:
    _write(
        connection,
        row.id,
        state=State.SENDING,
        attempts=row.attempts + 1,
        claimed_at=now,
        spoke_at=None,
        next_at=None,
        post=packed(post),
        readings=0,
        absences=0,
    )
    reserved = select(exists().where(charges.c.delivery_id == row.id))
    if cost and not connection.scalar(reserved):
        charge(connection, row.account, now, cost, row.action, row.id)
    claimed = outbox.one(connection, row.id)
    assert claimed is not None, "it was written a moment ago"
    return claimed


def _write(connection: Connection, delivery_id: int, **changed: Any) -> None:
    connection.execute(update(deliveries).where(COLUMNS.id == delivery_id).values(changed))


def spoke(connection: Connection, delivery_id: int, now: datetime) -> bool:
    sending = COLUMNS.id == delivery_id, COLUMNS.state == State.SENDING
    return connection.execute(update(deliveries).where(*sending).values(spoke_at=now)).rowcount == 1


def settle(connection: Connection, delivery: Delivery, change: Change) -> bool:
    """Ids, address and time of what stands are kept where the change names none."""
    row = COLUMNS.id == delivery.id, COLUMNS.state == delivery.state, COLUMNS.attempts == delivery.attempts
    written = connection.execute(update(deliveries).where(*row).values(_changed(change)))
    if written.rowcount != 1:
        return False
    if change.release:
        connection.execute(delete(charges).where(charges.c.delivery_id == delivery.id))
    if change.hold is not None:
        switches.hold(connection, delivery.account, change.hold)
    return True


def _changed(change: Change) -> dict[str, Any]:
    names = ("state", "reason", "next_at", "readings", "absences", "doubts")
    changed = {name: getattr(change, name) for name in names}
    if change.remote_ids is not None:
        changed["remote_ids"] = unlisted(change.remote_ids)
    kept = {"posted_at": change.posted_at, "remote_url": change.remote_url}
    return changed | {name: value for name, value in kept.items() if value is not None}


def part_posted(connection: Connection, delivery_id: int, remote_id: str) -> None:
    row = outbox.one(connection, delivery_id)
    if row is not None and remote_id not in row.remote_ids:
        _write(connection, delivery_id, remote_ids=unlisted((*row.remote_ids, remote_id)))


def charge(
    connection: Connection, account: str, at: datetime, cost: int, what: str, delivery_id: int | None = None
) -> None:
    row = {"account": account, "month": month(at), "at": at, "cost": cost, "what": what}
    connection.execute(insert(charges).values(**row, delivery_id=delivery_id))
