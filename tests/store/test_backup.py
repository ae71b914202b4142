"""A backup is whole, or it is not there."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.ports import StoreUnusable
from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.given import added, row
from tests.store.servers import POSTGRESQL

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@ON_SQLITE
def test_a_backup_is_a_state_that_holds_the_same(store: SqlStore, tmp_path: Path) -> None:
    added(store)
    store.pause("x", None)
    store.backup(tmp_path / "copy.db")
    copy = open_store(f"sqlite:///{tmp_path}/copy.db")
    assert (copy.history(), copy.account("x")) == (store.history(), store.account("x"))
    copy.close()


@ON_SQLITE
def test_a_backup_under_load_is_a_state_of_one_moment(store: SqlStore, tmp_path: Path) -> None:
    """Rows are written in pairs: a copy never holds half of one."""
    done = Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            store.insert([row(f"a/{number}"), row(f"b/{number}")], {})

    writer = Thread(target=write)
    writer.start()
    for number in range(5):
        store.backup(tmp_path / f"{number}.db")
    done.set()
    writer.join()
    for number in range(5):
        copy = open_store(f"sqlite:///{tmp_path}/{number}.db")
        keys = {each.key for each in copy.history()}
        assert {key.replace("a/", "b/") for key in keys} == {key for key in keys if key.startswith("b/")}
        copy.close()


@ON_SQLITE
def test_a_backup_replaces_an_older_one_and_leaves_nothing_beside_it(store: SqlStore, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "bot.db"
    target.parent.mkdir()
    target.write_text("an older one")
    store.backup(target)
    assert list(target.parent.iterdir()) == [target]
    with sqlite3.connect(target) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()


@ON_SQLITE
def test_a_backup_that_fails_leaves_the_older_one(store: SqlStore, tmp_path: Path, blank: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for target in (tmp_path / "file" / "bot.db", tmp_path / "nowhere" / "bot.db", tmp_path):
        with pytest.raises(StoreUnusable):
            store.backup(target)
    assert (tmp_path / "file").read_text() == "in the way"
    assert not list(tmp_path.glob(".*"))


@ON_SQLITE
def test_the_state_is_never_its_own_backup(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="is the state itself"):
        store.backup(tmp_path / "state.db")
    added(store)


@pytest.mark.parametrize("url", ["postgresql"] if POSTGRESQL else [], indirect=True)
def test_postgresql_has_its_own_tool(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="use pg_dump"):
        store.backup(tmp_path / "copy.db")
