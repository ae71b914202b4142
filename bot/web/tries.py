"""How often somebody may try. It counts in memory, for this process, and knows no password."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

KEPT = 10_000
"""Keys that are counted at once; beyond that the one that was tried longest ago is forgotten."""


class Tries:
    """`most` in `within` seconds for each key; `seconds`: a clock that nobody sets. Threads may share it."""

    def __init__(self, most: int, within: float, seconds: Callable[[], float]) -> None:
        self.most, self.within, self._seconds = most, within, seconds
        self._tried: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str) -> float:
        """Count one more try. Seconds until there may be one, and then it did not count; 0: go on."""
        with self._lock:
            now = self._seconds()
            times = self._tried.setdefault(key, deque())
            self._tried.move_to_end(key)
            while times and times[0] <= now - self.within:
                times.popleft()
            if len(times) >= self.most:
                return times[0] + self.within - now
            times.append(now)
            self._forget_the_oldest()
            return 0

    def forget(self, key: str) -> None:
        """Whoever was right begins anew."""
        with self._lock:
            self._tried.pop(key, None)

    def _forget_the_oldest(self) -> None:
        if len(self._tried) > KEPT:
            self._tried.popitem(last=False)
