"""What Bluesky lets anybody read of an account: one record, or a collection of them page by page."""

from __future__ import annotations

import html
import json
import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.accounts import Account
from bot.sandbox.bluesky_settings import BlueskySettings
from bot.sandbox.ledger import Published
from bot.sandbox.server import Call
from bot.sandbox.skeets import REPOSTS, address, hash_of, key_of, ledger_id
from bot.sandbox.wire import Answer

if TYPE_CHECKING:
    from bot.sandbox.bluesky import BlueskySite

_LAST = "~"
"""Greater than any key."""


class Reading:
    def __init__(self, site: BlueskySite, settings: BlueskySettings) -> None:
        self._site, self._settings = site, settings

    def one(self, _: Account, call: Call) -> Answer:
        repo, collection, key = (call.request.asked(name) or "" for name in ("repo", "collection", "rkey"))
        post = self._site.ledger.find(ledger_id(collection, key))
        if post is None or post.user_id != repo:
            wanted = f"at://{repo}/{collection}/{key}"
            raise self._site.refusal(400, "RecordNotFound", f"Could not locate record: {wanted}")
        return Answer.json(200, _shown(post))

    def several(self, _: Account, call: Call) -> Answer:
        """The greatest key first, whatever the time of a post; a cursor as long as there was anything."""
        asked = call.request.asked
        limit = asked("limit") or "50"
        if not limit.isdecimal() or not 1 <= int(limit) <= 100:
            raise self._site.refusal(400, "InvalidRequest", "Error: limit must be between 1 and 100")
        found = self._visible(asked("repo"), asked("collection") == REPOSTS, asked("cursor") or _LAST)
        page = found[: int(limit)]
        body: dict[str, Any] = {"records": [_shown(post) for post in page]}
        return Answer.json(200, body | ({"cursor": key_of(page[-1].id)} if page else {}))

    def page(self, call: Call) -> Answer:
        """A post as a follower's browser would see it."""
        post = self._site.ledger.find(call.request.args[0])
        if post is None:
            return Answer.html(404, "<!DOCTYPE html><title>Gone</title><p>Post not found</p>")
        return Answer.html(200, f"<!DOCTYPE html><title>Post</title><p>{html.escape(post.text)}</p>")

    def _visible(self, user_id: str | None, reposts: bool, below: str) -> list[Published]:
        settled = time.time() - self._settings.timeline_lag
        found = (
            post
            for post in self._site.posts()
            if post.user_id == user_id
            and bool(post.repost_of) is reposts
            and not post.deleted
            and post.at <= settled
            and key_of(post.id) < below
        )
        return sorted(found, key=lambda post: key_of(post.id), reverse=True)


def _shown(post: Published) -> dict[str, Any]:
    return {"uri": address(post), "cid": hash_of(post), "value": json.loads(post.record or "{}")}
