"""Slow, wrong and missing answers, mixed in at random between two lives of the bot.

Only what says nothing final: a network that refuses a post for good would end it without a post.
"""

from __future__ import annotations

import random

from chaos.stage import DEADLINE, Stage

BEFORE = ("reset_before", "timeout_before", "html_200_before", "redirect_302", "s429_bare", "s500_before")
AFTER = ("reset_after", "timeout_after", "drip", "cut_after", "empty_200_after", "empty_201", "s504_after")
LATE = ("late",) * 10
AT_READING = ("reset_before", "timeout_before", "html_200_before", "s503_html_before", "s429_bare")

SLOWEST = 0.03
"""Seconds that a server takes before and after it carries out a request. What takes several requests
must be over within the deadline too."""

LAG = 0.35
"""Seconds before a timeline shows a post: less than the settle time."""

EARLIEST, LATEST = 0.45, 0.85
"""Seconds after which a server carries out what its client has long given up, with a deadline of DEADLINE."""


def change(stage: Stage, dice: random.Random) -> None:
    longer = stage.deadline / DEADLINE
    for account in stage.accounts:
        stage.tell(
            account,
            "settings",
            slow=dice.uniform(0, SLOWEST),
            slow_answer=dice.uniform(0, SLOWEST),
            late=dice.uniform(EARLIEST, LATEST) * longer,
            hang=longer,
            drip=0.3 * longer,
            refused=dice.uniform(0.1, 0.5),
            timeline_lag=LAG,
        )
        for endpoint, faults, chance in (
            ("create", BEFORE + AFTER + LATE, 0.6),
            ("repost", BEFORE + AFTER + LATE, 0.3),
            ("timeline", AT_READING, 0.1),
            ("verify", AT_READING, 0.1),
            ("create", ("refused",), 0.05),
        ):
            if dice.random() < chance:
                stage.tell(account, "fault", endpoint=endpoint, fault=dice.choice(faults))


def clear_up(stage: Stage) -> None:
    for account in stage.accounts:
        stage.calm(account)
        stage.tell(account, "settings", slow=0.0, slow_answer=0.0, timeline_lag=0.0)
