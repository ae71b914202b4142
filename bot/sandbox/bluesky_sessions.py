"""Bluesky's sessions: sign in, refresh, who it is, and whom a handle means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.accounts import Account, Accounts
from bot.sandbox.bluesky_settings import BlueskySettings
from bot.sandbox.body import fields
from bot.sandbox.server import Call
from bot.sandbox.tokens import ACCESS, REFRESH, Tokens
from bot.sandbox.wire import Answer, Request

if TYPE_CHECKING:
    from bot.sandbox.bluesky import BlueskySite


class Sessions:
    def __init__(self, site: BlueskySite, settings: BlueskySettings, accounts: Accounts, seed: str) -> None:
        self._site, self._settings, self._accounts = site, settings, accounts
        self._tokens = Tokens(seed)

    def who(self, request: Request, scope: str) -> Account:
        """Whose token a request carries."""
        claims = self._tokens.read(request.headers.get("authorization", "").removeprefix("Bearer "))
        if claims is None or claims.scope != scope:
            raise self._site.refusal(400, "InvalidToken", "Token could not be verified")
        if claims.until <= self._site.now().timestamp():
            raise self._site.refusal(400, "ExpiredToken", "Token has expired")
        account = self._accounts.add(claims.name)
        if not account.secrets["APP_PASSWORD"]:
            raise self._site.refusal(401, "AuthenticationRequired", "Session was revoked")
        return account

    def login(self, call: Call) -> Answer:
        sent = fields(call.request)
        account = self._accounts.by_secret("APP_PASSWORD", str(sent.get("password")))
        if account is None or sent.get("identifier") not in (account.secrets["HANDLE"], account.id):
            raise self._site.refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        return Answer.json(200, self._session(account))

    def refresh(self, call: Call) -> Answer:
        return Answer.json(200, self._session(self.who(call.request, REFRESH)))

    def me(self, account: Account, _: Call) -> Answer:
        return Answer.json(200, self._profile(account))

    def resolve(self, call: Call) -> Answer:
        account = self._accounts.by_secret("HANDLE", (call.request.asked("handle") or "").lower())
        if account is None:
            raise self._site.refusal(400, "InvalidRequest", "Unable to resolve handle")
        return Answer.json(200, {"did": account.id})

    def _session(self, account: Account) -> dict[str, Any]:
        now, make = self._site.now().timestamp(), self._tokens.make
        access = make(account.name, account.id, ACCESS, now, self._settings.access_life)
        refresh = make(account.name, account.id, REFRESH, now, self._settings.refresh_life)
        return self._profile(account) | {"accessJwt": access, "refreshJwt": refresh}

    def _profile(self, account: Account) -> dict[str, Any]:
        told = {"did": account.id, "handle": account.secrets["HANDLE"], "active": self._settings.active}
        return told if self._settings.active else told | {"status": "deactivated"}
