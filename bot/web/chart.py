"""The count over time as the shapes of a picture. It draws nothing, and words nothing.

Along the picture places are percents of its width, so that it fits every screen and its letters keep their
size; up and down they are pixels. The lines are in a frame of their own, 1000 units wide, that is stretched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.model import Reading

HEIGHT, TOP, BOTTOM = 320, 28, 284
"""Pixels: of the whole picture, and where the largest and the lowest number stand."""
WIDTH = 1000
"""Units of the lines' own frame."""
COLUMNS = 400
"""Readings that are drawn at most: one for each so much of the time."""
BETWEEN = 22
"""Pixels between two lines with a label at least."""
AHEAD = 0.5
"""The forecast reaches so far ahead at most, as a share of the time that has been."""
NEAR = 2.5
"""A number beyond so many times the count is not in the picture: the count would lie on its floor."""
TICKS = 5

MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
DAYS = (1, 2, 3, 7, 14, 30, 61, 91, 182, 365, 730, 1826, 3652)
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across at a number that matters."""

    y: float
    number: int
    goal: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the lower edge; `hours`: its time of day is what tells it apart."""

    x: float
    at: datetime
    hours: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`line`, `area` and `forecast` (empty: none) are paths; `x` and `y` is where the count is now."""

    line: str
    area: str
    forecast: str
    x: float
    y: float
    scale: tuple[tuple[float, int], ...]
    rules: tuple[Rule, ...]
    ticks: tuple[Tick, ...]


def chart(
    readings: Sequence[Reading],
    milestones: Collection[int],
    goal: int | None,
    rate: float | None,
    expected: datetime | None,
    now: datetime,
    zone: str,
) -> Chart | None:
    """`readings` oldest first, None without any. `milestones` are those passed and the next one, `rate` is
    signatures a day, `expected` when the next milestone is reached."""
    if not readings:
        return None
    first, newest = readings[0], readings[-1]
    until = _until(first.at, max(now, newest.at), expected)
    soon = newest.number + (rate or 0) * ((until - newest.at) / A_DAY)
    across = _Across(first.at, max(until, first.at + timedelta(minutes=1)))
    known = {*milestones, *([goal] if goal else [])}
    up = _up([each.number for each in readings], known, soon)
    points = [(across(each.at), up(each.number)) for each in thinned(readings, COLUMNS)]
    (x, y), line = points[-1], _path(points)
    ahead = [(x, y), (across(until), up(soon))]
    return Chart(
        line=line,
        area=f"{line}L{_units(x)} {BOTTOM - TOP}L{_units(points[0][0])} {BOTTOM - TOP}Z",
        forecast=_path(ahead) if rate and until > newest.at else "",
        x=x,
        y=y,
        scale=tuple((up(each), each) for each in up.round_numbers()),
        rules=_rules(known, goal, newest.number, up),
        ticks=tuple(_ticks(across, ZoneInfo(zone))),
    )


def thinned(readings: Sequence[Reading], columns: int) -> list[Reading]:
    """The last reading of each of so many equal spans of time, and the very first one."""
    first, last = readings[0].at, readings[-1].at
    span = max(last - first, timedelta(seconds=1))
    newest = {int((each.at - first) / span * (columns - 1)): each for each in readings}
    return list(dict.fromkeys([readings[0], *newest.values()]))


def _until(first: datetime, now: datetime, expected: datetime | None) -> datetime:
    furthest = now + (now - first) * AHEAD
    return now if expected is None else max(now, min(expected, furthest))


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_units(x)} {y - TOP:.1f}" for x, y in points)


def _units(x: float) -> str:
    return f"{x / 100 * WIDTH:.1f}"


# --- along and up -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Across:
    """Moments as percents of the width."""

    first: datetime
    last: datetime

    def __call__(self, at: datetime) -> float:
        return round(100 * ((at - self.first) / (self.last - self.first)), 2)


@dataclass(frozen=True, slots=True)
class _Up:
    """Numbers as pixels from the top."""

    low: int
    high: int

    def __call__(self, number: float) -> float:
        return round(BOTTOM - (number - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)

    def holds(self, number: int) -> bool:
        return self.low <= number <= self.high

    def round_numbers(self) -> list[int]:
        """Some of them, as people like them."""
        step = _step((self.high - self.low) / 4)
        return [each for each in range(-(-self.low // step) * step, self.high + 1, step) if self.holds(each)]


def _up(numbers: Sequence[int], known: Collection[int], soon: float) -> _Up:
    """From the floor to a little above the highest of what is drawn."""
    low, high = min(numbers), max(*numbers, int(soon), 1)
    high = max([high, *(each for each in known if each <= NEAR * numbers[-1])])
    low = 0 if low < high * 0.6 or low == high else low
    step = _step((high - low) / 4)
    return _Up(low // step * step, max(high, low // step * step + 1))


def _step(width: float) -> int:
    """1, 2 or 5 times a power of ten, no less than `width`."""
    power = int(10 ** (len(str(int(max(width, 1)))) - 1))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= width)


def _rules(known: Collection[int], goal: int | None, number: int, up: _Up) -> tuple[Rule, ...]:
    """From the top down, as many as can be read; the goal and what comes next before what was passed."""
    rules: list[Rule] = []
    for each in sorted(known, key=lambda each: (each != goal, each <= number, abs(each - number))):
        y = up(each)
        if up.holds(each) and all(abs(y - other.y) >= BETWEEN for other in rules):
            rules.append(Rule(y, each, each == goal, each <= number))
    return tuple(sorted(rules, key=lambda rule: rule.y))


# --- moments on the lower edge -------------------------------------------------------------------


def _ticks(across: _Across, zone: ZoneInfo) -> list[Tick]:
    span = across.last - across.first
    hours = span < 2 * A_DAY
    moments = _hours(across, span, zone) if hours else _days(across, span, zone)
    return [
        Tick(across(at), at.astimezone(zone), hours) for at in moments if across.first <= at <= across.last
    ]


def _hours(across: _Across, span: timedelta, zone: ZoneInfo) -> list[datetime]:
    step = timedelta(minutes=_fitting(MINUTES, span / timedelta(minutes=1)))
    there = across.first.astimezone(zone)
    start = datetime.combine(there.date(), time(), zone).astimezone(UTC)
    skipped = -(-(across.first - start) // step)
    return [start + step * each for each in range(skipped, skipped + TICKS + 1)]


def _days(across: _Across, span: timedelta, zone: ZoneInfo) -> list[datetime]:
    step = timedelta(days=_fitting(DAYS, span / A_DAY))
    start = across.first.astimezone(zone).date() + A_DAY
    return [_midnight(start + step * each, zone) for each in range(TICKS + 1)]


def _fitting(steps: Sequence[int], span: float) -> int:
    place = bisect_left(steps, span / TICKS)
    return steps[min(place, len(steps) - 1)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


# --- the same as a table ------------------------------------------------------------------------

RECENT_DAYS = 31


@dataclass(frozen=True, slots=True)
class Count:
    """The last count of a day; `more` since the row below it, None for the first."""

    day: date
    number: int
    more: int | None


def table(readings: Sequence[Reading], zone: str) -> tuple[Count, ...]:
    """Newest first: the last month by days, before that by months. `readings` oldest first."""
    local = ZoneInfo(zone)
    last_of_day = {each.at.astimezone(local).date(): each.number for each in readings}
    if not last_of_day:
        return ()
    newest = max(last_of_day)
    kept = {_row_of(day, newest): day for day in sorted(last_of_day)}
    days = sorted({*kept.values(), min(last_of_day)}, reverse=True)
    before = {day: last_of_day[day] - last_of_day[earlier] for day, earlier in pairwise(days)}
    return tuple(Count(day, last_of_day[day], before.get(day)) for day in days)


def _row_of(day: date, newest: date) -> date:
    return day if newest - day < timedelta(days=RECENT_DAYS) else day.replace(day=1)
