"""Small servers on loopback that say exactly the bytes they are told, each connection by a script."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket], None]


class Server:
    """`connections` counts what was accepted, `requests` keeps the heads that were read."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self._script, self._tls = script, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self._tls:
                with self._tls.wrap_socket(connection, server_side=True) as safe:
                    self._script(safe)
            else:
                self._script(connection)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()
        self._thread.join(2)


@contextlib.contextmanager
def serving(*steps: Script, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that goes through `steps` on every connection, then closes it."""

    def script(connection: socket.socket) -> None:
        for step in steps:
            if step is read:
                server.requests.append(read_head(connection))
            else:
                step(connection)

    server = Server(script, tls)
    try:
        yield server
    finally:
        server.close()


def read(connection: socket.socket) -> None:
    """A step: read the head of the request, which `Server.requests` then keeps."""


def read_head(connection: socket.socket) -> bytes:
    """The head of a request; its body is read too, since closing on unread bytes resets the connection."""
    seen = b""
    while b"\r\n\r\n" not in seen and (more := connection.recv(65_536)):
        seen += more
    head, _, body = seen.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]) and (more := connection.recv(65_536)):
        body += more
    return head + b"\r\n\r\n"


def say(data: bytes) -> Script:
    return lambda connection: connection.sendall(data)


def answer(status: str = "200 OK", body: bytes = b"", *headers: str) -> Script:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return say("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def drip(data: bytes, pause: float) -> Script:
    def script(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return script


def wait(seconds: float) -> Script:
    return lambda _: time.sleep(seconds)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
