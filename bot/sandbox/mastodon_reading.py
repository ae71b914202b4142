"""What Mastodon lets an account read: itself, its statuses page by page, sources, and the server's limits."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.sandbox.accounts import Account, Accounts
from bot.sandbox.ledger import Published
from bot.sandbox.mastodon_settings import MastodonSettings
from bot.sandbox.problems import Stopped
from bot.sandbox.server import Call
from bot.sandbox.shelf import Shelf
from bot.sandbox.toots import LINK_LENGTH, View, content, profile, status
from bot.sandbox.wire import Answer, Request

if TYPE_CHECKING:
    from bot.sandbox.mastodon import MastodonSite

KINDS = ["image/jpeg", "image/png", "image/gif", "image/webp"]


class Reading:
    def __init__(
        self, site: MastodonSite, settings: MastodonSettings, shelf: Shelf, accounts: Accounts
    ) -> None:
        self._site = site
        self._settings = settings
        self._shelf = shelf
        self._accounts = accounts

    def shown(self, post: Published, reader: Account) -> dict[str, Any]:
        """A post as `reader` sees it; a boost carries what it boosts."""
        source = self._site.ledger.find(post.repost_of) if post.repost_of else None
        return status(post, self._view(post, reader), self.shown(source, reader) if source else None)

    def one(self, account: Account, call: Call) -> Answer:
        return Answer.json(200, self.shown(self._site.standing(call.request.args[0]), account))

    def source(self, account: Account, call: Call) -> Answer:
        post = self._site.standing(call.request.args[0])
        if not self._settings.source_endpoint or post.user_id != account.id:
            raise Stopped(self._site.problem(404))
        return Answer.json(200, {"id": post.id, "text": post.text, "spoiler_text": post.warning or ""})

    def me(self, account: Account, _: Call) -> Answer:
        own = {
            "privacy": self._settings.default_visibility,
            "sensitive": False,
            "language": None,
            "note": "An account of the sandbox.",
            "fields": [],
            "follow_requests_count": 0,
        }
        shown = profile(account, self._site.url, self._settings.bot)
        return Answer.json(200, shown | {"source": own})

    def timeline(self, account: Account, call: Call) -> Answer:
        """Newest first, with the addresses of the neighbouring pages in Link."""
        request = call.request
        most = min(int(request.asked("limit") or 20), 40)
        fitting = self._visible(request.args[0], request)
        page = list(deque(fitting, most) if request.asked("min_id") else islice(fitting, most))
        links = self._links(page, request)
        return Answer.json(200, [self.shown(post, account) for post in page], links)

    def instance(self, _: Call) -> Answer:
        body: dict[str, Any] = {
            "uri": self._site.url.partition("//")[2],
            "title": "Sandbox",
            "short_description": "A sandbox",
            "description": "A sandbox",
            "email": "nobody@example.org",
            "version": self._settings.version,
            "urls": {},
            "stats": {"user_count": 1, "status_count": 0, "domain_count": 0},
            "languages": ["en"],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "contact_account": None,
            "rules": [],
        }
        return Answer.json(200, body | self._told())

    def instance_v2(self, _: Call) -> Answer:
        if not self._settings.has_instance_v2:
            raise Stopped(self._site.problem(404))
        body: dict[str, Any] = {
            "domain": self._site.url.partition("//")[2],
            "title": "Sandbox",
            "version": self._settings.version,
            "source_url": "https://github.com/mastodon/mastodon",
            "description": "A sandbox",
            "usage": {"users": {"active_month": 1}},
            "thumbnail": {"url": f"{self._site.url}/thumbnail.png"},
            "languages": ["en"],
            "registrations": {"enabled": False, "approval_required": False, "message": None},
            "contact": {"email": "nobody@example.org", "account": None},
            "rules": [],
            "api_versions": {"mastodon": 7},
        }
        return Answer.json(200, body | self._told())

    def page(self, call: Call) -> Answer:
        """A post as a follower's browser would see it."""
        post = self._site.standing(call.request.args[0])
        return Answer.html(200, f"<!DOCTYPE html><title>Post</title>{content(post.text, self._site.url)}")

    def _told(self) -> dict[str, Any]:
        """What the server says of its limits; forks leave it out or say it in their own way."""
        told: dict[str, Any] = {}
        if self._settings.max_toot_chars is not None:
            told["max_toot_chars"] = self._settings.max_toot_chars
        if self._settings.has_configuration:
            told["configuration"] = self._configuration()
        return told

    def _configuration(self) -> dict[str, Any]:
        sizes = {"image_size_limit": 16777216, "image_matrix_limit": 33177600}
        pictures: dict[str, Any] = {"supported_mime_types": KINDS, **sizes}
        if self._settings.description_limit is not None:
            pictures["description_limit"] = self._settings.description_limit
        statuses = {
            "max_characters": self._settings.max_characters,
            "max_media_attachments": self._settings.max_media,
            "characters_reserved_per_url": LINK_LENGTH,
        }
        return {"urls": {}, "statuses": statuses, "media_attachments": pictures}

    def _view(self, post: Published, reader: Account) -> View:
        pictures = (self._shelf.get(one) for one in post.media_ids)
        reposts = self._site.ledger.reposts(post.id)
        return View(
            self._site.url,
            self._accounts.by_id(post.user_id) or reader,
            self._settings.bot,
            tuple(picture for picture in pictures if picture),
            any(other.user_id == reader.id for other in reposts),
            len(reposts),
        )

    def _visible(self, account_id: str, request: Request) -> Iterator[Published]:
        """Newest first."""
        settled = time.time() - self._settings.timeline_lag
        above = max(int(request.asked(name) or 0) for name in ("since_id", "min_id"))
        below = int(request.asked("max_id") or 10**19)
        no_boosts = request.asked("exclude_reblogs") in ("1", "true")
        no_replies = request.asked("exclude_replies") in ("1", "true")
        return (
            post
            for post in reversed(self._site.posts())
            if post.user_id == account_id
            and not post.deleted
            and post.at <= settled
            and above < int(post.id) < below
            and not (no_boosts and post.repost_of)
            and not (no_replies and post.in_reply_to)
        )

    def _links(self, page: list[Published], request: Request) -> tuple[tuple[str, str], ...]:
        if not page:
            return ()
        here = f"{self._site.url}{request.path}?limit={request.asked('limit') or 20}"
        older, newer = f"{here}&max_id={page[-1].id}", f"{here}&min_id={page[0].id}"
        return (("Link", f'<{older}>; rel="next", <{newer}>; rel="prev"'),)
