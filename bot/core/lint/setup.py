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


def closed(desk: Desk) -> Iterator[Finding]:
    """Nobody is called upon any more: somebody has to say what follows."""
    closes = desk.settings.petition.closes
    if closes and desk.now.astimezone(ZoneInfo(desk.zone)).date() > closes:
        yield warning(
            ("petition", "closes"),
            "closed",
            f"the petition closed on {closes}, and its calls are held: write an update on what follows, "
            "or give it a later day",
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
