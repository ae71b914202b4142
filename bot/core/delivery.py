"""What may be claimed, and what an answer makes of a delivery. The promise "once" is decided here.

Pure: every function takes frozen values and the time, and returns a frozen value. It sends nothing,
and it never guesses: what stays unknown waits for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.core.budget import over_budget
from bot.core.model import (
    Change,
    Deferred,
    Delivery,
    Go,
    Outcome,
    Posted,
    Refused,
    Situation,
    State,
    Stop,
    Unconfirmed,
    Verdict,
    Wait,
)
from bot.core.written import Account, DeliveryRules

MAX_UNCONFIRMED = 3
"""So many deliveries of unknown fate hold the whole account."""

PATIENCE = timedelta(hours=24)
"""So long an unknown fate is looked up, and a thread that has begun may be finished."""

LONGEST_BACK_OFF = timedelta(minutes=30)

GOES_ON = "the rest of the thread"
"""The reason of a delivery that is due for its next part."""


def may_claim(
    delivery: Delivery, cost: int, situation: Situation, account: Account, now: datetime
) -> Verdict:
    """Decide on a due delivery, inside the transaction that would claim it. `cost` in micro-dollars."""
    if now > last_moment(delivery):
        return broken_off(delivery, Stop(State.MISSED, _too_late(delivery, situation)))
    if standing := _standing(situation):
        return Wait(standing)
    if situation.last_spoke_at and now < situation.last_spoke_at + account.gap:
        return Wait("the least gap between two posts", situation.last_spoke_at + account.gap)
    spent = over_budget(account.budget, cost, situation.spent_this_month, situation.posts_today)
    return broken_off(delivery, Stop(State.MISSED, spent)) if spent else Go(cost)


def last_moment(delivery: Delivery) -> datetime:
    """Until when it may be sent: a thread that has begun is finished also when it is late."""
    begun = bool(delivery.remote_ids)
    return max(delivery.expires, delivery.slot + PATIENCE) if begun else delivery.expires


def broken_off(delivery: Delivery, stop: Stop) -> Stop:
    """How it ends. A thread that stands in part has had its turn, and says what stands."""
    if not delivery.remote_ids:
        return stop
    parts = len(delivery.post.parts) if delivery.post else 1
    stand = f"{len(delivery.remote_ids)} of {parts} parts stand at {delivery.remote_url or 'the network'}"
    return Stop(State.REFUSED, f"{stop.reason}; {stand}: petition-bot unpost {delivery.id} takes them back")


def _ended(delivery: Delivery, state: State, reason: str) -> Change:
    stop = broken_off(delivery, Stop(state, reason))
    return Change(stop.state, stop.reason, release=not delivery.remote_ids)


def _too_late(delivery: Delivery, situation: Situation) -> str:
    cause = situation.paused or situation.held or delivery.reason
    return f"too late: not sent within its grace{f' ({cause})' if cause else ''}"


def _standing(situation: Situation) -> str | None:
    """What keeps the account from posting, whatever the delivery."""
    if situation.paused or situation.held:
        return situation.paused or situation.held
    if situation.unconfirmed >= MAX_UNCONFIRMED:
        return f"{situation.unconfirmed} posts of unknown fate: settle them first (petition-bot status)"
    return "another post of this account is under way" if situation.sending else None


def settle(delivery: Delivery, outcome: Outcome, now: datetime, rules: DeliveryRules) -> Change:
    """What the network's answer to a claimed delivery means for it."""
    match outcome:
        case Posted():
            return stands(delivery, [outcome.remote_id], outcome.url, outcome.flaw, now)
        case Refused(reason, "account"):
            return Change(
                State.DUE, reason, doubts=delivery.doubts, release=not delivery.remote_ids, hold=reason
            )
        case Refused(reason):
            return _ended(delivery, State.REFUSED, reason)
        case Deferred(reason, until):
            return _later(delivery, reason, until, now, rules)
        case Unconfirmed(reason, duplicate=True) if not delivery.doubts:
            return _ended(delivery, State.REFUSED, f"the same text stands there already: {reason}")
        case Unconfirmed(reason):
            return _doubt(delivery, reason, now, rules)
        case _:
            assert_never(outcome)


def stands(
    delivery: Delivery, remote_ids: Sequence[str], url: str | None, flaw: str, now: datetime
) -> Change:
    """These parts are known to stand as well: it is over, or due for the next one."""
    ids = (*delivery.remote_ids, *remote_ids)
    parts = len(delivery.post.parts) if delivery.post else 1
    address = delivery.remote_url or url
    if len(ids) < parts:
        return Change(State.DUE, GOES_ON, next_at=now, remote_ids=ids, remote_url=address, flaw=flaw)
    return Change(State.POSTED, flaw, posted_at=now, remote_ids=ids, remote_url=address, flaw=flaw)


def _later(
    delivery: Delivery, reason: str, until: datetime | None, now: datetime, rules: DeliveryRules
) -> Change:
    again = max(until or now, now + back_off(delivery.attempts, rules))
    if again > last_moment(delivery):
        return _ended(delivery, State.MISSED, f"{reason}; its grace ends before another try")
    return Change(State.DUE, reason, next_at=again, doubts=delivery.doubts, release=not delivery.remote_ids)


def back_off(attempts: int, rules: DeliveryRules) -> timedelta:
    """20 s, 1, 3, 9, 27 and then every 30 minutes, with the default settle time of 60 s."""
    return min(rules.settle / 3 * 3.0 ** min(max(attempts - 1, 0), 9), LONGEST_BACK_OFF)


def _doubt(delivery: Delivery, reason: str, now: datetime, rules: DeliveryRules) -> Change:
    looked_up = (delivery.spoke_at or now) + rules.settle
    return Change(State.UNCONFIRMED, reason, next_at=looked_up, doubts=delivery.doubts + 1)


def recovered(delivery: Delivery, now: datetime, rules: DeliveryRules, *, by_another: bool = False) -> Change:
    """What a row found in `sending` at start-up is: whoever claimed it is dead, or lost its lease.
    `by_another`: perhaps by another machine's clock, so the settle time begins now."""
    if delivery.spoke_at is None:
        unsent = not delivery.remote_ids
        return Change(State.DUE, "stopped before it was sent", now, doubts=delivery.doubts, release=unsent)
    doubt = _doubt(delivery, "the bot was stopped while it was being sent", now, rules)
    return replace(doubt, next_at=now + rules.settle) if by_another else doubt


def needs_person(delivery: Delivery) -> bool:
    """Waits for `resolve`: nothing more is looked up by itself."""
    return delivery.state is State.UNCONFIRMED and delivery.next_at is None


def resolved(delivery: Delivery, *, posted: bool, now: datetime) -> Change:
    """What a person says of an unconfirmed delivery. Nothing is sent by it, no further part either."""
    if posted:
        last = delivery.post is None or len(delivery.remote_ids) == len(delivery.post.parts) - 1
        rest = "" if last else "; the parts after it do not go out"
        return Change(State.POSTED, f"a person said that it was posted{rest}", posted_at=now)
    return _ended(delivery, State.MISSED, "a person said that it was not posted")
