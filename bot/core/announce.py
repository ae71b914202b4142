"""What the count puts into the outbox: announcements of milestones, their reposts, and progress.

An announcement and its repost are made at once, under keys made from petition, threshold and account,
so that neither can be lost or doubled by a crash between them; a progress post has its period in its
key. It posts nothing and counts nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.core.figures import Figures
from bot.core.model import Delivery, Ledger, NewDelivery, Past, Post, Reading, State, Use
from bot.core.plan import Book, Said
from bot.core.rotation import carried, spoken
from bot.core.slots import after_quiet
from bot.core.written import Account, Kind, Message, window

WAIT = timedelta(hours=24)
"""Milestones, progress, reposts and fixed dates may be so late."""

PUNCTUAL = timedelta(hours=1)
"""A count that is read so long after a period began keeps its rhythm."""

NEVER = Use({}, -1, datetime.min)
MAY_STAND = (State.SENDING, State.UNCONFIRMED, State.POSTED)


@dataclass(frozen=True, slots=True)
class Template:
    """A message of kind milestone or progress, as one account says it next."""

    message: Message
    language: str
    variant: int
    post: Post


# --- milestones ------------------------------------------------------------------------------


def announcements(book: Book, threshold: int, reading: Reading, ledger: Ledger) -> Iterator[NewDelivery]:
    """The rows for one crossed threshold, of every account that has a template in its language.

    One of whose templates none fits gets a row that says so, and no repost.
    """
    figures, said = book.figures(reading.number, threshold), Said(ledger)
    for account in book.settings.accounts:
        if not templates(book, account, "milestone", reading.at):
            continue
        key = f"{account.id}/milestone/{petition_name(book)}/{threshold}"
        slot = after_quiet(account, book.settings, reading.at)
        chosen = choose(book, account, "milestone", figures, ledger, said, slot)
        yield _row(key, account.id, slot, "milestone", chosen, str(threshold))
        pause = book.settings.petition.milestones.repost_after
        if isinstance(chosen, Template) and pause is not None:
            again = after_quiet(account, book.settings, slot + pause)
            yield NewDelivery(
                f"{account.id}/repost/{key}",
                account.id,
                again,
                again + WAIT,
                action="repost",
                message_id=chosen.message.id,
                kind="milestone",
                language=chosen.language,
                target=key,
            )


def outdone(delivery: Delivery, due: list[Delivery]) -> bool:
    """Is a higher milestone of the same account waiting to be announced as well?"""

    def threshold(row: Delivery) -> int:
        announces = row.kind == "milestone" and row.action == "post" and row.target
        return int(row.target or 0) if announces and row.account == delivery.account else 0

    own = 0 if delivery.attempts else threshold(delivery)
    return bool(own) and any(threshold(row) > own for row in due)


# --- progress --------------------------------------------------------------------------------


def progress(
    book: Book, reading: Reading, ledger: Ledger, last: Mapping[str, Delivery], first: datetime, passed: int
) -> Iterator[NewDelivery]:
    """The progress rows whose period has begun. `last`: the newest one of each account, in any state;
    `first`: when the count was first read; `passed`: the highest threshold passed so far.

    A count that has not risen since an account last said it, or has fallen below a passed threshold,
    makes a row that says so: the account waits for its next period.
    """
    every = book.settings.petition.milestones.progress_every
    figures, said = book.figures(reading.number), Said(ledger)
    newest = max(last.values(), key=lambda row: row.slot, default=None)
    for account in book.settings.accounts if every else ():
        before = last.get(account.id) or newest
        begins = (before.slot if before else first) + (every or WAIT)
        if reading.at < begins or not templates(book, account, "progress", reading.at):
            continue
        late = reading.at - begins > PUNCTUAL
        slot = after_quiet(account, book.settings, reading.at if late else begins)
        floor = max(_said(last.get(account.id)), passed - 1)
        chosen: Template | str = f"the count is {reading.number}, not above the {floor} of last time"
        if reading.number > floor:
            chosen = choose(book, account, "progress", figures, ledger, said, slot)
        key = f"{account.id}/progress/{petition_name(book)}/{begins:%Y-%m-%dT%H:%M:%S}"
        yield _row(key, account.id, slot, "progress", chosen, str(floor))


def _said(last: Delivery | None) -> int:
    """The count that an account's progress last spoke of."""
    if last is None:
        return 0
    spoken_of = last.post.signatures if last.post and last.state in MAY_STAND else None
    return spoken_of or int(last.target or 0)


# --- templates -------------------------------------------------------------------------------


def templates(book: Book, account: Account, kind: Kind, at: datetime) -> list[Message]:
    """The templates of a kind that an account may use at `at`."""
    found = []
    for message in book.messages():
        if message.kind == kind and carried(message, account, book.settings):
            starts, ends = window(message, book.settings.campaign.timezone, book.settings.petition.closes)
            if (not starts or at >= starts) and (not ends or at < ends):
                found.append(message)
    return found


def choose(
    book: Book, account: Account, kind: Kind, figures: Figures, ledger: Ledger, said: Said, at: datetime
) -> Template | str:
    """How an account says it next: languages in turn, and in each the template that waited longest;
    else why none of them fits."""
    past = ledger.pasts.get(account.id, Past())
    why = f"no template of kind {kind} fits"
    for language, message in _in_turn(book, account, kind, past, at):
        times = past.uses.get(message.id, NEVER).times.get(language, 0)
        post = book.post(message, account, language, times, None, figures)
        if not isinstance(post, Post):
            why = post.reason
        elif said.elsewhere(post, at):
            why = f"another X account says the same as {message.id} today"
        else:
            said.note(post, at)
            return Template(message, language, times, post)
    return why


def _in_turn(book: Book, account: Account, kind: Kind, past: Past, at: datetime) -> list[tuple[str, Message]]:
    """All texts of an account's templates: the language least used first, then the text least used."""
    found = templates(book, account, kind, at)
    spoken_so_far = Counter[str]()
    for message in found:
        spoken_so_far.update(past.uses.get(message.id, NEVER).times)

    def wait(text: tuple[str, Message]) -> tuple[int, int, int, float]:
        use = past.uses.get(text[1].id, NEVER)
        last = use.last_at.timestamp() if use is not NEVER else 0.0
        return spoken_so_far[text[0]], order.index(text[0]), use.times.get(text[0], 0), last

    settings = book.settings
    order = settings.languages(account)
    texts = [(each, m) for each in order for m in found if each in spoken(m.on(account), account, settings)]
    return sorted(texts, key=wait)


def _row(
    key: str, account_id: str, slot: datetime, kind: Kind, chosen: Template | str, target: str
) -> NewDelivery:
    """A row that is due at its slot, or one that is missed because of what `chosen` says."""
    if isinstance(chosen, str):
        return NewDelivery(
            key, account_id, slot, slot, state=State.MISSED, kind=kind, target=target, reason=chosen
        )
    return NewDelivery(
        key,
        account_id,
        slot,
        slot + WAIT,
        message_id=chosen.message.id,
        kind=kind,
        language=chosen.language,
        variant=chosen.variant,
        target=target,
    )


def petition_name(book: Book) -> str:
    """Which petition a key speaks of: its address without scheme, query and fragment."""
    settings = book.settings
    address = urlsplit(settings.petition.address(settings.campaign.language, settings.campaign.language))
    return f"{address.netloc}{address.path}".rstrip("/")
