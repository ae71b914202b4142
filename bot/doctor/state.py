"""The state, its database and its disk: can they be read, written and trusted? It leaves them as they are."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from bot.core.delivery import needs_person
from bot.doctor.finding import Finding
from bot.ports import StateLocked, Store, StoreUnusable
from bot.store import lock
from bot.store.place import sqlite_path

LITTLE_ROOM = 200_000_000
"""Bytes of free disk below which somebody should look."""

SLOW = 0.5
"""Seconds after which a disk that keeps a few bytes is too slow: each post waits for it three times."""


def state(url: str, store: Store) -> Iterator[Finding]:
    """`url` is that of the state, `store` one that was opened on it."""
    path = sqlite_path(url)
    if path is None:
        yield _sound(store)
    else:
        yield from _file(store, path)
        yield _room(path)
        yield _keeps(path)
        yield _holder(url, path)
    if unsettled := sum(needs_person(row) for row in store.unconfirmed()):
        yield Finding("warn", "posts", f"a person is waited for ({unsettled}): see petition-bot status")


def _file(store: Store, path: Path) -> Iterator[Finding]:
    if not path.exists():
        yield Finding("note", "state", f"{path} is made at the first start")
        return
    yield _sound(store)
    yield _writable(store, path)


def _sound(store: Store) -> Finding:
    try:
        return Finding("ok", "database", f"{store.examined()}, undamaged")
    except StoreUnusable as unusable:
        return Finding("fail", "database", str(unusable))


def _writable(store: Store, path: Path) -> Finding:
    try:
        store.insert([], {})
    except StoreUnusable as unusable:
        return Finding("fail", "state", str(unusable))
    return Finding("ok", "state", f"{path} can be read and written")


def _holder(url: str, path: Path) -> Finding:
    """Whether a bot is at work; a lock that was never taken is not made."""
    if not path.with_name(f"{path.name}.lock").exists():
        return Finding("note", "bot", "has not been started yet")
    try:
        with lock(url, "doctor"):
            return Finding("note", "bot", "is not running now")
    except StateLocked as locked:
        return Finding("ok", "bot", f"is at work: {locked}".partition(": stop that")[0])


def _there(path: Path) -> Path:
    """The folder of the state, or the one in which it is made."""
    return next(folder for folder in path.parents if folder.exists())


def _room(path: Path) -> Finding:
    free = shutil.disk_usage(_there(path)).free
    if free < LITTLE_ROOM:
        return Finding("warn", "disk", f"only {free // 1_000_000} MB are free: make room before it is full")
    return Finding("ok", "disk", f"{free / 1e9:.1f} GB are free")


def _keeps(path: Path) -> Finding:
    """Whether the disk takes a few bytes, and how long it needs until they are safe."""
    began = time.monotonic()
    try:
        with TemporaryFile(dir=_there(path)) as file:
            file.write(b"petition-bot")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Finding("fail", "disk", f"{_there(path)} cannot be written ({error.strerror}): see its rights")
    took = time.monotonic() - began
    if took > SLOW:
        return Finding("warn", "disk", f"needs {took:.1f} s to keep a few bytes: each post waits for it")
    return Finding("ok", "disk", f"keeps what it is given within {max(took * 1000, 1):.0f} ms")
