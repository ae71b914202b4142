"""A count that people set by hand (`petition-bot count set N`), for petitions that no machine can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core.model import BadReading, Reading


class ManualCounter:
    """Gives the last number set by hand, with the time at which it was set. Asks nobody else."""

    def __init__(self, read: Callable[[], Reading | None]) -> None:
        self._read = read

    def read(self, now: datetime) -> Reading | BadReading:
        return self._read() or BadReading("no count is set yet; set it with: petition-bot count set N")
