"""What a person decides for one slot: that nothing goes out in it, or which message does.

Pure. It lays no message into a slot (plan.py does), and overrides no rule that keeps one from going out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.model import Choice, Slot
from bot.core.rotation import carried
from bot.core.slots import fixed, slots
from bot.core.written import ROTATING, Account, Message, Settings, window

if TYPE_CHECKING:
    from bot.core.plan import Book

A_DAY = timedelta(days=1)


def left_out(choices: Mapping[str, Choice], slot: Slot) -> bool:
    """Did somebody decide that nothing goes out in it?"""
    choice = choices.get(slot.key)
    return choice is not None and choice.message_id is None


def decided(choice: Choice) -> str:
    """The reason of a slot that was not left to the rotation."""
    return f"chosen by {choice.who}" if choice.message_id else f"left out by {choice.who}"


def unsuitable(book: Book, message_id: str | None, account_id: str, at: datetime) -> str | None:
    """Why a message may not be put into a slot of an account that is due at `at`, whatever its length."""
    message = book.message(message_id)
    if message is None:
        return f"{message_id} is no longer in messages.yaml"
    if message.kind not in ROTATING:
        return f"{message.id} is a template: it goes out when the count calls for it"
    if message.post_at:
        return f"{message.id} has a date of its own"
    return withdrawn(book, message, account_id, at)


def withdrawn(book: Book, message: Message, account_id: str, now: datetime) -> str | None:
    """Why a message may not go out on an account now, as it is written now."""
    account = book.account(account_id)
    if message.id in book.barred:
        return f"{message.id} has an error: petition-bot check says which"
    if message.draft:
        return f"{message.id} is a draft: clear it first"
    if not carried(message, account, book.settings):
        return f"{message.id} is not for {account_id}"
    settings = book.settings
    starts, ends = window(message, settings.campaign.timezone, settings.petition.closes)
    if starts and now < starts:
        return f"{message.id} must not go out before {starts:%Y-%m-%d %H:%M} UTC"
    return f"{message.id} has expired or wants a review" if ends and now >= ends else None


def slot_of(book: Book, key: str) -> Slot | None:
    """The slot of that key, as the schedules are now; None where they have none."""
    for account in book.settings.accounts:
        name, rest = key[: len(account.id) + 1], key[len(account.id) + 1 :]
        if name == f"{account.id}/":
            found = (slot for slot in _near(book, account, rest) if slot.key == key)
            if slot := next(found, None):
                return slot
    return None


def _near(book: Book, account: Account, rest: str) -> Iterator[Slot]:
    """The slots of an account that may have a key that ends like this."""
    if rest.startswith("post_at/"):
        message = book.message(rest.removeprefix("post_at/"))
        slot = fixed(message, account, book.settings) if message else None
        return iter((slot,) if slot else ())
    return _of_day(account, book.settings, rest.partition("/")[0])


def _of_day(account: Account, settings: Settings, day: str) -> Iterator[Slot]:
    """Those of a local day: some belong to it that are due a day later."""
    try:
        midnight = datetime.fromisoformat(f"{date.fromisoformat(day)}T00:00:00+00:00")
        return slots(account, settings, midnight - A_DAY, midnight + 3 * A_DAY)
    except (ValueError, OverflowError):
        return iter(())
