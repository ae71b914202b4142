"""Schedules into slots: the moments at which one account posts, in its own local time.

All of it is arithmetic on the wall clock; only the last step makes an instant of a wall time. A time
that does not exist runs at the first valid instant after the gap; one that happens twice runs the
first time only; a local day that the zone left out has no slots. It refuses to know what is posted,
and what was: no clock, and the same schedule gives the same slots whatever part of it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.core.model import Slot
from bot.core.written import DAYS, Account, Message, Schedule, Settings

MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
ONE_DAY = timedelta(days=1)
DAY = 86_400
"""Seconds on the face of the clock from midnight to midnight, whatever the zone does in between."""

NEVER = datetime.max.replace(tzinfo=UTC)
HORIZON = timedelta(days=400)
"""How far `next_slot` looks: a yearly cron is found from anywhere."""


def slots(account: Account, settings: Settings, start: datetime, end: datetime) -> Iterator[Slot]:
    """All slots of the account's schedule with `start <= due < end`, in order of due. Lazy.

    A slot whose wall time lies in quiet hours [from, to), or that a DST gap moves there, does not
    exist. Two times of `at` that one gap moves to the same instant stay two slots; of a grid
    (`every`, cron) only the last one stays there, as cron does it.
    """
    calendar = _Calendar.of(account, settings)
    earliest = _wall(start - account.schedule.jitter - MICROSECOND, calendar.zone)
    day = earliest.date() - ONE_DAY  # a window past midnight began the day before
    last = end.astimezone(calendar.zone).date() + ONE_DAY  # walls run ahead in a repeated hour
    while day <= last:
        for slot in calendar.slots_of(day, earliest):
            if slot.due >= end:
                return
            if slot.due >= start:
                yield slot
        day += ONE_DAY


def next_slot(account: Account, settings: Settings, after: datetime) -> Slot | None:
    """The first slot that is due later than `after`; None if there is none within 400 days."""
    return next(slots(account, settings, after + MICROSECOND, after + HORIZON), None)


def fixed(message: Message, account: Account, settings: Settings) -> Slot | None:
    """The slot of a message with `post_at`, which quiet hours and jitter leave alone; else None."""
    if message.post_at is None:
        return None
    at, zone = message.post_at.at, message.post_at.zone or settings.campaign.timezone
    due = at.astimezone(UTC) if at.tzinfo else instant(at, ZoneInfo(zone))
    local = due.astimezone(ZoneInfo(settings.zone(account)))
    return Slot(due, account.id, local.date(), local.time(), message.id)


def after_quiet(account: Account, settings: Settings, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours that it lies in."""
    if settings.quiet_hours is None:
        return at
    begin, end = settings.quiet_hours
    quiet, zone = _Quiet(_seconds(begin), _seconds(end)), ZoneInfo(settings.zone(account))
    wall = _wall(at, zone)
    if not quiet.covers(_seconds(wall.time())):
        return at
    over = datetime.combine(wall.date(), end)
    return max(at, instant(over if over > wall else over + ONE_DAY, zone))  # a repeated hour runs back


def local_day(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The local day in which `at` lies: its first instant and the next day's, in UTC."""
    midnight = datetime.combine(at.astimezone(ZoneInfo(zone)).date(), time())
    return instant(midnight, ZoneInfo(zone)), instant(midnight + ONE_DAY, ZoneInfo(zone))


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive wall time: the first one if it happens twice, the end of the gap
    if it does not exist. Never runs backwards: a later wall is never an earlier instant."""
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= second:  # equal on an ordinary day
        return first
    # In a gap fold=1 counts with the offset after it and lands before it: the end lies in between.
    candidates = range((first - second) // SECOND)
    return second + bisect_left(candidates, wall, key=lambda n: _wall(second + n * SECOND, zone)) * SECOND


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


# --- the pattern of a day --------------------------------------------------------------------


@dataclass(frozen=True)
class _Pattern:
    """A schedule without zone: on which days, at which seconds from midnight (past 86,400: the day
    after), and the last second that jitter may reach. `grid`: times that pile up are thinned."""

    seconds: Sequence[int]
    close: int
    weekdays: frozenset[int]
    cron: CronSim | None = None
    grid: bool = True

    def on(self, day: date) -> bool:
        if self.cron is not None:
            return day.month in self.cron.months and self.cron.match_day(day)
        return day.weekday() in self.weekdays


@lru_cache(maxsize=256)
def _pattern(schedule: Schedule) -> _Pattern:
    weekdays = frozenset(DAYS.index(name) for name in schedule.days or DAYS)
    if schedule.cron is not None:
        cron = CronSim(schedule.cron, datetime(2000, 1, 1))
        times = (hour * 3600 + minute * 60 for hour in cron.hours for minute in cron.minutes)
        return _Pattern(sorted(times), DAY - 1, weekdays, cron)
    if schedule.every is None:
        return _Pattern(sorted({_seconds(each) for each in schedule.at}), DAY - 1, weekdays, grid=False)
    first, close = _between(schedule.between)
    return _Pattern(range(first, close + 1, int(schedule.every / SECOND)), close, weekdays)


def _between(between: tuple[time, time] | None) -> tuple[int, int]:
    """First and last second of the window; `["09:00", "09:00"]` is a whole day from nine to nine."""
    if between is None:
        return 0, DAY - 1
    first, last = _seconds(between[0]), _seconds(between[1])
    if first == last:
        return first, first + DAY - 1
    return first, last if last > first else last + DAY


def _seconds(wall: time) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second


# --- one account's days ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Quiet:
    """Quiet hours on the face of the clock, [begin, end) in seconds; equal ends are no quiet hours."""

    begin: int
    end: int

    def covers(self, second: int) -> bool:
        return (second - self.begin) % DAY < (self.end - self.begin) % DAY

    def next(self, second: int) -> int:
        """When they begin again, seen from a second outside them."""
        return second + (self.begin - second) % DAY if self.begin != self.end else 10 * DAY

    def over(self, second: int) -> int:
        return second + (self.end - second) % DAY


@dataclass(frozen=True)
class _Calendar:
    account: str
    pattern: _Pattern
    zone: ZoneInfo
    quiet: _Quiet
    jitter: int

    @classmethod
    def of(cls, account: Account, settings: Settings) -> _Calendar:
        begin, end = settings.quiet_hours or (time(), time())
        quiet = _Quiet(_seconds(begin), _seconds(end))
        jitter = int(account.schedule.jitter / SECOND)
        return cls(account.id, _pattern(account.schedule), ZoneInfo(settings.zone(account)), quiet, jitter)

    def slots_of(self, day: date, earliest: datetime) -> Iterator[Slot]:
        """The slots that belong to a local day, less those whose wall is before `earliest`."""
        if not self.pattern.on(day) or not self._exists(day):
            return
        midnight = datetime.combine(day, time())
        low = -((midnight - earliest) // SECOND)
        times = ((second, instant(midnight + second * SECOND, self.zone)) for second in self._awake(low))
        for (second, base), (_, after) in pairwise(chain(times, [(0, NEVER)])):
            if self._is_quiet(base) or (self.pattern.grid and after == base):
                continue
            slot = Slot(base, self.account, day, (midnight + second * SECOND).time())
            yield self._jittered(slot, second, after) if self.jitter else slot

    def _exists(self, day: date) -> bool:
        """Samoa had no 30 December 2011: both midnights of such a day are the same instant."""
        midnight = datetime.combine(day, time())
        return instant(midnight, self.zone) < instant(midnight + ONE_DAY, self.zone)

    def _awake(self, low: int) -> Iterator[int]:
        """The seconds of the pattern from `low` on that are not in quiet hours."""
        seconds = self.pattern.seconds
        index = bisect_left(seconds, low)
        while index < len(seconds):
            second = seconds[index]
            if self.quiet.covers(second):
                index = bisect_left(seconds, self.quiet.over(second), index)
            else:
                yield second
                index += 1

    def _is_quiet(self, at: datetime) -> bool:
        return self.quiet.covers(_seconds(at.astimezone(self.zone).time()))

    def _jittered(self, slot: Slot, second: int, after: datetime) -> Slot:
        """0 to j whole seconds later: before the next slot, quiet hours and the end of the window."""
        bound = min(self.pattern.close + 1, self.quiet.next(second))
        midnight = datetime.combine(slot.local_date, time())
        ends = instant(midnight + bound * SECOND, self.zone)
        room = min(self.jitter, (min(ends, after) - slot.due) // SECOND - 1)
        if room <= 0:
            return slot
        draw = int.from_bytes(blake2b(slot.key.encode(), digest_size=8).digest()) % (room + 1)
        due = slot.due + draw * SECOND
        # In a repeated hour the clock can run back into quiet hours that ended a moment ago.
        return slot if self._is_quiet(due) else replace(slot, due=due)
