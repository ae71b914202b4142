"""What messages want from a person: to be approved, to be looked at again, to be mended.

Pure: one value each, the same as long as nothing changes. It keeps no message back: others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from bot.core.written import Message

if TYPE_CHECKING:
    from bot.core.plan import Book

SOON = timedelta(days=14)
"""So long before the last day of `review_by` somebody is asked to look."""
STILL = "Is it still right? Then set review_by to a later day."


@dataclass(frozen=True, slots=True)
class Chore:
    """`draft` waits for an approver, `review` is to be looked at by the day `by`, `error` is to be mended."""

    kind: Literal["error", "review", "draft"]
    message_id: str
    by: date | None = None
    past: bool = False

    @property
    def sentence(self) -> str:
        if self.kind == "error":
            return f"{self.message_id} has an error and is not posted: petition-bot check says which."
        if self.kind == "draft":
            return f"{self.message_id} is a draft: it is not posted before somebody approves it."
        if self.past:
            return f"{self.message_id} was to be looked at by {self.by}, and is not posted any more. {STILL}"
        return f"{self.message_id} is to be looked at by {self.by}; later it is not posted. {STILL}"


def chores(book: Book, now: datetime) -> tuple[Chore, ...]:
    """The errors first, then what wants a look (the most pressing first), then drafts in the file's order."""
    today = now.astimezone(ZoneInfo(book.settings.campaign.timezone)).date()
    messages = book.queue.messages
    errors = (Chore("error", each.id) for each in messages if each.id in book.barred)
    drafts = (Chore("draft", each.id) for each in messages if each.draft)
    return (*errors, *sorted(_reviews(messages, today), key=lambda chore: chore.by or today), *drafts)


def _reviews(messages: tuple[Message, ...], today: date) -> Iterator[Chore]:
    for each in messages:
        if each.review_by and not each.draft and each.review_by - today <= SOON:
            yield Chore("review", each.id, each.review_by, each.review_by < today)
