"""The state on PostgreSQL: a slice of the matrix of faults, and connections that break."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.core.model import Delivery, State, Verdict
from bot.ports import StoreUnusable
from bot.sandbox import Fault
from bot.store import open_store
from bot.store.store import SqlStore
from tests.faults.test_posts import ROWS, SLOW, befall, unharmed
from tests.faults.town import MINUTE, NETWORKS, NINE, OTHER
from tests.store.given import DAY, NOON, added, found, go, row
from tests.store.servers import Postgres

SLICE = [
    pytest.param(NETWORKS[place % len(NETWORKS)], *row, id=f"{NETWORKS[place % len(NETWORKS)]}-{row[0]}")
    for place, row in enumerate(ROWS)
]
"""Every fault once, on one network after the other."""


@pytest.mark.parametrize(("network", "fault", "end", "lines"), SLICE)
def test_a_fault_while_posting_ends_as_on_sqlite(
    town, postgresql: str, network: str, fault: Fault, end: str, lines: list[str]
) -> None:
    here = town(hurried=network if fault in SLOW else "", url=postgresql)
    befall(here, network, "create", fault)
    [row] = here.rows(network)
    assert row.state == end
    assert len(here.standing(network)) == (end == "posted")
    assert here.said(network) == lines
    unharmed(here, OTHER[network])


# --- connections that break ----------------------------------------------------------------------

BREAK = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@pytest.fixture
def store(postgresql: str) -> Iterator[SqlStore]:
    opened = open_store(postgresql)
    yield opened
    opened.close()


def test_connections_that_break_between_two_looks_are_made_anew(
    town, postgresql: str, server: Postgres
) -> None:
    here = town(url=postgresql)
    here.go(NINE)
    for minute in range(1, 6):
        server.execute(BREAK)
        here.go(NINE + minute * MINUTE)
    for network in NETWORKS:
        here.once(network)
        assert len(here.standing(network)) == 1
        assert here.said(network) == []


def test_a_claim_whose_connection_breaks_claims_nothing(store: SqlStore, server: Postgres) -> None:
    due = added(store)

    def decide(_row: Delivery, situation: object) -> Verdict:
        server.execute(BREAK)
        return go(_row, situation)  # type: ignore[arg-type]

    with pytest.raises(StoreUnusable, match=r"was shut down|cannot be reached"):
        store.claim(due.id, None, NOON, DAY, decide)
    assert found(store).state is State.DUE
    assert isinstance(store.claim(due.id, None, NOON, DAY, go), Delivery)


def test_a_plan_whose_connection_breaks_lays_nothing(store: SqlStore, server: Postgres) -> None:
    def plan(broken: bool) -> None:
        with store.planning():
            store.insert([row()], {"x": NOON})
            if broken:
                server.execute(BREAK)

    with pytest.raises(StoreUnusable):
        plan(broken=True)
    assert (store.history(), store.account("x").planned_until) == ([], None)
    plan(broken=False)
    assert [each.key for each in store.history()] == ["x/1"]
