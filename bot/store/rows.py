"""Rows of the outbox as the nouns of core/model.py, and back. No query and no rule here."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from bot.core.model import Delivery, NewDelivery, Picture, Post, State
from bot.ports import StoreUnusable

POST_FIELDS = frozenset(field.name for field in fields(Post))


def delivery(row: Row[Any]) -> Delivery:
    """One row of `deliveries` as the model has it."""
    found = row._asdict()
    try:
        state = State(found.pop("state"))
        post, ids = unpacked(found.pop("post")), listed(found.pop("remote_ids"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreUnusable(
            f"delivery {row.id} ({row.key}) cannot be read from the state ({error}): restore a backup"
        ) from None
    return Delivery(**found, state=state, post=post, remote_ids=ids)


def values(new: NewDelivery) -> dict[str, Any]:
    """A new row; one that is due or in doubt is looked at from its slot on."""
    row = {field.name: getattr(new, field.name) for field in fields(new)}
    due = new.state in (State.DUE, State.UNCONFIRMED)
    zero = dict.fromkeys(("attempts", "readings", "absences", "doubts"), 0)
    return row | zero | {"post": packed(new.post), "next_at": new.slot if due else None}


def packed(post: Post | None) -> str | None:
    return None if post is None else json.dumps(asdict(post), ensure_ascii=False)


def unpacked(text: str | None) -> Post | None:
    """The post of a row. A field that a later version dropped is left out."""
    if text is None:
        return None
    known = {name: value for name, value in json.loads(text).items() if name in POST_FIELDS}
    known["parts"] = tuple(known["parts"])
    known["pictures"] = tuple(Picture(**each) for each in known.get("pictures", ()))
    return Post(**known)


def listed(text: str | None) -> tuple[str, ...]:
    return () if text is None else tuple(json.loads(text))


def unlisted(ids: tuple[str, ...]) -> str | None:
    return json.dumps(ids) if ids else None
