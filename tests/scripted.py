"""A network and a clock that do what a test says. The network keeps what became public, as a server would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count

from bot.core.model import (
    BadReading,
    Deferred,
    Identity,
    Limits,
    Outcome,
    Post,
    Posted,
    Reading,
    Refused,
    Seen,
    Timeline,
    Unconfirmed,
    Unreadable,
)
from bot.core.text import LIMITS
from bot.ports import Drawn, Ready


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at, self._seconds = at, 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self._seconds

    def forward(self, by: timedelta) -> None:
        self.at += by
        self._seconds += by.total_seconds()

    def to(self, at: datetime) -> None:
        self.forward(at - self.at)

    def set(self, at: datetime) -> None:
        """Somebody sets the clock: no time passes."""
        self.at = at


class Scripted:
    """A network whose next answers are queued with `will`; without any it publishes."""

    def __init__(self, clock: HandClock, name: str = "mastodon", user: str = "me") -> None:
        self._clock, self._name, self.user = clock, name, user
        self.public: list[Seen] = []
        self.calls: list[str] = []
        self.asked: list[tuple[str, str | None, tuple[str, ...]]] = []
        self.offset = timedelta(0)
        self._script: list[Callable[[], Outcome] | Outcome] = []
        self.timeline_answers: list[Timeline | Unreadable] = []
        self.verify_answer: Identity | Outcome | None = None
        self._ids = count(1)

    def will(self, *answers: Callable[[], Outcome] | Outcome) -> None:
        self._script += answers

    def publishes_and_says_nothing(self) -> Callable[[], Outcome]:
        """The post stands, the answer is lost."""

        def lose() -> Outcome:
            self._stand(self._text)
            return Unconfirmed("the answer was lost")

        return lose

    def texts(self) -> list[str]:
        return [seen.text for seen in self.public if not seen.repost_of]

    def _stand(self, text: str, repost_of: str | None = None) -> Posted:
        number = str(next(self._ids))
        self.public.append(
            Seen(number, text, self._clock.now() + self.offset, f"https://n/{number}", True, repost_of)
        )
        return Posted(number, f"https://n/{number}")

    def verify(self) -> Identity | Outcome:
        self.calls.append("verify")
        if self.verify_answer:
            return self.verify_answer
        return Identity("n", self.user, "@me", server_time=self._clock.now() + self.offset)

    def limits(self) -> Limits | Unreadable:
        return LIMITS[self._name]

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        return Ready(post, (tuple(picture.picture.file for picture in pictures),))

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        self.calls.append("publish")
        self._text = ready.post.parts[part]
        self.asked.append((self._text, reply_to, ready.pictures(part)))
        return self._answer(lambda: self._stand(self._text))

    def repost(self, remote_id: str, key: str) -> Outcome:
        self.calls.append("repost")
        return self._answer(lambda: self._stand("", remote_id))

    def _answer(self, otherwise: Callable[[], Outcome]) -> Outcome:
        answer = self._script.pop(0) if self._script else otherwise
        return answer() if callable(answer) else answer

    def timeline(self, since: datetime) -> Timeline | Unreadable:
        self.calls.append("timeline")
        if self.timeline_answers:
            return self.timeline_answers.pop(0)
        newest_first = tuple(reversed(self.public))
        return Timeline(self.user, newest_first, True, self._clock.now() + self.offset)

    def reposted(self, remote_id: str) -> bool | Unreadable:
        self.calls.append("reposted")
        return any(seen.repost_of == remote_id for seen in self.public)

    def delete(self, remote_id: str) -> Outcome | None:
        self.public = [seen for seen in self.public if seen.remote_id != remote_id]
        return None


class HandCounter:
    """Reads what `number` says; None is a counter that is broken."""

    def __init__(self) -> None:
        self.number: int | None = 0
        self.closed, self.asked = "", 0

    def read(self, now: datetime) -> Reading | BadReading:
        self.asked += 1
        if self.number is None:
            return BadReading("no number stands there")
        return Reading(self.number, "by hand", now, self.closed)


def down() -> Deferred:
    return Deferred("connection refused")


def revoked() -> Refused:
    return Refused("the keys were revoked", "account")
