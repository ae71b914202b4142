"""Whatever is wrong with disk, file or server is one clear sentence, and nothing is half-written."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.model import Change, Identity, Reading, State
from bot.ports import StoreUnusable
from bot.store import engine as engines
from bot.store import open_store
from bot.store.engine import ALONE
from bot.store.schema import VERSION
from bot.store.store import SqlStore
from tests.store.given import DAY, NOON, NOWHERE, added, claimed, found, go, post, row, spoken
from tests.store.servers import POSTGRESQL, Postgres

SECRET = "canary-7f3a"
ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"] if POSTGRESQL else [], indirect=True)
ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def refused(url: str) -> str:
    """The sentence with which a state is refused."""
    with pytest.raises(StoreUnusable) as told:
        open_store(url)
    sentence = str(told.value)
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert len(sentence) < 320
    return sentence


# --- files that are no state ---------------------------------------------------------------------


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "messages.yaml"
    file.write_text("messages:\n" + "- text: something else\n" * 100)
    assert "is not a state of petition-bot" in refused(f"sqlite:///{file}")
    assert file.read_text().startswith("messages:")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "places.sqlite") as other:
        other.execute("CREATE TABLE moz_places (id INTEGER)")
    other.close()
    sentence = refused(f"sqlite:///{tmp_path}/places.sqlite")
    assert "holds tables of another program (moz_places)" in sentence


def test_an_emptied_file_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "state.db").touch()
    assert "is empty (0 bytes): it was cut off. Restore a backup" in refused(f"sqlite:///{tmp_path}/state.db")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_file_that_was_cut_off_is_refused(blank: Path, tmp_path: Path, share: float) -> None:
    whole = blank.read_bytes()
    (tmp_path / "state.db").write_bytes(whole[: int(len(whole) * share)])
    assert "is damaged: keep a copy of it, then restore a backup" in refused(f"sqlite:///{tmp_path}/state.db")


def test_a_file_damaged_inside_is_told_when_it_is_met(blank: Path, tmp_path: Path) -> None:
    whole = bytearray(blank.read_bytes())
    whole[4096:] = b"\xaa" * (len(whole) - 4096)
    (tmp_path / "state.db").write_bytes(whole)
    assert "is damaged" in refused(f"sqlite:///{tmp_path}/state.db")


@pytest.mark.parametrize("name", ["", "file/state.db"])
def test_a_path_that_cannot_be_a_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    sentence = refused(f"sqlite:///{tmp_path}/{name}")
    assert "cannot be opened" in sentence or "cannot be made" in sentence


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("state.db", "cannot be read: write sqlite:///"),
        ("", "cannot be read: write sqlite:///"),
        (f"mysql://me:{SECRET}@host/db", "cannot be kept in mysql"),
    ],
)
def test_an_address_that_is_none_says_how_to_write_one(url: str, says: str) -> None:
    sentence = refused(url)
    assert says in sentence
    assert SECRET not in sentence


# --- versions ------------------------------------------------------------------------------------


def test_a_state_of_a_newer_version_is_left_alone(store: SqlStore, url: str) -> None:
    set_version(store, "9999")
    assert "is of a newer petition-bot (tables 9999, ours" in refused(url)
    set_version(store, VERSION)
    open_store(url).close()


def set_version(store: SqlStore, version: str) -> None:
    with store._begun(ALONE) as connection:
        connection.execute(text("UPDATE petition_bot_version SET version_num = :v"), {"v": version})


# --- disks ---------------------------------------------------------------------------------------


def change(store: SqlStore) -> dict[str, Callable[[], Any]]:
    """Writes that need room, on rows that are there."""
    due, sending = added(store, "due"), spoken(store, "sending", post=post(cost=7))
    big = post(parts=("x" * 20_000,))
    return {
        "insert": lambda: store.insert([row(f"new/{n}", post=big) for n in range(5)], {"x": NOON}),
        "claim": lambda: store.claim(due.id, big, NOON, DAY, go),
        "settle": lambda: store.settle(sending, Change(State.REFUSED, "y" * 20_000, release=True, hold="z")),
        "charge": lambda: store.charge("x", NOON, 5, "w" * 20_000),
        "hold": lambda: store.hold("x", "v" * 20_000),
        "pin": lambda: store.pin("new" * 9000, Identity("server", "1", "us")),
        "pause": lambda: store.pause("other" * 9000, None),
        "reading": lambda: store.add_reading(Reading(1, "u" * 20_000, NOON)),
        "cross": lambda: store.cross([1, 2], NOON, [row("m/1", post=big)]),
    }


def everything(store: SqlStore) -> tuple[Any, ...]:
    accounts = tuple(store.account(each) for each in ("x", "new", "other"))
    counted = store.readings(), dict(store.passed()), dict(store.spent("2026-12")), store.paused(NOON)
    return store.history(), accounts, *counted


@contextmanager
def full(store: SqlStore) -> Iterator[None]:
    """No page more for this file; pages that it has free are used up first."""
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    yield
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


@ON_SQLITE
@pytest.mark.parametrize(
    "name", ["insert", "claim", "settle", "charge", "hold", "pin", "pause", "reading", "cross"]
)
def test_on_a_full_disk_a_write_says_so_and_leaves_all_as_it_was(store: SqlStore, name: str) -> None:
    act, before = change(store)[name], everything(store)
    with full(store):
        with pytest.raises(StoreUnusable, match="has no room on its disk: free some space"):
            act()
        assert everything(store) == before
    act()


@ON_SQLITE
def test_on_a_full_disk_nothing_is_claimed(store: SqlStore) -> None:
    """A claim that could not be committed never sends."""
    due = added(store)
    with full(store), pytest.raises(StoreUnusable):
        store.claim(due.id, post(parts=("x" * 50_000,)), NOON, DAY, go)
    assert found(store) == due
    assert store.sending() == []


@ON_SQLITE
def test_a_state_that_may_only_be_read_is_read_and_not_written(store: SqlStore, url: str) -> None:
    added(store)
    path = url.removeprefix("sqlite:///")
    only_read = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert len(only_read.history()) == 1
    for name, act in change_without_rows(only_read).items():
        with pytest.raises(StoreUnusable, match="is read-only: let this user write the file"):
            pytest.fail(f"{name}: {act()}")
    only_read.close()


def change_without_rows(store: SqlStore) -> dict[str, Callable[[], Any]]:
    return {
        "insert": lambda: store.insert([row("new")], {}),
        "claim": lambda: store.claim(1, None, NOON, DAY, go),
        "pause": lambda: store.pause(None, None),
        "cross": lambda: store.cross([1], NOON, []),
    }


def test_a_new_state_in_a_place_that_may_only_be_read_is_refused(tmp_path: Path) -> None:
    sentence = refused(f"sqlite:///file:{tmp_path}/new.db?mode=ro&uri=true")
    assert "cannot be opened: see that it is a file" in sentence


@ON_SQLITE
def test_a_file_locked_by_another_program_is_told_after_a_while(store: SqlStore, url: str) -> None:
    added(store)
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = open_store(f"{url}?timeout=0.05")
    with pytest.raises(StoreUnusable, match="is locked by another program: close what has it open"):
        impatient.pause(None, None)
    assert len(impatient.history()) == 1, "reading goes on"
    other.execute("COMMIT")
    other.close()
    impatient.pause(None, None)
    assert store.paused(NOON) == "paused"
    impatient.close()


# --- rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", "'lost'"), ("post", "'{'"), ("post", "'[]'"), ("post", "'{}'"), ("remote_ids", "'7'")],
)
def test_a_row_that_cannot_be_read_is_named(store: SqlStore, column: str, value: str) -> None:
    added(store)
    with store._begun(ALONE) as connection:
        connection.execute(text(f"UPDATE deliveries SET {column} = {value}"))
    with pytest.raises(StoreUnusable, match=r"delivery 1 \(x/1\) cannot be read from the state"):
        store.history()


def test_a_number_that_no_database_holds_is_one_sentence(store: SqlStore) -> None:
    with pytest.raises(StoreUnusable):
        store.add_reading(Reading(10**30, "json", NOON))
    assert store.readings() == []


# --- servers -------------------------------------------------------------------------------------


@ON_POSTGRESQL
@pytest.mark.parametrize("host", ["127.0.0.1:1", "[host"])
def test_a_server_that_is_not_there_is_one_sentence_without_the_password(engine: str, host: str) -> None:
    sentence = refused(f"postgresql+psycopg://bot:{SECRET}@{host}/state")
    assert "the state postgresql+psycopg://bot:***@" in sentence
    assert "cannot be reached (" in sentence
    assert SECRET not in sentence


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_without_its_driver_postgresql_says_what_to_install(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "needs one more package: pip install 'petition-bot[postgres]'" in refused(f"{scheme}://host/state")


@ON_POSTGRESQL
def test_a_database_that_is_not_there_says_how_to_make_it(engine: str, server: Postgres) -> None:
    assert 'database "nowhere" does not exist): see that PostgreSQL runs, and DATABASE_URL' in refused(
        server.url("nowhere")
    )


@ON_POSTGRESQL
def test_a_database_with_our_names_taken_is_refused_and_another_s_tables_beside_ours_are_not(
    engine: str, server: Postgres, new_url: str
) -> None:
    name = new_url.split("?")[0].rpartition("/")[2]
    server.execute("CREATE TABLE visitors (id int)", name)
    open_store(new_url).close()
    taken = server.database()
    server.execute("CREATE TABLE accounts (id int)", taken.split("?")[0].rpartition("/")[2])
    assert "holds tables of another program (accounts)" in refused(taken)


@ON_POSTGRESQL
def test_a_database_that_may_only_be_read_is_told(engine: str, server: Postgres, new_url: str) -> None:
    open_store(new_url).close()
    name = new_url.split("?")[0].rpartition("/")[2]
    server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = open_store(new_url)
    with pytest.raises(StoreUnusable, match="is read-only"):
        store.pause(None, None)
    store.close()


@ON_POSTGRESQL
def test_a_server_that_drops_us_is_told_and_found_again(engine: str, server: Postgres, new_url: str) -> None:
    store = open_store(new_url)
    due = added(store)

    def drop(*_: Any) -> Any:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'state_%'")
        return go(*_)

    with pytest.raises(StoreUnusable, match=r"was shut down|cannot be reached"):
        store.claim(due.id, None, NOON, DAY, drop)
    assert found(store) == due
    assert claimed(store).state is State.SENDING
    store.close()


@ON_POSTGRESQL
def test_a_writer_that_hangs_elsewhere_is_told_after_a_while(
    engine: str, server: Postgres, new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = open_store(new_url), open_store(new_url)
    monkeypatch.setattr(engines, "WRITING", engines.WRITING.replace(f"'{engines.PATIENCE}s'", "'50ms'"))
    with other._write(), pytest.raises(StoreUnusable, match="is locked by another program"):
        store.pause(None, None)
    store.pause(None, None)
    assert store.ledger(NOON, NOWHERE).keys == frozenset()
    store.close()
    other.close()
