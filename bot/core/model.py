"""The nouns of the bot: what it makes itself, frozen. What people write is in written.py.

No clock, dice, disk, network or log here or anywhere in core. Every datetime is aware UTC unless
its name says `local`; money is whole micro-dollars (1 USD = 1_000_000), so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

MICRO_USD = 1_000_000


# --- when -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One time at which one account posts.

    `local_date` and `wall` are the account's own calendar before jitter (a slot past midnight keeps
    the day it started on); `due` is the moment, jitter included. `message_id` is set for `post_at`.
    """

    due: datetime
    account: str
    local_date: date
    wall: time
    message_id: str | None = None

    @property
    def key(self) -> str:
        """The identity in the outbox: never a position in a list, and jitter does not change it."""
        if self.message_id is not None:
            return f"{self.account}/post_at/{self.message_id}"
        shown = self.wall.strftime("%H:%M:%S" if self.wall.second else "%H:%M")
        return f"{self.account}/{self.local_date.isoformat()}/{shown}"


# --- what -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server takes. `counting` is `weighted` (X), `graphemes`, or `shown` (Bluesky: graphemes of
    a text whose links stand there in short); lengths in its units.

    `url_length` is None where not every URL counts alike. `bytes` is what a text may have in UTF-8 besides
    (None: no such limit). `picture_bytes` and `picture_pixels` (width times height) are those of a still
    picture; `animation_bytes` of an animated GIF (0: none is taken), which may have to stand alone. Read
    from the server where it tells, cached in state/limits.json, else the network's default.
    """

    length: int
    counting: Literal["weighted", "graphemes", "shown"]
    url_length: int | None = 23
    alt_length: int = 1500
    pictures: int = 4
    warning_counts: bool = True
    bytes: int | None = None
    picture_bytes: int = 16_000_000
    picture_pixels: int | None = 33_000_000
    animation_bytes: int = 16_000_000
    animation_alone: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """`may_lack_alt`: it goes out even if the network does not take its alt text."""

    file: str
    alt: str
    may_lack_alt: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A message fitted for one account: exactly what goes out.

    `parts` are the texts of a thread (one for most posts), links included. `length` is the longest
    part in the network's own counting, `limit` what the server takes. `link` is the last link a part
    carries (None: no link). `words` is the text without links and added hashtags, NFC: two posts
    with the same words are the same to a reader. `template` is what was written, before figures were
    filled in and with every part: if it changes, the message was edited. `signatures` is the count
    that its figures were made from (None: it has none).
    """

    account: str
    network: str
    message_id: str
    kind: str
    language: str
    parts: tuple[str, ...]
    words: str
    length: int
    limit: int
    link: str | None = None
    pictures: tuple[Picture, ...] = ()
    content_warning: str | None = None
    visibility: str | None = None
    cost: int = 0
    template: str = ""
    signatures: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person (`who`) decided at `at` for the slot of that key, which is due at `slot`: this message
    goes out there, or (None) nothing does."""

    slot_key: str
    message_id: str | None
    who: str
    slot: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One slot and what goes out in it. Without a message, `why` says what stood in the way. `choice`: it
    was not left to the rotation."""

    slot: Slot
    why: str
    post: Post | None = None
    turn: int | None = None
    variant: int = 0
    choice: Choice | None = None


# --- what happened --------------------------------------------------------------------------


class State(StrEnum):
    """The life of a delivery; the last four are final."""

    DUE = "due"
    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    POSTED = "posted"
    REFUSED = "refused"
    MISSED = "missed"
    CANCELLED = "cancelled"


FINAL = frozenset({State.POSTED, State.REFUSED, State.MISSED, State.CANCELLED})
TURN_USED = frozenset({State.DUE, State.SENDING, State.UNCONFIRMED, State.POSTED, State.REFUSED})
"""States in which a message's turn counts as used; a due delivery has reserved its turn."""


@dataclass(frozen=True, slots=True)
class Posted:
    """It stands. `url` may be None where the network gives none (a repost). `flaw` says what it lacks
    of what was sent, as far as the network showed (empty: nothing)."""

    remote_id: str
    url: str | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not posted, and asking again as it is would not help."""

    reason: str
    scope: Literal["post", "account"] = "post"


@dataclass(frozen=True, slots=True)
class Deferred:
    """Certainly not posted; may be tried again, not before `until` where the network said so."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """We spoke and do not know. `duplicate`: the network says that it has this text already."""

    reason: str
    duplicate: bool = False


Outcome = Posted | Refused | Deferred | Unconfirmed


@dataclass(frozen=True, slots=True)
class Delivery:
    """The life of one post (or repost) of one account: a row of the outbox.

    `expires` is the last moment at which it may be claimed. `next_at` is when it may be looked at
    again (claimed if due, reconciled if unconfirmed; None: waits for a person). `remote_ids` has
    one id per part that is known to stand. `readings` counts looks at the account's own timeline
    since `spoke_at`, `absences` those good ones that did not show the post, `doubts` the attempts so
    far whose fate was unknown when they ended. `target` is for a repost the key of the delivery that
    it repeats, for a milestone its threshold, for progress the count that it must be above.
    """

    id: int
    key: str
    account: str
    action: Literal["post", "repost"]
    state: State
    slot: datetime
    expires: datetime
    message_id: str | None = None
    kind: str = ""
    language: str = ""
    variant: int = 0
    turn: int | None = None
    post: Post | None = None
    target: str | None = None
    attempts: int = 0
    next_at: datetime | None = None
    claimed_at: datetime | None = None
    spoke_at: datetime | None = None
    posted_at: datetime | None = None
    remote_ids: tuple[str, ...] = ()
    remote_url: str | None = None
    reason: str = ""
    readings: int = 0
    absences: int = 0
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A row to be inserted; one whose key stands already is left alone, whatever it says."""

    key: str
    account: str
    slot: datetime
    expires: datetime
    action: Literal["post", "repost"] = "post"
    state: State = State.DUE
    message_id: str | None = None
    kind: str = ""
    language: str = ""
    variant: int = 0
    turn: int | None = None
    post: Post | None = None
    target: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one event makes of a delivery; core/delivery.py decides it, the store writes it whole.

    `release`: the money reserved at the claim comes back, since it certainly did not go out.
    `hold`: the reason for which the whole account stops until a person looks. `flaw`: what stands now
    lacks this, and a person should know.
    """

    state: State
    reason: str = ""
    next_at: datetime | None = None
    posted_at: datetime | None = None
    remote_ids: tuple[str, ...] | None = None
    remote_url: str | None = None
    readings: int = 0
    absences: int = 0
    doubts: int = 0
    release: bool = False
    hold: str | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that bears on a claim, read in the transaction that makes it. Money in micro-dollars.

    All of it but this delivery itself: `last_spoke_at`, `sending` and `unconfirmed` are those of the
    account's other deliveries, and only of such as may stand (sending, unconfirmed, posted).
    """

    paused: str | None
    held: str | None
    sending: bool
    unconfirmed: int
    last_spoke_at: datetime | None
    spent_this_month: int
    posts_today: int


@dataclass(frozen=True, slots=True)
class Go:
    """Send it now. `cost` is reserved for it, in micro-dollars (None: what the post costs)."""

    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; it stays due. `until` None: until something changes."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Never; it ends as `state`."""

    state: State
    reason: str


Verdict = Go | Wait | Stop


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the network says that our keys belong to. `server_time` is its clock, where it told."""

    server: str
    user_id: str
    handle: str
    bot: bool | None = None
    server_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the account's own posts as the network shows it now.

    `text` with links expanded; `exact` when it is to the letter (else compare it normalized).
    `repost_of` is the remote id of the post that this one repeats, `pictures` how many it shows (None:
    the network does not tell).
    """

    remote_id: str
    text: str
    created_at: datetime
    url: str | None = None
    exact: bool = False
    repost_of: str | None = None
    pictures: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """One good reading (200, parsed) of an account's own posts, newest first.

    `complete`: there is nothing older than the last of `posts`. `server_time` from the answer's Date.
    """

    user_id: str
    posts: tuple[Seen, ...]
    complete: bool
    server_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The account could not be read (not 200, not parsed, timed out)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something an organizer may want to see: one line in the log, one card in the demo.

    `what` is a state's name, or `held`, `trouble`, `reading`, `milestone`, `clock`, `reloaded`.
    """

    what: str
    text: str = ""
    account: str | None = None
    delivery: Delivery | None = None


# --- the count ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """One signature count: a whole number of people, where it was read and when.

    `closed` is what the site says of the petition's end (`closed`, `rejected`), empty while it is open.
    """

    number: int
    source: str
    at: datetime
    closed: str = ""


@dataclass(frozen=True, slots=True)
class BadReading:
    """The counter gave no number that can be believed; `reason` names address and path."""

    reason: str


# --- what an account has had -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """How one account has used one message: times per language, its last turn, its last slot."""

    times: Mapping[str, int]
    last_turn: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What one account has had so far. `turns` is the number of the next turn (0 at the start)."""

    turns: int = 0
    uses: Mapping[str, Use] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    """Micro-dollars per UTC month, as `2026-12`."""
    posts: Mapping[date, int] = field(default_factory=dict)
    """Posts per local day of the account."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The past that planning starts from: one `Past` per account and what is taken already.

    `recent_words` has (network, words, account, at) of the last day's posts, for the rule that two
    X accounts never say the same within a day. `keys` are the keys of slots that have a row, `choices`
    what people decided, by the key of the slot.
    """

    pasts: Mapping[str, Past] = field(default_factory=dict)
    recent_words: tuple[tuple[str, str, str, datetime], ...] = ()
    keys: frozenset[str] = frozenset()
    choices: Mapping[str, Choice] = field(default_factory=dict)
