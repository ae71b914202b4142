"""Times as people say them, in the language of the page. It reads no clock: `now` is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.web.language import _, ngettext

A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


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
    """`today at 18:30`, `tomorrow at 09:00`, `yesterday at 09:00`, `on Friday 4 December at 09:00`; with
    seconds within the minute before, and the hour after."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    close = -A_MINUTE < now - at < AN_HOUR
    time = f"{local:%H:%M:%S}" if close else f"{local:%H:%M}"
    days = (local.date() - today).days
    if days in (0, 1) or (days == -1 and at <= now):
        near = {0: _("today at %(time)s"), 1: _("tomorrow at %(time)s"), -1: _("yesterday at %(time)s")}
        return near[days] % {"time": time}
    named = day_name(local.date())
    if at <= now and local.year != today.year:
        named = _("%(day)s %(year)s", day=named, year=local.year)
    return _("on %(day)s at %(time)s", day=named, time=time)


def day_name(day: date) -> str:
    """`Friday 4 December`."""
    return _(
        "%(weekday)s %(day)s %(month)s", weekday=weekdays()[day.weekday()], day=day.day, month=month(day)
    )


def weekdays() -> tuple[str, ...]:
    """From Monday on."""
    return (
        *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday")),
        *(_("Friday"), _("Saturday"), _("Sunday")),
    )


def month(day: date) -> str:
    names = (
        *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
        *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    )
    return names[day.month - 1]


def relative(at: datetime, now: datetime) -> str:
    """`in 2 hours`, `12 seconds ago`, in the largest unit that fits, rounded down."""
    seconds = int(abs((at - now).total_seconds()))
    for unit, length in UNITS:
        if number := seconds // length:
            return _coming(unit, number) if at > now else _gone(unit, number)
    return _("now")


def _coming(unit: str, n: int) -> str:
    return {
        "d": ngettext("in %(n)s day", "in %(n)s days", n),
        "h": ngettext("in %(n)s hour", "in %(n)s hours", n),
        "m": ngettext("in %(n)s minute", "in %(n)s minutes", n),
        "s": ngettext("in %(n)s second", "in %(n)s seconds", n),
    }[unit]


def _gone(unit: str, n: int) -> str:
    return {
        "d": ngettext("%(n)s day ago", "%(n)s days ago", n),
        "h": ngettext("%(n)s hour ago", "%(n)s hours ago", n),
        "m": ngettext("%(n)s minute ago", "%(n)s minutes ago", n),
        "s": ngettext("%(n)s second ago", "%(n)s seconds ago", n),
    }[unit]


def short(at: datetime, zone: str, now: datetime) -> str:
    """`now`, `12s`, `5m`, `3h`, and after a day the date, `4 Dec`."""
    seconds = int(abs((at - now).total_seconds()))
    if seconds >= UNITS[0][1]:
        local = at.astimezone(ZoneInfo(zone))
        return f"{local.day} {month(local.date())[:3]}"
    return next((f"{seconds // length}{unit}" for unit, length in UNITS if seconds >= length), _("now"))
