"""Sessions on Bluesky: tokens that tell their own end, the same after a restart of the sandbox.

It keeps nothing: a token is good if its signature is and its time is not over.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from itertools import count
from typing import Any

ACCESS, REFRESH = "com.atproto.appPass", "com.atproto.refresh"


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose token it is, what for, and until when (Unix seconds)."""

    name: str
    scope: str
    until: float


class Tokens:
    def __init__(self, seed: str) -> None:
        self._key, self._numbers = f"{seed}/bluesky/tokens".encode(), count()

    def make(self, name: str, did: str, scope: str, now: float, life: float) -> str:
        claims = {
            "scope": scope,
            "sub": did,
            "name": name,
            "jti": next(self._numbers),
            "iat": int(now),
            "exp": int(now + life),
        }
        signed = f"{_packed({'typ': 'at+jwt', 'alg': 'HS256'})}.{_packed(claims)}"
        return f"{signed}.{self._signature(signed)}"

    def read(self, token: str) -> Claims | None:
        """What a token says; None for one that was not made here."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return None
        claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        return Claims(claims["name"], claims["scope"], claims["exp"])

    def _signature(self, signed: str) -> str:
        return hmac.new(self._key, signed.encode(), hashlib.sha256).hexdigest()


def _packed(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
