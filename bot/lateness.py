"""How late posts go out, counted while the bot runs. It listens to events and hands every one on."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable

from bot.core.model import Event, State
from bot.core.vitals import BOUNDS, Late


class Lateness:
    """Counts from any thread what was posted; a repost and a post by hand have no time to keep."""

    def __init__(self) -> None:
        self._counts, self._total = [0] * (len(BOUNDS) + 1), 0.0
        self._lock = threading.Lock()

    def hearing(self, tell: Callable[[Event], None]) -> Callable[[Event], None]:
        """`tell`, and what is told is heard."""

        def heard(event: Event) -> None:
            self._note(event)
            tell(event)

        return heard

    def _note(self, event: Event) -> None:
        row = event.delivery
        if event.what != State.POSTED or row is None or row.spoke_at is None or row.action != "post":
            return
        late = max((row.spoke_at - row.slot).total_seconds(), 0.0)
        with self._lock:
            self._counts[bisect_left(BOUNDS, late)] += 1
            self._total += late

    def so_far(self) -> Late:
        with self._lock:
            return Late(tuple(self._counts), self._total)
