"""What people did is kept, newest first, and by what it was about."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import Deed
from bot.store.store import SqlStore
from tests.store.given import NOON


def deed(about: str, minutes: int = 0) -> Deed:
    return Deed("ana", "edit", about, "before", "after", NOON + timedelta(minutes=minutes))


def test_deeds_come_newest_first(store: SqlStore) -> None:
    for minutes in (2, 3, 1):
        store.note(deed("a", minutes))
    assert store.deeds() == [deed("a", 3), deed("a", 2), deed("a", 1)]
    assert store.deeds(limit=1) == [deed("a", 3)]


def test_deeds_of_one_moment_keep_their_order(store: SqlStore) -> None:
    store.note(deed("a"))
    store.note(deed("b"))
    assert [each.about for each in store.deeds()] == ["b", "a"]


def test_deeds_are_found_by_what_they_were_about(store: SqlStore) -> None:
    store.note(deed("a"))
    store.note(deed("b", 1))
    assert store.deeds(about="a") == [deed("a")]
    assert store.deeds(about="c") == []


def test_deeds_are_found_by_who_did_them_and_leafed_through(store: SqlStore) -> None:
    for minutes in range(3):
        store.note(deed("a", minutes))
    assert store.deeds(who="ana", limit=1, skip=1) == [deed("a", 1)]
    assert store.deeds(who="ben") == []
