"""The address of a count, asked with manners: one deadline, few redirects, and nothing given away.

A redirect is followed within the same site, or to a public https address; a secret header goes to the
site it is for and to no other. It reads no number, and nothing of a query (it may hold a key) gets into
a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.http import RequestException, Resolver, Response, Session

LARGEST = 2_000_000
"""Bytes of an answer that may hold a count: a page may be large, what the UK Parliament gives is 150 kB."""

HOPS = 3
"""Redirects that are followed for one count."""

IN_PRIVATE = "it is in a private network, into which no redirect is followed"
REDIRECTS = (301, 302, 303, 307, 308)


class Unusable(Exception):
    """Why there is no number: the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: `kind` is its media type, `moved` says where it came from if it was redirected."""

    body: bytes
    kind: str = ""
    moved: str = ""


class Address:
    """Asks one address, each time anew; `None` is the answer that nothing has changed since."""

    def __init__(
        self,
        url: str,
        session: Session,
        *,
        accept: str = "application/json",
        secret: tuple[str, str] | None = None,
        private: bool = False,
    ) -> None:
        """`secret` is a header and its value; `private`: redirects may lead into a private network. The
        session belongs to this address from now on."""
        self._url, self._session, self._accept = url, session, accept
        self._secret, self._private = secret, private
        self._tag: tuple[str, str] | None = None  # where an ETag came from, and the ETag
        self._guard = session.resolve = Guard(session.resolve)
        self.shown = shown(url)

    def ask(self) -> Page | None:
        """Raises Unusable."""
        with self._session.call():
            answer, url = self._followed()
        if answer.status_code == 304 and self._tag and self._tag[0] == url:
            return None
        self._tag = None
        if answer.status_code != 200:
            raise Unusable(f"the server answered {answer.status_code}{self._from(url)}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if tag := answer.headers.get("ETag"):
            self._tag = url, tag
        return Page(answer.content, printable(kind), self._from(url))

    def forget(self) -> None:
        """What was answered is no good: ask for it whole the next time."""
        self._tag = None

    def _from(self, url: str) -> str:
        return f" (redirected to {shown(url)})" if url != self._url else ""

    def _followed(self) -> tuple[Response, str]:
        url = self._url
        for _ in range(HOPS + 1):
            answer = self._get(url)
            target = answer.headers.get("Location")
            if answer.status_code not in REDIRECTS or not target:
                return answer, url
            url = self._allowed(url, target)
        raise Unusable(f"it redirects more than {HOPS} times, at last to {shown(url)}")

    def _allowed(self, url: str, target: str) -> str:
        """The address that a redirect leads to. Raises Unusable where nobody should follow."""
        try:
            following = urljoin(url, target)
            parts, same = urlsplit(following), self._is_home(following)
        except ValueError:
            raise Unusable("it redirects to an address that cannot be read") from None
        if not same and (parts.scheme != "https" or not parts.hostname or parts.username):
            raise Unusable(f"it redirects to {shown(following)}: only https addresses are followed")
        if not same and not self._private and not is_public(parts.hostname or ""):
            raise Unusable(f"it redirects to {shown(following)}: {IN_PRIVATE}")
        return following

    def _get(self, url: str) -> Response:
        headers = {"Accept": self._accept}
        if self._tag and self._tag[0] == url:
            headers |= {"If-None-Match": self._tag[1]}
        self._guard.refused = False
        try:
            home = self._is_home(url)
            self._guard.strict = not (home or self._private or self._session.proxies_for(url))
            secret = dict([self._secret]) if self._secret and home else {}
            return self._session.get(url, headers=headers | secret)
        except (RequestException, ValueError) as trouble:
            if self._guard.refused:
                raise Unusable(f"it redirects to {shown(url)}: {IN_PRIVATE}") from None
            known = self._session.last.problem if self._session.last else None
            raise Unusable(known or f"the request failed ({type(trouble).__name__})") from None

    def _is_home(self, url: str) -> bool:
        """Is this the very site that the count was to be asked of? Raises ValueError."""
        return _origin(urlsplit(url)) == _origin(urlsplit(self._url))


class Guard:
    """A look-up of names that, while `strict`, finds public addresses only."""

    def __init__(self, resolve: Resolver) -> None:
        self._resolve, self.strict, self.refused = resolve, False, False

    def __call__(self, host: str, port: int) -> Sequence[Any]:
        found = self._resolve(host, port)
        public = [each for each in found if is_public(each[4][0])] if self.strict else found
        self.refused = bool(found) and not public
        return public


def is_public(host: str) -> bool:
    """Is this IP address one of the open internet? Of a name that is not known yet: yes."""
    try:
        ip = ip_address(host.partition("%")[0])
    except ValueError:
        return host != "localhost"
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def shown(url: str) -> str:
    """An address without what may be secret in it: no user, no query, no fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    return printable(f"{parts.scheme}://{host}{parts.path}" if host else parts.path, room=200)


def printable(text: str, room: int = 40) -> str:
    """So many characters at most, that any screen can show on one line."""
    short = text if len(text) <= room else text[: room - 1] + "…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in short)
