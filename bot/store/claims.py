"""The life of a delivery: claimed, spoken, settled. It carries out what it is told and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, or_, select, update

from bot.core.budget import month
from bot.core.model import TURN_USED, Change, Delivery, Go, Post, Situation, State, Stop, Verdict, Wait
from bot.store import deliveries as outbox
from bot.store import switches
from bot.store.rows import packed, unlisted
from bot.store.schema import charges, deliveries
from bot.store.uses import recount

COLUMNS = deliveries.c
STANDS = or_(
    COLUMNS.state.in_((State.SENDING, State.UNCONFIRMED, State.POSTED)), COLUMNS.remote_ids.is_not(None)
)
"""Rows that followers see or may see; a thread that broke off stands in part."""

CLAIMED = ("state", "attempts", "claimed_at", "spoke_at", "next_at", "readings", "absences")

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
            recount(connection, [row])
        case _:
            assert_never(verdict)
    return verdict


def situation(connection: Connection, row: Delivery, now: datetime, day: Day) -> Situation:
    """All that bears on a claim of `row`, beside the row itself: what it spoke or reserved before does not
    stand in its own way (it was not posted, or is a thread that goes on)."""
    asked = {"ours": row.account, "row": row.id, "since": day[0], "until": day[1], "month": month(now)}
    found = connection.execute(BESIDE_IT, asked).one()
    paused, held = switches.standing(connection, now, row.account)
    return Situation(
        paused=paused,
        held=held,
        sending=bool(found.sending),
        unconfirmed=found.unconfirmed,
        last_spoke_at=found.last,
        spent_this_month=int(found.spent or 0),
        posts_today=found.today,
    )


def _beside_it() -> Select[Any]:
    """One statement, made once: a claim asks it under the lock."""
    others = (COLUMNS.account == bindparam("ours"), COLUMNS.id != bindparam("row"))
    spoke = COLUMNS.spoke_at
    last = select(spoke).where(*others, spoke.is_not(None)).order_by(spoke.desc()).limit(1)
    today = select(func.count()).where(
        *others, STANDS, spoke >= bindparam("since"), spoke < bindparam("until")
    )
    doubted = select(func.count()).where(*others, COLUMNS.state == State.UNCONFIRMED)
    theirs = or_(charges.c.delivery_id.is_(None), charges.c.delivery_id != bindparam("row"))
    this_month = charges.c.account == bindparam("ours"), charges.c.month == bindparam("month")
    spent = select(func.sum(charges.c.cost)).where(*this_month, theirs)
    return select(
        exists().where(*others, COLUMNS.state == State.SENDING).label("sending"),
        doubted.scalar_subquery().label("unconfirmed"),
        last.scalar_subquery().label("last"),
        spent.scalar_subquery().label("spent"),
        today.scalar_subquery().label("today"),
    )


BESIDE_IT = _beside_it()


def _claimed(connection: Connection, row: Delivery, post: Post | None, cost: int, now: datetime) -> Delivery:
    claimed = replace(
        row,
        state=State.SENDING,
        attempts=row.attempts + 1,
        claimed_at=now,
        spoke_at=None,
        next_at=None,
        post=post,
        readings=0,
        absences=0,
    )
    changed = {name: getattr(claimed, name) for name in CLAIMED}
    _write(connection, row.id, post=packed(post), **changed)
    reserved = select(exists().where(charges.c.delivery_id == row.id))
    if cost and not connection.scalar(reserved):
        charge(connection, row.account, now, cost, row.action, row.id)
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
    if change.state not in TURN_USED:
        recount(connection, [delivery])
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


def charge(
    connection: Connection, account: str, at: datetime, cost: int, what: str, delivery_id: int | None = None
) -> None:
    row = {"account": account, "month": month(at), "at": at, "cost": cost, "what": what}
    connection.execute(insert(charges).values(**row, delivery_id=delivery_id))
