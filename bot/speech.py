"""One delivery is said: its pictures drawn, uploaded, then the commitment that we speak, then the word.

The time between the last two is watched, not trusted. It claims nothing, records no outcome, and says
one part of a thread at a time.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Deferred, Delivery, Limits, Outcome, Picture, Post, Refused
from bot.core.pictures import Unusable
from bot.ports import Album, Clock, Drawn, Network, Ready, Store

TOO_SLOW = 1.0
"""Seconds between committing that we speak and speaking: more, and the machine stood still."""


class _Empty:
    def draw(self, picture: Picture, limits: Limits) -> Drawn | Unusable:
        return Unusable(f"{picture.file} is not there: no pictures are known here")


NO_ALBUM: Album = _Empty()
"""Of who has no pictures at all."""


class Speech:
    """How one account says what it has claimed."""

    def __init__(self, network: Network, album: Album, store: Store, clock: Clock) -> None:
        self._network, self._album, self._store, self._clock = network, album, store, clock

    def say(self, claimed: Delivery, limits: Limits) -> tuple[Outcome, Delivery]:
        """What came of it, and the delivery as it stands then."""
        ready = self._prepared(claimed, limits)
        if ready is not None and not isinstance(ready, Ready):
            return ready, claimed
        before, now = self._clock.monotonic(), self._clock.now()
        if not self._store.spoke(claimed.id, now):
            return Deferred("it was settled by somebody else"), claimed
        if self._clock.monotonic() - before > TOO_SLOW:
            return Deferred("the machine stood still just before sending"), claimed
        return self._send(claimed, ready), replace(claimed, spoke_at=now)

    def _prepared(self, claimed: Delivery, limits: Limits) -> Ready | Outcome | None:
        """None for a repost, which needs nothing. Pictures go with the first part."""
        if claimed.post is None:
            return None
        pictures = () if claimed.remote_ids else self._drawn(claimed.post, limits)
        if isinstance(pictures, Unusable):
            return Refused(f"{pictures.reason}; nothing was posted")
        return self._network.prepare(claimed.post, pictures)

    def _drawn(self, post: Post, limits: Limits) -> tuple[Drawn, ...] | Unusable:
        """All of them or none: a post never goes out without a picture of its own."""
        made: list[Drawn] = []
        for picture in post.pictures:
            drawn = self._album.draw(picture, limits)
            if isinstance(drawn, Unusable):
                return drawn
            made.append(drawn)
        return tuple(made)

    def _send(self, claimed: Delivery, ready: Ready | None) -> Outcome:
        if ready is None:
            return self._network.repost(original(self._store, claimed), claimed.key)
        done, ready = claimed.remote_ids, replace(ready, slot=claimed.slot)
        return self._network.publish(ready, len(done), claimed.key, done[-1] if done else None)


def original(store: Store, repost: Delivery) -> str:
    """The remote id of the post that a repost repeats."""
    post = store.by_key(repost.target or "")
    return post.remote_ids[0] if post and post.remote_ids else ""
