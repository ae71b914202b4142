"""A complete copy of an SQLite state while the bot runs. It never leaves half a file under its name."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from bot.ports import StoreUnusable


def backup(engine: Engine, source: Path, target: Path) -> None:
    """Copy, check the copy, and only then give it its name."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        if target.resolve() == source.resolve():
            raise StoreUnusable(f"{target} is the state itself: name another file for the backup")
        _copy(engine, partial)
        _check(partial)
        partial.replace(target)
        sync(target.parent)
    except OSError as error:
        raise StoreUnusable(
            f"the backup {target} cannot be written ({error.strerror}): see its folder"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink()


def _copy(engine: Engine, partial: Path) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(partial),))
    finally:
        connection.close()
    sync(partial)


def _check(partial: Path) -> None:
    copy = sqlite3.connect(partial)
    try:
        (found,) = copy.execute("PRAGMA integrity_check").fetchone()
    finally:
        copy.close()
    if found != "ok":
        raise StoreUnusable(f"the state is damaged, and so is its copy ({found}): keep the last good backup")


def sync(path: Path) -> None:
    """Have the disk keep what was written; a rename is kept by its folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
