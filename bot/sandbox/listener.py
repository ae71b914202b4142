"""Listens on one port of 127.0.0.1, a thread per connection, and can close that port and open it again.

It knows no site: whoever owns it answers the requests. Stopping leaves no thread and no socket.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.sandbox.wire import Request, Wire, lingers

HOST = "127.0.0.1"
MOST_BODY = 64 * 1024 * 1024
POLL = 0.5
SHARES_PORT = sys.platform != "linux"
"""Elsewhere SO_REUSEADDR is not enough to hold a port with a second socket that does not listen."""

Serve = Callable[[Request, Wire], None]
log = logging.getLogger(__name__)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128
    allow_reuse_port = SHARES_PORT
    timeout = POLL

    def __init__(self, port: int, listener: Listener) -> None:
        self.listener = listener
        super().__init__((HOST, port), _Connection)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own asks the resolver for a name

    def listen_again(self) -> None:
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()
        self.server_activate()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        return self.listener.opened(connection), address

    def shutdown_request(self, request: Any) -> None:
        self.listener.connections.discard(request)
        if lingers(request):
            self.close_request(request)  # a FIN before the RST would hide it
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            log.exception("the sandbox broke while answering")


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        listener = self.server.listener
        wire = Wire(self.connection, listener.over.is_set, head=self.command == "HEAD")
        listener.serve(self._request(), wire)
        self.close_connection = self.close_connection or wire.closed

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def _request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("transfer-encoding") == "chunked":
            return Request(self.command, self.path, headers, b"".join(self._chunks()))
        size = min(int(headers.get("content-length", 0)), MOST_BODY)
        return Request(self.command, self.path, headers, self.rfile.read(size))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)


class Listener:
    """One port. `serve` is called in the connection's own thread, once per request."""

    def __init__(self, serve: Serve, tls: ssl.SSLContext | None = None) -> None:
        self.serve = serve
        self.port = 0
        self.over = threading.Event()
        self.connections: set[socket.socket] = set()
        self._tls = tls
        self._change = threading.Condition()
        self._listening = False
        self._closed_until = 0.0
        self._to_close = False
        self._closings = 0
        self._thread: threading.Thread | None = None

    def start(self, port: int = 0) -> None:
        """Listen on `port`, or on a free one when it is 0 or taken."""
        self._holder = _hold(port)
        self.port = self._holder.getsockname()[1]
        self._server = _Server(self.port, self)
        self._listening = True
        self._thread = threading.Thread(target=self._run, name=f"sandbox-{self.port}")
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        if self._thread is None:
            return
        self.over.set()
        with self._change:
            self._change.notify_all()
        self._wake()
        self._thread.join()
        self._thread = None
        self._drop()
        self._server.server_close()
        self._holder.close()

    def refuse(self, seconds: float) -> None:
        """Close the port and all connections now; it opens again by itself, or by `reopen`."""
        if self._thread is None:
            return
        with self._change:
            self._closed_until = max(time.monotonic(), self._closed_until) + seconds
            self._to_close, before = True, self._closings
            self._wake()
            self._change.wait_for(
                lambda: not self._listening or self._closings > before or self.over.is_set()
            )
        self._drop()

    def reopen(self) -> None:
        """Listen again at once; the port is open on return."""
        if self._thread is None:
            return
        with self._change:
            self._closed_until = 0.0
            self._change.notify_all()
            self._change.wait_for(lambda: self._listening or self.over.is_set())

    def opened(self, connection: socket.socket) -> socket.socket:
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.connections.add(connection)
        return connection

    def _run(self) -> None:
        while not self.over.is_set():
            if self._to_close:
                self._stay_closed()
            else:
                self._server.handle_request()

    def _stay_closed(self) -> None:
        self._server.socket.close()
        with self._change:
            self._listening = False
            self._closings += 1
            self._change.notify_all()
            while not self.over.is_set() and self._closed_for() > 0:
                self._change.wait(self._closed_for())
            if not self.over.is_set():
                self._server.listen_again()
            self._listening, self._to_close = True, False
            self._change.notify_all()

    def _closed_for(self) -> float:
        return self._closed_until - time.monotonic()

    def _wake(self) -> None:
        """A connection of our own, so that the thread that waits for one looks up."""
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, self.port), timeout=POLL).close()

    def _drop(self) -> None:
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _hold(port: int) -> socket.socket:
    """A socket that keeps the port ours while we do not listen on it."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if SHARES_PORT:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        holder.bind((HOST, port))
    except OSError:
        holder.bind((HOST, 0))
    return holder
