"""One request on its way: its connection is cut when the time is up, and it knows how far it got.

It reads no answer and decides nothing.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

Resolver = Callable[[str, int], Sequence[Any]]
"""(host, port) -> what socket.getaddrinfo gives; raises OSError where the name is not known."""


class Attempt:
    """`ends` by time.monotonic(); `spoke` as soon as a byte of the request may have been written."""

    def __init__(self, host: str, ends: float, resolve: Resolver) -> None:
        self._host, self._ends, self._resolve = host, ends, resolve
        self._whole = self.left()
        self._step, self._detail = f"{host} could not be reached", ""
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self.spoke = self.expired = False
        self._timer = threading.Timer(self._whole, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        """Seconds, always more than none."""
        return max(self._ends - time.monotonic(), 0.001)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected socket under watch; raises OSError."""
        self._step = f"the name {host} was not found"
        addresses = self._look_up(host.strip("[]"), port)
        self._step = f"{host} could not be reached"
        connected = self._reach(addresses)
        self._watch(connected)
        self._step = f"no safe connection to {host} came about"
        return connected

    def _look_up(self, host: str, port: int) -> Sequence[Any]:
        """In a thread of its own, since getaddrinfo knows no deadline."""
        answers: queue.SimpleQueue[Sequence[Any] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except Exception as error:  # handed over to the thread that asked
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=self.left())
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(found, Exception):
            raise found
        return found

    def _reach(self, addresses: Sequence[Any]) -> socket.socket:
        """The first address that answers; none of them may use up the time of those after it."""
        failure = OSError()
        for place, (family, kind, protocol, _, address) in enumerate(addresses):
            tried = socket.socket(family, kind, protocol)
            try:
                tried.settimeout(self.left() / (len(addresses) - place))
                tried.connect(address)
                tried.settimeout(self.left())
                tried.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return tried
            except OSError as error:
                tried.close()
                failure = error
        raise failure

    def _watch(self, connected: socket.socket) -> None:
        """Keep a twin of the socket, since TLS takes the socket itself away."""
        with self._lock:
            if self.expired:
                connected.close()
                raise TimeoutError
            self._socket = connected.dup()

    def _expire(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            self.expired = True
            if self._socket:
                self._socket.shutdown(socket.SHUT_RDWR)

    def speak(self) -> None:
        """The next byte belongs to the request. After the deadline none is written any more."""
        with self._lock:
            if self.expired:
                raise TimeoutError
            self.spoke = True

    def failed(self, error: Exception) -> None:
        """Keep what the system says of a connection that did not come about."""
        said = (getattr(error, name, None) for name in ("verify_message", "reason", "strerror"))
        words = next((words for words in said if isinstance(words, str) and words), "")
        self._detail = words.replace("_", " ").lower() if words.isupper() else words

    def problem(self) -> str:
        """What went wrong, for people: half a sentence that names the host."""
        late = self.expired or time.monotonic() >= self._ends
        given = f"within {self._whole:.3g} s" if self._whole > 0.01 else "in the time that was left"
        within = f" {given}" if late else ""
        if self.spoke and late:
            return f"no whole answer came from {self._host}{within}"
        if self.spoke:
            return f"the connection to {self._host} broke before a whole answer came"
        return self._step + (within or (f" ({self._detail})" if self._detail else ""))

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._socket:
                self._socket.close()
            self._socket = None


class _Watched:
    """Mixed into urllib3's connections: connects under watch, and notes the request's first byte."""

    host: str
    port: int
    sock: Any

    def __init__(self, *args: Any, attempt: Attempt, **options: Any) -> None:
        super().__init__(*args, **options)
        self._attempt, self._ready = attempt, False

    def _new_conn(self) -> socket.socket:
        return self._attempt.connect(self.host, self.port)

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except Exception as error:
            self._attempt.failed(error)
            raise
        self._ready = True

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if self._ready:  # else it is the greeting of a proxy
            self._attempt.speak()
        super().send(data)  # type: ignore[misc]


class Plain(_Watched, HTTPConnection):
    """http:// under watch."""


class Encrypted(_Watched, HTTPSConnection):
    """https:// under watch."""
