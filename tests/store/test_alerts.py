"""Who was told of what, kept on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.alerts import OVER, Need
from bot.store.store import SqlStore
from tests.store.given import MINUTE, NOON

HELD = Need("held", "held/x", "x posts nothing")
SLOW = Need("count", "count/never", "the count cannot be read", timedelta(hours=1))


def taken(store: SqlStore, name: str = "team", now: timedelta = timedelta(0)) -> list[str]:
    return [alert.key for alert in store.take_alerts(name, NOON + now, NOON + now + 5 * MINUTE)]


def test_each_is_given_once_to_each_addressee(store: SqlStore) -> None:
    store.keep_alerts([HELD], ["team", "phone"], NOON)
    alerts = store.take_alerts("team", NOON, NOON + MINUTE)
    assert [(alert.key, alert.name, alert.words) for alert in alerts] == [("held/x", "team", HELD.words)]
    store.sent_alerts(alerts, NOON)
    for minute in range(1, 20):
        store.keep_alerts([HELD], ["team", "phone"], NOON + minute * MINUTE)
    assert taken(store, now=19 * MINUTE) == []
    assert taken(store, "phone", 19 * MINUTE) == ["held/x"]


def test_what_one_replica_is_telling_no_other_takes_until_its_time_is_up(store: SqlStore) -> None:
    store.keep_alerts([HELD], ["team"], NOON)
    assert taken(store) == ["held/x"]
    for minute in (1, 4, 6):
        store.keep_alerts([HELD], ["team"], NOON + minute * MINUTE)
        whoever_took_it_died = minute > 5
        assert taken(store, now=minute * MINUTE) == ["held/x"] * whoever_took_it_died


def test_what_could_not_be_told_is_given_again_from_its_time_on(store: SqlStore) -> None:
    store.keep_alerts([HELD], ["team"], NOON)
    store.postpone_alerts(store.take_alerts("team", NOON, NOON + 5 * MINUTE), NOON + 2 * MINUTE)
    store.keep_alerts([HELD], ["team"], NOON + 2 * MINUTE)
    assert taken(store, now=2 * MINUTE - timedelta(seconds=1)) == []
    (again,) = store.take_alerts("team", NOON + 2 * MINUTE, NOON + 3 * MINUTE)
    assert again.attempts == 1


def test_what_may_end_by_itself_is_given_when_it_has_stood_for_its_time(store: SqlStore) -> None:
    for minute in (0, 30, 59):
        store.keep_alerts([SLOW], ["team"], NOON + minute * MINUTE)
        assert taken(store, now=minute * MINUTE) == []
    store.keep_alerts([SLOW], ["team"], NOON + 60 * MINUTE)
    assert taken(store, now=60 * MINUTE) == ["count/never"]


def test_what_is_over_before_its_time_is_not_told(store: SqlStore) -> None:
    short = Need("state", "state", "the disk is full", 2 * MINUTE)
    store.keep_alerts([short], ["team"], NOON)
    store.keep_alerts([], ["team"], NOON + 2 * MINUTE)
    assert taken(store, now=2 * MINUTE) == []


def test_what_is_over_is_forgotten_and_told_anew_when_it_comes_back(store: SqlStore) -> None:
    store.keep_alerts([HELD], ["team"], NOON)
    store.sent_alerts(store.take_alerts("team", NOON, NOON + MINUTE), NOON)
    store.keep_alerts([], ["team"], NOON + OVER)
    assert [alert.key for alert in store.alerts()] == ["held/x"], "another replica may still see it"
    store.keep_alerts([], ["team"], NOON + OVER + MINUTE)
    assert store.alerts() == []
    store.keep_alerts([HELD], ["team"], NOON + 2 * OVER)
    assert taken(store, now=2 * OVER) == ["held/x"]


def test_after_a_night_off_nobody_is_told_again_of_what_is_open_still(store: SqlStore) -> None:
    store.keep_alerts([HELD], ["team"], NOON)
    store.sent_alerts(store.take_alerts("team", NOON, NOON + MINUTE), NOON)
    morning = timedelta(hours=20)
    store.keep_alerts([HELD], ["team"], NOON + morning)
    assert taken(store, now=morning) == []


def test_one_thing_said_twice_at_a_look_is_one_thing(store: SqlStore) -> None:
    store.keep_alerts([HELD, HELD], ["team"], NOON)
    assert taken(store) == ["held/x"]


@pytest.mark.parametrize("reason", ["the keys are refused", None])
def test_who_is_held_is_known_with_the_reason(store: SqlStore, reason: str | None) -> None:
    store.hold("x", "something else")
    store.hold("x", reason)
    store.pause("mastodon", None)
    held = {each: state.held for each, state in store.accounts().items()}
    assert held == {"x": reason, "mastodon": None}
