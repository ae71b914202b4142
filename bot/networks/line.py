"""One account's line to its network: one session, one deadline a call, and what every network has in common.

It calls the client library and believes only the recorded exchange: a library that raises although
the post stands, or returns although it does not, changes nothing.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.model import Deferred, Identity, Outcome, Refused, Seen, Timeline, Unconfirmed, Unreadable
from bot.http import Session
from bot.networks.answers import GONE, Aim, Place, T, Trouble, meaning, server_time

READS = Aim(speaks=False, what=None)
TALKATIVE = ("tweepy", "oauthlib", "requests_oauthlib", "urllib3")
"""Loggers that write keys, signatures or whole answers when they are asked for more detail."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """Posts of an account, newest first, and how to ask for the next page (None: there is none)."""

    posts: tuple[Seen, ...]
    more: str | None


class Line:
    def __init__(self, place: Place, session: Session, now: Callable[[], datetime]) -> None:
        self.place, self.session, self.now = place, session, now
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.ERROR)

    def say(
        self, call: Callable[[], object], read: Callable[[Any], T | None], aim: Aim = Aim()
    ) -> T | Trouble:
        """Make one request through the library, and judge it by what was recorded of it."""
        with self.session.call():
            with contextlib.suppress(Exception):
                call()
            return meaning(self.session.last, read, self.place, aim, self.now())

    def read(self, call: Callable[[], object], read: Callable[[Any], T | None]) -> T | Unreadable:
        """The same for a request that changes nothing."""
        value = self.say(call, read, READS)
        return Unreadable(value.reason) if isinstance(value, Refused | Deferred | Unconfirmed) else value

    def before(
        self,
        call: Callable[[], object],
        read: Callable[[Any], T | None],
        what: str,
        target: str | None = None,
    ) -> T | Refused | Deferred:
        """The same for what comes before a post, such as the upload of `what`: in doubt it is tried again."""
        answer = self.say(call, read, Aim(speaks=False, target=target, what=what))
        if isinstance(answer, Unconfirmed):
            return Deferred(f"{answer.reason}; nothing was posted")
        return answer

    def who(
        self, call: Callable[[], object], read: Callable[[Any], Identity | None]
    ) -> Identity | Refused | Deferred:
        """The same for the question who we are: in doubt it is asked again."""
        answer = self.say(call, read, READS)
        return Deferred(answer.reason) if isinstance(answer, Unconfirmed) else answer

    def identity(self, server: str, who: Any) -> Identity | None:
        """Who we are, from the profile that a network shows of us."""
        handle, bot = who["username"], who.get("bot")
        if not isinstance(handle, str):
            return None
        marked = bot if isinstance(bot, bool) else None
        return Identity(server, identifier(who["id"]), handle, marked, self.server_time())

    def gone(self, call: Callable[[], object], done: Callable[[Any], bool]) -> Outcome | None:
        """Take something back; None when it is gone, also when it was gone already."""
        trouble = self.say(call, lambda answer: True if done(answer) else None, READS)
        last = self.session.last
        return None if isinstance(trouble, bool) or (last and last.status in GONE) else trouble

    def back(
        self,
        me: Identity,
        since: datetime,
        sizes: tuple[int, ...],
        page: Callable[[int, str | None], Page | Unreadable],
    ) -> Timeline | Unreadable:
        """Page through our own posts back to `since`, with at most `sizes` posts a page."""
        posts: list[Seen] = []
        more: str | None = None
        for size in sizes:
            got = page(size, more)
            if isinstance(got, Unreadable):
                return got
            posts += got.posts
            more = got.more
            if more is None or (posts and posts[-1].created_at < self.by_their_clock(since)):
                break
        return Timeline(me.user_id, tuple(posts), more is None, self.server_time())

    def server_time(self) -> datetime | None:
        """The server's clock at the last answer."""
        return server_time(self.session.last.headers) if self.session.last else None

    def by_their_clock(self, moment: datetime) -> datetime:
        theirs = self.server_time()
        return moment + (theirs - self.now()) if theirs else moment


def identifier(value: Any) -> str:
    """An id: digits, or letters and digits on some servers; raises ValueError for anything else."""
    known = str(value)
    if (
        not isinstance(value, str | int)
        or isinstance(value, bool)
        or not (known.isalnum() and known.isascii())
    ):
        raise ValueError(value)
    return known


def utc(value: str) -> datetime:
    """The time of a post, which must have a zone; raises ValueError."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)
