"""Mastodon as a client meets it: the calls that a posting bot needs, behind a bearer token.

Endpoints, for faults and counts: create, delete, verify, timeline, status, source, repost, unrepost,
media, media_status, alt, limits, share, shared. Its knobs turn it into a fork, or into GoToSocial.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from bot.sandbox.accounts import Account, Accounts, made_up, made_up_id
from bot.sandbox.body import fields
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Ledger, Published
from bot.sandbox.limits import Left
from bot.sandbox.mastodon_reading import Reading
from bot.sandbox.mastodon_settings import MastodonSettings
from bot.sandbox.mastodon_share import Share
from bot.sandbox.mastodon_uploads import Uploads
from bot.sandbox.problems import Stopped
from bot.sandbox.server import Call, Route, Site, route
from bot.sandbox.shelf import Picture, Shelf
from bot.sandbox.toots import length
from bot.sandbox.wire import Answer, Headers, Request

FIVE_MINUTES = 300.0
KEY_LIFE = 3600.0
_WORDS = {
    401: "The access token is invalid",
    402: "Payment required",
    403: "This action is outside the authorized scopes",
    404: "Record not found",
    413: "Request entity too large",
    422: "Validation failed: Text can't be blank",
    429: "Too many requests",
    500: "We're sorry, but something went wrong on our end.",
}
_SPANISH = {
    401: "El token de acceso no es válido",
    403: "Esta acción está fuera de los ámbitos autorizados",
    404: "Registro no encontrado",
    422: "La validación ha fallado: límite de caracteres superado",
    429: "Demasiadas solicitudes",
}
_TOO_LONG = "Validation failed: Text character limit of {} exceeded"
_UNPROCESSED = "Cannot attach files that have not finished processing. Try again in a moment!"
Signed = Callable[[Account, Call], Answer]


class MastodonSite(Site):
    name = "Mastodon"
    settings: MastodonSettings
    limits: ClassVar = {
        "create": (300, FIVE_MINUTES),
        "delete": (30, 1800.0),
        "verify": (300, FIVE_MINUTES),
        "timeline": (300, FIVE_MINUTES),
        "status": (300, FIVE_MINUTES),
        "source": (300, FIVE_MINUTES),
        "repost": (300, FIVE_MINUTES),
        "unrepost": (30, 1800.0),
        "media": (30, 1800.0),
        "media_status": (300, FIVE_MINUTES),
        "alt": (300, FIVE_MINUTES),
    }

    def __init__(self, ledger: Ledger, seed: str, tls: ssl.SSLContext | None = None) -> None:
        settings = MastodonSettings()
        self.accounts = Accounts(lambda name: _account(seed, name))
        self.shelf = Shelf()
        self._poisoned: set[str] = set()
        self._leaving: dict[str, float] = {}
        self._reading = Reading(self, settings, self.shelf, self.accounts)
        self._uploads = Uploads(self, settings, self.shelf)
        self._share = Share(self.accounts, self._by_visitor)
        super().__init__(ledger, settings, tls)

    @property
    def secrets(self) -> dict[str, str]:
        """ACCESS_TOKEN of the first account."""
        return dict(self.accounts.first.secrets)

    def routes(self) -> tuple[Route, ...]:
        reading, uploads, signed = self._reading, self._uploads, self._signed
        one = r"/api/v1/statuses/(\d+)"
        return (
            route("POST", "/api/v1/statuses", "create", signed(self._create)),
            route("GET", one, "status", signed(reading.one)),
            route("GET", one + "/source", "source", signed(reading.source)),
            route("DELETE", one, "delete", signed(self._delete)),
            route("POST", one + "/reblog", "repost", signed(self._boost)),
            route("POST", one + "/unreblog", "unrepost", signed(self._unboost)),
            route("GET", "/api/v1/accounts/verify_credentials", "verify", signed(reading.me)),
            route("GET", r"/api/v1/accounts/(\d+)/statuses", "timeline", signed(reading.timeline)),
            route("GET", "/api/v1/instance", "limits", reading.instance),
            route("GET", "/api/v2/instance", "limits", reading.instance_v2),
            route("POST", r"/api/v[12]/media", "media", signed(uploads.upload)),
            route("GET", r"/api/v1/media/(\d+)", "media_status", signed(uploads.status)),
            route("PUT", r"/api/v1/media/(\d+)", "alt", signed(uploads.describe)),
            route("GET", r"/media/(\d+)", "picture", uploads.picture),
            route("GET", r"/@\w+/(\d+)", "page", reading.page),
            route("GET", "/share", "share", self._share.form),
            route("POST", "/share", "shared", self._share.confirm),
        )

    def problem(self, status: int, title: str = "", detail: str = "") -> Answer:
        spanish = _SPANISH.get(status) if self.settings.spanish else None
        return Answer.json(status, {"error": spanish or _WORDS.get(status) or detail or title})

    def reset_at(self, seconds: float) -> str:
        return self._moment(self.now().timestamp() + seconds)

    def limit_headers(self, left: Left) -> Headers:
        return (
            ("X-RateLimit-Limit", str(left.limit)),
            ("X-RateLimit-Remaining", str(left.remaining)),
            ("X-RateLimit-Reset", self._moment(left.reset)),
        )

    def caller(self, request: Request) -> str:
        return request.headers.get("authorization", "")

    def poison(self, request: Request) -> None:
        self._poisoned.add(request.headers.get("idempotency-key", ""))

    def moved(self) -> Answer:
        return Answer.json(200, [])

    def stop_with(self, status: int, words: str) -> Stopped:
        spanish = _SPANISH.get(status) if self.settings.spanish else None
        return Stopped(Answer.json(status, {"error": spanish or words}))

    def standing(self, post_id: str) -> Published:
        post = self.ledger.find(post_id)
        if post is None:
            raise Stopped(self.problem(404))
        return post

    def _moment(self, seconds: float) -> str:
        if self.settings.epoch_reset:
            return str(int(seconds))
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _signed(self, answer: Signed) -> Callable[[Call], Answer]:
        def checked(call: Call) -> Answer:
            token = call.request.headers.get("authorization", "").removeprefix("Bearer ")
            account = self.accounts.by_secret("ACCESS_TOKEN", token)
            self._let_go()
            return self.problem(401) if account is None else answer(account, call)

        return checked

    def _create(self, account: Account, call: Call) -> Answer:
        with self.ledger.lock:
            key = call.request.headers.get("idempotency-key")
            post = self._kept(account, key) or self._publish(account, call, key)
        return Answer.json(200, self._reading.shown(post, account))

    def _kept(self, account: Account, key: str | None) -> Published | None:
        """The post that this key made within the last hour."""
        if key is None or self.settings.ignores_keys:
            return None
        young = self.draft(account.id, "").at - KEY_LIFE
        own = (post for post in reversed(self.posts()) if post.user_id == account.id and post.at > young)
        post = next((post for post in own if post.key == key), None)
        if post is not None and (self.settings.repeats_fail or key in self._poisoned):
            raise Stopped(Answer.html(500, "<h1>We're sorry, but something went wrong</h1>"))
        return self.standing(post.id) if post else None

    def _publish(self, account: Account, call: Call, key: str | None) -> Published:
        wanted = fields(call.request)
        text = str(wanted.get("status") or "").strip()
        warning = str(wanted.get("spoiler_text") or "") or None
        pictures = self._pictures(account, wanted.get("media_ids") or [])
        self._check(text, warning, pictures)
        if call.fault is Fault.MEDIA_LOST:
            pictures = ()
        self.shelf.attach(pictures)
        return self.ledger.publish(
            self.draft(
                account.id,
                text,
                in_reply_to=self._parent(wanted.get("in_reply_to_id")),
                media_ids=tuple(picture.id for picture in pictures),
                alts=tuple(picture.alt for picture in pictures),
                key=key,
                visibility=wanted.get("visibility") or self.settings.default_visibility,
                warning=warning,
                language=wanted.get("language"),
            )
        )

    def _by_visitor(self, user_id: str, text: str) -> Published:
        self._check(text, None, ())
        return self.ledger.publish(self.draft(user_id, text, visibility="public"))

    def _check(self, text: str, warning: str | None, pictures: tuple[Picture, ...]) -> None:
        if not text and not pictures:
            raise self.stop_with(422, "Validation failed: Text can't be blank")
        full = self.settings.counts_urls_in_full
        if length((warning or "") + text, urls_in_full=full) > self.settings.max_characters:
            words = _TOO_LONG.format(self.settings.max_characters)
            raise self.stop_with(self.settings.too_long_status, words)

    def _pictures(self, account: Account, ids: list[Any]) -> tuple[Picture, ...]:
        if len(ids) > self.settings.max_media:
            raise self.stop_with(422, f"Cannot attach more than {self.settings.max_media} files")
        found = [self.shelf.get(str(one), account.id) for one in ids]
        known = tuple(picture for picture in found if picture and not picture.attached)
        if len(known) != len(ids):
            raise self.stop_with(422, "Validation failed: Media attachments are invalid")
        if any(picture.waits for picture in known):
            raise self.stop_with(422, _UNPROCESSED)
        return known

    def _parent(self, wanted: object) -> str | None:
        return self.standing(str(wanted)).id if wanted else None

    def _delete(self, account: Account, call: Call) -> Answer:
        post = self._own(account, call)
        shown = self._reading.shown(post, account) | {"text": post.text}
        self._leaving[post.id] = time.monotonic() + self.settings.deletes_after
        self._let_go()
        return Answer.json(200, shown)

    def _let_go(self) -> None:
        """Withdraw what was deleted long enough ago."""
        now = time.monotonic()
        for post_id in [one for one, when in list(self._leaving.items()) if when <= now]:
            if self._leaving.pop(post_id, None) is not None and (post := self.ledger.find(post_id)):
                self.withdraw(post)

    def _own(self, account: Account, call: Call) -> Published:
        post = self.standing(call.request.args[0])
        if post.user_id != account.id:
            raise Stopped(self.problem(404))
        return post

    def _boost(self, account: Account, call: Call) -> Answer:
        source = self.standing(call.request.args[0])
        with self.ledger.lock:
            boost = self.repost_of(account.id, source.id)
            if boost is None or self.settings.boosts_twice:
                draft = self.draft(account.id, source.text, repost_of=source.id, visibility=source.visibility)
                boost = self.ledger.publish(draft)
        return Answer.json(200, self._reading.shown(boost, account))

    def _unboost(self, account: Account, call: Call) -> Answer:
        source = self.standing(call.request.args[0])
        boost = self.repost_of(account.id, source.id)
        if boost is not None:
            self.ledger.withdraw(boost.id)
        return Answer.json(200, self._reading.shown(source, account))


def _account(seed: str, name: str) -> Account:
    token = made_up(seed, "mastodon", name, "token")
    return Account(made_up_id(seed, "mastodon", name), name, {"ACCESS_TOKEN": token})
