"""What people decided for single slots, kept on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.model import Choice
from bot.store.store import SqlStore
from tests.store.given import NOON, NOWHERE, row

DAY = timedelta(days=1)
SKIP = Choice("x/2026-12-02/09:00", None, "Ana", NOON + DAY, NOON)


def kept(store: SqlStore) -> dict[str, Choice]:
    return dict(store.ledger(NOON, NOWHERE).choices)


def test_the_ledger_has_what_was_decided_last(store: SqlStore) -> None:
    assert kept(store) == {}
    assert store.choose(SKIP)
    assert kept(store) == {SKIP.slot_key: SKIP}
    other = replace(SKIP, message_id="tents", who="Beto", at=NOON + timedelta(hours=1))
    assert store.choose(other)
    assert kept(store) == {SKIP.slot_key: other}


def test_a_choice_is_undone_once(store: SqlStore) -> None:
    store.choose(SKIP)
    assert store.unchoose(SKIP.slot_key)
    assert not store.unchoose(SKIP.slot_key)
    assert kept(store) == {}


def test_what_has_a_row_is_not_decided_any_more(store: SqlStore) -> None:
    store.choose(SKIP)
    store.insert([row(SKIP.slot_key)], {})
    assert not store.choose(replace(SKIP, message_id="tents"))
    assert not store.unchoose(SKIP.slot_key)
    assert kept(store) == {SKIP.slot_key: SKIP}


def test_old_choices_are_forgotten_when_new_ones_are_made(store: SqlStore) -> None:
    old = replace(SKIP, slot_key="x/2026-10-01/09:00", slot=NOON - 60 * DAY)
    recent = replace(SKIP, slot_key="x/2026-11-30/09:00", slot=NOON - DAY)
    for each in (old, recent):
        store.choose(replace(each, at=each.slot - DAY))
    assert set(kept(store)) == {old.slot_key, recent.slot_key} or old.slot_key not in kept(store)
    store.choose(SKIP)
    assert set(kept(store)) == {recent.slot_key, SKIP.slot_key}
