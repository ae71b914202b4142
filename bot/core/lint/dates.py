"""Rules on when a message may go out, seen from now.

A date that has passed is no fault: it is said, so that nobody waits for a post that never comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.core.lint.passages import Desk, Entry, Finding
from bot.core.slots import fixed
from bot.core.written import NEVER, ToClosing, bound, window

ENDS = {
    "expires": ("expired", "delete it, or give it a later day"),
    "review_by": ("review", "look whether it is still true, then give it a later day"),
}


def ended(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """`expires` and `review_by` behind us."""
    for name, (code, advice) in ENDS.items():
        if getattr(entry.message, name) is None:
            continue
        end = bound(getattr(entry.message, name), desk.zone, desk.settings.petition.closes, end=True)
        if end and end <= desk.now:
            since = _shown(end, desk)
            yield entry.warning((name,), code, f"has not gone out any more since {since} ({name}): {advice}")


def closing_is_known(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """`closes - 7d` needs a day to count from."""
    for name in ("not_before", "expires"):
        value = getattr(entry.message, name)
        if isinstance(value, ToClosing) and desk.settings.petition.closes is None:
            yield entry.error(
                (name,),
                "no-closing",
                f"has {name}: {value}, and the petition has no closing day: set petition.closes in the "
                "config, or write a day",
            )


def never_open(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """A window that ends before it begins, and a fixed date outside of it."""
    closes = desk.settings.petition.closes
    starts, ends = window(entry.message, desk.zone, closes)
    also = ", or petition.closes" if closes and entry.message.kind == "call" else ""
    if NEVER in (starts, ends):
        return
    if starts and ends and starts >= ends:
        yield entry.error(
            ("not_before",),
            "never-open",
            f"may go out from {_shown(starts, desk)} until {_shown(ends, desk)}, which is never: "
            f"correct not_before, expires or review_by{also}",
        )
        return
    due = _fixed(entry, desk)
    if due and ((starts and due < starts) or (ends and due >= ends)):
        named = (("from", starts), ("until", ends))
        bounds = " and ".join(f"{word} {_shown(at, desk)}" for word, at in named if at)
        yield entry.error(
            ("post_at",),
            "outside-window",
            f"is to be posted at {_shown(due, desk)}, but may only go out {bounds}: "
            f"correct post_at, not_before, expires or review_by{also}",
        )


def past(entry: Entry, desk: Desk) -> Iterator[Finding]:
    due = _fixed(entry, desk)
    if due and due <= desk.now:
        yield entry.warning(
            ("post_at",),
            "past",
            f"was to be posted at {_shown(due, desk)}, which is past, and is not posted at once instead: "
            "if it has not gone out, give it a new time",
        )


def _fixed(entry: Entry, desk: Desk) -> datetime | None:
    slot = fixed(entry.message, desk.settings.accounts[0], desk.settings)
    return slot.due if slot else None


def in_quiet_hours(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """A fixed date means what it says, also at night."""
    if not entry.message.post_at or not desk.settings.quiet_hours:
        return
    slots = [fixed(entry.message, account, desk.settings) for account in desk.carriers(entry.message)]
    quiet = [slot for slot in slots if slot and quiet_at(slot.wall, desk.settings.quiet_hours)]
    if quiet:
        times = ", ".join(f"{slot.wall:%H:%M} on {slot.account}" for slot in quiet)
        yield entry.warning(
            ("post_at",),
            "quiet-hours",
            f"has a fixed date in quiet hours ({times}) and goes out all the same: "
            "move it if nobody should be woken",
        )


def quiet_at(wall: time, quiet: tuple[time, time]) -> bool:
    """Does [begin, end) cover a wall time? Equal ends are no quiet hours."""
    begin, end = quiet
    return begin <= wall < end if begin <= end else wall >= begin or wall < end


def templates_have_no_date(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """`post_at` and `weight` mean nothing to a message that the count calls for."""
    message = entry.message
    if message.kind not in ("milestone", "progress"):
        return
    for name, given in (("post_at", message.post_at is not None), ("weight", message.weight != 1)):
        if given:
            yield entry.warning(
                (name,),
                "no-effect",
                f"goes out when the count calls for it ({message.kind}), so {name} does not belong there: "
                "delete it, or make the message an update",
            )


def _shown(at: datetime, desk: Desk) -> str:
    """`2026-12-01 18:00 Europe/Madrid (17:00 UTC)`; days differ where they do."""
    local = at.astimezone(ZoneInfo(desk.zone))
    utc = f"{at:%H:%M} UTC" if local.date() == at.date() else f"{at:%Y-%m-%d %H:%M} UTC"
    return f"{local:%Y-%m-%d %H:%M} {desk.zone}" + (f" ({utc})" if desk.zone != "UTC" else "")
