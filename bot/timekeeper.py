"""Our clock held against those of the networks: while it is wrong, nothing is planned, sent or written off.

A clock that was set by an hour would burn slots, or fire them early. It only compares; it sets nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import islice

from bot.core.model import Event
from bot.courier import Courier
from bot.ports import Clock

WRONG = timedelta(minutes=2)
"""So far off every network's clock, ours is taken for wrong."""

A_JUMP = timedelta(minutes=1)
"""Our wall clock moved so much against a clock that cannot be set."""

ASK_AGAIN = timedelta(minutes=10)
"""How often the networks are asked for the time while ours is wrong."""


AT_ONCE = 16
"""So many accounts introduce themselves at the start, one after the other; of a crowd the others do when they
have something to say."""


class Timekeeper:
    """Has the couriers introduce themselves: the answers tell who we are, and what time it is there."""

    def __init__(
        self, couriers: Callable[[], Iterable[Courier]], clock: Clock, tell: Callable[[Event], None]
    ) -> None:
        self._couriers, self._clock, self._tell = couriers, clock, tell
        self._asked_at = clock.now(), clock.monotonic()
        self._told = ""

    def introduce(self) -> None:
        """Ask the networks who we are and what time it is."""
        self._asked_at = self._clock.now(), self._clock.monotonic()
        for courier in islice(self._couriers(), AT_ONCE):
            courier.introduce()

    def clock_is_right(self) -> bool:
        """False while ours is wrong, said once. After a jump the networks are asked before anything else."""
        wall, monotonic = self._asked_at
        passed = timedelta(seconds=self._clock.monotonic() - monotonic)
        drift = self._clock.now() - wall - passed
        if abs(drift) > A_JUMP:
            self._set_by(drift)
        if abs(drift) > A_JUMP or (self.wrong() and passed >= ASK_AGAIN):
            self.introduce()
        wrong = self.wrong() or ""
        if wrong and wrong != self._told:
            self._tell(Event("trouble", wrong))
        self._told = wrong
        return not wrong

    def _set_by(self, drift: timedelta) -> None:
        """Ours was set: what a network told before is true of its clock, also if it does not answer now."""
        for courier in self._couriers():
            if courier.offset is not None:
                courier.offset -= drift

    def wrong(self) -> str | None:
        """Why nothing may go out: every network that told has another time than ours."""
        first: timedelta | None = None
        for courier in self._couriers():
            if courier.offset is not None and abs(courier.offset) <= WRONG:
                return None
            first = first or courier.offset
        if first is None:
            return None
        minutes = round(first.total_seconds() / 60)
        direction = "behind" if minutes > 0 else "ahead"
        return (
            f"this machine's clock is {abs(minutes)} minutes {direction}: nothing is sent until it is right"
        )
