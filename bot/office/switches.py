"""Pauses and holds, set and lifted by people. What is due meanwhile is the rules' business."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.campaign import Campaign
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
            raise NotSo("%(day)s has begun already; take a later day, or none", day=until)
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

    def _known(self, account_id: str | None) -> None:
        ids = [account.id for account in self._campaign.book.settings.accounts]
        if account_id is not None and account_id not in ids:
            names = ", ".join(ids)
            raise NotSo(
                "there is no account %(account)s; there are %(names)s", account=account_id, names=names
            )

    def _begins(self, day: date) -> datetime:
        zone = ZoneInfo(self._campaign.book.settings.campaign.timezone)
        try:
            return instant(datetime.combine(day, time()), zone)
        except OverflowError:
            raise NotSo("%(day)s is too far away; take an earlier day", day=day) from None

    def _paused(self, account_id: str | None) -> str:
        """In words; of one account its own pause only."""
        if account_id is None:
            return self._store.paused(self._clock.now()) or ""
        state = self._store.account(account_id)
        ends = f" until {state.paused_until:%Y-%m-%d %H:%M} UTC" if state.paused_until else ""
        return f"paused{ends}" if state.paused else ""
