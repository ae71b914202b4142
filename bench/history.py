"""Ten years of history beside none: what a look at the plan, the status and the pages costs then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bench import made_up
from bench.measure import Row, seconds
from bot.app import SystemClock
from bot.campaign import Campaign
from bot.core.model import NewDelivery, State
from bot.core.plan import Book
from bot.core.written import Queue, Settings
from bot.networks.dry import Dry
from bot.office import Office
from bot.store import open_store
from bot.web import create_app

DELIVERIES, ACCOUNTS = 500_000, 10
A_WEEK = timedelta(days=7)

MORE = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
INSERT INTO deliveries ({columns})
SELECT {values} FROM numbers, deliveries AS d WHERE d.key = 'a0/first'
"""
"""Copies of one row, under other keys, of every account, each a while before the last."""


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        empty, full = (history(f"sqlite:///{folder}/{count}.db", count) for count in (1, DELIVERIES))
        for what, work in LOOKS.items():
            old, new = seconds(lambda w=work: w(full)), seconds(lambda w=work: w(empty))  # type: ignore[misc]
            yield Row(f"{what} after {DELIVERIES:,} deliveries", old, "s", "after one", new, "ratio 1.2")
        for each in (empty, full):
            each._store.close()


def history(url: str, count: int) -> Campaign:
    """A campaign that has posted so often."""
    ids = [f"a{number}" for number in range(ACCOUNTS)]
    settings = Settings.model_validate(
        {
            "campaign": {"name": "Bench"},
            "petition": {"url": "https://petition.example.org/p"},
            "accounts": [{"id": each, "network": "dry", "schedule": {"every": "2h"}} for each in ids],
        }
    )
    queue, clock = Queue.model_validate({"messages": made_up.messages(200)}), SystemClock()
    store = open_store(url)
    networks = {each: Dry(each, lambda words: None) for each in ids}
    made = Campaign(Book(settings, queue), store, networks, None, clock, lambda event: None)  # type: ignore[arg-type]
    made.start()
    at = datetime.now(UTC) - timedelta(days=3)
    first = NewDelivery(
        "a0/first", "a0", at, at, state=State.POSTED, message_id="m0", kind="fact", language="en", turn=0
    )
    store.insert([first], {})
    with store.engine.begin() as connection:
        connection.execute(text(_more(count)))
    return made


def _more(count: int) -> str:
    changed = {
        "key": "'a' || (n % 10) || '/' || n",
        "account": f"'a' || (n % {ACCOUNTS})",
        "message_id": "'m' || (n % 200)",
        "slot": "d.slot - n * 630000000",
        "spoke_at": "d.slot - n * 630000000",
        "posted_at": "d.slot - n * 630000000",
        "turn": "500000 - n",
    }
    same = [
        "action",
        "state",
        "expires",
        "kind",
        "language",
        "variant",
        "attempts",
        "reason",
        "readings",
        "absences",
        "doubts",
    ]
    columns = [*changed, *same]
    values = [*changed.values(), *(f"d.{each}" for each in same)]
    return MORE.format(count=count, columns=", ".join(columns), values=", ".join(values))


def plan(made: Campaign) -> None:
    now = datetime.now(UTC)
    list(made.preview(now, now + A_WEEK))


def page(address: str) -> Callable[[Campaign], None]:
    def look(made: Campaign) -> None:
        office = Office(made, made._store, made._clock, lambda: None)
        with closing(create_app(office).test_client().get(address, headers={"Host": "localhost"})) as answer:
            assert answer.status_code == 200, answer.status

    return look


LOOKS: dict[str, Callable[[Campaign], object]] = {
    "planning a week": plan,
    "status": Campaign.overview,
    "the first page": page("/"),
    "the page History": page("/history"),
}
