"""A petition site on loopback that answers what a test tells it, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Site:
    """`answer` sets the one answer that is given from now on; `asked` has the headers of requests."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.answer(b"{}")
        self.address = ""

    def answer(
        self, body: bytes | str, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.headers = status, {"Content-Type": kind, **headers}


@pytest.fixture
def site() -> Iterator[Site]:
    state = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(dict(self.headers))
            state.paths.append(self.path)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.address = f"http://127.0.0.1:{server.server_port}/petitions/1.json"
        yield state
        server.shutdown()
        thread.join()
