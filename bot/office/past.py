"""What has been: posts that went out or did not, and the count. Taken back, settled or set by hand, for good.

It puts nothing into words for a page, and sends nothing but what takes a post away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.campaign import Campaign
from bot.core.milestones import LARGEST, expected, next_milestone, rate_per_day
from bot.core.model import Delivery, Reading, State
from bot.core.sought import Place, Sought, place
from bot.core.written import Settings
from bot.ports import Clock, Deed, Store

LEAF = 50
"""Deliveries of one page."""
AT_ONCE = 500
"""Rows that are asked for in one go, where all are wanted."""
BY_HAND = "set by hand"

Note = Callable[[str, str, str, str, str], None]
"""Keeps a deed: who, verb, about, before, after."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the past, newest first. `older` and `newer`: there are more. `costs` in micro-dollars."""

    rows: tuple[Delivery, ...]
    costs: Mapping[int, int]
    older: bool
    newer: bool


@dataclass(frozen=True, slots=True)
class Signatures:
    """The count: `readings` oldest first, thresholds `passed` so far, `announced` what went out for them
    (newest first, reposts too). `rate` is signatures a day over the last week; None: nobody knows."""

    settings: Settings
    at: datetime
    readings: tuple[Reading, ...]
    passed: Mapping[int, datetime]
    announced: tuple[Delivery, ...]
    rate: float | None

    @property
    def number(self) -> int | None:
        return self.readings[-1].number if self.readings else None

    @property
    def milestone(self) -> int | None:
        """The next one; None: there is none left."""
        petition = self.settings.petition
        return next_milestone(petition.milestones, self.number or 0, petition.goal)

    def expected(self, wanted: int) -> datetime | None:
        """When the count gets there at this rate; None: not within ten years, or nobody knows."""
        return None if self.number is None else expected(self.number, wanted, self.rate, self.at)


class Past:
    """Every verb that changes something takes `who` first, and is kept in the audit log."""

    def __init__(
        self, campaign: Campaign, store: Store, clock: Clock, note: Note, wake: Callable[[], None]
    ) -> None:
        self._campaign, self._store, self._clock, self._note, self._wake = campaign, store, clock, note, wake

    # --- what went out, and what did not ------------------------------------------------------

    def leaf(self, wanted: Sought, older_than: int | None = None, newer_than: int | None = None) -> Leaf:
        """The newest page, or the one that follows a delivery on either side; one that is not there is
        no place to go on from."""
        older, newer = self._place(older_than), self._place(newer_than)
        found = self._store.sought(wanted, LEAF + 1, older=older, newer=newer)
        more = len(found) > LEAF
        rows = found[-LEAF:] if newer else found[:LEAF]
        costs = self._store.charged([row.id for row in rows])
        return Leaf(
            tuple(rows), costs, older=more or bool(newer), newer=bool(older) or (bool(newer) and more)
        )

    def _place(self, delivery_id: int | None) -> Place | None:
        row = self._store.delivery(delivery_id) if delivery_id else None
        return place(row) if row else None

    def all(self, wanted: Sought) -> Iterator[tuple[Delivery, int]]:
        """Everything that fits, newest first, each with its cost; never all of it in memory."""
        rows = self._store.sought(wanted, AT_ONCE)
        while rows:
            costs = self._store.charged([row.id for row in rows])
            yield from ((row, costs.get(row.id, 0)) for row in rows)
            rows = self._store.sought(wanted, AT_ONCE, older=place(rows[-1]))

    def one(self, delivery_id: int) -> Delivery | None:
        return self._store.delivery(delivery_id)

    def cost(self, delivery: Delivery) -> int:
        return self._store.charged([delivery.id]).get(delivery.id, 0)

    def repeated(self, delivery: Delivery) -> Delivery | None:
        """What a repost repeats."""
        repeats = delivery.action == "repost" and delivery.target
        return self._store.by_key(repeats) if repeats else None

    def repost(self, delivery: Delivery) -> Delivery | None:
        """What repeats a post."""
        return self._store.by_key(f"{delivery.account}/repost/{delivery.key}")

    def deeds(self, delivery_id: int) -> list[Deed]:
        """What people did to it, newest first."""
        return self._store.deeds(about=_about(delivery_id))

    # --- what people say and do about it ------------------------------------------------------

    def take_back(self, who: str, delivery_id: int) -> list[str]:
        """Delete it where it stands; a sentence for everything that still does. Empty: all is gone."""
        left = self._campaign.unpost(delivery_id)
        self._note(who, "take back", _about(delivery_id), "", "; ".join(left) or "all of it is gone")
        return left

    def resolve(self, who: str, delivery_id: int, *, posted: bool) -> bool:
        """Say what became of an unconfirmed one. False: there is nothing to settle any more."""
        row = self._store.delivery(delivery_id)
        if (
            row is None
            or row.state is not State.UNCONFIRMED
            or not self._campaign.resolve(row, posted=posted)
        ):
            return False
        self._note(who, "resolve", _about(delivery_id), row.state, "posted" if posted else "not posted")
        self._wake()
        return True

    # --- the count ----------------------------------------------------------------------------

    def signatures(self) -> Signatures:
        now, readings = self._clock.now(), self._store.readings()[::-1]
        return Signatures(
            self._campaign.book.settings,
            now,
            tuple(readings),
            self._store.passed(),
            tuple(self._store.sought(Sought(kind="milestone"), AT_ONCE)),
            rate_per_day(readings, now),
        )

    def set_count(self, who: str, number: int) -> None:
        """Told by hand; milestones that it passes are announced. Raises ValueError beyond LARGEST."""
        if not 0 <= number <= LARGEST:
            raise ValueError(f"{number} is more than there are people")
        before = self._campaign.signatures()
        self._campaign.take(Reading(number, BY_HAND, self._clock.now()))
        self._note(who, "set count", "petition", "" if before is None else str(before), str(number))
        self._wake()


def _about(delivery_id: int) -> str:
    """How the audit log calls a delivery."""
    return f"delivery {delivery_id}"
