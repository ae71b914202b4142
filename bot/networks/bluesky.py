"""One account on Bluesky, or on another server of its kind, in the few JSON calls that a bot needs.

A post has its key before it is sent, made from its slot: it is created under that key or not at all,
and never overwritten. It follows nobody, answers nobody and reads no feed.
"""

from __future__ import annotations

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
    Unconfirmed,
    Unreadable,
)
from bot.core.text import LIMITS, normalized
from bot.http import Resolver, is_loopback, session
from bot.networks import records
from bot.networks.answers import GONE, Aim, Place
from bot.networks.beside import Beside
from bot.networks.bluesky_pictures import Pictures, shown
from bot.networks.cards import IMAGE, Cards
from bot.networks.line import Line, Page, utc_now
from bot.networks.records import POSTS, REPOST, REPOSTS
from bot.networks.tid import EPOCH, TID, tid
from bot.networks.uploads import Uploads
from bot.networks.xrpc import Signed, Xrpc, did
from bot.ports import Drawn, Ready

DEFAULT, APP = "https://bsky.social", "https://bsky.app"
PAGES = (40, 40)
"""Posts on the first and second page of a reading; the only page of reposts is like the first."""

CONTINUED, REPEATED = "the post that this one continues", "the post to repeat"


class Bluesky:
    """`secrets`: HANDLE, APP_PASSWORD. `server` as https://host (http for loopback), None: bsky.social.

    `pages`: the petition's addresses; a post that links to one shows its card. A server on loopback
    shows none of elsewhere: whoever tries things out speaks to nobody outside. `deadline` in seconds
    a call. Raises ValueError for a server to which the password would go unencrypted.
    """

    def __init__(
        self,
        account_id: str,
        secrets: Mapping[str, str],
        server: str | None = None,
        deadline: float = 30.0,
        *,
        pages: Sequence[str] = (),
        now: Callable[[], datetime] = utc_now,
        resolve: Resolver | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        server, password = server or DEFAULT, secrets["APP_PASSWORD"]
        self._server = urlsplit(server).hostname or server
        here = is_loopback(self._server)
        if urlsplit(server).scheme != "https" and not here:
            raise ValueError(f"the server of {account_id} must begin with https://, and {server} does not")
        self._pages = server.rstrip("/") if here else APP
        self._name = "Bluesky" if server == DEFAULT else f"Bluesky ({self._server})"
        place = Place(self._name, account_id, frozenset({password}))
        self._line = Line(place, session(deadline, resolve=resolve, largest=IMAGE), now)
        self._xrpc = Xrpc(self._line, server, secrets["HANDLE"].lstrip("@"), password)
        self._beside = Beside(self._xrpc, Cards(pages, self._line.session, now, outside=not here))
        self._uploads = Uploads(Pictures(self._xrpc), now, sleep)
        self._me: Identity | None = None

    def verify(self) -> Identity | Refused | Deferred:
        answer = self._xrpc.say(self._xrpc.get("com.atproto.server.getSession"), _profile)
        if isinstance(answer, Unconfirmed):
            return Deferred(answer.reason)
        if isinstance(answer, Refused | Deferred):
            return answer
        if answer.get("active") is False:
            return self._inactive(str(answer.get("status") or "not active"))
        told = self._line.server_time()
        self._me = Identity(self._server, answer["did"], answer["handle"], server_time=told)
        return self._me

    def _inactive(self, status: str) -> Refused:
        resume = f"then run petition-bot resume --account {self._line.place.account}"
        return Refused(
            f"{self._name} says that this account is {status}: see to it there, {resume}", "account"
        )

    def limits(self) -> Limits:
        """The same on every server: they belong to the form of a post."""
        return LIMITS["bluesky"]

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        """A post with pictures shows no card beside them: there is room for one of the two."""
        ready = self._uploads.prepare(post, pictures)
        if isinstance(ready, Ready):
            with self._line.session.call():
                self._beside.prepare(post, card=not pictures)
        return ready

    # --- publish --------------------------------------------------------------------------------

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        """Under a key made from `ready.slot`, `key` and `part`. Where a post has it already, the same
        words prove that an earlier try arrived."""
        post, text, media = ready.post, ready.post.parts[part], ready.pictures(part)
        rkey = tid(ready.slot or EPOCH, f"{key}\n{part}", part)
        with self._line.session.call():
            parent = self._found(reply_to, CONTINUED) if reply_to else None
            if isinstance(parent, Refused | Deferred):
                return parent
            record = records.post(text, post.language, self._line.now(), self._beside.dids)
            record |= shown(media) if media else self._beside.embed(text, post.link)
            record |= records.reply(parent) if parent else {}
            outcome = self._put(POSTS, rkey, record, Aim(target=CONTINUED if parent else None))
            if not isinstance(outcome, Deferred):
                self._uploads.used(ready)
            return self._standing(rkey, text) if outcome is None else outcome

    def repost(self, remote_id: str, key: str) -> Outcome:
        """Under the key of the post that it repeats: one account repeats a post once."""
        with self._line.session.call():
            subject = self._found(remote_id, REPEATED)
            if isinstance(subject, Refused | Deferred):
                return subject
            record = records.repost(subject, self._line.now())
            outcome = self._put(REPOSTS, remote_id, record, Aim(target=REPEATED))
            return self._posted(REPOSTS, remote_id) if outcome is None else outcome

    def _found(self, rkey: str, what: str) -> Mapping[str, Any] | Refused | Deferred:
        """A post of ours that the next one refers to."""
        found = self._record(POSTS, rkey)
        if isinstance(found, Unreadable):
            return Deferred(found.reason)
        return found if found is not None else Refused(f"{what} is gone from {self._name}")

    def _put(self, collection: str, rkey: str, record: dict[str, Any], aim: Aim) -> Outcome | None:
        """Create one record, never overwrite one; None when one stands there already."""
        signed = self._xrpc.signed()
        if not isinstance(signed, Signed):
            return signed
        wanted = {"repo": signed.did, "collection": collection, "rkey": rkey, "record": record}
        ask = self._xrpc.post("com.atproto.repo.putRecord", {**wanted, "swapRecord": None})
        uri = f"at://{signed.did}/{collection}/{rkey}"
        stands = self._posted(collection, rkey)
        outcome = self._xrpc.say(ask, lambda answer: stands if answer["uri"] == uri else None, aim)
        return None if self._xrpc.error() == "InvalidSwap" else outcome

    def _standing(self, rkey: str, text: str) -> Outcome:
        found = self._record(POSTS, rkey)
        if isinstance(found, Unreadable):
            return Unconfirmed(f"{self._name} has a post under this key already: {found.reason}")
        stands = found and normalized(records.written(found["value"])) == normalized(text)
        unlike = f"{self._name} has another post under this key: see {self._url(rkey)}"
        return self._posted(POSTS, rkey) if stands else Unconfirmed(unlike)

    def _posted(self, collection: str, rkey: str) -> Posted:
        return Posted(rkey, self._url(rkey)) if collection == POSTS else Posted(f"{REPOST}{rkey}")

    def _url(self, rkey: str) -> str:
        return f"{self._pages}/profile/{self._xrpc.handle}/post/{rkey}"

    # --- read back ------------------------------------------------------------------------------

    def _record(self, collection: str, rkey: str) -> Mapping[str, Any] | Unreadable | None:
        """One record of ours; None when it is not there."""
        signed = self._xrpc.signed()
        if not isinstance(signed, Signed):
            return Unreadable(signed.reason)
        asked = {"repo": signed.did, "collection": collection, "rkey": rkey}
        found = self._xrpc.read(self._xrpc.get("com.atproto.repo.getRecord", **asked), records.found)
        return None if self._xrpc.error() == "RecordNotFound" else found

    def timeline(self, since: datetime) -> Timeline | Unreadable:
        """What stands in a record is by the clock of whoever wrote it, ours; told as the server's had it."""
        with self._line.session.call():
            me = self._me or self.verify()
            if not isinstance(me, Identity):
                return Unreadable(me.reason)
            ours = self._ours(me, since)
            if isinstance(ours, Unreadable):
                return ours
            now = self._line.now()
            ahead = self._line.by_their_clock(now) - now
            told = tuple(replace(seen, created_at=seen.created_at + ahead) for seen in ours.posts)
            return Timeline(me.user_id, told, ours.more is None, self._line.server_time())

    def _ours(self, me: Identity, since: datetime) -> Page | Unreadable:
        """Posts and reposts, which stand in two lists."""
        posts = self._back(me, since)
        if isinstance(posts, Unreadable):
            return posts
        reposts = self._page(me, REPOSTS, PAGES[0], None)
        if isinstance(reposts, Unreadable):
            return reposts
        both = sorted((*posts.posts, *reposts.posts), key=lambda seen: seen.created_at, reverse=True)
        return Page(tuple(both), posts.more or reposts.more)

    def _back(self, me: Identity, since: datetime) -> Page | Unreadable:
        """Our posts back to `since`, by our clock."""
        posts: list[Seen] = []
        more: str | None = None
        for size in PAGES:
            page = self._page(me, POSTS, size, more)
            if isinstance(page, Unreadable):
                return page
            posts, more = [*posts, *page.posts], page.more
            if more is None or posts[-1].created_at < since:
                break
        return Page(tuple(posts), more)

    def _page(self, me: Identity, collection: str, size: int, more: str | None) -> Page | Unreadable:
        def read(answer: Any) -> Page:
            seen = [records.seen(record, me.user_id) for record in answer["records"]]
            posts = tuple(
                each if each.repost_of else replace(each, url=self._url(each.remote_id)) for each in seen
            )
            return Page(posts, answer.get("cursor") if len(posts) >= size else None)

        asked = {"repo": me.user_id, "collection": collection, "limit": str(size)}
        asked |= {"cursor": more} if more else {}
        return self._xrpc.read(self._xrpc.get("com.atproto.repo.listRecords", **asked), read)

    def reposted(self, remote_id: str) -> bool | Unreadable:
        with self._line.session.call():
            found = self._record(REPOSTS, remote_id)
            return found if isinstance(found, Unreadable) else found is not None

    def delete(self, remote_id: str) -> Outcome | None:
        rkey = remote_id.removeprefix(REPOST)
        if not TID.fullmatch(rkey):
            return Refused(f"{remote_id} is not the id of a post on {self._server}: take it back by hand")
        signed = self._xrpc.signed()
        if not isinstance(signed, Signed):
            return signed
        wanted = {"repo": signed.did, "collection": POSTS if rkey == remote_id else REPOSTS, "rkey": rkey}
        ask = self._xrpc.post("com.atproto.repo.deleteRecord", wanted)
        answer = self._xrpc.say(ask, lambda answer: isinstance(answer, dict) or None)
        last = self._line.session.last
        return None if isinstance(answer, bool) or (last and last.status in GONE) else answer


def _profile(answer: Any) -> Mapping[str, Any] | None:
    return answer if did(answer["did"]) and isinstance(answer["handle"], str) else None
