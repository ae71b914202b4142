"""A web hook on loopback, as people on call have them: it keeps what it was told, and refuses on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mailbox:
    """`letters`: bodies of JSON that came; `paths`: everything that was asked; `status`: what it answers."""

    def __init__(self) -> None:
        self.letters: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.status = 200
        mailbox = self

        class Slot(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                mailbox.paths.append(self.path)
                if mailbox.status == 200:
                    mailbox.letters.append(json.loads(body))
                self._answer()

            def do_GET(self) -> None:
                mailbox.paths.append(self.path)
                self._answer()

            def _answer(self) -> None:
                self.send_response(mailbox.status)
                if mailbox.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on stderr."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Slot)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def texts(self) -> list[str]:
        return [letter["message"] for letter in self.letters]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    opened = Mailbox()
    try:
        yield opened
    finally:
        opened.close()
