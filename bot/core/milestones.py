"""Readings into milestones: what is a number, which reading is believed, which thresholds it crossed.

Also how fast people sign, and which old readings are too many to keep. It announces nothing and remembers
nothing: what was passed, and which reading was doubted, is handed in. A count may fall (signatures are
removed) and may rise by leaps; what was passed stays passed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from bot.core.model import Reading
from bot.core.scalars import whole
from bot.core.written import MilestoneRules

RECENT = timedelta(days=7)
"""The recent rate is that of the last seven days before the newest reading."""

FLOOR = 100
SHARE = 10
"""So many signatures more, or a tenth of the count, are believed at once however quiet it was before."""

LARGEST = 10_000_000_000
"""More than there are people: a misread number, not a count."""

# --- thresholds ------------------------------------------------------------------------------


def milestone_list(rules: MilestoneRules, upto: int, goal: int | None = None) -> list[int]:
    """The thresholds up to and including `upto`, ascending: those that are named, the goal, and above
    the highest named one every multiple of `then_every` (round: after 2500, every 1000 is 3000)."""
    named, step = {each for each in rules.thresholds if each <= upto}, rules.then_every
    highest = max(rules.thresholds, default=0)
    further = range((highest // step + 1) * step, upto + 1, step) if step else ()
    return sorted({*named, *further, *([goal] if goal and goal <= upto else [])})


def next_milestone(rules: MilestoneRules, number: int, goal: int | None = None) -> int | None:
    """The lowest threshold above `number`; None when there is none left."""
    upto = max([number + (rules.then_every or 0), *rules.thresholds, goal or 0])
    return next((each for each in milestone_list(rules, upto, goal) if each > number), None)


def crossed(
    rules: MilestoneRules, number: int, passed: Collection[int], goal: int | None = None
) -> tuple[int, ...]:
    """The thresholds that `number` passes for the first time, ascending: announce the last, keep all.

    A threshold below one that was passed is no news, also when somebody writes it down only now.
    """
    highest = max(passed, default=0)
    return tuple(each for each in milestone_list(rules, number, goal) if each > highest)


# --- belief ----------------------------------------------------------------------------------


def believe(
    reading: Reading, readings: Sequence[Reading], max_jump: float, pending: Reading | None = None
) -> str | None:
    """None if the reading may be believed at once, else one sentence that says why not.

    `readings` are those believed so far, in any order; `pending` is the last one that was not. The
    first reading is good, also a 0. A 0 after a positive count never is. A rise of more than
    `max_jump` times what the recent rate makes of the time in between (but see FLOOR), or a fall to
    less than half, needs a second reading that agrees with the first: the caller keeps the doubted
    one and gives it as `pending` the next time.
    """
    last = max(readings, key=lambda each: each.at, default=None)
    if last is None:
        return None
    if reading.number == 0 < last.number:
        return f"the count fell from {last.number} to 0, which is taken for a fault of the counter"
    rate = _rate(readings, last)
    if _near(reading, last, rate * max_jump):
        return None
    if pending and pending.number and _near(reading, pending, rate * max_jump):
        return None
    return f"the count went from {last.number} to {reading.number} at once; it waits for a second reading"


def _near(reading: Reading, base: Reading, rate: float) -> bool:
    """Is this where the count may have gone from `base`, at so many signatures a second at most?"""
    seconds = (reading.at - base.at).total_seconds()
    most = max(rate * seconds, FLOOR, base.number // SHARE)
    return base.number <= 2 * reading.number and reading.number <= base.number + most


def _rate(readings: Sequence[Reading], last: Reading) -> float:
    """Signatures a second in the recent past. Falls do not count: people signed all the same."""
    recent = sorted((each for each in readings if last.at - each.at <= RECENT), key=lambda each: each.at)
    signed = sum(max(later.number - earlier.number, 0) for earlier, later in pairwise(recent))
    seconds = (last.at - recent[0].at).total_seconds()
    return signed / seconds if seconds > 0 else 0.0


# --- age and pace ----------------------------------------------------------------------------

FRESH_POLLS, FRESH = 3, timedelta(hours=24)
"""A count may be said while it is younger than so many polls, or than this."""

MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
FORESIGHT = timedelta(days=3650)
"""Nobody is told of a date beyond."""


def is_fresh(reading: Reading, every: timedelta, at: datetime) -> bool:
    """May a text still say this count at `at`? `every` is how often it is read."""
    return at - reading.at <= max(FRESH_POLLS * every, FRESH)


def rate_per_day(readings: Sequence[Reading], now: datetime) -> float | None:
    """Signatures a day over the last week until `now`, stalls included; None before there is an hour
    to tell from. Falls do not count: people signed all the same."""
    rows = sorted((each for each in readings if each.at <= now), key=lambda each: each.at)
    older = [each for each in rows if now - each.at > RECENT]
    recent = [*older[-1:], *(each for each in rows if now - each.at <= RECENT)]
    if not recent or now - recent[0].at < timedelta(hours=1):
        return None
    signed = sum(max(later.number - earlier.number, 0) for earlier, later in pairwise(recent))
    return signed * (A_DAY / (now - recent[0].at))


def expected(number: int, wanted: int, rate: float | None, now: datetime) -> datetime | None:
    """When a count that is `number` now gets to `wanted`, at `rate` signatures a day; None where it
    does not within ten years, or nobody knows."""
    if wanted <= number:
        return now
    if not rate or (wanted - number) / rate > FORESIGHT / A_DAY:
        return None
    return now + A_DAY * ((wanted - number) / rate)


def superfluous(times: Sequence[datetime], now: datetime) -> list[int]:
    """Which of some readings, by place, need not be kept any longer: of the last day one a minute stays,
    before that one every 6 minutes, and twice as wide with every doubling of their age. So a hundred
    years are some 5,000 readings. The first and the last of all always stay."""
    last: dict[tuple[timedelta, int], int] = {}
    for place in sorted(range(len(times)), key=lambda place: times[place]):
        width = _width(now - times[place])
        last[width, int(times[place].timestamp() // width.total_seconds())] = place
    oldest = min(range(len(times)), key=lambda place: times[place], default=0)
    return sorted(set(range(len(times))) - set(last.values()) - {oldest})


def _width(age: timedelta) -> timedelta:
    """How much time one kept reading of that age stands for."""
    return MINUTE if age < A_DAY else 6 * MINUTE * 2 ** ((age // A_DAY).bit_length() - 1)


# --- numbers ---------------------------------------------------------------------------------

_TEXT = re.compile(
    r"(?P<number>[1-9][0-9]{0,2}(?:(?P<mark>[., '’٬\u00a0\u202f\u2009])[0-9]{3}(?:(?P=mark)[0-9]{3})*)?"
    r"|[1-9][0-9]*|0)"
    r"(?:[ \u00a0\u202f](?P<word>[^\W\d_]+)\D*)?"
)

_SIGNED = (
    *("adhe", "allekirj", "aláír", "assin", "firm", "handtek", "imza", "names", "people", "person"),
    *("pessoa", "podp", "semn", "sign", "support", "underskr", "unterschr", "unterz"),
    *("подп", "підп", "υπογρ", "חתימ", "توقيع", "تواقيع"),
)
"""How words for signatures and signers begin; any other word (`mil`, `million`) may multiply."""


def number(value: object) -> int | None:
    """A JSON value or a text as an exact count, else None: nothing rounded, negative or doubtful.

    Whole numbers are counts (12345.0 too, since JSON has one kind of number); true and false are not.
    In texts thousands may be marked, always by the same mark and in threes: `12.345`, `12,345`,
    `12 345`, `12'345` are 12345, so one group of three after a dot is thousands. A word for
    signatures may follow. Digits of any one script count (١٢٣٤٥). `12K`, `12,3 mil`, `1.5`,
    `12,34,567`, `more than 12,000` are None.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if isinstance(value, str):
        value = _text(value)
    return value if isinstance(value, int) and 0 <= value <= LARGEST else None


def by_hand(text: str) -> int:
    """A count that a person tells, in plain digits: where people write 12.345 or 12,345, nobody can be sure
    what was meant. Raises ValueError with a sentence."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        return whole(text)  # it says what is wrong
    if int(text) > LARGEST:
        raise ValueError(f"{text} is more than there are people")
    return int(text)


def _text(text: str) -> int | None:
    found = _TEXT.fullmatch(_western(text.strip()))
    if not found or (found["word"] and not found["word"].casefold().startswith(_SIGNED)):
        return None
    digits = re.sub(r"\D", "", found["number"])
    return int(digits) if len(digits) <= 15 else None


def _western(text: str) -> str:
    """The text with its digits as 0 to 9; digits of several scripts side by side are left alone."""
    zeros = {ord(each) - unicodedata.decimal(each) for each in text if each.isdecimal()}
    if len(zeros) != 1:
        return text
    zero = zeros.pop()
    return "".join(chr(ord(each) - zero + ord("0")) if each.isdecimal() else each for each in text)
