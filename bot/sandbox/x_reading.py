"""What X lets an account read: itself, its timeline page by page, and posts by id."""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.sandbox.accounts import Account, Accounts
from bot.sandbox.ledger import Ledger, Published
from bot.sandbox.problems import invalid, missing
from bot.sandbox.server import Call
from bot.sandbox.tweets import Shown, reposted, shown, stamp, tweet
from bot.sandbox.wire import Answer, Request

if TYPE_CHECKING:
    from bot.sandbox.x import XSettings

BORN = datetime(2019, 11, 20, tzinfo=UTC)
_PREFIX = "older"
_MOST_ID = str(10**19)


class Reading:
    def __init__(self, ledger: Ledger, settings: XSettings, accounts: Accounts) -> None:
        self._ledger = ledger
        self._settings = settings
        self._accounts = accounts

    def page(self, call: Call) -> Answer:
        """A post as a follower's browser would see it."""
        post = self._ledger.find(call.request.args[0])
        if post is None or post.deleted:
            return Answer.html(404, "<!DOCTYPE html><title>Gone</title><p>This post does not exist.</p>")
        return Answer.html(200, f"<!DOCTYPE html><title>Post</title><p>{html.escape(post.text)}</p>")

    def me(self, account: Account, call: Call) -> Answer:
        return Answer.json(200, {"data": _user(account, _asked(call.request, "user"))})

    def timeline(self, account: Account, call: Call) -> Answer:
        """Newest first; the account's own or another's."""
        request = call.request
        most = _most(request)
        wanted = _Wanted.read(request)
        fitting = (post for post in self._visible(request.args[0]) if wanted.takes(post))
        found = list(islice(fitting, most + 1))
        page, rest = found[:most], found[most:]
        meta: dict[str, Any] = {"result_count": len(page)}
        if not page:
            return Answer.json(200, {"meta": meta})
        meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if rest:
            meta["next_token"] = _PREFIX + page[-1].id
        return Answer.json(200, {"data": self._tweets(page, request), "meta": meta})

    def several(self, _: Account, call: Call) -> Answer:
        ids = (call.request.asked("ids") or "").split(",")
        if not 1 <= len(ids) <= 100 or not all(one.isdecimal() for one in ids):
            raise invalid("ids", call.request.asked("ids"), "`ids` must be 1 to 100 ids")
        found = [post for one in ids if (post := self._ledger.find(one))]
        gone = [one for one in ids if self._ledger.find(one) is None]
        body: dict[str, Any] = {"data": self._tweets(found, call.request)} if found else {}
        return Answer.json(200, body | ({"errors": [missing("ids", one) for one in gone]} if gone else {}))

    def one(self, _: Account, call: Call) -> Answer:
        wanted = call.request.args[0]
        post = self._ledger.find(wanted)
        if post is None:
            return Answer.json(200, {"errors": [missing("id", wanted)]})
        return Answer.json(200, {"data": self._tweets([post], call.request)[0]})

    def shown(self, post: Published) -> Shown:
        """The text of a post or repost as X gives it back."""
        source = self._ledger.find(post.repost_of) if post.repost_of else None
        if source is not None:
            return reposted(self.shown(source), self._name(source))
        return shown(post, self._name(post), shorten=self._settings.shorten)

    def _name(self, post: Published) -> str:
        author = self._accounts.by_id(post.user_id)
        return author.name if author else "somebody"

    def _tweets(self, posts: list[Published], request: Request) -> list[dict[str, Any]]:
        expanded = set((request.asked("expansions") or "").split(","))
        keep = _asked(request, "tweet") | _asked(request, "post") | expanded
        return [tweet(post, self.shown(post), keep) for post in posts]

    def _visible(self, user_id: str) -> Iterator[Published]:
        """Newest first."""
        settled = time.time() - self._settings.timeline_lag
        return (
            post
            for post in reversed(self._ledger.posts())
            if post.user_id == user_id
            and not post.deleted
            and post.at <= settled
            and (self._settings.shows_own_reposts or not post.repost_of)
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which posts of a timeline a request asks for."""

    above: int
    below: int
    start: datetime
    end: datetime
    left_out: frozenset[str]

    @classmethod
    def read(cls, request: Request) -> _Wanted:
        token = (request.asked("pagination_token") or _PREFIX + _MOST_ID).removeprefix(_PREFIX)
        until = request.asked("until_id") or _MOST_ID
        return cls(
            _number("since_id", request.asked("since_id") or "0"),
            min(_number("pagination_token", token), _number("until_id", until)),
            _moment("start_time", request.asked("start_time"), datetime.min),
            _moment("end_time", request.asked("end_time"), datetime.max),
            frozenset((request.asked("exclude") or "").split(",")),
        )

    def takes(self, post: Published) -> bool:
        return (
            self.above < int(post.id) < self.below
            and self.start <= post.created_at < self.end
            and not (post.repost_of and "retweets" in self.left_out)
            and not (post.in_reply_to and "replies" in self.left_out)
        )


def _most(request: Request) -> int:
    most = request.asked("max_results") or "10"
    if not most.isdecimal() or not 5 <= int(most) <= 100:
        raise invalid(
            "max_results", most, f"The `max_results` query parameter value [{most}] is not between 5 and 100"
        )
    return int(most)


def _number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return int(value)


def _moment(name: str, value: str | None, otherwise: datetime) -> datetime:
    if value is None:
        return otherwise.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        told = f"The `{name}` query parameter value [{value}] is not an RFC 3339 time"
        raise invalid(name, value, told) from None


def _asked(request: Request, what: str) -> set[str]:
    return set((request.asked(f"{what}.fields") or "").split(","))


def _user(account: Account, keep: set[str]) -> dict[str, Any]:
    whole = {
        "id": account.id,
        "name": f"Petition sandbox ({account.name})",
        "username": account.name,
        "created_at": stamp(BORN),
        "description": "An account of the sandbox.",
        "protected": False,
        "verified": False,
        "verified_type": "none",
    }
    return {name: value for name, value in whole.items() if name in keep | {"id", "name", "username"}}
