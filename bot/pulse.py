"""Whether the bot is alive: it looks at the calendar, its state can be used, its clock is right.

Others ask here: /healthz, and the heartbeat that a dead man's switch waits for. It mends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.core.model import Event
from bot.ports import Clock

T = TypeVar("T")

TOO_LONG = 180.0
"""Seconds without a look at the calendar, which is due every 30, after which the bot hangs."""

WHOLE = 20.0
"""Seconds for one heartbeat."""


class Pulse:
    """`trouble` gives what keeps the bot from posting now, as one word (`state`, `clock`); empty: nothing."""

    def __init__(self, clock: Clock, trouble: Callable[[], str]) -> None:
        self._clock, self._trouble = clock, trouble
        self._looked: float | None = None

    def looking(self, tick: Callable[[], T]) -> Callable[[], T]:
        """`tick`, and a beat of the pulse whenever it ends well."""

        def looked() -> T:
            found = tick()
            self._looked = self._clock.monotonic()
            return found

        return looked

    def ill(self) -> str:
        """What is wrong, in a word; empty: the bot would post now what is due."""
        if self._looked is None:
            return "starting"
        if self._clock.monotonic() - self._looked > TOO_LONG:
            return "stuck"
        return self._trouble()


class Heartbeat:
    """Asks an address while all is well, so that somebody else notices when nobody asks it any more."""

    def __init__(self, pulse: Pulse, tell: Callable[[Event], None]) -> None:
        self.url: str | None = None
        self._pulse, self._tell, self._failing = pulse, tell, False

    def beat(self) -> None:
        """To be called once a minute."""
        if self.url and not self._pulse.ill():
            why = asked(self.url)
            if why and not self._failing:
                self._tell(Event("trouble", f"the heartbeat does not arrive: {why}. Posts go on"))
            self._failing = bool(why)


def asked(url: str) -> str:
    """Ask the address once; empty: it took it, else half a sentence without the address."""
    from bot.http import RequestException, session
    from bot.http.quiet import unheard

    asking = session(WHOLE, largest=100_000)
    with unheard(), asking.call():
        try:
            status = asking.get(url).status_code
        except RequestException as error:
            last = asking.last
            return (last and last.problem) or f"HEARTBEAT_URL cannot be asked ({type(error).__name__})"
    return "" if status < 300 else f"the site answers {status}"
