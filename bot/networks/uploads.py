"""Pictures on their way to a network: uploaded, described, and waited for, all before anything is said.

Nothing here is seen by followers, so whatever fails is tried again or refused, and no picture is uploaded
anew at each retry. It waits half a minute at most, and never lets a post go out without what belongs to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.model import Deferred, Post, Refused
from bot.ports import Drawn, Ready

WAITS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Seconds between looks at a picture that the network is still at work on."""

KEPT = timedelta(hours=12)
"""Networks forget a picture that no post shows after a day."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that the network has; `finished`: it may be posted, as far as is known."""

    media_id: str
    finished: bool


class Clerk(Protocol):
    """How one network takes pictures. Every answer but a good one is Refused or Deferred."""

    def upload(self, picture: Drawn) -> Upload | Refused | Deferred: ...

    def describe(self, media_id: str, picture: Drawn) -> Refused | Deferred | None:
        """Add the alt text, where the upload does not carry it."""

    def finished(self, media_id: str, picture: Drawn) -> bool | Refused | Deferred | None:
        """May it be posted? False while the network is at work on it, None when it knows it no more."""


@dataclass(slots=True)
class Kept:
    """An upload that no post shows yet."""

    media_id: str
    at: datetime
    finished: bool
    described: bool = False


class Uploads:
    """What one account has uploaded. `sleep` waits so many seconds."""

    def __init__(self, clerk: Clerk, now: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._clerk, self._now, self._sleep = clerk, now, sleep
        self._kept: dict[str, Kept] = {}

    def prepare(self, post: Post, pictures: Sequence[Drawn]) -> Ready | Refused | Deferred:
        """All pictures uploaded, described and ready, or why not."""
        kept: list[Kept] = []
        flaw = ""
        for picture in pictures:
            upload = self._uploaded(picture)
            if not isinstance(upload, Kept):
                return upload
            if trouble := self._described(upload, picture):
                if not picture.picture.may_lack_alt:
                    return trouble
                flaw = f"it went out without the alt text of {picture.picture.file} ({trouble.reason})"
            kept.append(upload)
        for upload, picture in zip(kept, pictures, strict=True):
            if trouble := self._awaited(upload, picture):
                return trouble
        ids = tuple(upload.media_id for upload in kept)
        return Ready(post, (ids,) if ids else (), flaw=flaw)

    def used(self, ready: Ready) -> None:
        """A post has them now, or may have: they are not used again."""
        gone = {each for ids in ready.media_ids for each in ids}
        self._kept = {name: kept for name, kept in self._kept.items() if kept.media_id not in gone}

    def _uploaded(self, picture: Drawn) -> Kept | Refused | Deferred:
        name = hashlib.sha256(picture.data + picture.picture.alt.encode()).hexdigest()
        young = self._now() - KEPT
        self._kept = {each: kept for each, kept in self._kept.items() if kept.at > young}
        if name in self._kept:
            return self._kept[name]
        upload = self._clerk.upload(picture)
        if not isinstance(upload, Upload):
            return upload
        self._kept[name] = Kept(upload.media_id, self._now(), upload.finished)
        return self._kept[name]

    def _described(self, upload: Kept, picture: Drawn) -> Refused | Deferred | None:
        if upload.described or not picture.picture.alt:
            return None
        trouble = self._clerk.describe(upload.media_id, picture)
        upload.described = trouble is None
        return trouble

    def _awaited(self, upload: Kept, picture: Drawn) -> Refused | Deferred | None:
        file = picture.picture.file
        for wait in WAITS:
            if upload.finished:
                return None
            self._sleep(wait)
            told = self._clerk.finished(upload.media_id, picture)
            if told is None or isinstance(told, Refused):
                self._forget(upload)
            if not isinstance(told, bool):
                return told or Deferred(f"the network has forgotten {file}; nothing was posted")
            upload.finished = told
        late = Deferred(f"the network is still at work on {file}; nothing was posted")
        return None if upload.finished else late

    def _forget(self, upload: Kept) -> None:
        self._kept = {name: kept for name, kept in self._kept.items() if kept is not upload}
