"""One office for one campaign.

Every verb that changes something takes `who` first, and keeps the deed in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.campaign import Campaign
from bot.core.overview import Overview
from bot.office.calendar import Calendar
from bot.office.past import Past
from bot.office.people import People
from bot.office.switches import Switches
from bot.office.words import Files, Messages
from bot.ports import Clock, Deed, Store


class Office:
    """`wake` tells the running bot that there is something to do now. `files`: where its messages stand;
    `broken`: why an edit of them is not taken up (empty: it is)."""

    def __init__(
        self,
        campaign: Campaign,
        store: Store,
        clock: Clock,
        wake: Callable[[], None],
        files: Files | None = None,
        broken: Callable[[], str] = lambda: "",
    ) -> None:
        self.campaign, self.store, self.clock, self.wake = campaign, store, clock, wake
        self.people = People(store, clock)
        self._files, self.broken = files, broken

    @property
    def messages(self) -> Messages:
        assert self._files, "an office without files changes no messages"
        return Messages(self._files, self.campaign, self.store, self.clock, self.note, self.wake)

    @property
    def past(self) -> Past:
        return Past(self.campaign, self.store, self.clock, self.note, self.wake)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.campaign, self.store, self.clock, self.note, self.wake)

    @property
    def switches(self) -> Switches:
        return Switches(self.campaign, self.store, self.clock, self.note, self.wake)

    def overview(self) -> Overview:
        return self.campaign.overview()

    def note(self, who: str, verb: str, about: str, before: str = "", after: str = "") -> None:
        """Keep who did what to what: `about` is a message, an account or a delivery."""
        self.store.note(Deed(who, verb, about, before, after, self.clock.now()))
