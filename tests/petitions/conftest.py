"""A petition site on loopback that answers what a test tells it, and remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.core.model import BadReading, Reading

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def why(reading: Reading | BadReading) -> str:
    """The reason of a bad reading, which is one line."""
    assert isinstance(reading, BadReading)
    assert "\n" not in reading.reason
    return reading.reason


class Site:
    """`answer` sets the answer that is given from now on, to one path or to all; `asked` has the headers
    of requests."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self._answers: dict[str, tuple[bytes, int, dict[str, str]]] = {}
        self.answer(b"{}")
        self.address, self.port, self.delay = "", 0, 0.0

    def answer(
        self,
        body: bytes | str,
        status: int = 200,
        kind: str = "application/json",
        path: str = "",
        **headers: str,
    ) -> None:
        encoded = body.encode() if isinstance(body, str) else body
        self._answers[path] = encoded, status, {"Content-Type": kind, **headers}

    def at(self, path: str) -> tuple[bytes, int, dict[str, str]]:
        return self._answers.get(path) or self._answers[""]


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    state = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(dict(self.headers))
            state.paths.append(self.path)
            body, status, headers = state.at(self.path)
            time.sleep(state.delay)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            with suppress(ConnectionError):  # it was asked by somebody in a hurry
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.port = server.server_port
        state.address = f"http://127.0.0.1:{server.server_port}/petitions/1.json"
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served
