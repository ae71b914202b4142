"""The one place that speaks HTTP: sessions with a total deadline, which record what certainly happened.

They follow no redirect, retry nothing, keep no cookie and no connection, send nothing unencrypted to
another machine and read no endless answer. They judge nothing: what an answer means is for others.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.request import getproxies

import requests
from requests import RequestException, Response
from requests.adapters import HTTPAdapter
from requests.utils import should_bypass_proxies
from urllib3.util import parse_url

from bot.http.attempt import Attempt, Encrypted, Plain, Resolver

__all__ = [
    "LARGEST",
    "Exchange",
    "RequestException",
    "Resolver",
    "Response",
    "Session",
    "is_loopback",
    "session",
]

LARGEST = 5_000_000
"""Bytes of an answer, unpacked, that are read at most."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it.

    `connected` is False only when certainly no byte of the request was written. `status` and
    `headers` (names in any case) stand as soon as they came, whatever became of the body. `problem`
    is None when the answer was read whole, else it says what happened, without a secret.
    """

    connected: bool
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: str | None = None


class Session(requests.Session):
    """A requests session; `last` is the newest exchange of the calling thread.

    Raises requests.RequestException (an OSError); the text of a ConnectionError is `last.problem`.
    """

    def __init__(
        self, deadline: float, resolve: Resolver, instead: tuple[str, str] | None, largest: int, plain: bool
    ) -> None:
        super().__init__()
        self.resolve, self.instead, self.largest, self.plain = resolve, instead, largest, plain
        self.trust_env = False  # no .netrc, and no look at the environment at every request
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self.headers.update({"User-Agent": "petition-bot", "Connection": "close"})
        self._deadline, self._proxies = deadline, getproxies()
        self._thread = threading.local()

    @property
    def last(self) -> Exchange | None:
        return getattr(self._thread, "last", None)

    @contextlib.contextmanager
    def call(self) -> Iterator[None]:
        """Forget the last exchange; all requests that this thread makes within share one deadline."""
        outer = getattr(self._thread, "ends", None)
        self._thread.last = None
        self._thread.ends = outer or time.monotonic() + self._deadline
        try:
            yield
        finally:
            self._thread.ends = outer

    def attempt(self, host: str) -> Attempt:
        ends = getattr(self._thread, "ends", None) or time.monotonic() + self._deadline
        return Attempt(host, ends, self.resolve)

    def record(self, exchange: Exchange) -> None:
        self._thread.last = exchange

    def proxies_for(self, url: str) -> dict[str, str]:
        if not self._proxies or is_loopback(_host(url)) or should_bypass_proxies(url, no_proxy=None):
            return {}
        return self._proxies

    def get_adapter(self, url: str | bytes) -> HTTPAdapter:
        """A new one for each request: a kept connection that has died is a doubt that we can do without."""
        return _Adapter(self)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never: a POST would become a GET, and the token would go to whoever answered."""


def session(
    deadline: float,
    *,
    resolve: Resolver | None = None,
    instead: tuple[str, str] | None = None,
    largest: int = LARGEST,
    plain: bool = False,
) -> Session:
    """A session whose every request ends within `deadline` seconds, from name look-up to last byte.

    `resolve` replaces the look-up of names. `instead` = (start of an address, what to put there)
    sends the requests of a library that has its server built in to another one, after signing.
    `largest` in bytes of an answer, unpacked. `plain`: also unencrypted, to any machine.
    """
    return Session(deadline, resolve or _addresses, instead, largest, plain)


def is_loopback(host: str) -> bool:
    """Is this name or address surely our own machine?"""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host(url: str) -> str:
    return parse_url(url).host or ""


def _addresses(host: str, port: int) -> Sequence[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class _Adapter(HTTPAdapter):
    """Carries one request."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        pool.ConnectionCls = partial(Encrypted if pool.scheme == "https" else Plain, attempt=self._attempt)
        return pool

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Send it, read the answer whole, and record the exchange; raises ConnectionError."""
        url = request.url = self._address(request.url or "")
        self._attempt = self._session.attempt(_host(url))
        answer, body, problem = None, b"", None if self._session.plain else _forbidden(url)
        try:
            if not problem:
                answer = self._ask(request, options)
                body, problem = self._read(answer)
        except Exception:  # whatever it was: the attempt knows how far it got
            problem = self._attempt.problem()
        finally:
            self._attempt.close()
            self.close()
        return self._record(answer, body, problem)

    def _address(self, url: str) -> str:
        built_in, wanted = self._session.instead or ("", "")
        return wanted + url[len(built_in) :] if built_in and url.startswith(built_in) else url

    def _ask(self, request: requests.PreparedRequest, options: Mapping[str, Any]) -> requests.Response:
        kept = {name: options[name] for name in ("verify", "cert") if name in options}
        proxies = self._session.proxies_for(request.url or "")
        patience = self._attempt.left() + 1  # the attempt is quicker, and knows that it was late
        return super().send(request, stream=True, timeout=patience, proxies=proxies, **kept)

    def _read(self, answer: requests.Response) -> tuple[bytes, str | None]:
        body, largest = bytearray(), self._session.largest
        with contextlib.closing(answer.raw) as raw:
            for chunk in raw.stream(65_536, decode_content=True):
                body += chunk
                if len(body) > largest:
                    return b"", f"the answer of {_host(answer.url)} is larger than {largest // 1_000_000} MB"
        # a connection that was cut can look like the end of the answer
        return bytes(body), self._attempt.problem() if self._attempt.expired else None

    def _record(
        self, answer: requests.Response | None, body: bytes, problem: str | None
    ) -> requests.Response:
        status, headers = (None, {}) if answer is None else (answer.status_code, answer.headers)
        self._session.record(Exchange(self._attempt.spoke, status, headers, body, problem))
        if answer is None or problem:
            raise requests.ConnectionError(problem)
        answer.raw = io.BytesIO(body)
        return answer


def _forbidden(url: str) -> str | None:
    if url.startswith("https://") or is_loopback(_host(url)):
        return None
    return f"nothing is sent unencrypted to {_host(url)}: its address must begin with https://"
