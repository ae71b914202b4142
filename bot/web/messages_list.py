"""The list of messages as the page shows it: what is looked for, and where each one can be moved.

Values in, values out: it asks nobody, and makes no HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from bot.core.settings import Settings
from bot.office.words import STATES, Row
from bot.web.language import _
from bot.web.now import label
from bot.web.times import When, when


def kinds() -> dict[str, str]:
    """Each kind with what it is for."""
    return {
        "fact": _("Fact: says what is so, and where that comes from"),
        "story": _("Story: tells of somebody, and leads to it by its own link"),
        "call": _("Call: asks people to sign"),
        "update": _("Update: says what has happened"),
        "milestone": _("Milestone: goes out when a number of signatures is reached"),
        "progress": _("Progress: says from time to time how far the petition has come"),
    }


def kind_names() -> dict[str, str]:
    return {
        "fact": _("Fact"),
        "story": _("Story"),
        "call": _("Call"),
        "update": _("Update"),
        "milestone": _("Milestone"),
        "progress": _("Progress"),
    }


def state_names() -> dict[str, str]:
    return {
        "rotation": _("In rotation"),
        "fixed": _("Fixed date"),
        "template": _("When the count says so"),
        "draft": _("Draft"),
        "later": _("Not yet"),
        "expired": _("Expired"),
        "review": _("To review"),
        "problems": _("Problems"),
    }


def account_names(settings: Settings) -> dict[str, str]:
    return {account.id: label(account.network, account.id) for account in settings.accounts}


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; an empty field is not."""

    kind: str = ""
    language: str = ""
    account: str = ""
    state: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filter:
        return cls(*(asked.get(name, "").strip() for name in ("kind", "language", "account", "state", "q")))

    @property
    def asked(self) -> dict[str, str]:
        """As it stands in an address."""
        given = zip(("kind", "language", "account", "state", "q"), astuple(self), strict=True)
        return {name: value for name, value in given if value}

    def __bool__(self) -> bool:
        return self != Filter()

    def takes(self, row: Row) -> bool:
        return (
            self.kind in ("", row.kind)
            and (not self.language or self.language in row.languages)
            and (not self.account or self.account in row.accounts)
            and (not self.state or self.state in row.states)
            and all(word in row.words.casefold() for word in self.words.casefold().split())
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list. `up`, `down`: the id before which it goes (END: behind the last); None: nowhere."""

    row: Row
    states: tuple[str, ...]
    last: When | None
    next: When | None
    errors: int
    up: str | None
    down: str | None


def lines(rows: Sequence[Row], shown: Sequence[Row], zone: str, now: datetime, first: int = 0) -> list[Line]:
    """A leaf of the rows that are shown, from the `first` on; moved, a row passes the next one of them."""
    leaf = range(first, min(first + LEAF, len(shown)))
    return [_line(shown[at], rows, shown, at, zone, now) for at in leaf]


def _line(row: Row, rows: Sequence[Row], shown: Sequence[Row], at: int, zone: str, now: datetime) -> Line:
    up = shown[at - 1].id if at else None
    after = shown[at + 1].place + 1 if at + 1 < len(shown) else None
    down = None if after is None else rows[after].id if after < len(rows) else END
    movable = row.id is not None
    return Line(
        row,
        row.states,
        when(row.last, zone, now) if row.last else None,
        when(row.next, zone, now) if row.next else None,
        sum(1 for each in row.complaints if each.severity == "error"),
        up if movable else None,
        down if movable else None,
    )


LEAF = 100
"""Messages that are shown at once."""

END = ":end"
"""Instead of an id (none begins so): behind the last one."""


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many messages stand in each way, without those in which none does."""
    found = {state: sum(1 for row in rows if state in row.states) for state in STATES}
    return {state: number for state, number in found.items() if number}
