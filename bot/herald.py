"""The count at work: it is read, believed, kept, and what it calls for is laid into the outbox.

Whether a reading can be true, what it crossed and which words go out is decided in core/; when it is
asked is the alarm clock's business. A counter in trouble backs off, says so once, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import takewhile
from threading import Lock
from zoneinfo import ZoneInfo

from bot.core.announce import announcements, progress
from bot.core.asks import asks
from bot.core.figures import Figures, written
from bot.core.milestones import believe, crossed, superfluous
from bot.core.model import BadReading, Event, NewDelivery, Reading
from bot.core.plan import Book
from bot.core.restored import unsure
from bot.ports import Clock, Counter, Store

KEPT = 1000
"""Newest readings that tell the recent rate."""

A_MINUTE = timedelta(minutes=1)
LONGEST_SILENCE = timedelta(hours=6)
"""A counter in trouble is asked at least so often."""

THIN_AFTER = 200
"""Readings are thinned after so many new ones."""


class Herald:
    """Watches one petition's count. Threads may share it; only one at a time asks the counter."""

    def __init__(
        self,
        book: Callable[[], Book],
        store: Store,
        counter: Counter,
        clock: Clock,
        tell: Callable[[Event], None],
    ) -> None:
        self._book, self._store, self._counter, self._clock, self._tell = book, store, counter, clock, tell
        self._watching = Lock()
        self._suspect: Reading | None = None
        self._trouble, self._failures, self._skip = "", 0, 0
        self._looked: datetime | None = None
        self._new = THIN_AFTER
        self._asked: set[str] = set()
        self.closed: date | None = None
        """The last day on which the petition's site had it open; None while it is."""

    # --- what is known ------------------------------------------------------------------------

    def reading(self) -> Reading | None:
        """The newest count that could be believed."""
        return next(iter(self._store.readings(limit=1)), None)

    def figures(self) -> Figures:
        """What a text may say of the count now."""
        return self._book().counted(self.reading(), self._clock.now())

    @property
    def trouble(self) -> str:
        """Why the count cannot be read or believed; empty while it can."""
        return self._trouble

    def asks(self) -> tuple[str, ...]:
        """What a person should decide, in sentences."""
        return asks(self._book().settings, self.reading(), self._suspect, self._clock.now())

    def remind(self) -> None:
        """Say once what a person should decide."""
        book, now = self._book(), self._clock.now()
        wanted = asks(book.settings, self.reading(), None, now)
        for sentence in wanted:
            if sentence not in self._asked:
                self._tell(Event("asks", sentence))
        self._asked = set(wanted)

    def ask(self, counter: Counter) -> None:
        """Read the count by another counter from now on."""
        with self._watching:
            self._counter, self._failures, self._skip, self._suspect = counter, 0, 0, None

    # --- watch --------------------------------------------------------------------------------

    def watch(self) -> Reading | BadReading:
        """Read the count once; lay what it calls for into the outbox. A bad reading changes nothing."""
        with self._watching:
            return self._watch()

    def recount(self) -> None:
        """Read once more, just before the count is said; not where that was done a minute ago, nor while
        the counter is in trouble: then the last good one is said."""
        with self._watching:
            counter, now = self._book().settings.petition.counter, self._clock.now()
            just_now = self._looked and now - self._looked < min(counter.every, A_MINUTE)
            if counter.kind != "manual" and not self._failures and not just_now:
                self._watch()

    def _watch(self) -> Reading | BadReading:
        if self._skip:
            self._skip -= 1
            return BadReading(self._trouble)
        self._looked = self._clock.now()
        reading = self._counter.read(self._looked)
        if isinstance(reading, BadReading):
            return self._failed(reading)
        self._failures = 0
        rules = self._book().settings.petition.counter
        if doubt := believe(reading, self._store.readings(KEPT), rules.max_jump, self._suspect):
            self._suspect = reading
            self._complain(doubt)
            return BadReading(doubt)
        self._suspect = None
        self._recovered()
        self.take(reading)
        return reading

    def _failed(self, bad: BadReading) -> BadReading:
        """Ask half as often after every failure in a row."""
        self._failures += 1
        most = max(LONGEST_SILENCE // max(self._book().settings.petition.counter.every, A_MINUTE), 1)
        self._skip = min(2 ** min(self._failures - 1, 9), most) - 1
        if not self._trouble:
            self._complain(bad.reason)
        return bad

    def _complain(self, reason: str) -> None:
        """Say once that the count cannot be read, not at every poll."""
        if reason != self._trouble:
            self._trouble = reason
            self._tell(Event("trouble", reason))

    def _recovered(self) -> None:
        if self._trouble:
            self._trouble = ""
            self._tell(Event("reading", "the count can be read again"))

    # --- take ---------------------------------------------------------------------------------

    def take(self, reading: Reading) -> None:
        """A count that is believed: keep it, announce the highest milestone it crossed, once, and say
        where it stands where the time for that has come."""
        book, petition = self._book(), self._book().settings.petition
        before, passed = self.reading(), self._store.passed()
        new = crossed(petition.milestones, reading.number, passed, petition.goal)
        # a threshold that was written down after it was passed is no news
        is_news = new and before is not None and new[-1] > before.number
        rows = list(self._announced(book, new[-1], reading)) if is_news else []
        rows += self._progress(book, reading, max([*passed, *new], default=0)) if not is_news else []
        restored = self._store.restored()
        if before and restored:
            rows = [unsure(book, row, before.at, reading.number) for row in rows]
        self._store.cross(new, reading.at, rows, reading)
        if restored:
            self._store.mark_restored(False)
        self._thin(reading.at)
        self.look_back()
        if is_news:
            self._tell(Event("milestone", f"{written(new[-1], 'en')} signatures"))
        self.remind()

    def _announced(self, book: Book, threshold: int, reading: Reading) -> list[NewDelivery]:
        """A dead link holds them in the outbox, for as long as milestones wait."""
        ledger = self._store.ledger(reading.at, _zones(book))
        return list(announcements(book.living(), threshold, reading, ledger))

    def _progress(self, book: Book, reading: Reading, passed: int) -> list[NewDelivery]:
        """Most readings come between two periods, and ask the store for little."""
        every = book.settings.petition.milestones.progress_every
        if not every:
            return []
        last = self._store.newest("progress", _zones(book))
        began = (row.slot for row in last.values()) if last else (each.at for each in self._store.readings())
        first = min(began, default=reading.at)
        if reading.at < first + every:
            return []
        ledger = self._store.ledger(reading.at, _zones(book))
        return list(progress(book, reading, ledger, last, first, passed))

    def _thin(self, now: datetime) -> None:
        self._new += 1
        if self._new >= THIN_AFTER:
            self._new = 0
            self._store.thin(lambda times: superfluous(times, now))

    def look_back(self) -> None:
        """Whether the petition is closed, as far as the readings tell, and since when."""
        newest = self.reading()
        if newest is None or not newest.closed:
            self.closed = None
            return
        since = [*takewhile(lambda each: each.closed, self._store.readings())][-1].at
        zone = ZoneInfo(self._book().settings.campaign.timezone)
        self.closed = since.astimezone(zone).date() - timedelta(days=1)


def _zones(book: Book) -> dict[str, str]:
    return {account.id: book.settings.zone(account) for account in book.settings.accounts}
