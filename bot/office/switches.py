"""What people have the last word on: pauses, holds, and what became of a post that is in doubt.

Nothing is sent by any of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.campaign import Campaign
from bot.core.model import State
from bot.core.slots import instant
from bot.office.people import NotSo
from bot.ports import Clock, Store

Note = Callable[[str, str, str, str, str], None]
"""Keeps a deed: who, verb, about, before, after."""

EVERYWHERE = "all accounts"


class Switches:
    """`account_id` None: all accounts."""

    def __init__(self, campaign: Campaign, store: Store, clock: Clock, note: Note, wake: Callable[[], None]):
        self._campaign, self._store, self._clock = campaign, store, clock
        self._note, self._wake = note, wake

    def pause(self, who: str, account_id: str | None, until: date | None = None) -> None:
        """Nothing goes out; `until`: it goes on by itself when that day begins. Raises NotSo."""
        self._known(account_id)
        ends = self._begins(until) if until else None
        if ends and ends <= self._clock.now():
            raise NotSo(f"{until} has begun already; take a later day, or none")
        before = self._paused(account_id)
        self._store.pause(account_id, ends)
        self._note(who, "pause", account_id or EVERYWHERE, before, self._paused(account_id))

    def resume(self, who: str, account_id: str | None) -> None:
        """Go on after a pause, or with an account that is held. Raises NotSo."""
        self._known(account_id)
        before = self._paused(account_id)
        self._store.resume(account_id)
        if account_id and (held := self._store.account(account_id).held):
            self._store.hold(account_id, None)
            before = f"held: {held}"
        self._note(who, "resume", account_id or EVERYWHERE, before, self._paused(account_id))
        self._wake()

    def resolve(self, who: str, delivery_id: int, *, posted: bool) -> None:
        """Say whether a post of unknown fate is there. Raises NotSo where that is known."""
        row = self._store.delivery(delivery_id)
        doubted = row is not None and row.state is State.UNCONFIRMED
        if row is None or not doubted or not self._campaign.resolve(row, posted=posted):
            raise NotSo("what became of this post is known already; nothing was changed")
        self._note(who, "resolve", row.key, row.reason, "posted" if posted else "not posted")

    def _known(self, account_id: str | None) -> None:
        ids = [account.id for account in self._campaign.book.settings.accounts]
        if account_id is not None and account_id not in ids:
            raise NotSo(f"there is no account {account_id}; there are {', '.join(ids)}")

    def _begins(self, day: date) -> datetime:
        zone = ZoneInfo(self._campaign.book.settings.campaign.timezone)
        try:
            return instant(datetime.combine(day, time()), zone)
        except OverflowError:
            raise NotSo(f"{day} is too far away; take an earlier day") from None

    def _paused(self, account_id: str | None) -> str:
        """In words; of one account its own pause only."""
        if account_id is None:
            return self._store.paused(self._clock.now()) or ""
        state = self._store.account(account_id)
        ends = f" until {state.paused_until:%Y-%m-%d %H:%M} UTC" if state.paused_until else ""
        return f"paused{ends}" if state.paused else ""
