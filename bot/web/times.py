"""Times as people say them. It reads no clock: `now` is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.overview import day_and_time

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class When:
    """One moment four ways: for programs, on the clock, from now, and as timelines shorten it."""

    iso: str
    clock: str
    relative: str
    short: str


def when(at: datetime, zone: str, now: datetime) -> When:
    return When(
        at.isoformat(timespec="seconds"), clock(at, zone, now), relative(at, now), short(at, zone, now)
    )


def clock(at: datetime, zone: str, now: datetime) -> str:
    """`today at 18:30`; what is past as well: `yesterday at 09:00`, `on Friday 4 December at 09:00`."""
    if at > now:
        return day_and_time(at, zone, now)
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    time = f"{local:%H:%M:%S}" if now - at < timedelta(hours=1) else f"{local:%H:%M}"
    if local.date() == today:
        return f"today at {time}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday at {time}"
    year = f" {local.year}" if local.year != today.year else ""
    return f"on {local:%A} {local.day} {local:%B}{year} at {time}"


def relative(at: datetime, now: datetime) -> str:
    """`in 2 hours`, `12 seconds ago`, in the largest unit that fits, rounded down."""
    seconds = int(abs((at - now).total_seconds()))
    for name, length in UNITS:
        if number := seconds // length:
            span = f"{number} {name}{'s' if number > 1 else ''}"
            return f"in {span}" if at > now else f"{span} ago"
    return "now"


def short(at: datetime, zone: str, now: datetime) -> str:
    """`now`, `12s`, `5m`, `3h`, and after a day the date, `4 Dec`."""
    seconds = int(abs((at - now).total_seconds()))
    if seconds >= UNITS[0][1]:
        local = at.astimezone(ZoneInfo(zone))
        return f"{local.day} {local:%b}"
    return next((f"{seconds // length}{name[0]}" for name, length in UNITS if seconds >= length), "now")
