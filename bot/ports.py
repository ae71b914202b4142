"""The doors of the house: what the campaign needs from networks, counters, the store and a clock.

Whoever implements one of these promises the contract in its docstring, and its suite in tests/
holds it to it. Every datetime that passes through a door is aware UTC: said here once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.core.alerts import Alert, Need
from bot.core.links import Link
from bot.core.model import (
    BadReading,
    Change,
    Choice,
    Delivery,
    Identity,
    Ledger,
    Limits,
    NewDelivery,
    Outcome,
    Picture,
    Post,
    Reading,
    Situation,
    State,
    Timeline,
    Unreadable,
    Verdict,
)
from bot.core.pictures import Unusable
from bot.core.sought import Place, Sought


class Clock(Protocol):
    """Wall time, and a monotonic one in seconds that also counts the machine's sleep."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Ready:
    """A post whose preparations (uploads) are done: `media_ids` per part. `slot` is when its delivery
    was planned for: a network whose ids are ours to make takes it into them, the same at every try.
    `flaw` says what the post will lack although it goes out (empty: nothing)."""

    post: Post
    media_ids: tuple[tuple[str, ...], ...] = ()
    slot: datetime | None = None
    flaw: str = ""

    def pictures(self, part: int) -> tuple[str, ...]:
        """The uploads that a part shows."""
        return self.media_ids[part] if part < len(self.media_ids) else ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it goes out: `data` in `kind` (image/jpeg, image/png; image/gif for an animation),
    `width` and `height` in pixels. It says nothing of when, where and with what it was taken."""

    picture: Picture
    data: bytes
    kind: str
    width: int
    height: int

    @property
    def animated(self) -> bool:
        return self.kind == "image/gif"


class Album(Protocol):
    """The pictures that messages name."""

    def draw(self, picture: Picture, limits: Limits) -> Drawn | Unusable:
        """The picture as it is now, fit for a network with these limits; nothing is taken from memory."""


class Network(Protocol):
    """One account on one network, spoken to through its real client library.

    No method raises for anything the network does, retries, sleeps for long, or follows a
    redirect; each ends within the request's total deadline. None ever puts a secret in a reason.
    """

    def verify(self) -> Identity | Outcome:
        """Read-only: who are we there? Never posts. Gives an Outcome (not Posted) for trouble."""

    def limits(self) -> Limits | Unreadable:
        """What the server takes, read from it where it tells."""

    def prepare(self, post: Post, pictures: Sequence[Drawn] = ()) -> Ready | Outcome:
        """Everything that comes before speaking (uploads); nothing of it is visible to followers.

        `pictures` are those of the part that is sent next, in the order of `post.pictures`: the first
        part of a thread has them all, the others none. Whatever fails, nothing was posted: the answer is
        Deferred or Refused. What was uploaded for a post that was not sent is not uploaded again.
        """

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        """Create one part. `key` is the idempotency key, where the network knows such a thing."""

    def repost(self, remote_id: str, key: str) -> Outcome: ...

    def timeline(self, since: datetime) -> Timeline | Unreadable:
        """Our own newest posts, reposts included, read back until `since` or two pages, whichever is less."""

    def reposted(self, remote_id: str) -> bool | Unreadable:
        """Has this account reposted that post?"""

    def delete(self, remote_id: str) -> Outcome | None:
        """Delete one post of ours; None when it is gone (also when it was gone already)."""


class Counter(Protocol):
    """One way to read the signature count. Never raises; one call is one bounded request."""

    def read(self, now: datetime) -> Reading | BadReading: ...


class Pages(Protocol):
    """Whether pages are there. Never raises; one call is bounded."""

    def status(self, url: str) -> int | str:
        """The status at the end of redirects, or half a sentence that says why there is none."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the store remembers of an account: a pause, a hold, and the pinned identity."""

    paused: bool = False
    paused_until: datetime | None = None
    held: str | None = None
    server: str | None = None
    user_id: str | None = None
    planned_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did by the pages: `about` is a message, an account, a delivery or a user."""

    who: str
    verb: str
    about: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in to the pages. `role` is `editor` or `approver`, `password` a hash; `version`
    goes up with every change."""

    name: str
    role: str
    password: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """One replica may serve `name` (an account, the count). `fence` goes up with every new owner; it `lasts`
    so long from the last thing that was written under it, by the database's clock."""

    name: str
    owner: str
    fence: int
    lasts: timedelta


class LeaseLost(Exception):
    """Another replica serves what we served: nothing was written."""


class Store(Protocol):
    """The outbox and all that must survive a power cut. One transaction per call, durable on return.

    It knows no rule of its own: what may be claimed and what an outcome means is handed in.
    Raises StoreUnusable (below) with one clear sentence, and nothing else, for a broken disk or file.
    """

    shared: bool
    """Several bots may be at work on it (PostgreSQL)."""

    # replicas
    def lease(
        self,
        owner: str,
        accounts: Sequence[str],
        beside: Sequence[str],
        busy: Collection[str],
        lasts: timedelta,
    ) -> Mapping[str, Lease]:
        """Renew what `owner` has, take what nobody has up to its share of `accounts` (and all of `beside`),
        give back what is more, unless it is `busy`. Returns all that it has now."""

    def give_back(self, owner: str, busy: Collection[str] = ()) -> None:
        """For others to take at once: whatever `owner` has, but what is `busy`."""

    def fenced(self, lease: Lease) -> AbstractContextManager[None]:
        """What this thread writes inside is written under `lease`, and renews it; or it raises LeaseLost."""

    def planning(self) -> AbstractContextManager[None]:
        """Where it is shared, what this thread reads and writes inside is one transaction, and no other
        replica plans or lays rows meanwhile."""

    # the ledger
    def ledger(self, now: datetime, zones: Mapping[str, str]) -> Ledger:
        """The past of every account in `zones` (account id -> IANA zone, for its local days).

        Cheap after ten years: aggregated by index, money of this and later months only, posts of
        the last two local days only, `keys` only of slots later than two days ago.
        """

    def insert(
        self, deliveries: Iterable[NewDelivery], planned_until: Mapping[str, datetime]
    ) -> list[Delivery]:
        """Insert rows whose key is new (others are left alone) and move the accounts' watermarks
        forward (never back), in one transaction. Returns the rows that were really inserted."""

    def due(self, now: datetime, account: str | None = None) -> list[Delivery]:
        """Rows in `due` with next_at <= now (a null next_at counts as now), oldest slot first."""

    def unconfirmed(self, account: str | None = None) -> list[Delivery]: ...

    def sending(self, account: str | None = None) -> list[Delivery]: ...

    def unsettled(self, account: str) -> list[Delivery]:
        """All its rows that have no end yet, oldest slot first."""

    def in_hand(self, now: datetime) -> list[str]:
        """Accounts with a row in `sending`, or one in `due` or `unconfirmed` whose next_at has come; the one
        with the oldest slot first."""

    def next_at(self, owner: str | None = None) -> datetime | None:
        """The earliest next_at of any due or unconfirmed row (of the accounts that `owner` serves), for the
        alarm clock."""

    def delivery(self, delivery_id: int) -> Delivery | None: ...

    def by_key(self, key: str) -> Delivery | None: ...

    def history(self, limit: int | None = None, account: str | None = None) -> list[Delivery]:
        """Newest slot first, every state."""

    def sought(
        self, wanted: Sought, limit: int, older: Place | None = None, newer: Place | None = None
    ) -> list[Delivery]:
        """Newest slot first, at most `limit`: the newest of all that fit, the newest that are `older` than a
        place, or the oldest that are `newer`. As quick among half a million rows, whatever is sought."""

    def newest(self, kind: str, accounts: Iterable[str]) -> Mapping[str, Delivery]:
        """Per account its post (no repost) of that kind with the latest slot, in any state."""

    # the life of a delivery
    def claim(
        self,
        delivery_id: int,
        post: Post | None,
        now: datetime,
        day: tuple[datetime, datetime],
        decide: Callable[[Delivery, Situation], Verdict],
    ) -> Delivery | Verdict:
        """In one IMMEDIATE transaction: read the row (must be `due`, else Wait) and its Situation
        (`posts_today`: this account's rows that spoke within `day`; `spent_this_month`: UTC month of
        `now`), ask `decide`, and carry it out: Go -> state sending, attempts + 1, claimed_at, spoke_at
        null, the frozen `post` (None keeps what stands), its cost reserved; returns the new row.
        Wait -> next_at is set to `until`, reason kept; Stop -> final state. Returns the verdict."""

    def spoke(self, delivery_id: int, now: datetime) -> bool:
        """Commit `spoke_at`, only while the row is `sending`."""

    def settle(self, delivery: Delivery, change: Change) -> bool:
        """Write `change`, only if the row is still in the state and attempt of `delivery`; releases
        its reserved money when asked, holds the account when asked. False: somebody else was first."""

    def charge(self, account: str, at: datetime, cost: int, what: str) -> None:
        """Money spent beside posting (readings of one's own timeline)."""

    # switches
    def account(self, account_id: str) -> AccountState: ...

    def accounts(self) -> Mapping[str, AccountState]:
        """Of all accounts of which anything is known."""

    def hold(self, account_id: str, reason: str | None) -> None:
        """Stop one account until a person looks; None lets it go on."""

    def pin(self, account_id: str, identity: Identity) -> bool:
        """Pin who the account is at first sight; False when another identity is pinned already."""

    def pause(self, account_id: str | None, until: datetime | None) -> None:
        """Pause one account, or all (None). Read by `claim` in its own transaction."""

    def resume(self, account_id: str | None) -> None: ...

    def paused(self, now: datetime, account_id: str | None = None) -> str | None:
        """Why nothing goes out now (`paused`, `paused until …`), or None. Without an id: all."""

    def mark_restored(self, restored: bool) -> None:
        """A backup was restored, and the count has not been read since; or it has."""

    def restored(self) -> bool: ...

    def examined(self) -> str:
        """Which database it is, every page of it looked at. Raises StoreUnusable for a damaged one."""

    def backup(self, target: Path) -> None:
        """Write a complete, checked copy, also while a bot runs (SQLite only)."""

    # links
    def links(self) -> list[Link]:
        """What is known of each address that was looked at."""

    def note_link(self, link: Link) -> None:
        """Keep what is known of its address now."""

    def forget_links(self, urls: Iterable[str]) -> None: ...

    # the count
    def add_reading(self, reading: Reading) -> None: ...

    def thin(self, superfluous: Callable[[Sequence[datetime]], Iterable[int]]) -> None:
        """Forget readings: `superfluous` is given the times of all, and names places among them."""

    def readings(self, limit: int | None = None) -> list[Reading]:
        """Newest first."""

    def passed(self) -> Mapping[int, datetime]:
        """Thresholds passed so far, announced or not, with the time."""

    def cross(
        self,
        thresholds: Iterable[int],
        at: datetime,
        deliveries: Sequence[NewDelivery],
        reading: Reading | None = None,
    ) -> list[Delivery]:
        """Mark thresholds as passed for ever, insert their announcements and keep the reading that crossed
        them, in one transaction: an announcement never waits for a count that was forgotten."""

    # what people did
    def choose(self, choice: Choice) -> bool:
        """Keep what somebody decided for a slot, in the place of an earlier choice; `ledger` has it from then
        on. False: the slot has a row already, and nothing is changed. Old choices are forgotten."""

    def unchoose(self, slot_key: str) -> bool:
        """Leave the slot to the rotation again. False: there was no choice, or the slot has a row already."""

    def note(self, deed: Deed) -> None:
        """Keep it for ever."""

    def deeds(
        self, limit: int | None = None, about: str | None = None, who: str | None = None, skip: int = 0
    ) -> list[Deed]:
        """Newest first, without the newest `skip` of them."""

    # who may sign in
    def users(self) -> list[User]:
        """Oldest first."""

    def user(self, name: str) -> User | None: ...

    def add_user(self, user: User, fits: Callable[[Sequence[User]], bool]) -> bool:
        """False, and nothing is changed: there is one of that name, or the users as they would be then do
        not fit."""

    def change_user(
        self,
        name: str,
        fits: Callable[[Sequence[User]], bool],
        *,
        role: str | None = None,
        password: str | None = None,
    ) -> bool:
        """What is None stays; `version` goes up. False as in add_user, or there is nobody of that name."""

    def remove_user(self, name: str, fits: Callable[[Sequence[User]], bool]) -> bool: ...

    def key(self, name: str, fresh: str) -> str:
        """The key of that name, for all who share the state: the first `fresh` that was handed in."""

    # what people are told of
    def alerts(self) -> list[Alert]:
        """All that is open, or was a moment ago; the oldest first."""

    def keep_alerts(self, needs: Sequence[Need], names: Sequence[str], now: datetime) -> None:
        """These are open now: new ones are to be told to everybody in `names`. What nobody has kept for a
        while (core.alerts.OVER) is over, and would be told anew."""

    def take_alerts(self, name: str, now: datetime, until: datetime) -> list[Alert]:
        """What is open now and `name` is to be told. Nobody else is given it before `until`, unless it is
        postponed."""

    def sent_alerts(self, told: Iterable[Alert], now: datetime) -> None:
        """Their addressees know: they are never given again."""

    def postpone_alerts(self, untold: Iterable[Alert], until: datetime) -> None:
        """One more attempt at them failed; they are given again from `until` on."""

    # counters of the page
    def spent(self, month: str) -> Mapping[str, int]:
        """Micro-dollars per account in a UTC month (`2026-12`)."""

    def charged(self, ids: Sequence[int]) -> Mapping[int, int]:
        """Micro-dollars of these deliveries, of some hundred at most; what came back is not in it."""

    def count(self) -> Mapping[State, int]: ...

    def tally(self) -> Mapping[str, Mapping[State, int]]:
        """How many deliveries of each account are in each state; states without any may be left out."""

    def close(self) -> None: ...


class StoreUnusable(Exception):
    """The state cannot be used: one sentence that says what, where and what to do."""

    exit_code = 1


class StateLocked(StoreUnusable):
    """Another bot holds the state; the sentence says who."""

    exit_code = 75
