"""A server that answers what it is told and keeps every request, to see what a library really sends."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Sent:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] | None = None

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Recorder:
    """`replies` maps (method, path) to a Reply, or to several that are given one after the other."""

    def __init__(self, replies: Mapping[tuple[str, str], Reply | list[Reply]]) -> None:
        self.sent: list[Sent] = []
        self._replies = {
            asked: reply if isinstance(reply, list) else [reply] for asked, reply in replies.items()
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _reply(self, sent: Sent) -> Reply:
        self.sent.append(sent)
        queue = self._replies.get((sent.method, sent.path.rstrip("/")), [Reply(404, {"error": "not found"})])
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def _handler(recorder) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                reply = recorder._reply(Sent(self.command, self.path, self.headers, body))
                encoded = reply.encoded()
                self.send_response(reply.status)
                for name, value in (
                    {"Content-Length": str(len(encoded))} | dict(reply.headers or {})
                ).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(encoded)

            do_GET = do_POST = do_DELETE = do_PUT = _answer

            def log_message(self, format: str, *args: Any) -> None:
                """Tests read the requests, not a log."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
