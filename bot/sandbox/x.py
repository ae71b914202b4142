"""X as a client meets it: the calls of API v2 that a posting bot needs, behind OAuth 1.0a.

Endpoints, for faults and counts: create, delete, verify, timeline, lookup, repost, unrepost, media,
media_status, alt. It refuses what X refuses, in X's words, and does nothing that X does not do.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.sandbox.accounts import Account, Accounts, made_up, made_up_id
from bot.sandbox.body import fields
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Ledger, Published
from bot.sandbox.limits import Left
from bot.sandbox.oauth import Signatures, token_of
from bot.sandbox.problems import forbidden, invalid, not_found, problem
from bot.sandbox.server import Call, Route, Settings, Site, route
from bot.sandbox.shelf import Picture, Shelf
from bot.sandbox.tweets import weigh
from bot.sandbox.wire import Answer, Headers, Request
from bot.sandbox.x_reading import Reading
from bot.sandbox.x_uploads import Uploads

QUARTER = 900.0
_FIELDS = {"text", "reply", "media", "made_with_ai", "nullcast", "paid_partnership", "reply_settings"}
_DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
Signed = Callable[[Account, Call], Answer]


@dataclass
class XSettings(Settings):
    duplicate_rule: bool = True
    duplicate_window: int = 200  # posts of the account that are looked through
    shorten: bool = True
    max_weight: int = 280
    media_delay: int = 0  # how many times a picture's state must be asked for
    media_fails: bool = False  # and then it turns out that X could not work on it
    shows_own_reposts: bool = True


class XSite(Site):
    name = "X"
    settings: XSettings
    limits: ClassVar = {
        "create": (100, QUARTER),
        "delete": (50, QUARTER),
        "verify": (75, QUARTER),
        "timeline": (900, QUARTER),
        "lookup": (900, QUARTER),
        "repost": (50, QUARTER),
        "unrepost": (50, QUARTER),
        "media": (500, QUARTER),
    }

    def __init__(self, ledger: Ledger, seed: str, tls: ssl.SSLContext | None = None) -> None:
        settings = XSettings()
        self.accounts = Accounts(lambda name: _account(seed, name))
        self.shelf = Shelf()
        self._signatures = Signatures(self.accounts)
        self._reading = Reading(ledger, settings, self.accounts)
        super().__init__(ledger, settings, tls)

    @property
    def secrets(self) -> dict[str, str]:
        """API_KEY, API_SECRET, ACCESS_TOKEN and ACCESS_TOKEN_SECRET of the first account."""
        return dict(self.accounts.first.secrets)

    def routes(self) -> tuple[Route, ...]:
        reading = self._reading
        uploads = Uploads(self.ledger, self.settings, self.shelf, self.now)
        signed = self._signed
        return (
            route("POST", "/2/tweets", "create", signed(self._create)),
            route("GET", "/2/tweets", "lookup", signed(reading.several)),
            route("GET", r"/2/tweets/(\d+)", "lookup", signed(reading.one)),
            route("DELETE", r"/2/tweets/(\d+)", "delete", signed(self._delete)),
            route("GET", "/2/users/me", "verify", signed(reading.me)),
            route("GET", r"/2/users/(\d+)/tweets", "timeline", signed(reading.timeline)),
            route("POST", r"/2/users/(\d+)/retweets", "repost", signed(self._repost)),
            route("DELETE", r"/2/users/(\d+)/retweets/(\d+)", "unrepost", signed(self._unrepost)),
            route("POST", "/2/media/upload", "media", signed(uploads.upload)),
            route("GET", "/2/media/upload", "media_status", signed(uploads.status)),
            route("POST", "/2/media/metadata", "alt", signed(uploads.describe)),
            route("GET", r"/\w+/status/(\d+)", "page", reading.page),
        )

    def problem(self, status: int, title: str = "", detail: str = "") -> Answer:
        return problem(status, title, detail)

    def reset_at(self, seconds: float) -> str:
        return str(int(self.now().timestamp() + seconds))

    def limit_headers(self, left: Left) -> Headers:
        return (
            ("x-rate-limit-limit", str(left.limit)),
            ("x-rate-limit-remaining", str(left.remaining)),
            ("x-rate-limit-reset", str(int(left.reset))),
        )

    def caller(self, request: Request) -> str:
        return token_of(request)

    def _signed(self, answer: Signed) -> Callable[[Call], Answer]:
        def checked(call: Call) -> Answer:
            account = self._signatures.account(call.request, self.url)
            if account is None:
                return problem(401, "Unauthorized", "Unauthorized")
            return answer(account, call)

        return checked

    def _create(self, account: Account, call: Call) -> Answer:
        wanted = fields(call.request)
        text = self._text(wanted)
        pictures = self._pictures(account, wanted)
        if not text and not pictures:
            raise invalid("text", text, "Your Tweet needs text or media.")
        if call.fault is Fault.MEDIA_LOST:
            pictures = ()
        with self.ledger.lock:
            self._forbid_duplicate(account, text)
            post = self.ledger.publish(self._draft(account, text, pictures, self._parent(wanted)))
        body = {"edit_history_tweet_ids": [post.id], "id": post.id, "text": self._reading.shown(post).text}
        return Answer.json(201, {"data": body})

    def _draft(
        self, account: Account, text: str, pictures: tuple[Picture, ...], parent: str | None
    ) -> Published:
        return self.draft(
            account.id,
            text,
            in_reply_to=parent,
            media_ids=tuple(picture.id for picture in pictures),
            alts=tuple(picture.alt for picture in pictures),
        )

    def _text(self, wanted: dict[str, Any]) -> str:
        for name in wanted.keys() - _FIELDS:
            raise invalid(name, wanted[name], f"The query parameter [{name}] is not one of the known ones")
        text = wanted.get("text", "")
        if not isinstance(text, str):
            raise invalid("text", text, "text must be a string")
        if weigh(text.strip()) > self.settings.max_weight:
            raise invalid("text", text, "Your Tweet text is too long.")
        return text.strip()

    def _parent(self, wanted: dict[str, Any]) -> str | None:
        reply = wanted.get("reply")
        if reply is None:
            return None
        parent = str(reply.get("in_reply_to_tweet_id"))
        if self.ledger.find(parent) is None:
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        return parent

    def _pictures(self, account: Account, wanted: dict[str, Any]) -> tuple[Picture, ...]:
        ids = [str(one) for one in (wanted.get("media") or {}).get("media_ids", [])]
        found = [self.shelf.get(one, account.id) for one in ids]
        ready = tuple(picture for picture in found if picture and not picture.waits)
        if len(ready) != len(ids) or len(ids) > 4:
            raise invalid("media.media_ids", ids, "Your media IDs are invalid.")
        return ready

    def _forbid_duplicate(self, account: Account, text: str) -> None:
        if not self.settings.duplicate_rule or not text:
            return
        own = [post for post in self.posts() if post.user_id == account.id and not post.repost_of]
        recent = own[-self.settings.duplicate_window :]
        if any(post.text == text and not post.deleted for post in recent):
            raise forbidden(_DUPLICATE)

    def _delete(self, account: Account, call: Call) -> Answer:
        post = self._standing(call.request.args[0])
        if post.user_id != account.id:
            raise forbidden("You are not allowed to delete this Tweet.")
        self.withdraw(post)
        return Answer.json(200, {"data": {"deleted": True}})

    def _repost(self, account: Account, call: Call) -> Answer:
        self._own_path(account, call)
        source = self._standing(str(fields(call.request).get("tweet_id")))
        with self.ledger.lock:
            if self.repost_of(account.id, source.id) is None:
                self.ledger.publish(self.draft(account.id, source.text, repost_of=source.id))
        return Answer.json(200, {"data": {"retweeted": True, "rest_id": source.id}})

    def _unrepost(self, account: Account, call: Call) -> Answer:
        self._own_path(account, call)
        repost = self.repost_of(account.id, call.request.args[1])
        if repost is not None:
            self.ledger.withdraw(repost.id)
        return Answer.json(200, {"data": {"retweeted": False}})

    def _standing(self, post_id: str) -> Published:
        post = self.ledger.find(post_id)
        if post is None:
            raise not_found(post_id)
        return post

    def _own_path(self, account: Account, call: Call) -> None:
        if call.request.args[0] != account.id:
            told = "must be the same as the authenticating user"
            raise invalid("id", call.request.args[0], f"The `id` query parameter value {told}")


def _account(seed: str, name: str) -> Account:
    account_id = made_up_id(seed, "x", name)
    secrets = {
        "API_KEY": made_up(seed, "x", "app")[:25],
        "API_SECRET": made_up(seed, "x", "app secret"),
        "ACCESS_TOKEN": f"{account_id}-{made_up(seed, 'x', name, 'token')}",
        "ACCESS_TOKEN_SECRET": made_up(seed, "x", name, "token secret"),
    }
    return Account(account_id, name, secrets)
