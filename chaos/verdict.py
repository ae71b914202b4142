"""What the bot remembers, held against what the servers published. It trusts neither.

Duplicate: more posts of one delivery stand than one. Lost: a slot without a row, a row that is `posted`
and does not stand, a post that stands and is not `posted`, or a slot that ended without a post although
nothing was refused for good. Stuck: no end, and nobody is asked. What a person has settled was looked up by
that person, and only its duplicates count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import filterfalse

from bot import config
from bot.core.delivery import needs_person
from bot.core.model import FINAL, Delivery, State
from bot.core.slots import slots
from bot.sandbox import read
from bot.store import open_store
from chaos.stage import Stage

AGAIN = "again: "
FOREVER = datetime.max.replace(tzinfo=UTC)
BY_A_PERSON = "a person said"


@dataclass(frozen=True)
class Verdict:
    """Counts of one network. `asked` are deliveries that wait for a person, or were settled by one."""

    posts: int = 0
    duplicates: int = 0
    lost: int = 0
    stuck: int = 0
    asked: int = 0

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.posts + other.posts,
            self.duplicates + other.duplicates,
            self.lost + other.lost,
            self.stuck + other.stuck,
            self.asked + other.asked,
        )

    @property
    def clean(self) -> bool:
        return not (self.duplicates or self.lost or self.stuck)


def settled(stage: Stage) -> bool:
    """Is everything over that can be over?"""
    with closing(open_store(stage.state)) as store:
        going = [*store.sending(), *store.due(FOREVER), *filterfalse(needs_person, store.unconfirmed())]
    return not going


def planned(stage: Stage) -> dict[str, set[str]]:
    """The keys of all slots from the first one that has a row to the last that was looked at."""
    loaded = config.load(stage.config, stage.environ()).usable()[0]
    store = open_store(stage.state)
    keys: dict[str, set[str]] = {}
    for account in loaded.accounts:
        rows = [row for row in store.history(account=account.id) if row.turn is not None]
        first = min((row.slot for row in rows), default=datetime.now(UTC))
        last = store.account(account.id).planned_until or first
        keys[account.id] = {slot.key for slot in slots(account, loaded, first, last)}
    store.close()
    return keys


def verdict(stage: Stage, network: str, slots: set[str]) -> Verdict:
    store = open_store(stage.state)
    rows = store.history(account=network)
    store.close()
    there, outbox = stands(stage, network), Outbox(rows)
    by_hand = [row for row in rows if row.reason.startswith(BY_A_PERSON)]
    going = [row for row in rows if row.state not in FINAL]
    asked = [row for row in going if needs_person(row)]
    ended = [row for row in rows if row.state in FINAL and row not in by_hand]
    posted = outbox.words(row for row in ended if row.state is State.POSTED)
    unsaid = [row for row in ended if row.state is not State.POSTED]
    hidden = (there - posted - outbox.words(going)) & outbox.words(unsaid)
    unserved = slots - {row.key for row in rows} | slots & {row.key for row in unsaid}
    return Verdict(
        posts=there.total(),
        duplicates=(there - outbox.words(rows)).total(),
        lost=len(unserved) + (posted - there).total() + hidden.total(),
        stuck=len(going) - len(asked),
        asked=len(asked) + len(by_hand),
    )


class Outbox:
    """What deliveries say: each its parts, or what it repeats."""

    def __init__(self, rows: Iterable[Delivery]) -> None:
        self._texts = {row.key: row.post.parts for row in rows if row.post}

    def words(self, rows: Iterable[Delivery]) -> Counter[str]:
        return Counter(text for row in rows for text in self.says(row))

    def says(self, row: Delivery) -> tuple[str, ...]:
        if row.action == "post":
            return self._texts.get(row.key, ())
        return tuple(AGAIN + text for text in self._texts.get(row.target or "", ())[:1])


def stands(stage: Stage, network: str) -> Counter[str]:
    """What followers see."""
    standing = [post for post in read(stage.ledger(network)) if not post.deleted]
    return Counter(AGAIN + post.text if post.repost_of else post.text for post in standing)
