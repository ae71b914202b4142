"""One account on Mastodon, or on a server that speaks its API, through Mastodon.py, known only here.

It never waits for a limit, never asks a server for its version (Mastodon.py turns a failed answer
into hundreds of requests), never lets the server schedule a post, and trusts no idempotency key.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.core.model import (
    Deferred,
    Identity,
    Limits,
    Outcome,
    Post,
    Posted,
    Refused,
    Seen,
    Timeline,
    Unreadable,
)
from bot.core.pictures import lost
from bot.core.text import LIMITS
from bot.http import Resolver, is_loopback, session
from bot.networks.answers import Aim, Place
from bot.networks.line import Line, Page, identifier, utc, utc_now
from bot.networks.markup import text_of
from bot.networks.mastodon_pictures import Pictures
from bot.networks.uploads import Uploads
from bot.ports import Drawn, Ready

VERSION = "4.5.0"
"""What Mastodon.py is told that the server is: high enough for every call below."""

PAGES = (40, 40)
"""Posts on the first and second page of a reading; 40 is Mastodon's most."""

SOURCES = 5
"""Posts of one reading whose exact text is asked for, one request each."""

REPOST = "repost:"


class Mastodon:
    """`secrets`: ACCESS_TOKEN. `server` as https://host (http for loopback). `deadline` in seconds a call.

    Raises ValueError for a server to which the token would go unencrypted.
    """

    def __init__(
        self,
        account_id: str,
        secrets: Mapping[str, str],
        server: str,
        deadline: float = 30.0,
        *,
        now: Callable[[], datetime] = utc_now,
        resolve: Resolver | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        from mastodon import Mastodon as Client

        self._server = urlsplit(server).hostname or server
        if urlsplit(server).scheme != "https" and not is_loopback(self._server):
            raise ValueError(f"the server of {account_id} must begin with https://, and {server} does not")
        http = session(deadline, resolve=resolve)
        place = Place(f"Mastodon ({self._server})", account_id, frozenset(secrets.values()))
        self._line = Line(place, http, now)
        self._client = Client(
            access_token=secrets["ACCESS_TOKEN"],
            api_base_url=server,
            ratelimit_method="throw",
            request_timeout=deadline,
            mastodon_version=VERSION,
            version_check_mode="created",
            session=http,
            user_agent="petition-bot",
        )
        self._me: Identity | None = None
        self._uploads = Uploads(Pictures(self._line, self._client), now, sleep)

    def verify(self) -> Identity | Refused | Deferred:
        answer = self._line.who(
            self._client.account_verify_credentials, lambda who: self._line.identity(self._server, who)
        )
        if isinstance(answer, Identity):
            self._me = answer
        return answer

    def limits(self) -> Limits | Unreadable:
        with self._line.session.call():
            told = self._line.read(self._client.instance_v2, _told)
            return told if isinstance(told, Limits) else self._line.read(self._client.instance_v1, _limits)

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        return self._uploads.prepare(post, pictures)

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        post, media = ready.post, ready.pictures(part)

        def create() -> object:
            return self._client.status_post(
                post.parts[part],
                in_reply_to_id=reply_to,
                media_ids=list(media) or None,
                visibility=post.visibility,
                spoiler_text=post.content_warning,
                language=post.language,
                idempotency_key=hashlib.sha256(f"{key}\n{part}".encode()).hexdigest(),
            )

        aim = Aim(target="the post that this one continues" if reply_to else None)
        outcome = self._line.say(create, lambda status: _posted(status, len(media), ready.flaw), aim)
        if not isinstance(outcome, Deferred):
            self._uploads.used(ready)
        return outcome

    def repost(self, remote_id: str, key: str) -> Outcome:
        """Boosts know no key; most servers make one boost of two, but not all."""
        aim = Aim(target="the post to repeat")
        return self._line.say(lambda: self._client.status_reblog(remote_id), _reblogged, aim)

    def timeline(self, since: datetime) -> Timeline | Unreadable:
        with self._line.session.call():
            me = self._me or self.verify()
            if not isinstance(me, Identity):
                return Unreadable(me.reason)
            reading = self._line.back(me, since, PAGES, lambda size, more: self._page(me, size, more))
            if isinstance(reading, Unreadable):
                return reading
            return replace(reading, posts=self._exact(reading.posts, self._line.by_their_clock(since)))

    def _page(self, me: Identity, size: int, more: str | None) -> Page | Unreadable:
        def shown(statuses: Any) -> Page | None:
            if not isinstance(statuses, list):
                return None
            posts = tuple(_seen(status) for status in statuses)
            return Page(posts, posts[-1].remote_id if posts and self._goes_on(len(posts) >= size) else None)

        return self._line.read(
            lambda: self._client.account_statuses(me.user_id, max_id=more, limit=size), shown
        )

    def _goes_on(self, full: bool) -> bool:
        """Is there a page after this one? Servers may give less than was asked for."""
        last = self._line.session.last
        return full or bool(last and 'rel="next"' in last.headers.get("Link", ""))

    def _exact(self, posts: tuple[Seen, ...], since: datetime) -> tuple[Seen, ...]:
        """The newest posts to the letter, where the server can tell: HTML loses white space and more."""
        wanted = [seen for seen in posts if seen.created_at >= since and not seen.repost_of][:SOURCES]
        exact: dict[str, Seen] = {}
        for seen in wanted:
            source = self._source(seen.remote_id)
            if isinstance(source, Unreadable):
                break
            exact[seen.remote_id] = replace(seen, text=source, exact=True)
        return tuple(exact.get(seen.remote_id, seen) for seen in posts)

    def _source(self, remote_id: str) -> str | Unreadable:
        return self._line.read(lambda: self._client.status_source(remote_id), lambda told: str(told["text"]))

    def reposted(self, remote_id: str) -> bool | Unreadable:
        def flag(status: Any) -> bool | None:
            return status["reblogged"] if isinstance(status["reblogged"], bool) else None

        return self._line.read(lambda: self._client.status(remote_id), flag)

    def delete(self, remote_id: str) -> Outcome | None:
        repeated = remote_id.removeprefix(REPOST)
        if not repeated.isalnum():
            return Refused(f"{remote_id} is not the id of a post on {self._server}: take it back by hand")
        if repeated != remote_id:
            return self._line.gone(lambda: self._client.status_unreblog(repeated), _is_status)
        return self._line.gone(lambda: self._client.status_delete(remote_id), _is_status)


def _is_status(answer: Any) -> bool:
    return isinstance(answer, dict)


def _posted(status: Any, pictures: int, flaw: str) -> Posted:
    flaw = lost(pictures, _pictures(status)) or flaw
    return Posted(identifier(status["id"]), status.get("url") or status.get("uri"), flaw)


def _pictures(status: Mapping[str, Any]) -> int:
    return len(status.get("media_attachments") or ())


def _reblogged(status: Any) -> Posted | None:
    return Posted(identifier(status["id"])) if status["reblog"] else None


def _seen(status: Mapping[str, Any]) -> Seen:
    repeated = status.get("reblog")
    return Seen(
        identifier(status["id"]),
        text_of(status["content"]),
        utc(status["created_at"]),
        status.get("url") or status.get("uri"),
        repost_of=identifier(repeated["id"]) if repeated else None,
        pictures=_pictures(status),
    )


def _told(instance: Any) -> Limits | None:
    """None for a server that tells nothing here, but may in its older answer."""
    return _limits(instance) if _length(instance) else None


def _limits(instance: Any) -> Limits:
    """What the server tells of its limits; for what it does not tell, Mastodon's own."""
    usual = LIMITS["mastodon"]
    told = instance.get("configuration") or {}
    statuses, media = told.get("statuses") or {}, told.get("media_attachments") or {}
    return replace(
        usual,
        length=_length(instance) or usual.length,
        url_length=_url_length(instance, statuses.get("characters_reserved_per_url")),
        alt_length=_number(media.get("description_limit")) or usual.alt_length,
        pictures=_number(statuses.get("max_media_attachments")) or usual.pictures,
        picture_bytes=_number(media.get("image_size_limit")) or usual.picture_bytes,
        picture_pixels=_number(media.get("image_matrix_limit")) or usual.picture_pixels,
        animation_bytes=_number(media.get("image_size_limit")) or usual.animation_bytes,
    )


def _length(instance: Any) -> int | None:
    statuses = (instance.get("configuration") or {}).get("statuses") or {}
    return _number(statuses.get("max_characters")) or _number(instance.get("max_toot_chars"))


def _url_length(instance: Mapping[str, Any], told: Any) -> int | None:
    """None where a link counts whole: Pleroma says 0, GoToSocial says a number and does not mean it."""
    software = f"{instance.get('source_url', '')} {instance.get('version', '')}".lower()
    if told == 0 or "gotosocial" in software or re.search(r"\b0\.\d+\.\d+[ +]git-", software):
        return None
    return _number(told) or LIMITS["mastodon"].url_length


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
