"""Whatever the state refuses while the bot runs, the bot goes on: it says so once, and once that it is over.

Nothing is retried here: what could not be done is found again by whoever looks next. It hides no
surprise: what nobody foresaw is in the log each time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.core.model import Event
from bot.ports import StoreUnusable

T = TypeVar("T")

TRY_AGAIN = timedelta(seconds=5)
"""While the state cannot be used nothing is tried more often: it may last for a night."""


class Patience:
    """Calls verbs, from any thread. A trouble stands until the verb that met it goes well again."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell, self._lock = tell, threading.Lock()
        self._standing: dict[str, str] = {}

    @property
    def trouble(self) -> str:
        """What the state refuses now, in a sentence; empty: nothing."""
        with self._lock:
            return next(iter(self._standing.values()), "")

    def call(self, name: str, verb: Callable[[], T], otherwise: T) -> T:
        """What `verb` gives; `otherwise` where it fails."""
        try:
            result = verb()
        except StoreUnusable as trouble:
            self._met(name, str(trouble))
        except Exception as surprise:
            logging.getLogger("bot").error("%s failed", name, exc_info=surprise)
        else:
            self._over(name)
            return result
        return otherwise

    def with_(
        self,
        tick: Callable[[], list[str]],
        serve: Callable[[str], None],
        next_at: Callable[[], datetime | None],
        now: Callable[[], datetime],
    ) -> tuple[Callable[[], list[str]], Callable[[str], None], Callable[[], datetime | None]]:
        """The verbs of an alarm clock, none of which fails; while a trouble stands it goes off less often."""

        def soon() -> datetime | None:
            at = self.call("looking ahead", next_at, None)
            return max(at or now(), now() + TRY_AGAIN) if self._standing else at

        def served(account_id: str) -> None:
            self.call(account_id, lambda: serve(account_id), None)

        return lambda: self.call("planning", tick, list[str]()), served, soon

    def _met(self, name: str, sentence: str) -> None:
        with self._lock:
            known = sentence in self._standing.values()
            self._standing[name] = sentence
        if not known:
            self._tell(Event("trouble", f"{sentence}; nothing is sent before that, and the bot keeps trying"))

    def _over(self, name: str) -> None:
        with self._lock:
            before = self._standing.pop(name, None)
            over = before is not None and not self._standing
        if over:
            self._tell(Event("mended", "the state can be used again: the bot goes on"))
