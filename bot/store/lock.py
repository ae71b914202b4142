"""One bot for one SQLite state: a lock that the kernel frees when its holder dies, however it dies.

It guards against a second bot, not against other commands: those work beside a running one.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.ports import StateLocked, StoreUnusable
from bot.store.place import sqlite_path


@contextmanager
def lock(url: str, purpose: str) -> Iterator[None]:
    """Hold the state for `purpose` (`run`, `restore`), or raise StateLocked, which says who holds it.

    The lock is on `<database>.lock`, which is left in place. States in memory and on PostgreSQL are
    not locked: several replicas may share the latter, and every claim is made under its own lock.
    """
    path = sqlite_path(url)
    if path is None:
        yield
        return
    held = _taken(path.with_name(f"{path.name}.lock"), path, purpose)
    try:
        yield
    finally:
        held.release()


def _taken(beside: Path, path: Path, purpose: str) -> FileLock:
    taken = FileLock(beside, timeout=0, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        taken.acquire()
        beside.write_text(_who(purpose), "utf-8")
    except Timeout:
        raise StateLocked(f"{path} is in use by {_holder(beside)}: stop that bot first") from None
    except OSError as error:
        taken.release()
        raise StoreUnusable(
            f"{beside} cannot be made ({error.strerror}): let this user write there"
        ) from None
    return taken


def _who(purpose: str) -> str:
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"petition-bot {purpose} (process {os.getpid()} on {socket.gethostname()}, since {since})\n"


def _holder(beside: Path) -> str:
    try:
        return beside.read_text("utf-8").strip() or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"
