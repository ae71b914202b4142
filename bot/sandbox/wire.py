"""What passes over one connection: a request read whole, an answer, and the ways to send it badly.

It knows HTTP and sockets, and refuses to know what any site means by a request.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole. Header names are lower case; `args` are the groups of the route."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    args: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def matched(self, args: tuple[str, ...]) -> Request:
        return replace(self, args=args)

    def asked(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Headers = ()

    @classmethod
    def json(cls, status: int, value: Any, headers: Headers = ()) -> Answer:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        plain = cls(status, text.encode(), (("Content-Type", "application/json; charset=utf-8"),))
        return plain.with_headers(*headers)

    @classmethod
    def html(cls, status: int, text: str, headers: Headers = ()) -> Answer:
        return cls(status, text.encode(), (("Content-Type", "text/html; charset=utf-8"), *headers))

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def with_headers(self, *headers: tuple[str, str]) -> Answer:
        """The same answer with these headers, in place of any of the same names."""
        named = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in named)
        return replace(self, headers=(*kept, *headers))

    def encode(self, *, body: bool = True) -> bytes:
        """The bytes of it in HTTP/1.1; without `body` as a HEAD request wants it."""
        reason = HTTPStatus(self.status).phrase
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body)}")
        head = "\r\n".join(lines) + "\r\n\r\n"
        return head.encode("latin-1") + (self.body if body else b"")


class Wire:
    """The client's end of one request. `over` tells that the server is stopping."""

    def __init__(self, connection: socket.socket, over: Callable[[], bool], *, head: bool = False) -> None:
        self._connection = connection
        self._over = over
        self._head = head
        self.closed = False
        """Set when this connection must carry no further request."""

    def send(self, answer: Answer) -> None:
        self._write(answer.encode(body=not self._head))

    def drip(self, answer: Answer, pause: float, limit: float) -> None:
        """One byte every `pause` seconds, until all is sent, the client went, or `limit` seconds."""
        deadline = time.monotonic() + limit
        for byte in answer.encode():
            self._write(bytes([byte]))
            if self.closed or self._client_went(min(time.monotonic() + pause, deadline)):
                break
            if time.monotonic() >= deadline:
                break
        self.closed = True

    def hang(self, limit: float) -> None:
        """Say nothing until the client gives up, at most `limit` seconds; then close."""
        self._client_went(time.monotonic() + limit)
        self.closed = True

    def cut(self, answer: Answer) -> None:
        """Half of the answer, and the end."""
        whole = answer.encode()
        self._write(whole[: len(whole) - len(answer.body) // 2 - 1])
        self.closed = True

    def reset(self) -> None:
        """The client gets ECONNRESET: closing with a linger of zero sends RST in place of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.closed = True

    def _write(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except OSError:
            self.closed = True

    def _client_went(self, deadline: float) -> bool:
        """Wait until `deadline`; True as soon as the client closed its end or the server stops."""
        while not self._over():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._readable(min(left, 0.05)):
                if self._at_end():
                    return True
                time.sleep(min(left, 0.05))  # it sent more, which nobody reads
        return True

    def _readable(self, seconds: float) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(select.select([self._connection], [], [], seconds)[0])
        return True

    def _at_end(self) -> bool:
        try:
            return not self._connection.recv(1, socket.MSG_PEEK)
        except ValueError:  # TLS cannot peek
            return False
        except OSError:
            return True


def lingers(connection: socket.socket) -> bool:
    """Was this connection told to end in a reset?"""
    with contextlib.suppress(OSError):
        packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
        return bool(struct.unpack("ii", packed)[0])
    return False
