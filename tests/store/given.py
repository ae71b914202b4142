"""Small, valid values to start a test of the store from; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.model import Delivery, Go, NewDelivery, Post, Situation, Stop, Verdict, Wait
from bot.store.store import SqlStore

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC))
NOWHERE = {"mastodon": "UTC", "x": "UTC"}


def post(**fields: Any) -> Post:
    given = {
        "account": "x",
        "network": "x",
        "message_id": "tents",
        "kind": "fact",
        "language": "en",
        "parts": ("Two thousand tents.",),
        "words": "Two thousand tents.",
        "length": 19,
        "limit": 280,
    }
    return Post(**{**given, **fields})


def row(key: str = "x/1", **fields: Any) -> NewDelivery:
    slot = fields.pop("slot", NOON)
    given = {
        "account": "x",
        "slot": slot,
        "expires": slot + 30 * MINUTE,
        "message_id": "tents",
        "language": "en",
    }
    return NewDelivery(key, **{**given, **fields})


def added(store: SqlStore, key: str = "x/1", **fields: Any) -> Delivery:
    (delivery,) = store.insert([row(key, **fields)], {})
    return delivery


def go(delivery: Delivery, situation: Situation) -> Verdict:
    return Go()


def obedient(delivery: Delivery, situation: Situation) -> Verdict:
    """As the rules of the bot would have it, in short: whatever stands in the way means to wait."""
    busy = situation.paused or situation.held or ("busy" if situation.sending else None)
    return Wait(busy) if busy else Go()


def claimed(store: SqlStore, key: str = "x/1", now: datetime = NOON, **fields: Any) -> Delivery:
    """A row in `sending`; one that is there already is claimed again."""
    due = store.by_key(key) or added(store, key, **fields)
    found = store.claim(due.id, None, now, DAY, go)
    assert isinstance(found, Delivery)
    return found


def spoken(store: SqlStore, key: str = "x/1", now: datetime = NOON, **fields: Any) -> Delivery:
    """A row in `sending` that has spoken at `now`."""
    delivery = claimed(store, key, now, **fields)
    assert store.spoke(delivery.id, now)
    return found(store, key)


def found(store: SqlStore, key: str = "x/1") -> Delivery:
    delivery = store.by_key(key)
    assert delivery is not None
    return delivery


def situation_of(store: SqlStore, delivery: Delivery, now: datetime = NOON, day: Any = DAY) -> Situation:
    """What `decide` is told about a due row; the row ends as it was, but for a reason."""
    seen: list[Situation] = []

    def look(row: Delivery, situation: Situation) -> Verdict:
        seen.append(situation)
        return Wait("only looking", row.next_at)

    store.claim(delivery.id, None, now, day, look)
    return seen[0]


def stop(state: Any, reason: str = "no") -> Any:
    return lambda delivery, situation: Stop(state, reason)
