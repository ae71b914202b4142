"""One account on X, through tweepy, with the keys of OAuth 1.0a. The only place that knows tweepy.

It never waits for a limit (tweepy's own waiting can spin), and takes X's word that a text is a duplicate
for what it is: no proof that this very post stands.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
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
from bot.core.pictures import lost
from bot.core.text import LIMITS, urls
from bot.http import Exchange, Resolver, is_loopback, session
from bot.networks.answers import Aim, Place, words
from bot.networks.line import Line, Page, identifier, utc, utc_now
from bot.networks.uploads import Uploads
from bot.networks.x_pictures import Pictures
from bot.ports import Drawn, Ready

BUILT_IN = "https://api.twitter.com"
"""The server that tweepy speaks to, and signs for (tweepy/client.py)."""

PAGES = (5, 20)
"""Posts on the first and second page of a reading; each post read costs money, and 5 is X's least."""

ASKING = (
    {"post.fields": "created_at,entities,attachments", "expansions": "referenced_posts"},
    {"tweet.fields": "created_at,entities,attachments,referenced_tweets"},
)
"""What a page must show, in X's words of today (its description of the API, 2.167) and of before."""

DOUBTED = timedelta(days=1)
"""So far back a repost is looked for; after that a person is asked anyway."""

REPOST = "repost:"
"""X gives no id for a repost; ours is this and the id of the repeated post."""
ESCAPED = {"amp": "&", "lt": "<", "gt": ">"}


class X:
    """`secrets`: API_KEY, API_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET. `deadline` in seconds a call."""

    def __init__(
        self,
        account_id: str,
        secrets: Mapping[str, str],
        api_url: str | None = None,
        deadline: float = 30.0,
        *,
        now: Callable[[], datetime] = utc_now,
        resolve: Resolver | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import tweepy

        instead = (BUILT_IN, api_url.rstrip("/")) if api_url else None
        http = session(deadline, resolve=resolve, instead=instead)
        self._line = Line(Place("X", account_id, frozenset(secrets.values())), http, now)
        self._server = (urlsplit(api_url).hostname if api_url else None) or "x.com"
        self._pages = (api_url or "https://x.com").rstrip("/")
        self._client = tweepy.Client(
            consumer_key=secrets["API_KEY"],
            consumer_secret=secrets["API_SECRET"],
            access_token=secrets["ACCESS_TOKEN"],
            access_token_secret=secrets["ACCESS_TOKEN_SECRET"],
            return_type=dict,
        )
        self._client.session = http
        keys = ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
        signed = tweepy.OAuth1UserHandler(*(secrets[name] for name in keys)).apply_auth()
        self._uploads = Uploads(Pictures(self._line, self._client, signed, BUILT_IN), now, sleep)
        self._me: Identity | None = None
        self._asking = ASKING

    def verify(self) -> Identity | Refused | Deferred:
        answer = self._line.who(
            self._client.get_me, lambda answer: self._line.identity(self._server, answer["data"])
        )
        if not isinstance(answer, Identity):
            return answer
        last = self._line.session.last
        if last and last.headers.get("x-access-level") == "read":
            return Refused(
                "the keys of X may only read: set the app to “Read and write” and make a new access token",
                "account",
            )
        self._me = answer
        return answer

    def limits(self) -> Limits:
        """X does not tell them."""
        return LIMITS["x"]

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        return self._uploads.prepare(post, pictures)

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        """X knows no idempotency keys: `key` is not used."""
        text, media = ready.post.parts[part], ready.pictures(part)

        def create() -> object:
            return self._client.create_tweet(
                text=text, in_reply_to_tweet_id=reply_to, media_ids=list(media) or None
            )

        def stands(answer: Any) -> Posted:
            told = answer["data"]
            flaw = lost(len(media), _pictures(str(told.get("text")), text, len(media))) or ready.flaw
            return Posted(identifier(told["id"]), self._url(identifier(told["id"])), flaw)

        aim = Aim(target="the post that this one continues" if reply_to else None)
        outcome = self._line.say(create, stands, aim)
        if not isinstance(outcome, Deferred):
            self._uploads.used(ready)
        return self._duplicate() or outcome

    def _url(self, post_id: str) -> str:
        return f"{self._pages}/{self._me.handle if self._me else 'i'}/status/{post_id}"

    def _duplicate(self) -> Unconfirmed | None:
        """The one answer that has no code of its own, only words."""
        last = self._line.session.last
        if last is None or last.status != 403 or "duplicate content" not in _detail(last).lower():
            return None
        return Unconfirmed(
            f"X says that it has this text already (403{words(last, self._line.place)})", duplicate=True
        )

    def repost(self, remote_id: str, key: str) -> Outcome:
        def stands(answer: Any) -> Posted | None:
            return Posted(f"{REPOST}{remote_id}") if answer["data"]["retweeted"] is True else None

        aim = Aim(target="the post to repeat")
        return self._line.say(lambda: self._client.retweet(remote_id), stands, aim)

    def timeline(self, since: datetime) -> Timeline | Unreadable:
        with self._line.session.call():
            me = self._me or self.verify()
            if not isinstance(me, Identity):
                return Unreadable(me.reason)
            return self._line.back(me, since, PAGES, lambda size, more: self._page(me, size, more))

    def _page(self, me: Identity, size: int, more: str | None) -> Page | Unreadable:
        """Not tweepy's own call, which knows the old words only. Who does not know the new is asked in
        the old at the next reading."""
        asked = {**self._asking[0], "max_results": size} | ({"pagination_token": more} if more else {})
        page = self._line.read(
            lambda: self._client.request(
                "GET", f"/2/users/{me.user_id}/tweets", params=asked, user_auth=True
            ),
            self._shown,
        )
        last = self._line.session.last
        if last and last.status == 400:
            self._asking = self._asking[::-1]
        return page

    def _shown(self, answer: Any) -> Page:
        posts = answer["data"] if answer["meta"]["result_count"] else []
        return Page(tuple(self._seen(post) for post in posts), answer["meta"].get("next_token"))

    def _seen(self, post: Mapping[str, Any]) -> Seen:
        refers = post.get("referenced_posts") or post.get("referenced_tweets") or []
        repeated = [identifier(each["id"]) for each in refers if each["type"] == "retweeted"]
        post_id = identifier(post["id"])
        return Seen(
            post_id,
            written(post),
            utc(post["created_at"]),
            self._url(post_id),
            repost_of=repeated[0] if repeated else None,
            pictures=len((post.get("attachments") or {}).get("media_keys") or ()),
        )

    def reposted(self, remote_id: str) -> bool | Unreadable:
        """Only our own timeline tells. To miss one does no harm: X repeats no post of ours twice."""
        reading = self.timeline(self._line.now() - DOUBTED)
        if isinstance(reading, Unreadable):
            return reading
        return any(seen.repost_of == remote_id for seen in reading.posts)

    def delete(self, remote_id: str) -> Outcome | None:
        repeated = remote_id.removeprefix(REPOST)
        if not repeated.isdecimal():
            return Refused(f"{remote_id} is not the id of a post on X: take it back by hand")
        if repeated != remote_id:
            return self._gone(lambda: self._client.unretweet(repeated), "retweeted", False)
        return self._gone(lambda: self._client.delete_tweet(remote_id), "deleted", True)

    def _gone(self, call: Callable[[], object], field: str, wanted: bool) -> Outcome | None:
        return self._line.gone(call, lambda answer: answer["data"][field] is wanted)


def written(post: Mapping[str, Any]) -> str:
    """The text as it was sent: X escapes three signs, shortens links, and hangs pictures on as links."""
    text = re.sub("&(amp|lt|gt);", lambda found: ESCAPED[found[1]], post["text"])
    for url in (post.get("entities") or {}).get("urls") or []:
        short, whole = url.get("url"), url.get("expanded_url")
        if short and whole:
            text = text.replace(short, "" if url.get("media_key") else _as_sent(whole))
    return text.rstrip()


def _pictures(told: str, sent: str, pictures: int) -> int:
    """X hangs pictures on as one more short link: none, where there is one for each link of ours alone."""
    return 0 if told.count("https://t.co/") == len(urls(sent, "x")) else pictures


def _as_sent(link: str) -> str:
    """X puts http:// before a bare name, and we send http:// to nobody but our own machine."""
    bare = link.removeprefix("http://")
    return bare if not is_loopback(urlsplit(link).hostname or "") else link


def _detail(exchange: Exchange) -> str:
    try:
        return str(json.loads(exchange.body)["detail"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
