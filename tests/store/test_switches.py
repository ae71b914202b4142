"""Pauses, holds, identities, and the count: what is remembered beside the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.model import Identity, Reading
from bot.ports import AccountState
from bot.store.store import SqlStore
from tests.store.given import MINUTE, NOON, added, found, row

US = Identity("social.example.org", "7", "@campaign", bot=True)


def test_an_account_that_nobody_touched_is_free(store: SqlStore) -> None:
    assert store.account("x") == AccountState()
    assert store.paused(NOON) is None
    assert store.paused(NOON, "x") is None


def test_a_pause_of_all_pauses_each(store: SqlStore) -> None:
    store.pause(None, None)
    assert store.paused(NOON) == store.paused(NOON, "x") == "paused"
    store.resume(None)
    assert store.paused(NOON, "x") is None


def test_a_pause_of_one_leaves_the_others(store: SqlStore) -> None:
    store.pause("x", None)
    assert store.account("x").paused
    assert store.paused(NOON, "x") == "paused"
    assert store.paused(NOON, "mastodon") is store.paused(NOON) is None


def test_a_pause_ends_by_itself_at_its_time(store: SqlStore) -> None:
    for account in (None, "x"):
        store.pause(account, NOON)
        assert store.paused(NOON - MINUTE, account) == "paused until 2026-12-01 12:00 UTC"
        assert store.paused(NOON, account) is None


def test_when_the_pause_of_all_is_over_the_pause_of_one_remains(store: SqlStore) -> None:
    store.pause(None, NOON)
    store.pause("x", None)
    assert store.paused(NOON - MINUTE, "x") == "paused until 2026-12-01 12:00 UTC"
    assert store.paused(NOON, "x") == "paused"


def test_a_second_pause_replaces_the_first(store: SqlStore) -> None:
    for account in (None, "x"):
        store.pause(account, None)
        store.pause(account, NOON)
        assert store.paused(NOON, account) is None


def test_resuming_all_leaves_the_pause_of_one(store: SqlStore) -> None:
    store.pause(None, None)
    store.pause("x", None)
    store.resume(None)
    assert store.paused(NOON, "x") == "paused"
    store.resume("x")
    assert store.paused(NOON, "x") is None


def test_resuming_what_is_not_paused_does_nothing(store: SqlStore) -> None:
    store.resume(None)
    store.resume("x")
    assert store.account("x") == AccountState()


def test_a_hold_lasts_until_it_is_lifted(store: SqlStore) -> None:
    store.hold("x", "401: the keys are revoked")
    store.resume("x")
    assert store.account("x").held == "401: the keys are revoked"
    store.hold("x", None)
    assert store.account("x").held is None


def test_who_an_account_is_is_pinned_at_first_sight(store: SqlStore) -> None:
    assert store.pin("mastodon", US)
    known = store.account("mastodon")
    assert (known.server, known.user_id) == ("social.example.org", "7")


def test_another_user_or_server_is_another_identity_and_another_handle_is_not(store: SqlStore) -> None:
    store.pin("mastodon", US)
    assert store.pin("mastodon", Identity(US.server, US.user_id, "@renamed"))
    assert not store.pin("mastodon", Identity(US.server, "8", US.handle))
    assert not store.pin("mastodon", Identity("other.example.org", US.user_id, US.handle))
    assert store.account("mastodon").user_id == "7"


def test_all_that_is_known_of_an_account_stands_side_by_side(store: SqlStore) -> None:
    store.insert([], {"x": NOON})
    store.pin("x", US)
    store.hold("x", "402")
    store.pause("x", NOON)
    assert store.account("x") == AccountState(True, NOON, "402", US.server, US.user_id, NOON)


# --- the count -----------------------------------------------------------------------------------


def test_what_a_reading_says_of_the_petitions_end_is_kept(store: SqlStore) -> None:
    store.add_reading(Reading(5, "json", NOON, "closed"))
    assert store.readings() == [Reading(5, "json", NOON, "closed")]


def test_readings_are_thinned_by_the_rule_that_is_handed_in(store: SqlStore) -> None:
    rows = [Reading(number, "json", NOON + number * MINUTE) for number in range(5)]
    for reading in rows[::-1]:
        store.add_reading(reading)
    seen: list[Sequence[datetime]] = []

    def every_second(times: Sequence[datetime]) -> list[int]:
        seen.append(times)
        return [1, 3]

    store.thin(every_second)
    assert seen == [[reading.at for reading in rows]]
    assert store.readings() == [rows[4], rows[2], rows[0]]
    store.thin(lambda times: [])
    assert len(store.readings()) == 3


def test_readings_come_newest_first_whatever_their_order(store: SqlStore) -> None:
    old, new = Reading(990, "json", NOON - MINUTE), Reading(1010, "json", NOON)
    same_time = Reading(1011, "manual", NOON)
    for reading in (new, old, same_time):
        store.add_reading(reading)
    assert store.readings() == [same_time, new, old]
    assert store.readings(1) == [same_time]


def test_a_threshold_is_passed_for_ever_and_keeps_its_time(store: SqlStore) -> None:
    store.cross([1000, 5000], NOON, [])
    store.cross([5000, 10_000], NOON + MINUTE, [])
    assert store.passed() == {1000: NOON, 5000: NOON, 10_000: NOON + MINUTE}


def test_the_announcements_of_a_threshold_are_made_with_it_and_once(store: SqlStore) -> None:
    announcement = row("x/milestone/p/1000", kind="milestone", target="1000")
    repost = row("x/repost/1000", action="repost", target=announcement.key)
    made = store.cross([1000], NOON, [announcement, repost])
    assert [delivery.key for delivery in made] == [announcement.key, repost.key]
    assert store.cross([1000], NOON, [announcement, repost]) == []
    assert (made[1].action, made[1].target) == ("repost", announcement.key)


def test_the_reading_that_crossed_a_threshold_is_kept_with_it(store: SqlStore) -> None:
    store.cross([1000], NOON, [], Reading(1001, "json", NOON))
    assert store.readings() == [Reading(1001, "json", NOON)]
    assert store.passed() == {1000: NOON}


# --- money ---------------------------------------------------------------------------------------


def test_money_is_summed_by_account_and_month(store: SqlStore) -> None:
    for account, cost in (("x", 5), ("x", 7), ("y", 2**40)):
        store.charge(account, NOON, cost, "reading")
    assert store.spent("2026-12") == {"x": 12, "y": 2**40}
    assert store.spent("2026-11") == {}


def test_a_switch_leaves_the_outbox_alone(store: SqlStore) -> None:
    due = added(store)
    store.pause(None, None)
    store.hold("x", "402")
    assert found(store) == due
