"""What a look at an account's own timeline says of a delivery of unknown fate.

Pure, and it never guesses: what is surely ours stands, what is surely not there is due again, and all
between waits for another look or for a person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.delivery import PATIENCE, back_off, stands
from bot.core.model import Change, Delivery, Seen, State, Timeline, Unreadable
from bot.core.pictures import lost
from bot.core.text import near, normalized, same
from bot.core.written import DeliveryRules

MAX_READINGS = 6
"""An unconfirmed delivery without an answer after so many looks, or after PATIENCE, waits for a person."""

ABSENCES = {"x": 5}
"""Good readings without the post before it counts as not there; X's timeline lags, so it needs more."""

CLOCK_SLACK = timedelta(seconds=2)
"""Networks give the time of a post in whole seconds, and Date headers too."""


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
    if found := _found(delivery, fresh):
        return _stand(delivery, found, now, rules)
    text = _texts_in_doubt(delivery)[0]
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
        return stands(delivery, [f"repost:{original}"], None, "", now)
    return absent(delivery, network, now, rules)


def spoken_since(delivery: Delivery) -> datetime:
    """From when on the post in doubt may stand: also an attempt before the last one may have arrived late,
    and none was made before the slot."""
    spoke = delivery.spoke_at or delivery.slot
    return min(spoke, delivery.slot) if delivery.doubts > 1 else spoke


def _found(delivery: Delivery, fresh: Sequence[Seen]) -> list[Seen]:
    """What in doubt stands there, part after part. Of the same words the oldest: a later one belongs to a
    later delivery."""
    left, found = [*reversed(fresh)], list[Seen]()
    for text in _texts_in_doubt(delivery):
        seen = next((each for each in left if _is(each, text)), None)
        if seen is None:
            break
        found.append(seen)
        left = left[left.index(seen) + 1 :]
    return found


def _texts_in_doubt(delivery: Delivery) -> Sequence[str]:
    """The part that was spoken last; where we do not remember speaking, it may be any of those left."""
    left = delivery.post.parts[len(delivery.remote_ids) :] if delivery.post else ("",)
    return left[:1] if delivery.spoke_at else left


def _stand(delivery: Delivery, found: Sequence[Seen], now: datetime, rules: DeliveryRules) -> Change:
    """Where we do not remember speaking, the next part is as much in doubt as these were."""
    ids = [seen.remote_id for seen in found]
    change = stands(delivery, ids, found[0].url, _flaw(delivery, found[0]), now)
    if change.state is State.POSTED or delivery.spoke_at:
        return change
    again = now + rules.settle
    return replace(change, state=State.UNCONFIRMED, reason=delivery.reason, next_at=again)


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
