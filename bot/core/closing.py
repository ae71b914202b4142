"""Days that count from the petition's last one: `closes - 7d`. Which day that is, settings say, not this."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

from bot.core.scalars import Moment, Written, moment_or_day, quoted, text_like


class ToClosing(Written):
    """A day counted from the last one of the petition: `closes - 7d`, `closes`, `closes + 1d`."""

    days: int = 0

    def on(self, closes: date) -> date:
        return closes + timedelta(days=self.days)

    def __str__(self) -> str:
        return f"closes {'+' if self.days > 0 else '-'} {abs(self.days)}d" if self.days else "closes"


_TO_CLOSING = re.compile(r"closes(?: *([+-]) *([0-9]{1,4}) *d)?")


def to_closing(value: Any) -> ToClosing:
    found = _TO_CLOSING.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f"{quoted(value)} is no day; write it as closes - 7d, closes, or closes + 1d")
    return ToClosing(days=int(f"{found[1] or ''}{found[2] or 0}"))


def moment_day_or_closing(value: Any) -> Moment | date | ToClosing:
    """The same, or a day counted from the petition's last one."""
    if isinstance(value, ToClosing):
        return value
    return to_closing(value) if str(value).strip().startswith("closes") else moment_or_day(value)


AtOrDay = Annotated[
    Moment | date | ToClosing,
    BeforeValidator(moment_day_or_closing),
    text_like(r"^(\d{4}-\d{2}-\d{2}|closes)", "2027-02-01", "2027-02-01 18:00", "closes - 7d"),
]
