"""What a restored backup cannot know: whether what was due since it was made has gone out.

Such rows are in doubt, and reconciled like any other before something is sent. Pure: rows are values here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.model import FINAL, Change, Delivery, NewDelivery, Planned, Post, State
from bot.core.outbox import laid
from bot.core.plan import Book
from bot.core.written import DeliveryRules

UNSURE = "it was due after the backup that was restored"
FOR_A_PERSON = f"{UNSURE}, and what it said then is not known: is it out?"


def doubtful(planned: Planned, rules: DeliveryRules) -> NewDelivery:
    """The row of a slot since the backup: in doubt, where something may have gone out."""
    row = laid(planned, rules)
    return replace(row, state=State.UNCONFIRMED, reason=UNSURE) if row.state is State.DUE else row


def doubted(row: Delivery) -> Change:
    """What a row that the backup has as due or sending is now. A post without a text waits for a person."""
    known = row.action == "repost" or row.post is not None
    at, reason = (row.slot, UNSURE) if known else (None, FOR_A_PERSON)
    return Change(State.UNCONFIRMED, reason, at, doubts=row.doubts)


def unsure(book: Book, row: NewDelivery, since: datetime, signatures: int) -> NewDelivery:
    """What the count calls for at its first reading after a restore may stand since `since`."""
    if row.state is not State.DUE or row.action == "repost" or not (post := words(book, row, signatures)):
        return row
    return replace(row, state=State.UNCONFIRMED, slot=since, post=post, reason=UNSURE)


def words(book: Book, row: Delivery | NewDelivery, signatures: int | None) -> Post | None:
    """What a row says with this count; None where it can say nothing now."""
    message = book.message(row.message_id)
    account = next((each for each in book.settings.accounts if each.id == row.account), None)
    if message is None or account is None:
        return None
    milestone = int(row.target) if row.kind == "milestone" and row.target else None
    figures = book.figures(signatures, milestone)
    post = book.post(message, account, row.language, row.variant, row.turn, figures)
    return post if isinstance(post, Post) else None


def without_original(
    repost: Delivery, original: Delivery | None, now: datetime, rules: DeliveryRules
) -> Change:
    """A repost in doubt waits for an original that is in doubt as well; without one it cannot stand."""
    if original is None or original.state in FINAL:
        return Change(State.CANCELLED, "the post to repeat never went out", release=True)
    return Change(State.UNCONFIRMED, repost.reason, now + rules.settle, doubts=repost.doubts)
