"""Checks X's OAuth 1.0a: HMAC-SHA1 signature, timestamp, and that no nonce comes twice.

The checking itself is oauthlib's. It refuses a request for any doubt and never says why, as X does.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from bot.sandbox.accounts import Account, Accounts
from bot.sandbox.wire import Request

SIGNED_FOR = ("https://api.twitter.com", "https://api.x.com", "https://upload.twitter.com")
"""Clients sign for the address they believe in, whatever an adapter makes of it afterwards."""


class Signatures:
    def __init__(self, accounts: Accounts) -> None:
        self._validator = _Validator(accounts)
        self._endpoint = ResourceEndpoint(self._validator)
        self._accounts = accounts
        self._lock = threading.Lock()

    def account(self, request: Request, own_url: str) -> Account | None:
        """Who signed this request; None when nobody did."""
        with self._lock:
            for base in (*SIGNED_FOR, own_url):
                if self._signed(request, base):
                    return self._accounts.by_secret("ACCESS_TOKEN", token_of(request))
        return None

    def _signed(self, request: Request, base: str) -> bool:
        form = request.headers.get("content-type", "") == "application/x-www-form-urlencoded"
        headers = {"Authorization": request.headers.get("authorization", "")}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = request.body.decode() if form else None
        try:
            valid, seen = self._endpoint.validate_protected_resource_request(
                base + request.target, request.method, body, headers, []
            )
        except ValueError:
            return False
        if valid:
            self._validator.nonces.add((seen.timestamp, seen.nonce))
        return bool(valid)


def token_of(request: Request) -> str:
    """The access token that a request names, verified or not."""
    found = re.search(r'oauth_token="([^"]*)"', request.headers.get("authorization", ""))
    return found[1] if found else ""


class _Validator(RequestValidator):  # type: ignore[misc]
    """Answers oauthlib's questions out of the accounts that there are."""

    allowed_signature_methods = ("HMAC-SHA1",)
    enforce_ssl = False
    dummy_client = "nobody"
    dummy_access_token = "nobody"  # noqa: S105 -- what oauthlib computes with when there is no account
    timestamp_lifetime = 300

    def __init__(self, accounts: Accounts) -> None:
        super().__init__()
        self._accounts = accounts
        self.nonces: set[tuple[str, str]] = set()

    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    def check_access_token(self, request_token: str) -> bool:
        return bool(request_token)

    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    def validate_timestamp_and_nonce(self, key: str, timestamp: str, nonce: str, *_: Any, **__: Any) -> bool:
        return (timestamp, nonce) not in self.nonces

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return self._accounts.by_secret("API_KEY", client_key) is not None

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        return self._accounts.by_secret("ACCESS_TOKEN", token) is not None

    def validate_realms(self, *_: Any, **__: Any) -> bool:
        return True

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return self._secret("API_KEY", client_key, "API_SECRET")

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        return self._secret("ACCESS_TOKEN", token, "ACCESS_TOKEN_SECRET")

    def _secret(self, field: str, value: str, wanted: str) -> str:
        account = self._accounts.by_secret(field, value)
        return account.secrets[wanted] if account else "nobody"
