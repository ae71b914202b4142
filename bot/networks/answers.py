"""What an answer means: the one table from an exchange to an outcome, for every network.

It goes by status codes and headers, never by words; the server's words are only shown, without our
secrets. What is not certain is Unconfirmed, since that is the answer that cannot shout twice.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bot.core.model import Deferred, Refused, Unconfirmed
from bot.http import Exchange

T = TypeVar("T")
Trouble = Refused | Deferred | Unconfirmed

LONGEST_WAIT = timedelta(hours=25)
"""No network counts over more than a day; a reset beyond that is a mistake of the server's."""

RESETS = ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
"""Headers of X, Mastodon and Bluesky."""

WORDS_SHOWN = 200

ACCOUNT = {
    401: ("does not accept the keys of this account", "renew them"),
    402: ("wants to be paid first", "buy credits or raise the spend cap"),
    403: ("does not allow this account to do that", "see whether it is locked, or its keys may only read"),
}
"""Statuses that concern the whole account: what happened, and what to do."""

POST = {
    400: "did not understand {}",
    413: "finds {} too large",
    422: "does not take {} as it is",
}
"""Statuses that concern what was sent."""
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Place:
    """How sentences speak of an account on its network, and what must never stand in one."""

    network: str
    account: str
    secrets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a request was for. `speaks`: something may be public by it. `target` is what a 404 means is
    gone; None: the address itself. `what` was sent, for sentences; None: nothing of the message."""

    speaks: bool = True
    target: str | None = None
    what: str | None = "this post"


def meaning(
    exchange: Exchange | None, read: Callable[[Any], T | None], place: Place, aim: Aim, now: datetime
) -> T | Trouble:
    """`read` makes a value of the parsed answer; None, or any error, and it was no answer of this network."""
    if exchange is None:
        return Unconfirmed(_doubt(f"the client library for {place.network} gave up without a word", aim))
    if not exchange.connected:
        return Deferred(f"{place.network}: {exchange.problem}; nothing was sent")
    if exchange.status is not None and 200 <= exchange.status < 300 and exchange.problem is None:
        value = _value(exchange.body, read)
        return value if value is not None else Unconfirmed(_doubt(_strange(exchange, place), aim))
    return _refusal(exchange, place, aim, now) or Unconfirmed(_doubt(_strange(exchange, place), aim))


def _value(body: bytes, read: Callable[[Any], T | None]) -> T | None:
    try:
        return read(json.loads(body))
    except Exception:  # whatever stands in the answer: it is not what this network says
        return None


def _refusal(exchange: Exchange, place: Place, aim: Aim, now: datetime) -> Trouble | None:
    """The statuses that say for certain that nothing was posted."""
    status, said = exchange.status, words(exchange, place)
    if status == 429:
        again = until(exchange.headers, now)
        wait = f", not before {again:%H:%M} UTC" if again else ""
        return Deferred(f"{place.network} takes no more for now (429{said}){wait}", again)
    if status in ACCOUNT:
        what, cure = ACCOUNT[status]
        resume = f"then run petition-bot resume --account {place.account}"
        return Refused(f"{place.network} {what} ({status}{said}): {cure}, {resume}", "account")
    if status in POST and aim.what:
        return Refused(f"{place.network} {POST[status].format(aim.what)} ({status}{said}): edit the message")
    if status in GONE and aim.target:
        return Refused(f"{aim.target} is gone from {place.network} ({status}{said})")
    if status in GONE:
        return Deferred(
            f"{place.network} knows no such address ({status}{said}): is the account's server right?"
        )
    return None


def _strange(exchange: Exchange, place: Place) -> str:
    if exchange.status is None or exchange.problem:
        return f"{place.network}: {exchange.problem}"
    if 300 <= exchange.status < 400:
        return f"{place.network} points to another address ({exchange.status}), which is not followed"
    if exchange.status < 300:
        return f"{place.network} answered {exchange.status}, but with nothing that could be understood"
    return f"{place.network} answered {exchange.status}{words(exchange, place)}"


def _doubt(what: str, aim: Aim) -> str:
    return f"{what}; whether it was posted is not known" if aim.speaks else what


# --- when to come back -------------------------------------------------------------------------


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The server's clock as its Date header tells it."""
    return _http_date(headers.get("Date", ""))


def until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the limit is lifted, by our clock; None where the server said nothing that can be used.

    https://docs.x.com/x-api/fundamentals/rate-limits, https://docs.joinmastodon.org/api/rate-limits/,
    https://docs.bsky.app/docs/advanced-guides/rate-limits
    """
    theirs = server_time(headers) or now
    told = [_moment(headers.get(name, "")) for name in RESETS]
    told += [_day_limit(headers, scope) for scope in ("app", "user")]
    waits = [moment - theirs for moment in told if moment]
    waits.append(_retry_after(headers.get("retry-after", ""), theirs))
    longest = max(waits)
    return now + min(longest, LONGEST_WAIT) if longest > timedelta(0) else None


def _day_limit(headers: Mapping[str, str], scope: str) -> datetime | None:
    used_up = headers.get(f"x-{scope}-limit-24hour-remaining", "").strip() == "0"
    return _moment(headers.get(f"x-{scope}-limit-24hour-reset", "")) if used_up else None


def _retry_after(value: str, theirs: datetime) -> timedelta:
    if value.strip().isdecimal():
        return timedelta(seconds=min(float(value), 1e8))
    return (_http_date(value) or theirs) - theirs


def _moment(value: str) -> datetime | None:
    """Unix seconds, or ISO 8601."""
    try:
        if value.strip().isdecimal():
            return datetime.fromtimestamp(int(value), UTC)
        moment = datetime.fromisoformat(value.strip())
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 2000 <= moment.year < 2200:  # nobody's clock; and sums with it would overflow
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# --- the server's own words --------------------------------------------------------------------


def words(exchange: Exchange, place: Place) -> str:
    """`: "what the server said"`, on one line, short and without our secrets; or nothing."""
    try:
        found = _found(json.loads(exchange.body))
    except (ValueError, RecursionError):
        return ""
    clean = "".join(sign if sign.isprintable() else " " for sign in ": ".join(dict.fromkeys(found)))
    text = hushed(" ".join(clean.split()), place.secrets)
    return f': "{text[:WORDS_SHOWN]}{"…" if len(text) > WORDS_SHOWN else ""}"' if text else ""


def _found(body: Any) -> list[str]:
    if isinstance(body, str):
        return [body]
    if isinstance(body, list):
        return [text for each in body[:2] for text in _found(each)]
    if not isinstance(body, dict):
        return []
    said = [body[name] for name in ("detail", "error", "error_description", "message") if name in body]
    return [text for text in said if isinstance(text, str)] + _found(body.get("errors"))


def hushed(text: str, secrets: frozenset[str]) -> str:
    """The text without our secrets, however they are written."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        coded = base64.b64encode(secret.encode()).decode()
        for form in (secret, quote(secret, safe=""), coded, coded.rstrip("=")):
            text = text.replace(form, "[secret]")
    return text
