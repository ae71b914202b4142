"""The coming weeks and the past ones, slot by slot, and what people decide for single slots.

It shows what the plan says, and changes nothing of it but by a choice that the plan honours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.campaign import Campaign
from bot.core.choices import decided, slot_of
from bot.core.model import Choice, Delivery, NewDelivery, Planned, Post, Slot
from bot.core.slots import instant
from bot.core.sought import Sought
from bot.core.written import Message
from bot.office.people import NotSo
from bot.ports import Clock, Store

A_WEEK = timedelta(days=7)
BEHIND, AHEAD = 520, 9
"""Weeks before and after this one that can be looked at."""
MOST = 200
"""Slots of a week that are shown, of the past and of what is to come."""
FAR = 6000
"""Slots that are planned to get there; a bot that posts every few seconds has more."""

JUST_BEFORE = timedelta(seconds=2)
"""So shortly before its time nobody decides for a slot any more: the bot may have it in its hands."""

TOO_LATE = "its time has come: look at what became of it"

Note = Callable[[str, str, str, str, str], None]
"""Keeps a deed: who, verb, about, before, after."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One slot of a week: what is planned for it, or what became of it."""

    key: str
    account: str
    at: datetime
    planned: Planned | None = None
    delivery: Delivery | None = None
    choice: Choice | None = None

    @property
    def post(self) -> Post | None:
        known = self.planned or self.delivery
        return known.post if known else None


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday on, in the campaign's zone. `more`: not all of it is shown."""

    days: tuple[tuple[date, tuple[Entry, ...]], ...]
    more: bool
    first: date
    earlier: date | None
    later: date | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One slot with all that can be done about it. `offers`: each message as it would stand there, or why
    it may not; None: nothing can be put there."""

    entry: Entry
    offers: tuple[tuple[Message, Post | str], ...] | None
    is_open: bool


class Calendar:
    """The slots of one campaign."""

    def __init__(self, campaign: Campaign, store: Store, clock: Clock, note: Note, wake: Callable[[], None]):
        self._campaign, self._store, self._clock = campaign, store, clock
        self._note, self._wake = note, wake

    # --- to look at ---------------------------------------------------------------------------

    def week(self, day: date | None = None, account_id: str = "") -> Week:
        """The week that `day` (None: today) lies in, or the nearest that can be shown."""
        zone = self._campaign.book.settings.campaign.timezone
        this = _monday(self._clock.now().astimezone(ZoneInfo(zone)).date())
        first = min(max(_monday(day or this), this - BEHIND * A_WEEK), this + AHEAD * A_WEEK)
        ends = first + timedelta(days=6)
        past, coming = self._past(first, ends, account_id), self._coming(first, ends, account_id)
        entries = [*past, *coming[:MOST]]
        days = [first + timedelta(days=number) for number in range(7)]
        return Week(
            tuple((each, tuple(_of_day(entries, each, zone))) for each in days),
            len(past) >= MOST or len(coming) > MOST,
            first,
            first - A_WEEK if first > this - BEHIND * A_WEEK else None,
            first + A_WEEK if first < this + AHEAD * A_WEEK else None,
        )

    def _past(self, first: date, last: date, account_id: str) -> list[Entry]:
        since, before = self._bounds(first, last)
        rows = self._store.sought(Sought(account=account_id, since=since, before=before), MOST)
        return [_happened(row) for row in reversed(rows)]

    def _coming(self, first: date, last: date, account_id: str) -> list[Entry]:
        """One more than are shown, where there are more."""
        since, before = self._bounds(first, last)
        planned = islice(self._campaign.preview(self._clock.now(), before), FAR)
        wanted = (each for each in planned if each.slot.due >= since)
        ours = (_comes(each) for each in wanted if account_id in ("", each.slot.account))
        return list(islice(ours, MOST + 1))

    def _bounds(self, first: date, last: date) -> tuple[datetime, datetime]:
        """From the start of the first day to the end of the last one."""
        zone, midnight = ZoneInfo(self._campaign.book.settings.campaign.timezone), time()
        after = last + timedelta(days=1)
        return instant(datetime.combine(first, midnight), zone), instant(
            datetime.combine(after, midnight), zone
        )

    def slot(self, key: str) -> Opened | None:
        """One slot by its key; None where there is no such thing."""
        if row := self._store.by_key(key):
            return Opened(_happened(row), None, False)
        slot = slot_of(self._campaign.book, key)
        if slot is None:
            return None
        if not self._is_open(slot):
            return Opened(Entry(key, slot.account, slot.due), None, False)
        offers = None if slot.message_id else tuple(self._campaign.offers(slot))
        return Opened(self._planned(slot), offers, True)

    def _planned(self, slot: Slot) -> Entry:
        coming = islice(self._campaign.preview(self._clock.now(), slot.due + timedelta(microseconds=1)), FAR)
        found = next((each for each in coming if each.slot.key == slot.key), None)
        return _comes(found) if found else Entry(slot.key, slot.account, slot.due)

    def _is_open(self, slot: Slot) -> bool:
        return slot.due > self._clock.now() + JUST_BEFORE

    # --- to change ----------------------------------------------------------------------------

    def skip(self, who: str, key: str) -> None:
        """Nothing goes out in this slot. Raises NotSo."""
        self._decide(who, "skip", self._open(key), None)

    def put(self, who: str, key: str, message_id: str) -> None:
        """This message goes out in this slot. Raises NotSo."""
        slot = self._open(key)
        if slot.message_id:
            fixed = slot.message_id
            raise NotSo("this is the fixed date of %(id)s; leave it out, and choose another slot", id=fixed)
        known = {message.id: post for message, post in self._campaign.offers(slot)}
        if message_id not in known:
            raise NotSo("there is no message %(id)s that can be put into a slot", id=message_id)
        if isinstance(why_not := known[message_id], str):
            raise NotSo("%(why)s", why=why_not)
        self._decide(who, "put", slot, message_id)

    def undo(self, who: str, key: str) -> None:
        """Leave the slot to the rotation again. Raises NotSo."""
        slot = self._open(key)
        before = self._planned(slot).choice
        if not self._store.unchoose(key):
            raise NotSo("there is no choice to undo, or its time has come")
        self._note(who, "undo choice", key, _told(before), "")

    def _decide(self, who: str, verb: str, slot: Slot, message_id: str | None) -> None:
        before = self._planned(slot)
        choice = Choice(slot.key, message_id, who, slot.due, self._clock.now())
        if not self._store.choose(choice):
            raise NotSo(TOO_LATE)
        was = _told(before.choice) or (before.post.message_id if before.post else "")
        self._note(who, verb, slot.key, was, message_id or "")

    def _open(self, key: str) -> Slot:
        slot = slot_of(self._campaign.book, key)
        if slot is None:
            raise NotSo("there is no such slot; the schedule may have changed")
        if not self._is_open(slot):
            raise NotSo(TOO_LATE)
        return slot

    # --- now ----------------------------------------------------------------------------------

    def would_post(self, message_id: str) -> dict[str, NewDelivery | str]:
        """By account: the message as it would go out now, or why it may not."""
        accounts = [account.id for account in self._campaign.book.settings.accounts]
        return dict(zip(accounts, self._campaign.by_hand(message_id), strict=False))

    def post_now(self, who: str, message_id: str, account_id: str | None = None) -> list[Delivery | str]:
        """Lay the message into the outbox, and let the bot look at once: what was laid, why not the rest."""
        laid = self._campaign.post(message_id, account_id)
        for each in laid:
            if isinstance(each, Delivery):
                self._note(who, "post now", each.key, "", message_id)
        self._wake()
        return laid


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _of_day(entries: list[Entry], day: date, zone: str) -> list[Entry]:
    local = ZoneInfo(zone)
    return sorted((each for each in entries if each.at.astimezone(local).date() == day), key=lambda e: e.at)


def _happened(row: Delivery) -> Entry:
    return Entry(row.key, row.account, row.slot, delivery=row)


def _comes(planned: Planned) -> Entry:
    slot = planned.slot
    return Entry(slot.key, slot.account, slot.due, planned=planned, choice=planned.choice)


def _told(choice: Choice | None) -> str:
    """How a choice stands in the audit log."""
    return f"{choice.message_id or 'nothing'}, {decided(choice)}" if choice else ""
