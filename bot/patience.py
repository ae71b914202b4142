"""Whatever the state refuses while the bot runs, the bot goes on: it says so once, and once that it is over.

Nothing is retried here: what could not be done is found again by whoever looks next. It hides no
surprise: what nobody foresaw is in the log each time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from bot.core.model import Event
from bot.ports import StoreUnusable

T = TypeVar("T")


class Patience:
    """Calls verbs, from any thread. A trouble stands until the verb that met it goes well again."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell, self._lock = tell, threading.Lock()
        self._standing: dict[str, str] = {}

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
