"""What was seen of addresses, kept on both engines."""

from __future__ import annotations

from datetime import timedelta

from bot.core.links import Link
from bot.store.store import SqlStore
from tests.store.given import NOON

DEAD = Link(
    "https://petition.site/p", NOON, bad=2, why="answers 404", gone=True, since=NOON - timedelta(hours=1)
)


def test_what_is_known_of_a_link_is_what_was_noted_last(store: SqlStore) -> None:
    well = Link("https://story.site/a?b=c#d", NOON)
    for link in (DEAD, well):
        store.note_link(link)
    assert store.links() == [DEAD, well]
    store.note_link(Link(DEAD.url, NOON))
    assert [link.dead for link in store.links()] == [False, False]


def test_only_what_is_named_is_forgotten(store: SqlStore) -> None:
    store.note_link(DEAD)
    store.forget_links(["https://petition.site/other"])
    store.forget_links([])
    assert store.links() == [DEAD]
    store.forget_links([DEAD.url, "https://petition.site/other"])
    assert store.links() == []


def test_that_a_backup_was_restored_is_known_until_it_is_not(store: SqlStore) -> None:
    assert not store.restored()
    for _ in range(2):
        store.mark_restored(True)
        assert store.restored()
    store.pause(None, None)
    store.resume(None)
    assert store.restored()
    store.mark_restored(False)
    assert not store.restored()
