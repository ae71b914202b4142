"""The past, searched: every term counts, every page follows the one before, and none looks at every row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection, event

from bot.core.model import Delivery, State
from bot.core.sought import Sought, place
from bot.store.store import SqlStore
from tests.store.given import MINUTE, NOON, row

EVERYTHING = Sought()


@pytest.fixture
def past(store: SqlStore) -> list[Delivery]:
    """Newest first; two of every slot, so that the id has to decide."""
    of_all = product(("x", "mastodon"), (State.POSTED, State.REFUSED), ("fact", "call"), ("tents", "courts"))
    rows = [
        row(f"k{n}", account=account, state=state, kind=kind, message_id=about, slot=NOON + n // 2 * MINUTE)
        for n, (account, state, kind, about) in enumerate(of_all)
    ]
    return sorted(store.insert(rows, {}), key=place, reverse=True)


@pytest.mark.parametrize(
    "wanted",
    [
        EVERYTHING,
        Sought(account="x"),
        Sought(state=State.REFUSED),
        Sought(kind="call"),
        Sought(message="tents"),
        Sought(message="tents", kind="call", account="mastodon", state=State.POSTED),
        Sought(since=NOON + 3 * MINUTE, before=NOON + 5 * MINUTE),
        Sought(account="nobody"),
    ],
)
def test_what_is_found_is_what_fits_newest_first(store: SqlStore, past: list[Delivery], wanted: Sought):
    fits = [
        each
        for each in past
        if wanted.account in ("", each.account)
        and wanted.state in (None, each.state)
        and wanted.kind in ("", each.kind)
        and wanted.message in ("", each.message_id)
        and (wanted.since is None or each.slot >= wanted.since)
        and (wanted.before is None or each.slot < wanted.before)
    ]
    assert store.sought(wanted, 100) == fits


@pytest.mark.parametrize("wanted", [EVERYTHING, Sought(kind="call")])
@pytest.mark.parametrize("size", [1, 3, 5, 100])
def test_pages_put_together_are_the_whole_both_ways(
    store: SqlStore, past: list[Delivery], wanted: Sought, size: int
):
    whole = store.sought(wanted, 100)
    down: list[Delivery] = []
    while leaf := store.sought(wanted, size, older=place(down[-1]) if down else None):
        down += leaf
    assert down == whole
    up: list[Delivery] = [whole[-1]]
    while leaf := store.sought(wanted, size, newer=place(up[0])):
        up = leaf + up
    assert up == whole


def test_a_place_between_two_pages_holds_while_newer_rows_come(store: SqlStore, past: list[Delivery]):
    first = store.sought(EVERYTHING, 4)
    store.insert([row("late", slot=NOON + timedelta(hours=1))], {})
    assert store.sought(EVERYTHING, 4, older=place(first[-1])) == past[4:8]


def test_the_search_goes_along_the_index_that_holds_it_all(store: SqlStore, past: list[Delivery]):
    asked: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    store.sought(Sought("x", State.REFUSED, "tents", "fact"), 50, older=place(past[0]))
    search = next(each for each in asked if "LIMIT" in each)
    with store.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            explained = f"EXPLAIN QUERY PLAN {search}"
            values = ("", "x", "", "refused", "", "tents", "", "fact", 2**60, 2**60, 1, 50, 0)
            plan = str(connection.exec_driver_sql(explained, values).all())
            assert "USING COVERING INDEX deliveries_past" in plan
        names = {each["name"] for each in _indexes(connection)}
    assert "deliveries_past" in names


def _indexes(connection: Connection) -> list[dict[str, str]]:
    from sqlalchemy import inspect

    return [dict(each) for each in inspect(connection).get_indexes("deliveries")]  # type: ignore[call-overload]


def test_a_bare_search_asks_for_no_more_than_it_shows(store: SqlStore, past: list[Delivery]):
    assert store.sought(EVERYTHING, 2) == past[:2]
    assert store.sought(replace(EVERYTHING, account="x"), 0) == []
