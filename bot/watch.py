"""What watches over a running bot: its pulse, its heartbeat, and whoever is on call.

It looks and tells; it changes nothing about posts, and nothing that fails here stops one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.alerts import OnCall
from bot.campaign import Campaign
from bot.core.model import Event
from bot.core.settings import Settings
from bot.core.vitals import Vitals
from bot.lateness import Lateness
from bot.patience import Patience
from bot.ports import Clock, Store, StoreUnusable
from bot.pulse import Heartbeat, Pulse
from bot.vitals import vitals

EVERY, FIRST = 60.0, 5.0
"""Seconds between two looks, and before the first."""


class Watch:
    """`broken`: why an edit of the files is not taken up (empty: it is). `patience` is the running bot's."""

    def __init__(
        self,
        campaign: Campaign,
        store: Store,
        clock: Clock,
        tell: Callable[[Event], None],
        spare: Callable[[], Store],
        lateness: Lateness,
    ) -> None:
        self._campaign, self._store, self._clock = campaign, store, clock
        self._on_call = OnCall(store, spare, clock, tell)
        self._addresses: Mapping[str, str] = {}
        self.pulse = Pulse(clock, self._trouble)
        self.heartbeat = Heartbeat(self.pulse, tell)
        self.lateness = lateness
        self.patience: Patience | None = None
        self.broken = ""

    def adopt(self, addresses: Mapping[str, str], heartbeat: str | None) -> None:
        """Tell these from now on, by name; and ask this address while all is well."""
        self._addresses, self.heartbeat.url = addresses, heartbeat

    def look(self) -> None:
        """Tell who is on call what is new. To be called once a minute."""
        self._on_call.look(
            self._settings, self._addresses, lambda: self._campaign.needs(self._files()), self._state()
        )

    def ill(self) -> str:
        """What is wrong, in a word, as /healthz says it; empty: nothing. The state is read for it."""
        try:
            self._store.paused(self._clock.now())
        except StoreUnusable:
            return "state"
        return self.pulse.ill()

    def vitals(self) -> Vitals:
        """How the bot does, in figures. Raises StoreUnusable."""
        late = self.lateness.so_far()
        return vitals(self._campaign.book, self._store, self._clock.now(), self.pulse.ill(), late)

    @property
    def _settings(self) -> Settings:
        return self._campaign.book.settings

    def _state(self) -> str:
        return self.patience.trouble if self.patience else ""

    def _trouble(self) -> str:
        if self._state():
            return "state"
        return "clock" if self._campaign.clock_trouble else ""

    def _files(self) -> str:
        if self.broken:
            return f"An edit is not taken up, the last good files stay: {self.broken}"
        barred = ", ".join(sorted(self._campaign.book.barred))
        return f"Not posted, since they have errors: {barred}. See petition-bot check" if barred else ""
