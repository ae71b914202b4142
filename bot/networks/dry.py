"""A network that only prints: for a look at what would go out, without any account anywhere.

It reaches nobody, and forgets everything when the bot stops.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model import Identity, Limits, Outcome, Post, Posted, Seen, Timeline
from bot.core.text import LIMITS
from bot.networks.line import utc_now
from bot.ports import Drawn, Ready


class Dry:
    """`write` gets each post as one text."""

    def __init__(
        self, account_id: str, write: Callable[[str], None], *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._account, self._write, self._now = account_id, write, now
        self._printed: list[Seen] = []

    def verify(self) -> Identity:
        return Identity("dry", self._account, self._account, bot=True, server_time=self._now())

    def limits(self) -> Limits:
        return LIMITS["dry"]

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        return Ready(post)

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        post = ready.post
        shown = [f"[{picture.file}: {picture.alt}]" for picture in post.pictures if not part]
        if post.content_warning:
            shown.insert(0, f"[behind the warning: {post.content_warning}]")
        return self._print(f"{key}/{part}", post.parts[part], beside=shown)

    def repost(self, remote_id: str, key: str) -> Outcome:
        return self._print(key, f"(repeats {remote_id})", remote_id)

    def _print(self, key: str, text: str, repost_of: str | None = None, beside: Sequence[str] = ()) -> Posted:
        """The id comes from the key, so that the same delivery has it again."""
        seen = Seen(hashlib.sha256(key.encode()).hexdigest()[:16], text, self._now(), exact=True)
        if all(seen.remote_id != before.remote_id for before in self._printed):
            self._write("\n".join((f"{self._account}: {text}", *beside)))
            self._printed.insert(0, replace(seen, repost_of=repost_of))
        return Posted(seen.remote_id)

    def timeline(self, since: datetime) -> Timeline:
        return Timeline(self._account, tuple(self._printed), complete=True, server_time=self._now())

    def reposted(self, remote_id: str) -> bool:
        return any(seen.repost_of == remote_id for seen in self._printed)

    def delete(self, remote_id: str) -> None:
        self._printed = [seen for seen in self._printed if seen.remote_id != remote_id]
