"""Readings into milestones: what is a number, which reading is believed, which thresholds it crossed.

It announces nothing and remembers nothing: what was passed, and which reading was doubted, is handed
in. A count may fall (signatures are removed) and may rise by leaps; what was passed stays passed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import pairwise

from bot.core.model import Reading
from bot.core.written import MilestoneRules

RECENT = timedelta(days=7)
"""The recent rate is that of the last seven days before the newest reading."""

FLOOR = 100
SHARE = 10
"""So many signatures more, or a tenth of the count, are believed at once however quiet it was before."""

LARGEST = 10_000_000_000
"""More than there are people: a misread number, not a count."""

# --- thresholds ------------------------------------------------------------------------------


def milestone_list(rules: MilestoneRules, upto: int) -> list[int]:
    """The thresholds up to and including `upto`, ascending: those that are named, and above the
    highest of them every multiple of `then_every` (round numbers: after 2500, every 1000 is 3000)."""
    named = sorted(set(rules.thresholds))
    highest, step = named[-1] if named else 0, rules.then_every
    further = range((highest // step + 1) * step, upto + 1, step) if step else ()
    return [*(each for each in named if each <= upto), *further]


def next_milestone(rules: MilestoneRules, number: int) -> int | None:
    """The lowest threshold above `number`; None when there is none left."""
    upto = max([number + (rules.then_every or 0), *rules.thresholds])
    return next((each for each in milestone_list(rules, upto) if each > number), None)


def crossed(rules: MilestoneRules, number: int, passed: Collection[int]) -> tuple[int, ...]:
    """The thresholds that `number` passes for the first time, ascending: announce the last, keep all.

    A threshold below one that was passed is no news, also when somebody writes it down only now.
    """
    highest = max(passed, default=0)
    return tuple(each for each in milestone_list(rules, number) if each > highest)


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
