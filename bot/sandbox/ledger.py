"""What became public on one network: every post and repost, in order, also the deleted ones.

It never forgets and never judges; with a file it is on the disk before anybody is told of it, so
that a killed sandbox, or another process, can still be asked what was published.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Published:
    """One post (or repost, then `repost_of` is set) that became public.

    `created_at` is the network's own clock (aware UTC); `at` is the true time in Unix seconds.
    `alts` are the descriptions of `media_ids`, in their order. `record` is a post of Bluesky as its
    client made it, in JSON.
    """

    id: str
    text: str
    created_at: datetime
    user_id: str
    in_reply_to: str | None = None
    media_ids: tuple[str, ...] = ()
    repost_of: str | None = None
    key: str | None = None
    alts: tuple[str, ...] = ()
    visibility: str | None = None
    warning: str | None = None
    language: str | None = None
    record: str | None = None
    at: float = 0.0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Epoch:
    """How a network makes ids that sort by time: milliseconds since `start`, shifted by `bits`."""

    start: int
    bits: int

    def id(self, at: datetime) -> int:
        return (int(at.timestamp() * 1000) - self.start) << self.bits


X_EPOCH = Epoch(1288834974657, 22)
"""https://docs.x.com/x-api/fundamentals/x-ids"""
MASTODON_EPOCH = Epoch(0, 16)


class Ledger:
    """Thread-safe. `lock` may be held around a look and the publishing that follows from it."""

    def __init__(self, epoch: Epoch, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._epoch = epoch
        self._posts: dict[str, Published] = {}
        self._reposts: dict[str, list[str]] = {}
        self._last = 0
        self._file = self._open(file) if file is not None else None

    def publish(self, post: Published) -> Published:
        """Make it public, under a new id, the greatest so far, unless it has its own; durable on return."""
        with self.lock:
            post = replace(post, id=post.id or self.new_id(post.created_at))
            self._write({"published": plain(post)})
            self._hold(post)
            return post

    def withdraw(self, post_id: str) -> None:
        """Flag a post as deleted."""
        with self.lock:
            self._write({"deleted": post_id})
            self._posts[post_id] = replace(self._posts[post_id], deleted=True)

    def new_id(self, at: datetime) -> str:
        """An id never given before, also for media."""
        with self.lock:
            self._last = max(self._last + 1, self._epoch.id(at))
            return str(self._last)

    def posts(self) -> tuple[Published, ...]:
        """All that ever became public, oldest first."""
        with self.lock:
            return tuple(self._posts.values())

    def find(self, post_id: str) -> Published | None:
        """A post that still stands."""
        with self.lock:
            post = self._posts.get(post_id)
            return None if post is None or post.deleted else post

    def reposts(self, post_id: str) -> tuple[Published, ...]:
        """The reposts of a post that stand, oldest first."""
        with self.lock:
            found = (self.find(one) for one in self._reposts.get(post_id, ()))
            return tuple(repost for repost in found if repost)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _hold(self, post: Published) -> None:
        self._posts[post.id] = post
        if post.repost_of:
            self._reposts.setdefault(post.repost_of, []).append(post.id)

    def _open(self, file: Path) -> IO[bytes]:
        kept = file.read_bytes() if file.exists() else b""
        whole = kept[: kept.rfind(b"\n") + 1]  # a torn last line was never answered, so it never was
        for post in _replay(whole.splitlines()).values():
            self._hold(post)
        self._last = max((int(each) for each in self._posts if each.isdecimal()), default=0)
        opened = file.open("ab")
        opened.truncate(len(whole))
        return opened

    def _write(self, event: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(event).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())


def read(file: Path) -> tuple[Published, ...]:
    """The posts in a ledger's file, oldest first, while its sandbox runs or after it was killed."""
    kept = file.read_bytes() if file.exists() else b""
    return tuple(_replay(kept[: kept.rfind(b"\n") + 1].splitlines()).values())


def _replay(lines: Iterable[bytes]) -> dict[str, Published]:
    posts: dict[str, Published] = {}
    for line in lines:
        event = json.loads(line)
        if "published" in event:
            post = _published(event["published"])
            posts[post.id] = post
        else:
            posts[event["deleted"]] = replace(posts[event["deleted"]], deleted=True)
    return posts


def plain(post: Published) -> dict[str, Any]:
    """A post as JSON can carry it."""
    return asdict(post) | {"created_at": post.created_at.isoformat()}


def _published(plain: dict[str, Any]) -> Published:
    known = {field.name for field in fields(Published)}
    kept = {name: value for name, value in plain.items() if name in known}
    kept["created_at"] = datetime.fromisoformat(kept["created_at"]).astimezone(UTC)
    kept["media_ids"], kept["alts"] = tuple(kept["media_ids"]), tuple(kept["alts"])
    return Published(**kept)
