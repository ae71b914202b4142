"""Slots that came due are laid into the outbox, each once, with the message that is theirs.

Which message that is, and which slot is too late, is decided in core/. It sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.core.choices import left_out
from bot.core.figures import Figures
from bot.core.model import Delivery, Event, NewDelivery, Post, Reading, Slot, State
from bot.core.outbox import by_hand, catch_up, laid, missed
from bot.core.plan import Book, agenda, offers, plan
from bot.core.written import Message
from bot.ports import Clock, Store

INSTANT = timedelta(microseconds=1)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


class Planner:
    """Remembers how far each account is planned, so that a look costs little."""

    def __init__(self, store: Store, clock: Clock, tell: Callable[[Event], None]) -> None:
        self._store, self._clock, self._tell = store, clock, tell
        self._planned_until: dict[str, datetime] = {}
        self._next: tuple[Book, datetime, datetime | None] | None = None

    def plan(self, book: Book, figures: Callable[[], Figures]) -> list[Delivery]:
        """The rows of every slot that came due since the last look, committed."""
        now = self._clock.now()
        since = self._since(book, now)
        due = [
            slot
            for slot in agenda(book, min(since.values()), now + INSTANT)
            if slot.due >= since[slot.account]
        ]
        if not due:
            return []
        with self._store.planning():
            inserted = self._lay(book, due, now, figures())
        self._planned_until.update(dict.fromkeys(book.zones(), now + INSTANT))
        self._tell_missed(inserted)
        return inserted

    def next_slot(self, book: Book, now: datetime) -> datetime | None:
        """When the next one comes due, as far as a week ahead. Asked after every delivery, and looked for
        once: it stays the next until it has come or somebody edits."""
        known = self._next
        if known is None or known[0] is not book or not known[1] <= now < (known[2] or known[1] + A_DAY):
            slot = next(agenda(book, now + INSTANT, now + A_WEEK), None)
            known = self._next = book, now, slot.due if slot else None
        return known[2]

    def skip_to_now(self, book: Book) -> None:
        """Slots since the last start are not missed but do not count, as before a first start."""
        self._store.insert([], dict.fromkeys(book.zones(), self._clock.now()))

    def by_hand(
        self, book: Book, message_id: str, account_id: str | None, reading: Reading | None
    ) -> list[NewDelivery | str]:
        """A message that a person wants out now: one row per account (or for `account_id`), or why not."""
        message = book.message(message_id)
        if message is None:
            return [f"no message has the id {message_id}"]
        now = self._clock.now()
        pasts = self._store.ledger(now, book.zones()).pasts
        wanted = [each for each in book.zones() if account_id in (None, each)]
        uses = {each: pasts[each].uses.get(message_id) for each in wanted}
        return [by_hand(book, message, each, now, reading, uses[each]) for each in wanted]

    def offers(self, book: Book, slot: Slot, figures: Figures) -> list[tuple[Message, Post | str]]:
        """What people may put into a slot: each message as it would stand there, or why it may not."""
        ledger = self._store.ledger(self._clock.now(), book.zones())
        return list(offers(book, ledger, slot, figures))

    def _lay(self, book: Book, due: list[Slot], now: datetime, figures: Figures) -> list[Delivery]:
        """Rows for slots, as long as nobody else plans; another replica may have laid them a moment ago."""
        rules = book.settings.delivery
        ledger = self._store.ledger(now, book.zones())
        late = catch_up((slot for slot in due if not left_out(ledger.choices, slot)), now, rules)
        rows = [missed(slot, late[slot.key]) for slot in due if slot.key in late]
        on_time = [slot for slot in due if slot.key not in late]
        rows += [laid(planned, rules) for planned in plan(book, ledger, on_time, figures)]
        return self._store.insert(rows, dict.fromkeys(book.zones(), now + INSTANT))

    def _since(self, book: Book, now: datetime) -> dict[str, datetime]:
        """From when on each account's slots are still to be planned. Its first start is the first day."""
        zones = book.zones()
        if new := zones.keys() - self._planned_until.keys():
            known = self._store.accounts()
            reached = {each: known[each].planned_until if each in known else None for each in new}
            if first := {each: now for each in new if reached[each] is None}:
                self._store.insert([], first)
            self._planned_until |= {each: reached[each] or now for each in new}
        return {each: self._planned_until[each] for each in zones}

    def _tell_missed(self, inserted: Iterable[Delivery]) -> None:
        """One line for all the slots that an account missed while nobody was looking."""
        ended: dict[tuple[str, State], list[Delivery]] = defaultdict(list)
        for row in inserted:
            if row.state in (State.MISSED, State.CANCELLED):
                ended[row.account, row.state].append(row)
        for (account, state), rows in ended.items():
            first = f"{rows[0].slot:%Y-%m-%d %H:%M} UTC"
            more = f"{len(rows)} slots since {first}: " if len(rows) > 1 else ""
            self._tell(Event(state, more + rows[-1].reason, account, rows[-1]))
