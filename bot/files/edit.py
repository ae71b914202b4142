"""Edits of messages.yaml that keep every other byte: comments, order, quotes, line breaks, indentation.

Text in, text out. A text that is given back has been read by the strict reader and says exactly what was
meant; else there is an EditRefused, and nothing has changed. Whether a message is any good is not asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.core.scalars import named
from bot.files.layout import Splice
from bot.files.page import EditRefused, Entry, Page
from bot.files.save import Changed, save

__all__ = [
    "Changed",
    "EditRefused",
    "add",
    "extend",
    "move",
    "remove",
    "replace",
    "revise",
    "save",
    "set_fields",
]


def add(text: str, message: Mapping[str, Any]) -> str:
    """A new message at the end of the list. Keys whose value is None are left out."""
    return extend(text, [message])


def extend(text: str, messages: Sequence[Mapping[str, Any]]) -> str:
    """New messages at the end of the list, in their order."""
    page, fresh = Page(text), [_entry(message) for message in messages]
    ids = [entry.get("id") for entry in fresh]
    for at, message_id in enumerate(ids):
        if not page.is_free(message_id) or message_id in ids[:at]:
            raise EditRefused(f"there is a message {named(str(message_id))} already; take another id")
    return page.settled(page.added(fresh), [*page.entries, *fresh]) if fresh else text


def replace(text: str, message_id: str, message: Mapping[str, Any]) -> str:
    """The whole message anew: fields that say the same keep their bytes, fields that it lacks go."""
    return revise(text, {message_id: message})


def revise(text: str, messages: Mapping[str, Mapping[str, Any]]) -> str:
    """Several messages anew, by their ids."""
    whole = {each: {"id": each, **_entry(message)} for each, message in messages.items()}
    return _revised(Page(text), whole)


def set_fields(text: str, message_id: str, fields: Mapping[str, Any]) -> str:
    """Some fields of a message anew; None takes one out."""
    page = Page(text)
    others = {key: old for key, old in page.entries[page.index(message_id)].items() if key not in fields}
    return _revised(page, {message_id: {**others, **_entry(fields)}})


def _revised(page: Page, messages: Mapping[str, Entry]) -> str:
    intended, splices = list(page.entries), list[Splice]()
    for message_id, entry in messages.items():
        at = page.index(message_id)
        if entry["id"] != message_id and not page.is_free(entry["id"]):
            raise EditRefused(f"there is a message {named(str(entry['id']))} already; take another id")
        splices += page.revised(at, entry)
        intended[at] = entry
    return page.settled(splices, intended)


def remove(text: str, message_id: str) -> str:
    """The list without a message. A comment above it stays."""
    page = Page(text)
    at = page.index(message_id)
    return page.settled(page.removed(at), page.entries[:at] + page.entries[at + 1 :])


def move(text: str, message_id: str, before: str | None) -> str:
    """A message to another place: before another one, or to the end (None). A comment directly above it,
    with a blank line above that, goes with it."""
    page = Page(text)
    at = page.index(message_id)
    to = len(page.entries) if before is None else page.index(before)
    if to in (at, at + 1):
        return text
    order = [each for each in range(len(page.entries)) if each != at]
    order.insert(to - (to > at), at)
    return page.settled(page.moved(at, to, order), [page.entries[each] for each in order])


def _entry(message: Mapping[str, Any]) -> Entry:
    return {str(key): _plain(value) for key, value in message.items() if value is not None}


def _plain(value: Any) -> Any:
    """Days as they are written, tuples as lists; the rest as it is."""
    if isinstance(value, Mapping):
        return {str(key): _plain(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(below) for below in value]
    return value.isoformat() if isinstance(value, date) else value
