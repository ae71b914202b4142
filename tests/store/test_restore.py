"""A backup takes the place of the state, whole or not at all, and nothing is lost by it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.ports import StoreUnusable
from bot.store import open_store
from bot.store.restore import restore
from bot.store.store import SqlStore
from tests.store.given import added
from tests.store.servers import POSTGRESQL

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def nothing(store: SqlStore) -> None:
    pass


def keys(url: str) -> list[str]:
    store = open_store(url)
    try:
        return [row.key for row in store.history()]
    finally:
        store.close()


@pytest.fixture
def backup(store: SqlStore, tmp_path: Path) -> Path:
    """A backup with one row; the state has another one since."""
    added(store, "x/1")
    target = tmp_path / "kept" / "backup.db"
    target.parent.mkdir()
    store.backup(target)
    added(store, "x/2")
    return target


@ON_SQLITE
def test_the_backup_is_the_state_and_the_replaced_one_stands_beside_it(
    store: SqlStore, url: str, backup: Path
) -> None:
    store.close()
    kept = restore(url, backup, nothing)
    assert kept is not None
    assert keys(url) == ["x/1"]
    assert sorted(keys(f"sqlite:///{kept}")) == ["x/1", "x/2"]
    assert keys(f"sqlite:///{backup}") == ["x/1"]


@ON_SQLITE
def test_what_the_replaced_state_has_not_yet_in_its_file_is_kept_and_never_gets_into_the_new_one(
    store: SqlStore, url: str, backup: Path, tmp_path: Path
) -> None:
    """Another program has it open: its newest commits are in the file beside it."""
    other = sqlite3.connect(tmp_path / "state.db")
    other.execute("SELECT count(*) FROM deliveries").fetchall()
    added(store, "x/3")
    store.engine.dispose()
    kept = restore(url, backup, nothing)
    other.close()
    assert keys(url) == ["x/1"]
    assert len(keys(f"sqlite:///{kept}")) == 3


@ON_SQLITE
def test_two_in_a_second_keep_both(store: SqlStore, url: str, backup: Path) -> None:
    store.close()
    kept = {restore(url, backup, nothing) for _ in range(3)}
    assert len(kept) == 3
    assert all(path and path.exists() for path in kept)


@ON_SQLITE
def test_where_there_is_no_state_the_backup_becomes_one(backup: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/place.db"
    assert restore(url, backup, nothing) is None
    assert keys(url) == ["x/1"]


@ON_SQLITE
@pytest.mark.parametrize("damage", [lambda whole: whole[:3000], lambda whole: b"", lambda whole: b"no state"])
def test_a_damaged_state_is_replaced_and_kept_as_it_is(
    store: SqlStore, url: str, backup: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    store.close()
    state = tmp_path / "state.db"
    wrong = damage(state.read_bytes())
    state.write_bytes(wrong)
    kept = restore(url, backup, nothing)
    assert kept is not None
    assert keys(url) == ["x/1"]
    assert kept.read_bytes() == wrong


def cut(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-5000])


def scribble(backup: Path) -> None:
    whole = bytearray(backup.read_bytes())
    whole[4096:9000] = b"\xaa" * (9000 - 4096)
    backup.write_bytes(whole)


def newer(backup: Path) -> None:
    with sqlite3.connect(backup) as opened:
        opened.execute("UPDATE petition_bot_version SET version_num = '9999'")
    opened.close()


def foreign(backup: Path) -> None:
    backup.unlink()
    with sqlite3.connect(backup) as opened:
        opened.execute("CREATE TABLE places (id)")
    opened.close()


WRONG = {
    cut: "is damaged|cannot be read",
    scribble: "is damaged|cannot be read",
    newer: "of a newer petition-bot .tables 9999",
    foreign: "is none of petition-bot",
    Path.unlink: "there is no backup",
    lambda backup: backup.write_text("messages: []"): "cannot be read",
}


@ON_SQLITE
@pytest.mark.parametrize("spoil", WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_backup_that_is_none_is_refused_and_changes_nothing(
    store: SqlStore, url: str, backup: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    store.close()
    spoil(backup)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreUnusable, match=WRONG[spoil]) as told:
        restore(url, backup, nothing)
    assert "\n" not in str(told.value)
    assert sorted(keys(url)) == ["x/1", "x/2"]
    assert sorted(tmp_path.iterdir()) == before


@ON_SQLITE
def test_the_state_is_no_backup_of_itself(store: SqlStore, url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="is the state itself"):
        restore(url, tmp_path / "state.db", nothing)


@ON_SQLITE
def test_what_goes_wrong_while_it_is_mended_leaves_all_as_it_was(
    store: SqlStore, url: str, backup: Path, tmp_path: Path
) -> None:
    store.close()
    before = sorted(tmp_path.iterdir())

    def full(opened: SqlStore) -> None:
        added(opened, "x/9")
        raise StoreUnusable("no room")

    with pytest.raises(StoreUnusable, match="no room"):
        restore(url, backup, full)
    assert sorted(keys(url)) == ["x/1", "x/2"]
    assert sorted(tmp_path.iterdir()) == before


@ON_SQLITE
def test_what_is_mended_is_in_the_state(store: SqlStore, url: str, backup: Path) -> None:
    store.close()
    restore(url, backup, lambda opened: added(opened, "x/9") and None)
    assert sorted(keys(url)) == ["x/1", "x/9"]


@ON_SQLITE
def test_a_place_that_cannot_be_written_is_one_sentence(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnusable, match="cannot be replaced"):
        restore(f"sqlite:///{tmp_path}/file/state.db", backup, nothing)


@ON_SQLITE
def test_a_backup_on_a_disk_that_can_only_be_read_is_taken(backup: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copy(backup, tmp_path / "copied.db"))
    copied.chmod(0o400)
    url = f"sqlite:///{tmp_path}/new.db"
    restore(url, copied, nothing)
    assert keys(url) == ["x/1"]


@pytest.mark.parametrize("url", ["postgresql"] if POSTGRESQL else [], indirect=True)
def test_postgresql_has_its_own_tool(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="use pg_restore"):
        restore(url, tmp_path / "copy.db", nothing)
