"""One account on Bluesky, or on another server of its kind, in the few JSON calls that a bot needs.

A post has its key before it is sent, made from its slot: it is created under that key or not at all,
and never overwritten. It follows nobody, answers nobody and reads no feed.
"""

from __future__ import annotations

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
from bot.networks.cards import IMAGE, Cards
from bot.networks.line import Line, Page, prepared, utc_now
from bot.networks.records import POSTS, REPOST, REPOSTS
from bot.networks.tid import EPOCH, TID, tid
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
        self._me: Identity | None = None

    def verify(self) -> Identity | Refused | Deferred:
        answer = self._xrpc.say(self._xrpc.get("com.atproto.server.getSession"), _profile)
        if isinstance(answer, Unconfirmed):
            return Deferred(answer.reason)
        if isinstance(answer, Refused | Deferred):
            return answer
        if answer.get("active") is False:
            return self._inactive(str(answer.get("status") or "not active"))
        time = self._line.server_time()
        self._me = Identity(self._server, answer["did"], answer["handle"], server_time=time)
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
        ready = prepared(post, "Bluesky")
        if isinstance(ready, Ready):
            with self._line.session.call():
                self._beside.prepare(post)
        return ready

    # --- publish --------------------------------------------------------------------------------

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        """Under a key made from `ready.slot`, `key` and `part`. Where a post has it already, the same
        words prove that an earlier try arrived."""
        post, text = ready.post, ready.post.parts[part]
        rkey = tid(ready.slot or EPOCH, f"{key}\n{part}", part)
        with self._line.session.call():
            parent = self._found(reply_to, CONTINUED) if reply_to else None
            if isinstance(parent, Refused | Deferred):
                return parent
            record = records.post(text, post.language, self._line.now(), self._beside.dids)
            record |= self._beside.embed(text, post.link) | (records.reply(parent) if parent else {})
            outcome = self._put(POSTS, rkey, record, Aim(target=CONTINUED if parent else None))
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
        with self._line.session.call():
            me = self._me or self.verify()
            if not isinstance(me, Identity):
                return Unreadable(me.reason)
            posts = self._line.back(me, since, PAGES, lambda size, more: self._page(me, POSTS, size, more))
            if isinstance(posts, Unreadable):
                return posts
            reposts = self._page(me, REPOSTS, PAGES[0], None)
            if isinstance(reposts, Unreadable):
                return reposts
            both = sorted((*posts.posts, *reposts.posts), key=lambda seen: seen.created_at, reverse=True)
            return replace(posts, posts=tuple(both), complete=posts.complete and reposts.more is None)

    def _page(self, me: Identity, collection: str, size: int, more: str | None) -> Page | Unreadable:
        def shown(answer: Any) -> Page:
            posts = tuple(self._seen(record, me.user_id) for record in answer["records"])
            return Page(posts, answer.get("cursor") if len(posts) >= size else None)

        asked = {"repo": me.user_id, "collection": collection, "limit": str(size)}
        asked |= {"cursor": more} if more else {}
        return self._xrpc.read(self._xrpc.get("com.atproto.repo.listRecords", **asked), shown)

    def _seen(self, record: Mapping[str, Any], user_id: str) -> Seen:
        """Its time as the server's clock had it: what stands there is by ours."""
        seen = records.seen(record, user_id)
        url = None if seen.repost_of else self._url(seen.remote_id)
        return replace(seen, created_at=self._line.by_their_clock(seen.created_at), url=url)

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
