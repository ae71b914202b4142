"""Counts calls: when each arrived, and how many are left in a window of time. It refuses none itself."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass

from bot.sandbox.wire import Request

KEPT = 50
"""How many requests are remembered whole, per endpoint."""


@dataclass(frozen=True, slots=True)
class Left:
    """`reset` in seconds of the clock that was handed in."""

    limit: int
    remaining: int
    reset: float
    over: bool


class Windows:
    """One window per name, opened by its first call. Thread-safe; the clock is handed in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, tuple[float, int]] = {}

    def count(self, name: str, limit: int, seconds: float, now: float) -> Left:
        """Count one call of `name` at `now`."""
        with self._lock:
            began, used = self._open.get(name, (now, 0))
            if not began <= now < began + seconds:
                began, used = now, 0
            self._open[name] = (began, used + 1)
        return Left(limit, max(0, limit - used - 1), began + seconds, used >= limit)


class Arrivals:
    """When requests arrived, per endpoint, by time.monotonic(). Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[str, list[float]] = {}
        self._recent: dict[str, deque[Request]] = {}

    def note(self, endpoint: str, request: Request) -> None:
        with self._lock:
            self._times.setdefault(endpoint, []).append(time.monotonic())
            self._recent.setdefault(endpoint, deque(maxlen=KEPT)).append(request)

    def requests(self, endpoint: str) -> tuple[Request, ...]:
        """The newest of them, oldest first."""
        with self._lock:
            return tuple(self._recent.get(endpoint, ()))

    def of(self, endpoint: str) -> tuple[float, ...]:
        with self._lock:
            return tuple(self._times.get(endpoint, ()))
