"""A count in a JSON answer, at a dotted path such as `data.attributes.signature_count`.

It follows no redirect, guesses no other path and rounds nothing: an address or a key that has moved
is said, with what stands there now. Nothing of a query (it may hold a key) gets into a sentence.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from requests import RequestException, Response

from bot.core.milestones import number
from bot.core.model import BadReading, Reading
from bot.http import Session

LARGEST = 1_000_000
"""Bytes of an answer that may hold a count."""

SHOWN = 8
"""So many keys of an answer are named."""


class JsonCounter:
    """Reads one address; one that says 304 to our ETag says its last number again.

    `path` is dotted, a number in it is the index of a list; None: the whole answer is the number.
    """

    def __init__(self, url: str, path: str | None, session: Session) -> None:
        self._url, self._path, self._session = url, path or "", session
        self._source = _shown(url)
        self._etag: str | None = None
        self._last = 0

    def read(self, now: datetime) -> Reading | BadReading:
        try:
            found = self._count(self._ask())
        except _Unusable as problem:
            sought = f" (looked for {self._path})" if self._path else ""
            return BadReading(f"cannot read the counter at {self._source}{sought}: {problem}")
        self._last = found
        return Reading(found, self._source, now)

    def _ask(self) -> Response:
        headers = {"Accept": "application/json"} | ({"If-None-Match": self._etag} if self._etag else {})
        try:
            return self._session.get(self._url, headers=headers)
        except RequestException as trouble:
            known = self._session.last.problem if self._session.last else None
            raise _Unusable(known or f"the request failed ({type(trouble).__name__})") from None

    def _count(self, answer: Response) -> int:
        if answer.status_code == 304 and self._etag:
            return self._last
        self._etag = None
        found = _at(_parsed(answer), self._path)
        count = number(found)
        if count is None:
            raise _Unusable(f"{_outline(found)} stands there, which is no exact count")
        self._etag = answer.headers.get("ETag")
        return count


class _Unusable(Exception):
    """Why there is no number."""


def _parsed(answer: Response) -> Any:
    if answer.is_redirect:
        target = _shown(answer.headers["Location"])
        raise _Unusable(f"it has moved to {target}; write the new address into petition.counter.url")
    if answer.status_code != 200:
        raise _Unusable(f"the server answered {answer.status_code}")
    if len(answer.content) > LARGEST:
        raise _Unusable("the answer is larger than 1 MB")
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):  # the latter for an answer nested too deep
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        raise _Unusable(f"the answer ({_printable(kind) or 'of no type'}) is not JSON") from None


def _at(value: Any, path: str) -> Any:
    for key in path.split(".") if path else ():
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key in map(str, range(len(value))):
            value = value[int(key)]
        else:
            raise _Unusable(f"there is no {key} in {_outline(value)}")
    return value


def _outline(value: Any) -> str:
    """What stands at a place, short enough for one line."""
    if isinstance(value, dict):
        more = ", …" if len(value) > SHOWN else ""
        names = ", ".join(_printable(key) for key in list(value)[:SHOWN])
        return f"an object with the keys {names}{more}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return _printable(json.dumps(value, ensure_ascii=False))


def _printable(text: str, room: int = 40) -> str:
    """So many characters at most, that any screen can show on one line."""
    short = text if len(text) <= room else text[: room - 1] + "…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in short)


def _shown(url: str) -> str:
    """An address without what may be secret in it: no user, no query, no fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    return _printable(f"{parts.scheme}://{host}{parts.path}" if host else parts.path, room=200)
