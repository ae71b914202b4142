"""The script of faults: which one comes next at which endpoint, and what each of them does.

It refuses to fail by chance: a fault happens exactly as often as it was asked for.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Literal, Protocol

from bot.sandbox.wire import Answer, Headers


class Fault(StrEnum):
    """BEFORE: nothing was published. AFTER: it was published first. Statuses without either: before."""

    REFUSED = auto()  # the port closes at once, for every endpoint, for settings.refused seconds
    RESET_BEFORE = auto()
    RESET_AFTER = auto()
    LATE = auto()  # published settings.late seconds from now, whether the client still waits or not
    TIMEOUT_BEFORE = auto()
    TIMEOUT_AFTER = auto()
    DRIP_BEFORE = auto()
    DRIP = auto()  # published, then the answer byte by byte
    CUT_AFTER = auto()  # published, then half of the answer and a close
    HTML_200_BEFORE = auto()
    HTML_200_AFTER = auto()
    BROKEN_JSON_200_BEFORE = auto()
    BROKEN_JSON_200_AFTER = auto()
    EMPTY_200_AFTER = auto()  # a body of no bytes
    EMPTY_201 = auto()  # published, then `201 {}`
    LIST_ERROR_BODY = auto()
    LIST_ERROR_BODY_AFTER = auto()
    REDIRECT_301 = auto()
    REDIRECT_302 = auto()
    S400 = auto()
    S401 = auto()
    S402 = auto()
    S403_DUPLICATE = auto()
    S403_OTHER = auto()
    S403_SPEND_CAP = auto()
    S404 = auto()
    S413 = auto()
    S422 = auto()
    S429_RESET = auto()
    S429_DAY = auto()  # X: the app's 24 hours are used up, the account's 15 minutes are not
    S429_BARE = auto()
    S429_PAST = auto()
    S429_GARBLED = auto()
    S429_RETRY_AFTER = auto()
    S500_BEFORE = auto()
    S500_AFTER = auto()
    S500_REPEATED_KEY = auto()  # published, 500, and 500 again whenever the key comes back
    S502_AFTER = auto()
    S503_HTML_BEFORE = auto()
    S503_HTML_AFTER = auto()
    S503_EMPTY_BEFORE = auto()
    S504_BEFORE = auto()
    S504_AFTER = auto()
    GARBLED_RATELIMIT_AFTER = auto()  # a good answer, its reset header a word
    MEDIA_202_FOREVER = auto()
    MEDIA_LOST = auto()  # published without its pictures
    COUNT_RENAMED = auto()
    COUNT_MISSING = auto()
    COUNT_NULL = auto()
    COUNT_ZERO = auto()
    COUNT_TRUE = auto()
    COUNT_TEXT = auto()  # "12,345"
    COUNT_ROUNDED = auto()  # "12.3K"
    COUNT_NEGATIVE = auto()
    COUNT_FRACTION = auto()
    COUNT_HUGE = auto()
    BODY_HUGE = auto()  # 20 MB of JSON


class Voice(Protocol):
    """How one network words what went wrong."""

    def problem(self, status: int, title: str = "", detail: str = "") -> Answer: ...

    def reset_at(self, seconds: float) -> str:
        """A reset header's value for so many seconds from now, in this network's form."""

    @property
    def reset_after(self) -> float: ...

    @property
    def url(self) -> str: ...


Twist = Callable[[Voice, Answer], Answer]


@dataclass(frozen=True, slots=True)
class Play:
    """What a fault does: whether the request is carried out, what is said, and how it is sent."""

    accepted: bool
    twist: Twist | None = None
    way: Literal["send", "drip", "hang", "reset", "cut"] = "send"


def _problem(status: int, title: str = "", detail: str = "") -> Twist:
    return lambda voice, _: voice.problem(status, title, detail)


def _html(status: int) -> Twist:
    page = "<!DOCTYPE html><html><head><title>nginx</title></head><body><h1>Please wait</h1></body></html>"
    return lambda *_: Answer.html(status, page)


def _raw(status: int, body: bytes) -> Twist:
    return lambda *_: Answer(status, body, (("Content-Type", "application/json; charset=utf-8"),))


def _redirect(status: int) -> Twist:
    def twist(voice: Voice, _: Answer) -> Answer:
        return Answer.html(status, "<a>moved</a>", (("Location", f"{voice.url}/moved"),))

    return twist


def _limited(headers: Callable[[Voice], Headers]) -> Twist:
    def twist(voice: Voice, _: Answer) -> Answer:
        return voice.problem(429, "Too Many Requests", "Too Many Requests").with_headers(*headers(voice))

    return twist


def _used_up(reset: Callable[[Voice], str]) -> Twist:
    return _limited(
        lambda voice: (
            ("x-rate-limit-limit", "100"),
            ("x-rate-limit-remaining", "0"),
            ("x-rate-limit-reset", reset(voice)),
            ("X-RateLimit-Limit", "300"),
            ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", reset(voice)),
            ("RateLimit-Remaining", "0"),
            ("RateLimit-Reset", reset(voice)),
        )
    )


def _day_used_up(voice: Voice) -> Headers:
    return (
        ("x-rate-limit-limit", "100"),
        ("x-rate-limit-remaining", "42"),
        ("x-rate-limit-reset", voice.reset_at(60)),
        ("x-app-limit-24hour-limit", "10000"),
        ("x-app-limit-24hour-remaining", "0"),
        ("x-app-limit-24hour-reset", voice.reset_at(voice.reset_after)),
    )


def _garbled_limit(_: Voice, answer: Answer) -> Answer:
    word = "soon"
    names = ("X-RateLimit-Reset", "x-rate-limit-reset", "RateLimit-Reset")
    return answer.with_headers(*((name, word) for name in names))


_DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
_NOT_PERMITTED = "You are not permitted to perform this action."
_NO_CREDITS = "Your enrolled account does not have any credits to fulfill this request."
_CAP = "Your enrolled account has reached its billing cycle spend cap."
_BROKEN = b'{"data": {"id": "17'

PLAYS: Mapping[Fault, Play] = {
    Fault.RESET_BEFORE: Play(False, way="reset"),
    Fault.RESET_AFTER: Play(True, way="reset"),
    Fault.TIMEOUT_BEFORE: Play(False, way="hang"),
    Fault.TIMEOUT_AFTER: Play(True, way="hang"),
    Fault.DRIP_BEFORE: Play(False, _problem(503, "Service Unavailable"), way="drip"),
    Fault.DRIP: Play(True, way="drip"),
    Fault.CUT_AFTER: Play(True, way="cut"),
    Fault.HTML_200_BEFORE: Play(False, _html(200)),
    Fault.HTML_200_AFTER: Play(True, _html(200)),
    Fault.BROKEN_JSON_200_BEFORE: Play(False, _raw(200, _BROKEN)),
    Fault.BROKEN_JSON_200_AFTER: Play(True, _raw(200, _BROKEN)),
    Fault.EMPTY_200_AFTER: Play(True, _raw(200, b"")),
    Fault.EMPTY_201: Play(True, _raw(201, b"{}")),
    Fault.LIST_ERROR_BODY: Play(False, _raw(400, b'["bad request"]')),
    Fault.LIST_ERROR_BODY_AFTER: Play(True, _raw(500, b'["internal error"]')),
    Fault.REDIRECT_301: Play(False, _redirect(301)),
    Fault.REDIRECT_302: Play(False, _redirect(302)),
    Fault.S400: Play(False, _problem(400, "Invalid Request", "One or more parameters was invalid.")),
    Fault.S401: Play(False, _problem(401, "Unauthorized", "Unauthorized")),
    Fault.S402: Play(False, _problem(402, "CreditsDepleted", _NO_CREDITS)),
    Fault.S403_DUPLICATE: Play(False, _problem(403, "Forbidden", _DUPLICATE)),
    Fault.S403_OTHER: Play(False, _problem(403, "Forbidden", _NOT_PERMITTED)),
    Fault.S403_SPEND_CAP: Play(False, _problem(403, "SpendCapReached", _CAP)),
    Fault.S404: Play(False, _problem(404, "Not Found", "Not Found")),
    Fault.S413: Play(False, _problem(413, "Payload Too Large", "Payload Too Large")),
    Fault.S422: Play(False, _problem(422, "Unprocessable Entity", "Validation failed")),
    Fault.S429_RESET: Play(False, _used_up(lambda voice: voice.reset_at(voice.reset_after))),
    Fault.S429_DAY: Play(False, _limited(_day_used_up)),
    Fault.S429_BARE: Play(False, _limited(lambda _: ())),
    Fault.S429_PAST: Play(False, _used_up(lambda voice: voice.reset_at(-3600))),
    Fault.S429_GARBLED: Play(False, _used_up(lambda _: "soon")),
    Fault.S429_RETRY_AFTER: Play(
        False, _limited(lambda voice: (("Retry-After", f"{voice.reset_after:.0f}"),))
    ),
    Fault.S500_BEFORE: Play(False, _problem(500, "Internal Server Error", "Internal Server Error")),
    Fault.S500_AFTER: Play(True, _problem(500, "Internal Server Error", "Internal Server Error")),
    Fault.S500_REPEATED_KEY: Play(True, _html(500)),
    Fault.S502_AFTER: Play(True, _html(502)),
    Fault.S503_HTML_BEFORE: Play(False, _html(503)),
    Fault.S503_HTML_AFTER: Play(True, _html(503)),
    Fault.S503_EMPTY_BEFORE: Play(False, _raw(503, b"")),
    Fault.S504_BEFORE: Play(False, _html(504)),
    Fault.S504_AFTER: Play(True, _html(504)),
    Fault.GARBLED_RATELIMIT_AFTER: Play(True, _garbled_limit),
}
"""The faults that are about the answer. The others are carried out where the request is answered."""

AS_USUAL = Play(True)


class Script:
    """The faults that are still to come, per endpoint, first come first served. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[str, deque[Fault]] = {}

    def add(self, endpoint: str, faults: tuple[Fault, ...]) -> None:
        with self._lock:
            self._queues.setdefault(endpoint, deque()).extend(faults)

    def take(self, endpoint: str) -> Fault | None:
        with self._lock:
            queue = self._queues.get(endpoint)
            return queue.popleft() if queue and queue[0] is not Fault.REFUSED else None

    def take_leading(self, fault: Fault) -> int:
        """How many of `fault` stood first in their queues; they are taken out."""
        taken = 0
        with self._lock:
            for queue in self._queues.values():
                while queue and queue[0] is fault:
                    queue.popleft()
                    taken += 1
        return taken

    def left(self) -> dict[str, int]:
        with self._lock:
            return {endpoint: len(queue) for endpoint, queue in self._queues.items() if queue}

    def clear(self) -> None:
        with self._lock:
            self._queues.clear()
