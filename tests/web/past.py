"""A state with a past: rows in every state, and readings of the count, as the bot would have left them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.model import Change, Delivery, Go, NewDelivery, Post, Reading, State
from bot.ports import Store
from tests.web.given import NOW, a_post

MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def happened(
    store: Store,
    change: Change | None = None,
    post: Post | None = None,
    slot: datetime = NOW - HOUR,
    **fields: Any,
) -> Delivery:
    """One row that was claimed, spoke, and ended so; by default it was posted."""
    post = post or a_post()
    given = {"message_id": post.message_id, "kind": post.kind, "language": post.language} | fields
    row = NewDelivery(f"{post.account}/{slot.isoformat()}", post.account, slot, slot + HOUR, **given)
    (made,) = store.insert([replace(row, post=post)], {})
    store.claim(made.id, post, slot, (slot, slot), lambda _row, _situation: Go(post.cost))
    store.spoke(made.id, slot)
    claimed = store.delivery(made.id)
    assert claimed
    assert store.settle(claimed, change or posted(slot + MINUTE, str(made.id)))
    ended = store.delivery(made.id)
    assert ended
    return ended


def posted(at: datetime = NOW - HOUR, *ids: str) -> Change:
    url = f"https://social.example.org/@stopmpp/{ids[0] if ids else 1}"
    return Change(State.POSTED, posted_at=at, remote_ids=ids or ("1",), remote_url=url)


UNCLEAR = Change(State.UNCONFIRMED, "the network did not answer within 30 s", doubts=1)
REFUSED = Change(State.REFUSED, "X says that the text was posted before", release=True)


def counted(store: Store, *numbers: int, every: timedelta = A_DAY) -> None:
    """Readings so far apart, the last one now."""
    for age, number in enumerate(reversed(numbers)):
        store.add_reading(Reading(number, "json", NOW - age * every))
