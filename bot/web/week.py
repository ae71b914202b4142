"""Weeks, slots and what may be put into them, as the calendar shows them. It asks nobody anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.budget import dollars
from bot.core.model import Delivery, NewDelivery, Picture, Post, State
from bot.core.overview import opening
from bot.core.written import Message, Settings
from bot.office.calendar import Entry, Opened, Week
from bot.web.language import _
from bot.web.now import STATES, label, sentence_case
from bot.web.passages import Passage, passages, web_link
from bot.web.reasons import reason
from bot.web.times import When, month, weekdays, when

VIEWS = ("week", "list")
"""A week with more posts than can be shown is a list where nobody asks for anything else."""

SHORT, LONG = 80, 200
"""Characters of a text in a week's cell, and in a list to choose from."""


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot in a week or on its own page. `opening` and `words` are the beginning of its text, short and
    longer; `state` is empty for what is still to come; `left_out` and `chosen`: a person decided so;
    `reason`: why nothing goes out, or went."""

    key: str
    where: str
    network: str
    at: When
    time: str
    is_next: bool
    state: str
    called: str
    opening: str
    words: str
    parts: tuple[tuple[Passage, ...], ...]
    message: str
    language: str | None
    length: str
    cost: str
    why: str
    reason: str
    left_out: bool
    chosen: bool
    pictures: tuple[Picture, ...]
    url: str | None
    delivery: int | None


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the week, with what it is called."""

    iso: str
    weekday: str
    named: str
    today: bool
    past: bool
    slots: tuple[SlotView, ...]
    cost: str


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """`cost`: what the posts to come of this week cost together. Addresses are dates; None: there is none."""

    campaign: str
    zone: str
    title: str
    days: tuple[DayView, ...]
    more: bool
    empty: bool
    first: str
    earlier: str | None
    later: str | None
    has_next: bool
    this: bool
    view: str
    usual: str
    account: str
    accounts: tuple[tuple[str, str], ...]
    cost: str


# --- a week -------------------------------------------------------------------------------------


def calendar_page(week: Week, settings: Settings, now: datetime, view: str, account: str) -> CalendarPage:
    zone = settings.campaign.timezone
    following = next((each for _day, entries in week.days for each in entries if each.planned), None)
    days = [_day(day, entries, settings, now, following, week.more) for day, entries in week.days]
    coming = [each.planned.post for _day, entries in week.days for each in entries if each.planned]
    return CalendarPage(
        campaign=settings.campaign.name,
        zone=zone,
        title=_span(week.first, week.days[-1][0]),
        days=tuple(days),
        more=week.more,
        empty=not any(entries for _day, entries in week.days),
        first=week.first.isoformat(),
        earlier=week.earlier.isoformat() if week.earlier else None,
        later=week.later.isoformat() if week.later else None,
        has_next=any(slot.is_next for day in days for slot in day.slots),
        this=any(day.today for day in days),
        view=view,
        usual=VIEWS[week.more],
        account=account,
        accounts=tuple((each.id, label(each.network, each.id)) for each in settings.accounts),
        cost=dollars(sum(post.cost for post in coming if post)),
    )


def _span(first: date, last: date) -> str:
    """`30 November – 6 December 2026`."""
    start = str(first.day) if first.month == last.month else _named(first)
    return f"{start} – {_named(last)} {last.year}"


def _named(day: date) -> str:
    return _("%(day)s %(month)s", day=day.day, month=month(day))


def _day(
    day: date,
    entries: Iterable[Entry],
    settings: Settings,
    now: datetime,
    following: Entry | None,
    hurry: bool,
) -> DayView:
    """`following`: the next slot of all; `hurry`: seconds matter."""
    today, rows = now.astimezone(ZoneInfo(settings.campaign.timezone)).date(), [*entries]
    views = [slot_view(each, settings, now, is_next=each is following, hurry=hurry) for each in rows]
    cost = sum(each.post.cost for each in rows if each.planned and each.post)
    return DayView(
        iso=day.isoformat(),
        weekday=weekdays()[day.weekday()],
        named=_named(day),
        today=day == today,
        past=day < today,
        slots=tuple(views),
        cost=dollars(cost) if cost else "",
    )


def slot_view(
    entry: Entry, settings: Settings, now: datetime, *, is_next: bool = False, hurry: bool = False
) -> SlotView:
    zone, post, row = settings.campaign.timezone, entry.post, entry.delivery
    network = next((each.network for each in settings.accounts if each.id == entry.account), "dry")
    planned, choice = entry.planned, entry.choice
    why = planned.why if planned and post else ""
    return SlotView(
        key=entry.key,
        where=label(network, entry.account),
        network=network,
        at=when(entry.at, zone, now),
        time=entry.at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S" if hurry else "%H:%M"),
        is_next=is_next,
        state=row.state if row else "",
        called=_(STATES[row.state]) if row else "",
        opening=opening(post.words, SHORT) if post else _without(row),
        words=opening(post.words, LONG) if post else _without(row),
        parts=tuple(passages(part, network) for part in post.parts) if post else (),
        message=_message(entry),
        language=post.language if post else None,
        length=_length(post) if post else "",
        cost=_cost(post) if post else "",
        why=sentence_case(reason(why)),
        reason=sentence_case(reason(row.reason if row else planned.why if planned and not post else "")),
        left_out=bool(choice and choice.message_id is None),
        chosen=bool(choice and choice.message_id),
        pictures=post.pictures if post else (),
        url=web_link(row.remote_url) if row else None,
        delivery=row.id if row else None,
    )


def _without(row: Delivery | None) -> str:
    """What stands in the place of a text."""
    if row is None:
        return _("Nothing goes out")
    if row.action == "repost":
        return _("Repost of %(what)s", what=row.message_id or _("no message"))
    return row.message_id or (_("Left out") if row.state is State.CANCELLED else _("Nothing went out"))


def _message(entry: Entry) -> str:
    if entry.post:
        return entry.post.message_id
    return (entry.delivery.message_id if entry.delivery else None) or ""


def _length(post: Post) -> str:
    return _("%(length)s of %(limit)s", length=post.length, limit=post.limit)


def _cost(post: Post) -> str:
    return dollars(post.cost) if post.cost else ""


# --- what can be chosen -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A message that somebody may choose, as it would stand there; or `why_not`."""

    id: str
    kind: str
    opening: str
    language: str
    length: str
    cost: str
    why_not: str


def offers(opened: Opened) -> tuple[Offer, ...]:
    return tuple(_offer(message, post) for message, post in opened.offers or ())


def _offer(message: Message, post: Post | str) -> Offer:
    if isinstance(post, str):
        text = next(iter(next(iter(message.text.values()), ())), "")
        return Offer(message.id, message.kind, opening(text, LONG), "", "", "", ended(post))
    words = opening(post.words, LONG)
    return Offer(message.id, message.kind, words, post.language, _length(post), _cost(post), "")


def ended(why: str) -> str:
    """A reason that begins with the id of a message, which keeps its case."""
    return why if why.endswith(".") else f"{why}."


@dataclass(frozen=True, slots=True)
class Target:
    """One account to which a message would go out now: the exact text, or `why_not`."""

    account: str
    label: str
    network: str
    parts: tuple[tuple[Passage, ...], ...]
    language: str
    length: str
    cost: str
    pictures: tuple[Picture, ...]
    why_not: str


def targets(found: Mapping[str, NewDelivery | str], settings: Settings) -> tuple[Target, ...]:
    return tuple(_target(account, row, settings) for account, row in found.items())


def _target(account: str, row: NewDelivery | str, settings: Settings) -> Target:
    network = settings.account(account).network
    name = label(network, account)
    if isinstance(row, str) or row.post is None:
        return Target(account, name, network, (), "", "", "", (), ended(str(row)))
    post = row.post
    parts = tuple(passages(part, network) for part in post.parts)
    cost = _cost(post) or _("Nothing")
    return Target(account, name, network, parts, post.language, _length(post), cost, post.pictures, "")


def total(found: Mapping[str, NewDelivery | str]) -> str:
    """What all of them cost together."""
    posts = [row.post for row in found.values() if isinstance(row, NewDelivery) and row.post]
    return dollars(sum(post.cost for post in posts))
