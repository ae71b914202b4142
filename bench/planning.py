"""Reading, checking and planning as the queue grows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import made_up
from bench.measure import Row, python, seconds
from bot.core.model import Ledger
from bot.core.plan import Book, agenda, plan
from bot.core.written import Queue, Settings

START = datetime(2027, 1, 1, tzinfo=UTC)
SAFE_LOAD = "import sys, yaml; yaml.safe_load(open(sys.argv[1], encoding='utf-8'))"
CHECK = "import sys; from bot.cli import main; sys.argv = ['petition-bot', *sys.argv[1:]]; main()"
CHOOSE = """
import random, sys, yaml
from datetime import datetime
from cronsim import CronSim
messages = yaml.load(open(sys.argv[1], encoding='utf-8'), yaml.CSafeLoader)['messages']
for account in range(10):
    times = CronSim('0 */4 * * *', datetime(2027, 1, 1))
    for _ in range(2190):
        next(times), random.choice(messages)['text']
"""


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        config = made_up.write(Path(folder), 5000, 2)
        queue = str(config.with_name("messages.yaml"))
        ours = python(CHECK + "", "--config", str(config), "check")
        yield Row(
            "check 5,000 messages", ours, "s", "yaml.safe_load alone", python(SAFE_LOAD, queue), "under 1.5 s"
        )
        preview = seconds(lambda: planned(10, 5000, 365), 1)
        chosen = python(CHOOSE, queue)
        yield Row(
            "plan 365 days, 10 accounts", preview, "s", "cronsim and random.choice", chosen, "under 3 s"
        )
    yield Row("  ten times the days: exponent", exponent(lambda n: planned(10, 2000, 18 * n)), "", "", 0, "1")
    yield Row(
        "  ten times the messages: exponent",
        exponent(lambda n: planned(4, 500 * n, 90)),
        "",
        "",
        0,
        "under 1",
    )


def exponent(work: object) -> float:
    """How the time grows from 1 to 10 times the work: 1 is in proportion."""
    assert callable(work)
    return log10(seconds(lambda: work(10), 2) / seconds(lambda: work(1), 2))


def planned(accounts: int, messages: int, days: int) -> int:
    settings = Settings.model_validate(made_up.config(accounts))
    queue = Queue.model_validate({"messages": made_up.messages(messages)})
    book = Book(settings, queue)
    slots = agenda(book, START, START + timedelta(days=days))
    return sum(1 for _ in plan(book, Ledger(), slots, book.figures(None)))
