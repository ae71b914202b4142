"""What every site of the sandbox does: routes, counts of requests, faults, limits, accounts.

A site knows its own API and nothing of the others. It refuses to answer anything by chance.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, ClassVar

from bot.sandbox import control
from bot.sandbox.body import Unreadable
from bot.sandbox.faults import AS_USUAL, PLAYS, Fault, Play, Script
from bot.sandbox.ledger import Ledger, Published
from bot.sandbox.limits import Arrivals, Left, Windows
from bot.sandbox.listener import HOST, Listener
from bot.sandbox.problems import Stopped
from bot.sandbox.wire import Answer, Headers, Request, Wire

log = logging.getLogger(__name__)


@dataclass
class Settings:
    """Knobs, all in seconds, that may be turned while the site runs."""

    clock_offset: float = 0.0
    timeline_lag: float = 0.0
    refused: float = 2.0
    hang: float = 60.0
    drip: float = 1.0
    slow: float = 0.0  # before a request is carried out
    slow_answer: float = 0.0  # after it was
    late: float = 0.5  # how long Fault.LATE waits before it carries out
    reset_after: float = 900.0
    enforces_limits: bool = False
    spanish: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the site takes it: who asks, and the fault it meets."""

    request: Request
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    endpoint: str
    answer: Callable[[Call], Answer]


class Site:
    """One server. Subclasses give `routes`, `problem`, `reset_at` and the headers of their limits."""

    name: ClassVar[str]
    limits: ClassVar[Mapping[str, tuple[int, float]]] = {}
    """Per endpoint: how many calls in how many seconds."""

    def __init__(self, ledger: Ledger, settings: Settings, tls: ssl.SSLContext | None = None) -> None:
        self.ledger = ledger
        self.settings: Settings = settings
        self.script = Script()
        self.windows = Windows()
        self._arrivals = Arrivals()
        self._tls = tls
        self._listener = Listener(self._serve, tls)
        self._routes = (
            *self.routes(),
            route("GET", "/", "home", lambda _: self.home()),
            route("GET", "/moved", "moved", lambda _: self.moved()),
        )

    # --- for whoever drives the sandbox ---

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self._listener.port}"

    @property
    def port(self) -> int:
        return self._listener.port

    def posts(self) -> tuple[Published, ...]:
        """All that ever became public here, oldest first; deleted ones are flagged."""
        return self.ledger.posts()

    def fault(self, endpoint: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of `endpoint` fail so, after those queued already."""
        self.faults(endpoint, *[fault] * times)

    def faults(self, endpoint: str, *faults: Fault) -> None:
        """Queue several, one per call. ValueError for an endpoint that the site lacks."""
        self.script.add(self.known(endpoint), faults)
        self._refuse_if_due()

    def clear(self) -> None:
        """Forget all faults to come, and open the port again."""
        self.script.clear()
        self._listener.reopen()

    def calls(self, endpoint: str) -> int:
        """How many requests arrived there, those that met a fault included."""
        return len(self.arrivals(endpoint))

    def arrivals(self, endpoint: str) -> tuple[float, ...]:
        """When they arrived, by time.monotonic()."""
        return self._arrivals.of(endpoint)

    def requests(self, endpoint: str) -> tuple[Request, ...]:
        """The newest 50 of them whole, oldest first."""
        return self._arrivals.requests(endpoint)

    def now(self) -> datetime:
        """This server's clock, aware UTC."""
        return datetime.fromtimestamp(time.time() + self.settings.clock_offset, UTC)

    def by_hand(self, text: str, user_id: str, ago: float = 0.0) -> Published:
        """A post that somebody wrote without the API, `ago` seconds before now."""
        draft = self.draft(user_id, text)
        early = draft.created_at - timedelta(seconds=ago)
        return self.ledger.publish(replace(draft, created_at=early, at=draft.at - ago))

    def start(self, port: int = 0) -> None:
        self._listener.start(port)

    def stop(self) -> None:
        self._listener.stop()
        self.ledger.close()

    # --- for the sites themselves ---

    def draft(self, user_id: str, text: str, **more: Any) -> Published:
        """A post at this moment, still without an id."""
        return Published("", text, self.now(), user_id, at=time.time(), **more)

    def repost_of(self, user_id: str, post_id: str) -> Published | None:
        """The repost of a post that an account has standing."""
        return next((post for post in self.ledger.reposts(post_id) if post.user_id == user_id), None)

    def withdraw(self, post: Published) -> None:
        """Delete a post, and the reposts of it with it."""
        with self.ledger.lock:
            for one in (post, *self.ledger.reposts(post.id)):
                self.ledger.withdraw(one.id)

    # --- what a site gives ---

    def routes(self) -> tuple[Route, ...]:
        raise NotImplementedError

    def problem(self, status: int, title: str = "", detail: str = "") -> Answer:
        raise NotImplementedError

    def reset_at(self, seconds: float) -> str:
        raise NotImplementedError

    def limit_headers(self, left: Left) -> Headers:
        return ()

    def caller(self, request: Request) -> str:
        """Whose limits a request counts against."""
        return ""

    def place(self, request: Request) -> str:
        """What the patterns of routes are held against."""
        return request.path.rstrip("/") or "/"

    def poison(self, request: Request) -> None:
        """From now on every repeat of this request's key fails."""

    def home(self) -> Answer:
        return Answer.html(200, f"<!DOCTYPE html><title>{self.name}</title><h1>{self.name}</h1>")

    def moved(self) -> Answer:
        """Where a redirect leads to; whoever followed it is counted as `moved`."""
        return self.home()

    @property
    def reset_after(self) -> float:
        return self.settings.reset_after

    # --- one request ---

    def _serve(self, request: Request, wire: Wire) -> None:
        own = control.answer(self, request)
        if own is not None:
            wire.send(own)
        else:
            self._answer(request, wire)
        self._refuse_if_due()

    def _answer(self, request: Request, wire: Wire) -> None:
        route, request = self._find(request)
        self._arrivals.note(route.endpoint, request)
        fault = self.script.take(route.endpoint)
        play = PLAYS.get(fault, AS_USUAL) if fault else AS_USUAL
        self._wait(self.settings.late if fault is Fault.LATE else self.settings.slow)
        answer = self._carry_out(route, Call(request, fault)) if play.accepted else Answer(200)
        self._wait(self.settings.slow_answer)
        if play.twist is not None:
            answer = play.twist(self, answer)
        if fault is Fault.S500_REPEATED_KEY:
            self.poison(request)
        self._send(answer.with_headers(*self._common()), play, wire)

    def _carry_out(self, route: Route, call: Call) -> Answer:
        left = self._left(route.endpoint, call.request)
        limits = self.limit_headers(left) if left else ()
        if left and left.over and self.settings.enforces_limits:
            return self.problem(429, "Too Many Requests", "Too Many Requests").with_headers(*limits)
        return self._outcome(route, call).with_headers(*limits)

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._listener.over.wait(seconds)

    def _left(self, endpoint: str, request: Request) -> Left | None:
        if endpoint not in self.limits:
            return None
        limit, seconds = self.limits[endpoint]
        now = self.now().timestamp()
        return self.windows.count(f"{endpoint}/{self.caller(request)}", limit, seconds, now)

    def _outcome(self, route: Route, call: Call) -> Answer:
        try:
            return route.answer(call)
        except Stopped as stopped:
            return stopped.answer
        except Unreadable:
            return self.problem(400, "Invalid Request", "The body could not be read.")
        except Exception:
            log.exception("the sandbox broke at %s", route.endpoint)
            return self.problem(500, "Sandbox", "The sandbox itself broke; its log says how.")

    def _send(self, answer: Answer, play: Play, wire: Wire) -> None:
        match play.way:
            case "send":
                wire.send(answer)
            case "drip":
                wire.drip(answer, self.settings.drip, self.settings.hang)
            case "hang":
                wire.hang(self.settings.hang)
            case "reset":
                wire.reset()
            case "cut":
                wire.cut(answer)

    def _find(self, request: Request) -> tuple[Route, Request]:
        path = self.place(request)
        for route in self._routes:
            found = route.pattern.fullmatch(path)
            if found and route.method in (request.method, "GET" if request.method == "HEAD" else ""):
                return route, request.matched(found.groups())
        return Route(request.method, re.compile(""), "unknown", self._unknown), request

    def _unknown(self, _: Call) -> Answer:
        return self.problem(404, "Not Found", "Not Found")

    def known(self, endpoint: str) -> str:
        known = {route.endpoint for route in self._routes}
        if endpoint not in known:
            raise ValueError(
                f"{self.name} has no endpoint {endpoint!r}; there are {', '.join(sorted(known))}"
            )
        return endpoint

    def _common(self) -> Headers:
        return (("Date", format_datetime(self.now(), usegmt=True)), ("Server", "sandbox"))

    def _refuse_if_due(self) -> None:
        times = self.script.take_leading(Fault.REFUSED)
        if times:
            self._listener.refuse(times * self.settings.refused)


def route(method: str, pattern: str, endpoint: str, answer: Callable[[Call], Answer]) -> Route:
    return Route(method, re.compile(pattern), endpoint, answer)
