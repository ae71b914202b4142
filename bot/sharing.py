"""What followers see, asked from a running campaign: the board of the share page, and the pictures on it.

It only looks, and however many ask, it looks no more than once in a few seconds.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Lock
from typing import Protocol

from bot.core.board import Board, board
from bot.core.model import Limits, Picture
from bot.core.pictures import Look, Unusable
from bot.core.plan import Book
from bot.ports import Clock, Drawn, Store

FRESH = timedelta(seconds=5)
NEWEST = 500
"""Deliveries among which the latest posts are looked for."""


class Written(Protocol):
    """Whoever knows what people have written now: the campaign."""

    @property
    def book(self) -> Book: ...


class Pictures(Protocol):
    """The pictures beside messages.yaml."""

    def __hash__(self) -> int: ...

    def look(self, file: str) -> Look | Unusable: ...

    def draw(self, picture: Picture, limits: Limits) -> Drawn | Unusable: ...


class Sharing:
    """The share page of one campaign. Threads may share it."""

    def __init__(self, campaign: Written, store: Store, clock: Clock, album: Pictures) -> None:
        self.album = album
        self._campaign, self._store, self._clock = campaign, store, clock
        self._lock = Lock()
        self._known: tuple[float, Book, Board] | None = None

    def board(self) -> Board:
        """What followers may see now, or could a few seconds ago. Raises StoreUnusable."""
        with self._lock:
            book, at = self._campaign.book, self._clock.monotonic()
            known = self._known
            if known is None or known[1] is not book or at - known[0] > FRESH.total_seconds():
                known = self._known = at, book, self._looked(book)
            return known[2]

    def _looked(self, book: Book) -> Board:
        store = self._store
        reading = next(iter(store.readings(limit=1)), None)
        return board(book, reading, store.passed(), store.history(NEWEST), self._clock.now())
