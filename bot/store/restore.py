"""A backup takes the place of an SQLite state, whole or not at all; what it replaces stays beside it.

It refuses what is damaged, newer or no backup, and decides nothing about posts: the state is handed over
to be mended before it takes its place.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import StoreUnusable
from bot.store.backup import sync
from bot.store.place import sqlite_path
from bot.store.schema import VERSION, VERSION_TABLE, VERSIONS
from bot.store.store import SqlStore

BESIDE = ("-wal", "-shm")
"""What SQLite may keep beside a file: its newest commits, and an index of them."""


def restore(url: str, source: Path, mend: Callable[[SqlStore], None]) -> Path | None:
    """Put the backup `source` in the place of the state at `url`, which must be locked.

    `mend` brings it up to now. Returns where the replaced state is kept, None where there was none.
    Raises StoreUnusable, and then everything is as it was.
    """
    path = sqlite_path(url)
    if path is None:
        raise StoreUnusable("only an SQLite state is restored here: for PostgreSQL use pg_restore")
    if source.resolve() == path.resolve():
        raise StoreUnusable(f"{source} is the state itself: name the backup")
    partial = path.with_name(f".{path.name}.{os.getpid()}.restored")
    try:
        with closing(_opened(source)) as backup:
            _copy(backup, partial)
        with closing(SqlStore(f"sqlite:///{partial}")) as store:
            mend(store)
        return _exchanged(partial, path)
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be replaced ({error.strerror}): see its folder") from None
    finally:
        for name in ("", *BESIDE):
            with suppress(OSError):
                _beside(partial, name).unlink()


def _opened(source: Path) -> sqlite3.Connection:
    """The backup, found to be whole and ours."""
    if not source.is_file():
        raise StoreUnusable(f"there is no backup {source}")
    backup = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    try:
        problem = _problem(backup)
    except sqlite3.Error as error:
        problem = f"cannot be read ({error}): take another one"
    if problem:
        backup.close()
        raise StoreUnusable(f"the backup {source} {problem}")
    return backup


def _problem(backup: sqlite3.Connection) -> str | None:
    (sound,) = backup.execute("PRAGMA integrity_check").fetchone()
    if sound != "ok":
        return "is damaged: take an older one"
    tables = {name for (name,) in backup.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if VERSION_TABLE not in tables:
        return "is none of petition-bot: take a file that petition-bot backup has written"
    (version,) = backup.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() or (None,)  # noqa: S608
    if version not in VERSIONS:
        return f"is of a newer petition-bot (tables {version}, ours {VERSION}): upgrade this one first"
    return None


def _copy(backup: sqlite3.Connection, partial: Path) -> None:
    partial.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(partial)) as copy:
        backup.backup(copy)


def _exchanged(partial: Path, path: Path) -> Path | None:
    """At every moment there is a whole state at `path`: the old one, then the new one."""
    kept = None
    if path.exists():
        _settle(path)
        shutil.copymode(path, partial)
        kept = _kept(path)
    sync(partial)
    partial.replace(path)
    sync(path.parent)
    return kept


def _settle(path: Path) -> None:
    """Have the old state in one file. One that is damaged stays as it is."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _kept(path: Path) -> Path:
    """Give the old state a second name, and what SQLite keeps beside it that name alone: it must never
    be taken for a part of the new one."""
    kept = _free(path.with_name(f"{path.name}.replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"))
    try:
        os.link(path, kept)
    except OSError:  # a disk without hard links
        shutil.copy2(path, kept)
    for name in BESIDE:
        if _beside(path, name).exists():
            _beside(path, name).replace(_beside(kept, name))
    return kept


def _free(path: Path) -> Path:
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.name.partition('+')[0]}+{number}")
    return path


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}{name}")
