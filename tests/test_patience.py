"""A running bot whose state cannot be used says so once, sends nothing, and goes on when it can."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot import config
from bot.app import Bot
from bot.core.model import Event, Unconfirmed
from bot.patience import TRY_AGAIN, Patience
from bot.ports import StoreUnusable
from bot.store import open_store
from bot.store.store import SqlStore
from tests.test_campaign import HOUR, MESSAGES, MINUTE, NINE, World, account, book, settings

# --- one thing at a time -------------------------------------------------------------------------


def failing(sentence: str) -> Callable[[], str]:
    def verb() -> str:
        raise StoreUnusable(sentence)

    return verb


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def patience(told: list[Event]) -> Patience:
    return Patience(told.append)


def test_what_works_gives_its_answer_and_is_not_spoken_of(patience: Patience, told: list[Event]) -> None:
    assert patience.call("planning", lambda: "well", "not") == "well"
    assert told == []


def test_a_trouble_is_said_once_and_its_end_once(patience: Patience, told: list[Event]) -> None:
    for _ in range(5):
        assert patience.call("planning", failing("full"), "not") == "not"
        assert patience.call("x", failing("full"), "not") == "not"
    for _ in range(3):
        patience.call("looking ahead", lambda: "", "")
    assert [each.what for each in told] == ["trouble"]
    assert told[0].text.startswith("full; nothing is sent before that")
    patience.call("x", lambda: "", "")
    assert len(told) == 1, "planning has not gone well yet"
    patience.call("planning", lambda: "", "")
    patience.call("planning", lambda: "", "")
    assert [each.what for each in told] == ["trouble", "mended"]


def test_another_trouble_is_said_as_well(patience: Patience, told: list[Event]) -> None:
    for sentence in ("full", "locked", "locked"):
        patience.call("planning", failing(sentence), "not")
    assert [each.text.partition(";")[0] for each in told] == ["full", "locked"]


@pytest.mark.parametrize("known", [None, NINE, NINE + HOUR], ids=["nothing known", "overdue", "later"])
def test_while_a_trouble_stands_the_alarm_goes_off_less_often(patience: Patience, known: Any) -> None:
    working = list[bool]()

    def tick() -> list[str]:
        return ["x"] if working else [failing("full")()]

    woken, serve, next_at = patience.with_(tick, lambda account_id: None, lambda: known, lambda: NINE)
    assert next_at() == known
    assert woken() == []
    assert next_at() == max(known or NINE, NINE + TRY_AGAIN)
    working.append(True)
    assert woken() == ["x"]
    serve("x")
    assert next_at() == known


def test_a_surprise_ends_nothing_and_is_in_the_log(
    patience: Patience, told: list[Event], caplog: pytest.LogCaptureFixture
) -> None:
    def surprise() -> str:
        raise ZeroDivisionError

    assert patience.call("x", surprise, "not") == "not"
    assert (told, caplog.messages) == ([], ["x failed"])
    assert caplog.records[0].levelno == logging.ERROR


# --- a full disk at each write -------------------------------------------------------------------


class Disk:
    """The disk of a state: from its write number `full_from` on it has no room, until `room` is called.

    The error is SQLite's own: in every writing transaction more is written than `max_page_count` lets it.
    """

    def __init__(self, store: SqlStore, full_from: int = 10**9) -> None:
        self.full_from, self.writes, self.refused = full_from, 0, 0
        event.listen(store.engine, "begin", self._begins)

    def _begins(self, connection: Any) -> None:
        if not connection.get_execution_options().get("writing"):
            return
        self.writes += 1
        if self.writes >= self.full_from:
            self.refused += 1
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            try:
                connection.exec_driver_sql("CREATE TABLE filler AS SELECT zeroblob(100000)")
            finally:
                connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    def room(self) -> None:
        self.full_from = 10**9


class Patient(World):
    """A world whose alarm clock has the patience of a running bot."""

    def __init__(self, folder: Path, full_from: int) -> None:
        self.disk: Disk | None = None
        super().__init__(book(*MESSAGES, settings=settings(account())), f"sqlite:///{folder}/state.db")
        self.patience = Patience(self.events.append)
        self.disk = Disk(self.store, full_from)

    def tick(self) -> None:
        if self.disk is None:
            return super().tick()
        campaign, before = self.campaign, self.disk.refused
        tick, serve, _ = self.patience.with_(campaign.tick, campaign.serve, campaign.next_at, self.clock.now)
        for account_id in tick():
            serve(account_id)
        if self.disk.refused > before:
            self.clock.forward(TRY_AGAIN)
        return None


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state with its tables, to copy: making them takes most of the time."""
    path = tmp_path_factory.mktemp("blank") / "state.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def folder(tmp_path: Path, blank: Path) -> Path:
    shutil.copy(blank, tmp_path / "state.db")
    return tmp_path


@pytest.mark.parametrize("published", [True, False, None], ids=["answer lost", "never arrived", "well"])
@pytest.mark.parametrize("write", range(1, 7))
def test_with_a_disk_that_is_full_at_any_write_there_is_one_post_in_the_end(
    folder: Path, write: int, published: bool | None
) -> None:
    """And while it is full, none is sent that could not be written down before."""
    here = Patient(folder, write)
    with closing(here.store):
        network, disk = here.networks["mastodon"], here.disk
        assert disk is not None
        if published is not None:
            network.will(network.publishes_and_says_nothing() if published else Unconfirmed("timed out"))
        here.go(NINE + 2 * MINUTE)
        wanted = disk.writes >= write
        sent = network.calls.count("publish")
        assert disk.refused or not wanted
        assert sent == (1 if write > 3 else 0)
        assert len(here.said("trouble")) == (1 if wanted else 0)
        disk.room()
        here.go(NINE + 20 * MINUTE)
        assert here.states() == ["posted"]
        assert len(network.texts()) == 1
        assert len(here.said("mended")) == len(here.said("trouble"))


def test_a_slot_for_which_there_was_no_room_all_the_time_is_missed_and_not_forgotten(folder: Path) -> None:
    here = Patient(folder, 1)
    with closing(here.store):
        here.go(NINE + HOUR)
        assert here.states() == []
        assert here.disk is not None
        here.disk.room()
        here.go(NINE + HOUR + MINUTE)
        assert here.states() == ["missed"]
        assert here.networks["mastodon"].calls.count("publish") == 0


# --- a running bot -------------------------------------------------------------------------------

CONFIG = """
campaign: {name: Test, timezone: UTC}
petition: {url: "https://petition.example.org/p"}
accounts:
  - {id: dry, network: dry, schedule: {every: 1s}}
"""
QUEUE = "messages:\n" + "".join(
    f"- {{id: m{n}, kind: call, text: Words number {n} of ours.}}\n" for n in range(50)
)


@contextmanager
def full(store: SqlStore, path: Path) -> Iterator[None]:
    disk = Disk(store, 1)
    yield
    disk.room()


@contextmanager
def locked(store: SqlStore, path: Path) -> Iterator[None]:
    """By another program that writes."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@contextmanager
def read_only(store: SqlStore, path: Path) -> Iterator[None]:
    on = [True]

    @event.listens_for(store.engine, "checkout")
    def only_read(connection: Any, record: Any, proxy: Any) -> None:
        connection.execute(f"PRAGMA query_only = {int(on[0])}")

    yield
    on[0] = False


BROKEN = {full: "no room on its disk", locked: "locked by another program", read_only: "is read-only"}


@pytest.mark.parametrize("trouble", BROKEN, ids=lambda trouble: trouble.__name__)
def test_a_bot_whose_state_cannot_be_written_sends_nothing_until_it_can(
    folder: Path, trouble: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "messages.yaml").write_text(QUEUE)
    path, told, stop = folder / "state.db", list[Event](), threading.Event()
    with closing(open_store(f"sqlite:///{path}?timeout=0.05")) as store:
        bot = Bot(config.load(folder / "config.yaml", {}), store, {}, told.append)
        running = threading.Thread(target=bot.run, args=(stop,))
        running.start()
        wait_for(lambda: said(told, "posted"))
        with trouble(store, path):
            wait_for(lambda: said(told, "trouble"))
            before = len(said(told, "dry"))
            time.sleep(2.2)
            assert len(said(told, "dry")) == before
        wait_for(lambda: said(told, "mended"))
        wait_for(lambda: len(said(told, "dry")) > before)
        stop.set()
        running.join(20)
    [trouble_said] = said(told, "trouble")
    assert BROKEN[trouble] in trouble_said.text
    keys = [each.delivery.key for each in said(told, "posted") if each.delivery]
    assert len(keys) == len(set(keys))
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def said(told: list[Event], what: str) -> list[Event]:
    return [each for each in told if each.what == what]


def wait_for(happened: Callable[[], object], seconds: float = 15.0) -> None:
    ends = time.monotonic() + seconds
    while not happened() and time.monotonic() < ends:
        time.sleep(0.02)
    assert happened()
