"""From a planned slot to a row, and from a row to what is sent now.

Pure: rows and posts are values here; the store keeps them, the campaign sends them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.announce import WAIT
from bot.core.choices import withdrawn
from bot.core.fit import Misfit
from bot.core.model import Delivery, NewDelivery, Planned, Post, Reading, Slot, State, Stop, Use, Wait
from bot.core.plan import Book
from bot.core.written import DeliveryRules, Message

TEMPLATES = ("milestone", "progress")
LOOK_AGAIN = timedelta(minutes=1)
"""After so long a post that waits for a fresh count is looked at again."""
AWAKE = timedelta(minutes=1)
"""A slot that is late by less was not slept through: the alarm clock ticks every 30 seconds."""


def expiry(slot: Slot, rules: DeliveryRules) -> datetime:
    """The last moment at which the post of a slot may be claimed."""
    return slot.due + (WAIT if slot.message_id else rules.grace)


def catch_up(slots: Iterable[Slot], now: datetime, rules: DeliveryRules) -> Mapping[str, str]:
    """Keys of the slots that are not posted any more, with the reason. Fixed dates wait up to a day."""
    late: dict[str, str] = {}
    newest: dict[str, Slot] = {}
    for slot in sorted(slots, key=lambda slot: slot.due):  # several may share their moment
        if now > expiry(slot, rules):
            late[slot.key] = f"the bot was not running at {slot.due:%Y-%m-%d %H:%M} UTC"
        elif slot.message_id:
            continue
        elif rules.catch_up == "skip" and now - slot.due > AWAKE:
            late[slot.key] = "the bot was not running then (catch_up: skip)"
        elif rules.catch_up == "latest":
            if before := newest.get(slot.account):
                late[before.key] = f"the slot at {slot.due:%H:%M} UTC came up as well (catch_up: latest)"
            newest[slot.account] = slot
    return late


def superseded(due: Iterable[Delivery], rules: DeliveryRules) -> list[Delivery]:
    """Of one account's due deliveries, those whose place a newer slot took: a server that comes back
    after a day gets one post and not a burst. What has begun, fixed dates and milestones stay."""
    slots = [each for each in due if each.turn is not None and not each.remote_ids]
    newest = max((each.slot for each in slots), default=None)
    return [each for each in slots if each.slot != newest] if rules.catch_up == "latest" else []


def missed(slot: Slot, reason: str) -> NewDelivery:
    return NewDelivery(
        slot.key,
        slot.account,
        slot.due,
        slot.due,
        state=State.MISSED,
        message_id=slot.message_id,
        reason=reason,
    )


def laid(planned: Planned, rules: DeliveryRules) -> NewDelivery:
    """The row for a planned slot: due, missed where nothing may go out, or cancelled where a person wants
    it so."""
    slot, post, choice = planned.slot, planned.post, planned.choice
    if post is None:
        row = missed(slot, planned.why)
        if choice is None:
            return row
        state = State.MISSED if choice.message_id else State.CANCELLED
        return replace(row, state=state, message_id=choice.message_id or slot.message_id)
    return NewDelivery(
        slot.key,
        slot.account,
        slot.due,
        expiry(slot, rules),
        message_id=post.message_id,
        kind=post.kind,
        language=post.language,
        variant=planned.variant,
        turn=planned.turn,
        post=post,
    )


def by_hand(
    book: Book,
    message: Message,
    account_id: str,
    now: datetime,
    reading: Reading | None = None,
    use: Use | None = None,
) -> NewDelivery | str:
    """A row for a message that a person wants out now, or why it cannot be posted there. `use`: how the
    account has used it, so that it comes in the language and the words that were used least."""
    account = book.account(account_id)
    if message.kind == "milestone":
        return f"{message.id} is a template: it goes out when the count passes a milestone"
    if stop := withdrawn(book, message, account_id, now):
        return stop
    languages = [each for each in book.settings.languages(account) if _says(book, message, account_id, each)]
    if not languages:
        return f"{message.id} is in no language of {account_id}"
    times = use.times if use else {}
    language = min(languages, key=lambda each: times.get(each, 0))
    variant = times.get(language, 0)
    post = book.post(message, account, language, variant, None, book.counted(reading, now))
    if isinstance(post, Misfit):
        return post.reason
    key = f"{account_id}/by-hand/{message.id}/{now:%Y-%m-%dT%H:%M:%S.%f}"
    row = NewDelivery(key, account_id, now, now + book.settings.delivery.grace, message_id=message.id)
    return replace(row, kind=message.kind, language=language, variant=variant, post=post)


def _says(book: Book, message: Message, account_id: str, language: str) -> bool:
    account = book.account(account_id)
    return bool(message.on(account).variants(language, book.settings.campaign.language))


def content(book: Book, delivery: Delivery, now: datetime, reading: Reading | None) -> Post | Stop | Wait:
    """What a due delivery says now. Before its first claim it follows the file; afterwards its text is
    frozen, and a message that was edited, drafted, expired or removed since is not sent again.

    `reading` is the newest count. Nothing is said that it does not bear out.
    """
    message = book.message(delivery.message_id)
    if message is None:
        return Stop(State.CANCELLED, f"{delivery.message_id} is no longer in messages.yaml")
    if reason := withdrawn(book, message, delivery.account, now):
        return Stop(State.CANCELLED, reason)
    if reading and not delivery.attempts and (verdict := _unborne(book, delivery, reading.number, now)):
        return verdict
    if delivery.remote_ids:  # what has begun is finished, also when a link in it has died
        book = book.living()
    fresh = _fresh(book, delivery, message, reading, now)
    if isinstance(fresh, Misfit):
        return Wait(fresh.reason, now + LOOK_AGAIN) if fresh.waits else Stop(State.CANCELLED, fresh.reason)
    frozen = delivery.post if delivery.attempts else None
    if frozen and frozen.template != fresh.template:
        return Stop(State.CANCELLED, f"{message.id} was edited after the first attempt")
    return frozen or fresh


def _unborne(book: Book, delivery: Delivery, number: int, now: datetime) -> Stop | Wait | None:
    """A milestone that the count has fallen below waits; progress that made none is left out."""
    if delivery.kind not in TEMPLATES or not delivery.target:
        return None
    target = int(delivery.target)
    if delivery.kind == "milestone" and number < target:
        every = book.settings.petition.counter.every
        return Wait(f"the count has fallen to {number}, below the milestone of {target}", now + every)
    if delivery.kind == "progress" and number <= target:
        return Stop(State.MISSED, f"the count is {number}, not above the {target} of last time")
    return None


def _fresh(
    book: Book, delivery: Delivery, message: Message, reading: Reading | None, now: datetime
) -> Post | Misfit:
    """The post as the file has it now. What is about the count says the newest one, however old."""
    of_the_count = delivery.kind in TEMPLATES or delivery.attempts
    milestone = int(delivery.target) if delivery.kind == "milestone" and delivery.target else None
    newest = book.figures(reading.number if reading else None, milestone)
    figures = newest if of_the_count else book.counted(reading, now)
    account = book.account(delivery.account)
    return book.post(message, account, delivery.language, delivery.variant, delivery.turn, figures)
