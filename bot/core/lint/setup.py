"""Rules on config.yaml that need the time, or more than one value of one kind.

What stands between two values of the config, such as an account and its quiet hours, is said by
bot/files/pairs.py; what a single value may be is written.py's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.lint.passages import Desk, Finding, Loc, error, warning
from bot.core.slots import next_slot


def thresholds_rise(desk: Desk) -> Iterator[Finding]:
    loc: Loc = ("petition", "milestones", "thresholds")
    for number, (one, other) in enumerate(pairwise(desk.settings.petition.milestones.thresholds), 1):
        if one == other:
            yield warning(
                (*loc, number), "threshold-twice", f"the threshold {other} stands there twice: delete one"
            )
        elif one > other:
            yield warning(
                (*loc, number),
                "threshold-order",
                f"the threshold {other} stands after {one}: write them in rising order",
            )


def closing_is_not_kept(desk: Desk) -> Iterator[Finding]:
    """`closes` is read and not acted on yet; nothing of it is dropped in silence."""
    closes = desk.settings.petition.closes
    if closes:
        over = desk.now.astimezone(ZoneInfo(desk.zone)).date() > closes
        what = f"the petition closed on {closes}" if over else f"petition.closes is {closes}"
        yield warning(
            ("petition", "closes"),
            "closed" if over else "not-carried",
            f"{what}, and this version does not hold calls back by itself yet: "
            f"give them expires: {closes}, or take them out then",
        )


def schedules_have_slots(desk: Desk) -> Iterator[Finding]:
    """A schedule that quiet hours, or a day that never comes, leave without a time to post."""
    for number, account in enumerate(desk.settings.accounts):
        if next_slot(account, desk.settings, desk.now) is None:
            yield error(
                ("accounts", number, "schedule"),
                "no-slots",
                f"account {account.id}: schedule and quiet hours leave no time to post; change one of them",
            )
