"""Bluesky's calls as anybody could write them, with nothing of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import requests

from bot.sandbox import Sandbox

POSTS, REPOSTS = "app.bsky.feed.post", "app.bsky.feed.repost"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


class Raw:
    """One account, signed in."""

    def __init__(self, box: Sandbox, name: str = "campaign") -> None:
        self.url = box.bluesky.url
        secrets = box.bluesky.accounts.add(name).secrets
        self.keys = {"identifier": secrets["HANDLE"], "password": secrets["APP_PASSWORD"]}
        self.session = self.login().json()
        self.did = self.session["did"]

    def login(self, **other: str) -> requests.Response:
        method = "com.atproto.server.createSession"
        return requests.post(f"{self.url}/xrpc/{method}", json=self.keys | other, timeout=5)

    def get(self, method: str, token: str = "", **params: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.session['accessJwt']}"}
        return requests.get(f"{self.url}/xrpc/{method}", params=params, headers=headers, timeout=5)

    def post(self, method: str, body: Any = None, token: str = "", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.session['accessJwt']}"}
        more = {"timeout": 5, "allow_redirects": False} | more
        return requests.post(f"{self.url}/xrpc/{method}", json=body, headers=headers, **more)

    def put(
        self, text: str = "hello", key: str | None = None, record: Any = None, body: Any = None, **more: Any
    ) -> requests.Response:
        """A post under a key made from its text; null as swapRecord, unless `body` says otherwise."""
        made = {"$type": POSTS, "text": text, "createdAt": datetime.now(UTC).isoformat()} | (record or {})
        whole = {"repo": self.did, "collection": POSTS, "rkey": key or a_key(text), "record": made}
        wanted = {"swapRecord": None} | whole if body is None else whole | body
        return self.post("com.atproto.repo.putRecord", wanted, **more)

    def repost(self, subject: dict[str, str], key: str) -> requests.Response:
        record = {"$type": REPOSTS, "subject": subject, "createdAt": datetime.now(UTC).isoformat()}
        body = {"repo": self.did, "collection": REPOSTS, "rkey": key, "record": record, "swapRecord": None}
        return self.post("com.atproto.repo.putRecord", body)

    def delete(self, key: str, collection: str = POSTS) -> requests.Response:
        body = {"repo": self.did, "collection": collection, "rkey": key}
        return self.post("com.atproto.repo.deleteRecord", body)

    def listed(self, collection: str = POSTS, **more: Any) -> list[str]:
        """The keys that a listing shows."""
        asked = {"repo": self.did, "collection": collection} | more
        shown = self.get("com.atproto.repo.listRecords", **asked).json()
        return [record["uri"].rpartition("/")[2] for record in shown["records"]]


def a_key(text: str) -> str:
    """Some TID, the same for the same text."""
    number = int.from_bytes(text.encode()[-7:].rjust(7, b"."), "big")
    return "3" + "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(12)))
