"""What a crossed milestone puts into the outbox: one announcement per account, and its repost.

Both rows are made at once, under keys made from petition, threshold and account, so that neither can
be lost or doubled by a crash between them. It posts nothing and counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.core.model import NewDelivery
from bot.core.plan import Book
from bot.core.rotation import carried, spoken
from bot.core.slots import after_quiet
from bot.core.written import Account, Message

WAIT = timedelta(hours=24)
"""Milestones, reposts and fixed dates may be so late."""


def announcements(book: Book, threshold: int, round_number: int, now: datetime) -> Iterator[NewDelivery]:
    """The rows for one crossed threshold. `round_number` picks the template, so that they take turns."""
    for account in book.settings.accounts:
        templates = milestone_templates(book, account)
        if templates:
            yield from _rows(
                book, account, templates[round_number % len(templates)], threshold, round_number, now
            )


def milestone_templates(book: Book, account: Account) -> list[Message]:
    settings = book.settings
    return [m for m in book.messages() if m.kind == "milestone" and carried(m, account, settings)]


def _rows(
    book: Book, account: Account, template: Message, threshold: int, round_number: int, now: datetime
) -> Iterator[NewDelivery]:
    settings = book.settings
    languages = spoken(template.on(account), account, settings)
    language = languages[round_number % len(languages)]
    key = f"{account.id}/milestone/{petition_name(book)}/{threshold}"
    slot = after_quiet(account, settings, now)
    yield NewDelivery(
        key,
        account.id,
        slot,
        slot + WAIT,
        message_id=template.id,
        kind="milestone",
        language=language,
        target=str(threshold),
    )
    if (pause := settings.petition.milestones.repost_after) is not None:
        again = after_quiet(account, settings, slot + pause)
        yield NewDelivery(
            f"{account.id}/repost/{key}",
            account.id,
            again,
            again + WAIT,
            action="repost",
            message_id=template.id,
            kind="milestone",
            language=language,
            target=key,
        )


def petition_name(book: Book) -> str:
    """Which petition a key speaks of: its address without scheme, query and fragment."""
    settings = book.settings
    address = urlsplit(settings.petition.address(settings.campaign.language, settings.campaign.language))
    return f"{address.netloc}{address.path}".rstrip("/")
