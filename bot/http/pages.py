"""Whether a page is there: its status, asked with as little as possible.

It reads no page, follows a redirect only to an encrypted address (or on this computer, from there), and
says nothing about what a status means.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from requests import RequestException, Response

from bot.http import Session, is_loopback, session

WHOLE = 10.0
"""Seconds for one page, its redirects included."""

REDIRECTS = 5
LITTLE = 100_000
"""Bytes of a page that are read at most, where its server knows no HEAD."""


class Pages:
    """Asks by HEAD, and by GET where that gives no good answer."""

    def __init__(self, deadline: float = WHOLE) -> None:
        self._session = session(deadline, largest=LITTLE)

    def status(self, url: str) -> int | str:
        """The status at the end of redirects, or why there is none: half a sentence without a secret."""
        with self._session.call():
            answer = self._followed("HEAD", url)
            return answer if isinstance(answer, int) and answer < 400 else self._followed("GET", url)

    def _followed(self, method: str, url: str) -> int | str:
        for _ in range(REDIRECTS):
            answer = _asked(self._session, method, url)
            if not isinstance(answer, Response):
                return answer
            target = urljoin(url, answer.headers.get("Location", ""))
            if not answer.is_redirect or not _may_follow(url, target):
                return answer.status_code
            url = target
        return "it redirects without end"


def _asked(session: Session, method: str, url: str) -> Response | int | str:
    try:
        return session.request(method, url)
    except RequestException as trouble:
        last = session.last
        if last and last.status:  # more than we want to read of it is an answer as well
            return last.status
        return (last and last.problem) or f"the request failed ({type(trouble).__name__})"


def _may_follow(url: str, target: str) -> bool:
    if _is_here(url):
        return _is_here(target)
    return target.startswith("https://") and not _is_here(target)


def _is_here(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname or "")
