"""Counts calls in windows of time, for the headers that tell how many are left."""

from __future__ import annotations

import threading
from dataclasses import dataclass


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
