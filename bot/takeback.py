"""A post is taken back where it stands: its repost, and every part of it, the last one first.

It may be called again for what could not be deleted. What happened stays told: the row keeps its state, its
turn stays used, and nothing that was taken back is ever looked up or sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.model import FINAL, Change, Delivery, State, Stop
from bot.ports import Network, Store

WITHDRAWN = Stop(State.CANCELLED, "the post to repeat was taken back")


def standing(row: Delivery | None, row_id: int) -> str | None:
    """Why there is nothing to take back; None where there is something."""
    if row is None:
        return f"there is no delivery {row_id}"
    if row.state is State.SENDING:
        return f"delivery {row.id} is being sent at this moment: try again in a minute"
    if row.state is State.UNCONFIRMED:
        return (
            f"whether delivery {row.id} stands is not known: look at the account, delete it there by hand, "
            f"then: petition-bot resolve {row.id} posted"
        )
    if row.state is State.DUE and not row.remote_ids:
        return f"delivery {row.id} is not out yet: to keep it back set draft: true, or petition-bot pause"
    if not row.remote_ids:
        return f"nothing of delivery {row.id} stands ({row.state}{f': {row.reason}' if row.reason else ''})"
    return None


def take_back(row: Delivery, store: Store, network: Network, now: datetime) -> list[str]:
    """Delete it and its repost; returns a sentence for everything that still stands."""
    said = f"taken back on {now:%Y-%m-%d at %H:%M} UTC"
    if row.state is State.DUE:  # the rest of a thread: first of all it must not go on
        ended = Change(State.POSTED, f"{said}, before all of it was out")
        if not store.settle(row, ended):
            return [f"delivery {row.id} has just gone on: try again in a minute"]
        row = replace(row, state=State.POSTED, reason=ended.reason)
    left = _repost(row, store, network, now, said)
    return [*left, *_deleted(row, store, network, said)]


def _repost(row: Delivery, store: Store, network: Network, now: datetime, said: str) -> list[str]:
    repost = store.by_key(f"{row.account}/repost/{row.key}")
    if repost is None:
        return []
    if repost.state is State.DUE:
        store.claim(repost.id, None, now, (now, now), lambda _row, _situation: WITHDRAWN)
    elif repost.state is State.UNCONFIRMED:  # whether it stands or not: it goes with the post
        store.settle(repost, Change(WITHDRAWN.state, WITHDRAWN.reason))
    elif repost.state is State.SENDING:
        return [f"its repost (delivery {repost.id}) is being sent at this moment: try again in a minute"]
    return _deleted(repost, store, network, said)


def _deleted(row: Delivery, store: Store, network: Network, said: str) -> list[str]:
    if row.state not in FINAL or not row.remote_ids:
        return []
    trouble = {each: why for each in reversed(row.remote_ids) if (why := _why_not(network.delete, each))}
    left = tuple(each for each in row.remote_ids if each in trouble)
    told = said if row.state is State.POSTED or not row.reason else f"{row.reason}; {said}"
    reason = f"{told}, but for {len(left)} of {len(row.remote_ids)}" if left else told
    store.settle(row, Change(row.state, reason, remote_ids=left))
    return [f"{_named(row, each)} still stands: {trouble[each]}" for each in left]


def _why_not(delete: Callable[[str], object], remote_id: str) -> str:
    outcome = delete(remote_id)
    return "" if outcome is None else str(getattr(outcome, "reason", "the network gave no clear answer"))


def _named(row: Delivery, remote_id: str) -> str:
    if row.action == "repost":
        return f"the repost on {row.account}"
    part = row.remote_ids.index(remote_id) + 1
    place = f" at {row.remote_url}" if row.remote_url and part == 1 else f" (id {remote_id})"
    return f"part {part}{place}" if len(row.remote_ids) > 1 else f"the post{place}"
