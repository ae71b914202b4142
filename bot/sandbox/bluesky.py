"""A server of Bluesky as a client meets it: the XRPC calls that a posting bot needs, behind a session.

Endpoints, for faults and counts: login, refresh, verify, create, repost, delete, unrepost, record, reposted,
timeline, reposts, media, resolve. It overwrites what a client tells it to overwrite, as the real one does.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from bot.sandbox.accounts import Account, Accounts, made_up
from bot.sandbox.bluesky_reading import Reading
from bot.sandbox.bluesky_records import Records
from bot.sandbox.bluesky_sessions import Sessions
from bot.sandbox.bluesky_settings import BlueskySettings
from bot.sandbox.body import Unreadable, fields
from bot.sandbox.ledger import Ledger, Published
from bot.sandbox.limits import Left
from bot.sandbox.problems import Stopped
from bot.sandbox.server import Call, Route, Site, route
from bot.sandbox.shelf import Shelf
from bot.sandbox.skeets import POSTS, REPOSTS, tid
from bot.sandbox.tokens import ACCESS
from bot.sandbox.wire import Answer, Headers, Request

FIVE_MINUTES, HOUR = 300.0, 3600.0
_NAMES = {
    400: "InvalidRequest",
    401: "AuthenticationRequired",
    403: "Forbidden",
    404: "XRPCNotSupported",
    413: "PayloadTooLarge",
    429: "RateLimitExceeded",
    500: "InternalServerError",
}
Signed = Callable[[Account, Call], Answer]


class BlueskySite(Site):
    name = "Bluesky"
    settings: BlueskySettings
    limits: ClassVar = {
        "login": (30, FIVE_MINUTES),
        "create": (1666, HOUR),
        "repost": (1666, HOUR),
        "delete": (5000, HOUR),
        "unrepost": (5000, HOUR),
        **dict.fromkeys(
            ("refresh", "verify", "record", "reposted", "timeline", "reposts", "media"), (3000, FIVE_MINUTES)
        ),
    }
    """https://docs.bsky.app/docs/advanced-guides/rate-limits: a create takes 3 points of 5,000 an hour."""

    def __init__(self, ledger: Ledger, seed: str, tls: ssl.SSLContext | None = None) -> None:
        self.accounts = Accounts(lambda name: _account(seed, name))
        self.shelf = Shelf()
        self._newest = 0
        settings = BlueskySettings()
        self._sessions = Sessions(self, settings, self.accounts, seed)
        self._records = Records(self, settings, self.shelf)
        self._reading = Reading(self, settings)
        super().__init__(ledger, settings, tls)

    @property
    def secrets(self) -> dict[str, str]:
        """HANDLE and APP_PASSWORD of the first account."""
        return dict(self.accounts.first.secrets)

    def routes(self) -> tuple[Route, ...]:
        signed, server, repo = self._signed, "/xrpc/com.atproto.server", "/xrpc/com.atproto.repo"
        sessions, records, reading = self._sessions, self._records, self._reading
        return (
            route("POST", f"{server}.createSession", "login", sessions.login),
            route("POST", f"{server}.refreshSession", "refresh", sessions.refresh),
            route("GET", f"{server}.getSession", "verify", signed(sessions.me)),
            route("GET", "/xrpc/com.atproto.identity.resolveHandle", "resolve", sessions.resolve),
            route("POST", f"{repo}.putRecord/{REPOSTS}", "repost", signed(records.put)),
            route("POST", f"{repo}.putRecord(/.*)?", "create", signed(records.put)),
            route("POST", f"{repo}.deleteRecord/{REPOSTS}", "unrepost", signed(records.delete)),
            route("POST", f"{repo}.deleteRecord(/.*)?", "delete", signed(records.delete)),
            route("POST", f"{repo}.uploadBlob", "media", signed(records.upload)),
            route("GET", f"{repo}.getRecord/{REPOSTS}", "reposted", signed(reading.one)),
            route("GET", f"{repo}.getRecord(/.*)?", "record", signed(reading.one)),
            route("GET", f"{repo}.listRecords/{REPOSTS}", "reposts", signed(reading.several)),
            route("GET", f"{repo}.listRecords(/.*)?", "timeline", signed(reading.several)),
            route("GET", "/profile/[^/]+/post/([^/]+)", "page", reading.page),
        )

    def _signed(self, answer: Signed) -> Callable[[Call], Answer]:
        return lambda call: answer(self._sessions.who(call.request, ACCESS), call)

    def place(self, request: Request) -> str:
        """One address serves every collection: what is asked of which one tells them apart."""
        try:
            sent = fields(request) if request.method == "POST" and request.path.endswith("Record") else {}
        except Unreadable:
            sent = {}
        collection = request.asked("collection") or sent.get("collection")
        return super().place(request) + (f"/{collection}" if collection else "")

    def problem(self, status: int, title: str = "", detail: str = "") -> Answer:
        return Answer.json(status, {"error": _NAMES.get(status, title), "message": detail or title})

    def reset_at(self, seconds: float) -> str:
        return str(int(self.now().timestamp() + seconds))

    def limit_headers(self, left: Left) -> Headers:
        return (
            ("RateLimit-Limit", str(left.limit)),
            ("RateLimit-Remaining", str(left.remaining)),
            ("RateLimit-Reset", str(int(left.reset))),
        )

    def caller(self, request: Request) -> str:
        return request.headers.get("authorization", "")

    def refusal(self, status: int, error: str, message: str) -> Stopped:
        return Stopped(Answer.json(status, {"error": error, "message": message}))

    def by_hand(self, text: str, user_id: str, ago: float = 0.0) -> Published:
        """As somebody's own app makes it: the time in its key and in its record is theirs."""
        then = self.now() - timedelta(seconds=ago)
        record = {"$type": POSTS, "text": text, "createdAt": then.isoformat()}
        draft = Published(
            self.new_key(then), text, then, user_id, at=time.time() - ago, record=json.dumps(record)
        )
        return self.ledger.publish(draft)

    def new_key(self, at: datetime | None = None) -> str:
        """A TID, greater than all before unless it is for another moment than now."""
        with self.ledger.lock:
            micros = int((at or self.now()).timestamp() * 1e6)
            self._newest = micros if at else max(self._newest + 1, micros)
            return tid(self._newest)


def _account(seed: str, name: str) -> Account:
    drawn, secret = made_up(seed, "bluesky", name), made_up(seed, "bluesky", name, "password")
    did = drawn[:24].translate(str.maketrans("0189", "wxyz"))
    password = "-".join(secret[at : at + 4] for at in range(0, 16, 4))
    return Account(f"did:plc:{did}", name, {"HANDLE": f"{name}.test", "APP_PASSWORD": password})
