"""The past of an account, as planning starts from it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from bot.core.model import TURN_USED, Change, Delivery, Ledger, NewDelivery, Past, State, Use, Wait
from bot.store import open_store
from bot.store.engine import ALONE
from bot.store.store import SqlStore
from tests.store.given import DAY, MINUTE, NOON, NOWHERE, added, claimed, found, post, row, spoken

HOUR = 60 * MINUTE


def past(store: SqlStore, account: str = "x", now: datetime = NOON, zone: str = "UTC") -> Past:
    return store.ledger(now, {account: zone}).pasts[account]


def test_an_account_without_a_past_starts_at_turn_zero(store: SqlStore) -> None:
    assert store.ledger(NOON, NOWHERE) == Ledger({"x": Past(), "mastodon": Past()})


def test_turns_and_uses_are_counted_per_account_message_and_language(store: SqlStore) -> None:
    store.insert(
        [
            row("1", turn=0, message_id="a", slot=NOON),
            row("2", turn=1, message_id="b", slot=NOON + HOUR),
            row("3", turn=2, message_id="a", language="es", slot=NOON + 2 * HOUR),
            row("4", turn=3, message_id="a", slot=NOON + 3 * HOUR),
            row("5", turn=9, message_id="a", account="mastodon"),
        ],
        {},
    )
    assert past(store) == Past(
        4,
        {"a": Use({"en": 2, "es": 1}, 3, NOON + 3 * HOUR), "b": Use({"en": 1}, 1, NOON + HOUR)},
    )
    assert past(store, "mastodon").turns == 10


def test_missed_and_cancelled_rows_give_their_turn_back(store: SqlStore) -> None:
    for turn, state in enumerate((State.POSTED, State.REFUSED, State.MISSED, State.CANCELLED)):
        added(store, f"{turn}", turn=turn, message_id=f"{state}", state=state)
    assert past(store).turns == 2
    assert set(past(store).uses) == {"posted", "refused"}


def test_a_turn_comes_back_when_its_delivery_is_missed(store: SqlStore) -> None:
    store.settle(claimed(store, turn=0), Change(State.MISSED))
    assert past(store) == Past()


def test_a_post_beside_the_rotation_is_a_use_without_a_turn(store: SqlStore) -> None:
    added(store, "x/by-hand/tents")
    assert past(store) == Past(0, {"tents": Use({"en": 1}, -1, NOON)})
    added(store, "x/1", turn=4, slot=NOON - HOUR)
    assert past(store) == Past(5, {"tents": Use({"en": 2}, 4, NOON)})


def test_a_repost_and_a_slot_without_a_message_use_nothing(store: SqlStore) -> None:
    store.insert([row("1", action="repost"), row("2", message_id=None)], {})
    assert past(store).uses == {}


def test_money_is_that_of_this_month_and_later(store: SqlStore) -> None:
    for at in (datetime(2026, 11, 30, 23, tzinfo=UTC), NOON, datetime(2027, 1, 1, tzinfo=UTC)):
        store.charge("x", at, 5, "reading")
    assert past(store).spent == {"2026-12": 5, "2027-01": 5}


def test_posts_are_counted_by_the_account_s_own_day(store: SqlStore) -> None:
    """23:30 in Chicago is the next day in UTC."""
    for key, at in (
        ("1", datetime(2026, 12, 1, 5, 30, tzinfo=UTC)),
        ("2", datetime(2026, 12, 1, 6, tzinfo=UTC)),
    ):
        store.settle(spoken(store, key, at), Change(State.POSTED))
    assert past(store, zone="America/Chicago").posts == {date(2026, 11, 30): 1, date(2026, 12, 1): 1}
    assert past(store).posts == {date(2026, 12, 1): 2}


def test_only_what_may_stand_counts_as_a_post_and_only_of_two_days(store: SqlStore) -> None:
    ends = (State.POSTED, State.UNCONFIRMED, State.REFUSED, State.DUE, State.MISSED)
    for number, state in enumerate(ends):
        store.settle(spoken(store, f"{number}"), Change(state))
    store.settle(spoken(store, "old", NOON - 2 * 24 * HOUR), Change(State.POSTED))
    assert past(store).posts == {date(2026, 12, 1): 2}


def test_words_of_the_last_day_are_remembered_also_those_about_to_go_out(store: SqlStore) -> None:
    words = {"posted": NOON - HOUR, "due": NOON, "old": NOON - 24 * HOUR}
    for key, at in words.items():
        added(store, key, slot=at, post=post(words=key))
        if key != "due":
            spoken(store, key, at)
            store.settle(found(store, key), Change(State.POSTED))
    store.settle(spoken(store, "refused", post=post(words="refused")), Change(State.REFUSED))
    assert set(store.ledger(NOON, NOWHERE).recent_words) == {
        ("x", "posted", "x", NOON - HOUR),
        ("x", "due", "x", NOON),
    }


def test_words_that_were_said_a_moment_late_count_by_their_slot(store: SqlStore) -> None:
    """As in a plan ahead, which does not know of the moment: a day after their slot they are free again."""
    for key, slot in (("yesterday", NOON - 24 * HOUR), ("today", NOON - HOUR)):
        added(store, key, slot=slot, post=post(words=key))
        spoken(store, key, slot + MINUTE)
        store.settle(found(store, key), Change(State.POSTED))
    remembered = {words: at for _network, words, _account, at in store.ledger(NOON, NOWHERE).recent_words}
    assert remembered == {"today": NOON - HOUR}


def test_keys_are_those_of_slots_later_than_two_days_ago_in_every_state(store: SqlStore) -> None:
    store.insert(
        [row("old", slot=NOON - 48 * HOUR), row("new", slot=NOON - 47 * HOUR, state=State.MISSED)], {}
    )
    assert store.ledger(NOON, NOWHERE).keys == {"new"}


def test_only_accounts_asked_for_have_a_past(store: SqlStore) -> None:
    added(store, account="gone", turn=3)
    assert set(store.ledger(NOON, NOWHERE).pasts) == {"x", "mastodon"}


# --- always equal to a recount -------------------------------------------------------------------

ROWS = st.lists(
    st.builds(
        lambda number, account, message, language, turn, state, action: NewDelivery(
            f"{number}",
            account,
            NOON + number * MINUTE,
            NOON + HOUR,
            action=action,
            state=state,
            message_id=message,
            language=language,
            turn=turn,
        ),
        st.integers(0, 10**6),
        st.sampled_from(["x", "mastodon"]),
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["en", "es"]),
        st.none() | st.integers(0, 50),
        st.sampled_from(list(State)),
        st.sampled_from(["post", "post", "repost"]),
    ),
    max_size=30,
    unique_by=lambda made: made.key,
)


def recount(rows: list[Delivery], account: str) -> dict[str, Use]:
    """The same by hand: slow, and plainly right."""
    groups: dict[str, list[Delivery]] = defaultdict(list)
    for each in rows:
        if each.account == account and each.action == "post" and each.state in TURN_USED and each.message_id:
            groups[each.message_id].append(each)
    return {
        message: Use(
            {language: sum(r.language == language for r in used) for language in {r.language for r in used}},
            max(-1 if r.turn is None else r.turn for r in used),
            max(r.slot for r in used),
        )
        for message, used in groups.items()
    }


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_uses_are_always_what_a_recount_gives(rows: list[NewDelivery]) -> None:
    store = open_store("sqlite://")
    store.insert(rows, {})
    ledger = store.ledger(NOON, NOWHERE)
    for account in NOWHERE:
        uses = recount(store.history(), account)
        assert ledger.pasts[account].uses == uses
        assert ledger.pasts[account].turns == max((use.last_turn for use in uses.values()), default=-1) + 1
    store.close()


# --- after ten years -----------------------------------------------------------------------------


def plans(store: SqlStore, act: Any) -> list[str]:
    """How SQLite carries out each SELECT of `act`."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    act()
    event.remove(store.engine, "before_cursor_execute", note)
    raw = store.engine.raw_connection()
    steps = [raw.cursor().execute(f"EXPLAIN QUERY PLAN {each}", given).fetchall() for each, given in asked]
    raw.close()
    return [step[3] for plan in steps for step in plan]


def test_no_question_of_a_running_bot_walks_the_whole_outbox() -> None:
    store = open_store("sqlite://")
    ended = [
        row(f"{n}", slot=NOON - n * HOUR, message_id=f"m{n % 60}", turn=n, state=State.POSTED)
        for n in range(20_000)
    ]
    store.insert(ended, {})
    with store._begun(ALONE) as connection:
        connection.execute(text("UPDATE deliveries SET spoke_at = slot, posted_at = slot"))
    due = added(store, "due", slot=NOON)
    questions = {
        "ledger": lambda: store.ledger(NOON, NOWHERE),
        "due": lambda: store.due(NOON),
        "unconfirmed": store.unconfirmed,
        "sending": store.sending,
        "alarm": store.next_at,
        "history": lambda: store.history(50),
        "history of one": lambda: store.history(50, "x"),
        "claim": lambda: store.claim(due.id, None, NOON, DAY, lambda *_: Wait("enough")),
    }
    for name, act in questions.items():
        for step in plans(store, act):
            assert not step.startswith("SCAN deliveries") or "USING" in step, (name, step)
            assert "TEMP B-TREE FOR GROUP BY" not in step, (name, step)
    store.close()


def test_a_look_at_the_past_does_not_count_its_rows() -> None:
    store = open_store("sqlite://")
    added(store, turn=0)
    steps = plans(store, lambda: store.ledger(NOON, {**NOWHERE, "third": "UTC"}))
    assert not any("deliveries_uses" in step for step in steps), steps
    store.close()


def test_a_past_of_a_thousand_days_is_read_like_that_of_one(store: SqlStore) -> None:
    long_ago = NOON - timedelta(days=1000)
    store.settle(spoken(store, "old", long_ago, slot=long_ago, turn=0), Change(State.POSTED))
    assert past(store) == Past(1, {"tents": Use({"en": 1}, 0, long_ago)})
    assert store.ledger(NOON, NOWHERE).keys == frozenset()
