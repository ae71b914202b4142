"""The calls of one account on Bluesky, and its session: signed in once, refreshed before it runs out.

A server allows 30 sign-ins in 5 minutes and 300 a day. A call that finds the session over is not made
again here: certainly nothing came of it, and the next one signs in anew. Tokens stay in memory.
https://docs.bsky.app/docs/advanced-guides/rate-limits
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.model import Deferred, Refused, Unconfirmed, Unreadable
from bot.http import Exchange
from bot.networks.answers import Aim, T, Trouble
from bot.networks.line import READS, Line

OVER = frozenset({"ExpiredToken", "InvalidToken"})
"""Errors by which a server says that it knows the session no more (with status 400)."""

LIFE = timedelta(hours=1)
"""Of a token that does not tell its own."""

MARGIN = timedelta(minutes=5)
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+")

Ask = Callable[[Mapping[str, str]], object]
"""Makes a request with the headers that say who asks."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A session. `until` by our clock: from then on it is refreshed."""

    did: str
    handle: str
    access: str
    refresh: str
    until: datetime

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


class Xrpc:
    """`server` as https://host, `handle` and `password` of the account (an app password)."""

    def __init__(self, line: Line, server: str, handle: str, password: str) -> None:
        self._line, self._base = line, f"{server.rstrip('/')}/xrpc"
        self._keys = {"identifier": handle, "password": password}
        self._hidden = line.place.secrets
        self._signed: Signed | None = None

    # --- one request ----------------------------------------------------------------------------

    def get(self, method: str, **params: str) -> Ask:
        return lambda headers: self._line.session.get(
            f"{self._base}/{method}", params=params, headers=headers
        )

    def post(self, method: str, body: Mapping[str, Any] | None = None) -> Ask:
        return lambda headers: self._line.session.post(f"{self._base}/{method}", json=body, headers=headers)

    def upload(self, data: bytes, kind: str) -> Ask:
        address = f"{self._base}/com.atproto.repo.uploadBlob"
        return lambda headers: self._line.session.post(
            address, data=data, headers={**headers, "Content-Type": kind}
        )

    def say(self, ask: Ask, read: Callable[[Any], T | None], aim: Aim = READS) -> T | Trouble:
        """Make one request in the session, and judge it."""
        with self._line.session.call():
            signed = self.signed()
            if not isinstance(signed, Signed):
                return signed
            answer = self._line.say(lambda: ask(signed.headers), read, aim)
            return self._over() or answer

    def read(self, ask: Ask, read: Callable[[Any], T | None]) -> T | Unreadable:
        """The same for a request that changes nothing."""
        value = self.say(ask, read)
        return Unreadable(value.reason) if isinstance(value, Refused | Deferred | Unconfirmed) else value

    def error(self) -> str:
        """What the last answer was called: the `error` of a 400; empty for all others."""
        last = self._line.session.last
        return _error(last) if last and last.status == 400 else ""

    def _over(self) -> Deferred | None:
        """When the last answer said that the session is over, the next call signs in anew."""
        last = self._line.session.last
        if last and last.status == 401:
            self._signed = None
        if self.error() not in OVER:
            return None
        self._signed = None
        return Deferred(f"{self._line.place.network} had ended the session; nothing was sent")

    @property
    def handle(self) -> str:
        """The account's own, or as people wrote it as long as no server told it."""
        return self._signed.handle if self._signed else self._keys["identifier"]

    # --- the session ----------------------------------------------------------------------------

    def signed(self) -> Signed | Refused | Deferred:
        """The session; a new one, or the old one refreshed, where that is needed."""
        if self._signed and self._line.now() < self._signed.until:
            return self._signed
        answer = self._refreshed(self._signed) if self._signed else None
        answer = answer or self._asked_session(self.post("com.atproto.server.createSession", self._keys), {})
        self._signed = answer if isinstance(answer, Signed) else None
        return answer

    def _refreshed(self, old: Signed) -> Signed | Refused | Deferred | None:
        """None when the server takes the old session no more."""
        headers = {"Authorization": f"Bearer {old.refresh}"}
        answer = self._asked_session(self.post("com.atproto.server.refreshSession"), headers)
        last = self._line.session.last
        return None if last and last.status in (400, 401) else answer

    def _asked_session(self, ask: Ask, headers: Mapping[str, str]) -> Signed | Refused | Deferred:
        answer = self._line.say(lambda: ask(headers), self._read_session, READS)
        if isinstance(answer, Unconfirmed):
            return Deferred(answer.reason)
        if isinstance(answer, Signed):
            tokens = {answer.access, answer.refresh}
            self._line.place = replace(self._line.place, secrets=self._hidden | tokens)
        return answer

    def _read_session(self, answer: Any) -> Signed | None:
        access, refresh, handle = answer["accessJwt"], answer["refreshJwt"], answer["handle"]
        if not (access and refresh and isinstance(access + refresh + handle, str)):
            return None
        until = self._line.now() + life(access) - MARGIN
        return Signed(did(answer["did"]), handle, access, refresh, until)


def did(value: Any) -> str:
    """The name of an account that stays; raises ValueError for anything else."""
    if not isinstance(value, str) or not DID.fullmatch(value):
        raise ValueError(value)
    return value


def life(token: str) -> timedelta:
    """How long a token lives, by what stands in it; at least so long that it is used."""
    try:
        told = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
        lives = timedelta(seconds=claims["exp"] - claims["iat"])
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        lives = LIFE
    return max(min(lives, timedelta(days=1)), 2 * MARGIN)


def _error(exchange: Exchange) -> str:
    try:
        return str(json.loads(exchange.body)["error"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
