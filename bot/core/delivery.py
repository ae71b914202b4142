"""What may be claimed, and what an answer makes of a delivery. The promise "once" is decided here.

Pure: every function takes frozen values and the time, and returns a frozen value. It sends nothing,
and it never guesses: what stays unknown waits for a person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
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
    Seen,
    Situation,
    State,
    Stop,
    Timeline,
    Unconfirmed,
    Unreadable,
    Verdict,
    Wait,
)
from bot.core.pictures import lost
from bot.core.text import near, normalized, same
from bot.core.written import Account, DeliveryRules

MAX_UNCONFIRMED = 3
"""So many deliveries of unknown fate hold the whole account."""

PATIENCE = timedelta(hours=24)
MAX_READINGS = 6
"""An unconfirmed delivery without an answer after either of these waits for a person."""

ABSENCES = {"x": 5}
"""Good readings without the post before it counts as not there; X's timeline lags, so it needs more."""

CLOCK_SLACK = timedelta(seconds=2)
"""Networks give the time of a post in whole seconds, and Date headers too."""

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
            return _stands(delivery, outcome.remote_id, outcome.url, outcome.flaw, now)
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


def _stands(delivery: Delivery, remote_id: str, url: str | None, flaw: str, now: datetime) -> Change:
    ids = (*delivery.remote_ids, remote_id)
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


def recovered(delivery: Delivery, now: datetime, rules: DeliveryRules) -> Change:
    """What a row found in `sending` at start-up is: whoever claimed it is dead."""
    if delivery.spoke_at is None:
        unsent = not delivery.remote_ids
        return Change(State.DUE, "stopped before it was sent", now, doubts=delivery.doubts, release=unsent)
    return _doubt(delivery, "the bot was stopped while it was being sent", now, rules)


# --- reconcile -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of an account beside the delivery in doubt.

    `owned`: remote ids that belong to other deliveries; `newest`: the remote id of our newest known
    post, which a good reading must show; `user_id`: who the account is.
    """

    owned: Collection[str] = ()
    newest: str | None = None
    user_id: str | None = None


def judge(
    delivery: Delivery,
    reading: Timeline | Unreadable,
    known: Known,
    network: str,
    now: datetime,
    rules: DeliveryRules,
) -> Change:
    """What one look at the account's own timeline says about an unconfirmed post."""
    if isinstance(reading, Unreadable):
        return _unanswered(delivery, reading.reason, now, rules)
    if known.user_id and reading.user_id != known.user_id:
        return _mismatch(delivery)
    spoke = _by_their_clock(spoken_since(delivery), reading, now)
    owned = {*known.owned, *delivery.remote_ids}
    fresh = [seen for seen in reading.posts if seen.remote_id not in owned and seen.created_at >= spoke]
    text = _text_in_doubt(delivery)
    for seen in reversed(fresh):  # the oldest: a later one of the same words belongs to a later delivery
        if _is(seen, text):
            return _stands(delivery, seen.remote_id, seen.url, _flaw(delivery, seen), now)
    if alike := next((seen for seen in fresh if _is_alike(seen, text)), None):
        return _ask(
            delivery, f"a post much like it stands at {alike.url or alike.remote_id}: is it this one?"
        )
    newest = delivery.remote_ids[-1] if delivery.remote_ids else known.newest
    if not _reads_well(reading, spoke, newest):
        why = "the timeline does not reach back far enough to tell"
        return _lost(delivery, why) if _is_old_news(delivery, now) else _unanswered(delivery, why, now, rules)
    return absent(delivery, network, now, rules)


def judge_repost(
    delivery: Delivery,
    reposted: bool | Unreadable,
    original: str,
    network: str,
    now: datetime,
    rules: DeliveryRules,
) -> Change:
    """The same for a repost, which a network shows on the post itself; `original` is the id of that post."""
    if isinstance(reposted, Unreadable):
        return _unanswered(delivery, reposted.reason, now, rules)
    if reposted:
        return _stands(delivery, f"repost:{original}", None, "", now)
    return absent(delivery, network, now, rules)


def spoken_since(delivery: Delivery) -> datetime:
    """From when on the post in doubt may stand: also an attempt before the last one may have arrived late,
    and none was made before the slot."""
    spoke = delivery.spoke_at or delivery.slot
    return min(spoke, delivery.slot) if delivery.doubts > 1 else spoke


def _text_in_doubt(delivery: Delivery) -> str:
    return delivery.post.parts[len(delivery.remote_ids)] if delivery.post else ""


def _flaw(delivery: Delivery, seen: Seen) -> str:
    """What the post as it is seen lacks; pictures go with the first part."""
    if delivery.post is None or delivery.remote_ids or seen.pictures is None:
        return ""
    return lost(len(delivery.post.pictures), seen.pictures)


def _by_their_clock(at: datetime, reading: Timeline, now: datetime) -> datetime:
    """A time of ours as the server's clock had it, a little early."""
    offset = reading.server_time - now if reading.server_time else timedelta(0)
    return at + offset - CLOCK_SLACK


def _is(seen: Seen, text: str) -> bool:
    if seen.repost_of:
        return False
    return normalized(seen.text) == normalized(text) if seen.exact else same(seen.text, text)


def _is_alike(seen: Seen, text: str) -> bool:
    """Too like it to be sent again, and not surely the same."""
    return not seen.repost_of and (same(seen.text, text) or near(seen.text, text))


def _reads_well(reading: Timeline, spoke: datetime, newest: str | None) -> bool:
    """Does the page reach back before the attempt, and show the newest post that we know of?"""
    reaches_back = reading.complete or any(seen.created_at < spoke for seen in reading.posts)
    shown = {seen.remote_id for seen in reading.posts}
    return reaches_back and (newest is None or newest in shown)


def absent(delivery: Delivery, network: str, now: datetime, rules: DeliveryRules) -> Change:
    """A good reading did not show it: after enough of them it is due again, else looked up again."""
    absences = delivery.absences + 1
    if absences >= ABSENCES.get(network, 2):
        again = now if delivery.doubts <= 1 else now + back_off(delivery.attempts, rules)
        unsent = not delivery.remote_ids
        return Change(State.DUE, "it did not arrive", again, doubts=delivery.doubts, release=unsent)
    return Change(
        State.UNCONFIRMED,
        delivery.reason,
        now + rules.settle,
        readings=delivery.readings + 1,
        absences=absences,
        doubts=delivery.doubts,
    )


def _unanswered(delivery: Delivery, why: str, now: datetime, rules: DeliveryRules) -> Change:
    vain = delivery.readings - delivery.absences + 1
    if _is_old_news(delivery, now) and vain >= MAX_READINGS:
        return _lost(delivery, why)
    if vain >= MAX_READINGS or now - (delivery.spoke_at or now) >= PATIENCE:
        return _ask(delivery, f"{delivery.reason}; looked {vain} times without an answer ({why})")
    return Change(
        State.UNCONFIRMED,
        delivery.reason,
        now + rules.settle * 2.0**vain,
        readings=delivery.readings + 1,
        absences=delivery.absences,
        doubts=delivery.doubts,
    )


def _is_old_news(delivery: Delivery, now: datetime) -> bool:
    """In doubt without an attempt that is known: a restored backup lacks what became of it. After a day
    nobody needs to be asked about that any more."""
    return not delivery.attempts and now - delivery.slot >= PATIENCE


def _lost(delivery: Delivery, why: str) -> Change:
    reason = f"{delivery.reason}; whether it went out cannot be told ({why})"
    return Change(State.MISSED, reason, release=True)


def _mismatch(delivery: Delivery) -> Change:
    reason = "these keys belong to another account than the one pinned: nothing is sent until a person looks"
    return Change(
        State.UNCONFIRMED,
        delivery.reason,
        next_at=None,
        readings=delivery.readings,
        absences=delivery.absences,
        doubts=delivery.doubts,
        hold=reason,
    )


def _ask(delivery: Delivery, reason: str) -> Change:
    return Change(State.UNCONFIRMED, reason, None, readings=delivery.readings + 1, doubts=delivery.doubts)


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
