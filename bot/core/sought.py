"""What somebody looks for in the past, as a value. It finds nothing: the store does.

Days are the campaign's, from its local midnight to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.model import Delivery, State
from bot.core.slots import instant

Place = tuple[datetime, int]
"""Where a delivery stands in the past: its slot, and its id where slots are equal."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is None or empty does not matter. `since` and `before` bound the slot, the latter not included."""

    account: str = ""
    state: State | None = None
    message: str = ""
    kind: str = ""
    since: datetime | None = None
    before: datetime | None = None


def place(delivery: Delivery) -> Place:
    return delivery.slot, delivery.id


def bounds(first: date | None, last: date | None, zone: str) -> tuple[datetime | None, datetime | None]:
    """From the start of the first day until the end of the last one; days beyond what a calendar can
    say bound nothing."""
    return _midnight(first, zone), _midnight(last, zone, 1)


def _midnight(day: date | None, zone: str, later: int = 0) -> datetime | None:
    if day is None:
        return None
    try:
        return instant(datetime.combine(day + timedelta(days=later), time()), ZoneInfo(zone))
    except OverflowError:
        return None
