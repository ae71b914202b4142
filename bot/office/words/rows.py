"""The list of messages as organizers go through it: how each one stands, how often it had its turn, when it
comes next.

It reads no file and no clock, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Past, Planned
from bot.core.overview import opening
from bot.core.settings import Settings
from bot.core.written import ROTATING, Message, bound, window
from bot.office.words.sheet import Complaint, Entry, Sheet

OPENING = 110
"""Characters of a message's text that the list shows."""

STATES = ("rotation", "fixed", "template", "draft", "later", "expired", "review", "problems")
"""How a message may stand; a broken one, and a good one with a warning, are both among the problems."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the list, at `place` in the file. `id` is None where nothing can be done with it here.

    `turns`: how often it had its turn, on all accounts together; `last` when it had it last, `next` when it
    comes again (None: not soon), on the account `where`.
    """

    place: int
    id: str | None
    kind: str
    opening: str
    language: str
    words: str
    languages: tuple[str, ...]
    accounts: tuple[str, ...]
    states: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    turns: int = 0
    last: datetime | None = None
    next: datetime | None = None
    where: str = ""


def rows(
    sheet: Sheet, settings: Settings, pasts: Mapping[str, Past], coming: Iterable[Planned], now: datetime
) -> list[Row]:
    """All entries of the sheet, in the order of the file."""
    nexts: dict[str, Planned] = {}
    for planned in coming:
        if planned.post:
            nexts.setdefault(planned.post.message_id, planned)
    return [_row(sheet, at, entry, settings, pasts, nexts, now) for at, entry in enumerate(sheet.entries)]


def _row(
    sheet: Sheet,
    at: int,
    entry: Entry | object,
    settings: Settings,
    pasts: Mapping[str, Past],
    nexts: Mapping[str, Planned],
    now: datetime,
) -> Row:
    message, complaints = sheet.messages.get(at), sheet.complaints(at)
    if message is None:
        said = entry.get("id") if isinstance(entry, dict) else None
        return Row(at, sheet.ids[at], "", str(said or ""), "", str(entry), (), (), ("problems",), complaints)
    default = settings.campaign.language
    first, variants = next(iter(message.text.items()), ("", ("",)))
    uses = [past.uses[message.id] for past in pasts.values() if message.id in past.uses]
    following = nexts.get(message.id)
    return Row(
        at,
        sheet.ids[at],
        message.kind,
        opening(variants[0], OPENING),
        first or default,
        _words(message),
        message.languages(default),
        message.accounts or tuple(account.id for account in settings.accounts),
        tuple(states(message, settings, complaints, now)),
        complaints,
        sum(times for use in uses for times in use.times.values()),
        max((use.last_at for use in uses), default=None),
        following.slot.due if following else None,
        following.slot.account if following else "",
    )


def _words(message: Message) -> str:
    """All that is looked through for a word."""
    said = [text for texts in (message.text, *message.thread) for each in texts.values() for text in each]
    return "\n".join([message.id, *said, message.source or "", message.link or ""])


def states(
    message: Message, settings: Settings, complaints: Iterable[Complaint], now: datetime
) -> Iterator[str]:
    """How it stands now; a message may stand in several ways."""
    complaints = tuple(complaints)
    ended = list(_ended(message, settings, now))
    starts = window(message, settings.campaign.timezone, settings.petition.closes)[0]
    later = starts is not None and starts > now
    wrong = any(each.severity == "error" for each in complaints)
    if message.draft:
        yield "draft"
    elif message.kind not in ROTATING:
        yield "template"
    elif message.post_at:
        yield "fixed"
    elif not (ended or later or wrong):
        yield "rotation"
    if later:
        yield "later"
    yield from ended
    if complaints:
        yield "problems"


def _ended(message: Message, settings: Settings, now: datetime) -> Iterator[str]:
    zone, closes = settings.campaign.timezone, settings.petition.closes
    for value, state in ((message.expires, "expired"), (message.review_by, "review")):
        ends = bound(value, zone, closes, end=True)
        if ends is not None and ends <= now:
            yield state
