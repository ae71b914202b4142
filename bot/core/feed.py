"""What an Atom feed says of the campaign: its posts and milestones, each once, each id for ever.

A message that goes out on three networks on one day is one entry. It makes no XML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from bot.core.announce import petition_name
from bot.core.model import Delivery
from bot.core.overview import opening
from bot.core.plan import Book

MOST = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """`url`: where it stands (None: a milestone that no post has told). `page`: the id under which it is
    offered to be shared. Everything of one day and language that says the same is one entry."""

    id: str
    title: str
    words: str
    at: datetime
    url: str | None
    page: str


def entry_id(book: Book, *names: str) -> str:
    """The same names give the same id for ever, for this petition."""
    return uuid5(NAMESPACE_URL, "/".join((petition_name(book), *names))).urn


def entries(
    book: Book, language: str, public: Sequence[Delivery], milestones: Mapping[int, tuple[datetime, str]]
) -> tuple[Entry, ...]:
    """The newest first. `public`: posts in this language that everybody can see; `milestones`: those that
    were reached, with the time and the words."""
    made: dict[str, Entry] = {}
    for row in sorted(public, key=lambda row: row.posted_at or row.slot):
        entry = _of_post(book, language, row)
        if row.kind != "milestone" and entry.id not in made:
            made[entry.id] = entry
    told = [
        Entry(
            entry_id(book, language, "milestone", str(threshold)),
            opening(words, 90),
            words,
            at,
            _told_at(public, threshold),
            f"milestone-{threshold}",
        )
        for threshold, (at, words) in milestones.items()
    ]
    return tuple(sorted([*made.values(), *told], key=lambda entry: entry.at, reverse=True)[:MOST])


def _of_post(book: Book, language: str, row: Delivery) -> Entry:
    at, words = row.posted_at or row.slot, row.post.words if row.post else ""
    name = entry_id(book, language, row.message_id or "", at.date().isoformat())
    return Entry(name, opening(words, 90), words, at, row.remote_url, row.message_id or "")


def _told_at(public: Sequence[Delivery], threshold: int) -> str | None:
    """Where a milestone was announced, first of all."""
    rows = [row for row in public if row.kind == "milestone" and row.target == str(threshold)]
    return min(rows, key=lambda row: row.posted_at or row.slot).remote_url if rows else None
