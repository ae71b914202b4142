"""The calendar: weeks of slots, one slot's own page, and posting at once. What is done here, the office does.

It puts what the office says into words and numbers; it plans nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from bot.core.budget import dollars
from bot.core.model import Delivery, NewDelivery, Picture, Post, State
from bot.core.overview import opening
from bot.core.written import Message, Settings
from bot.office import Office
from bot.office.calendar import Entry, Opened, Week
from bot.web.language import _
from bot.web.now import STATES, label, sentence_case
from bot.web.passages import Passage, passages, web_link
from bot.web.rules import approver
from bot.web.session import who
from bot.web.switches import did
from bot.web.times import When, month, weekdays, when

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
    today: str | None
    view: str
    account: str
    accounts: tuple[tuple[str, str], ...]
    cost: str


# --- a week -------------------------------------------------------------------------------------


def calendar_page(week: Week, settings: Settings, now: datetime, view: str, account: str) -> CalendarPage:
    zone = settings.campaign.timezone
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [_day(day, entries, settings, now, today) for day, entries in week.days]
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
        today=next((day.iso for day in days if day.today), None),
        view=view,
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


def _day(day: date, entries: Iterable[Entry], settings: Settings, now: datetime, today: date) -> DayView:
    rows = [*entries]
    cost = sum(each.post.cost for each in rows if each.planned and each.post)
    return DayView(
        iso=day.isoformat(),
        weekday=weekdays()[day.weekday()],
        named=_named(day),
        today=day == today,
        past=day < today,
        slots=tuple(slot_view(each, settings, now) for each in rows),
        cost=dollars(cost) if cost else "",
    )


def slot_view(entry: Entry, settings: Settings, now: datetime) -> SlotView:
    zone, post, row = settings.campaign.timezone, entry.post, entry.delivery
    network = next((each.network for each in settings.accounts if each.id == entry.account), "dry")
    planned, choice = entry.planned, entry.choice
    why = planned.why if planned and post else ""
    return SlotView(
        key=entry.key,
        where=label(network, entry.account),
        network=network,
        at=when(entry.at, zone, now),
        time=f"{entry.at.astimezone(ZoneInfo(zone)):%H:%M}",
        state=row.state if row else "",
        called=_(STATES[row.state]) if row else "",
        opening=opening(post.words, SHORT) if post else _without(row),
        words=opening(post.words, LONG) if post else _without(row),
        parts=tuple(passages(part, network) for part in post.parts) if post else (),
        message=_message(entry),
        language=post.language if post else None,
        length=_length(post) if post else "",
        cost=_cost(post) if post else "",
        why=sentence_case(why),
        reason=sentence_case(row.reason if row else planned.why if planned and not post else ""),
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
        return Offer(message.id, message.kind, opening(text, LONG), "", "", "", _ended(post))
    words = opening(post.words, LONG)
    return Offer(message.id, message.kind, words, post.language, _length(post), _cost(post), "")


def _ended(why: str) -> str:
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
        return Target(account, name, network, (), "", "", "", (), _ended(str(row)))
    post = row.post
    parts = tuple(passages(part, network) for part in post.parts)
    cost = _cost(post) or _("Nothing")
    return Target(account, name, network, parts, post.language, _length(post), cost, post.pictures, "")


def total(found: Mapping[str, NewDelivery | str]) -> str:
    """What all of them cost together."""
    posts = [row.post for row in found.values() if isinstance(row, NewDelivery) and row.post]
    return dollars(sum(post.cost for post in posts))


# --- addresses ----------------------------------------------------------------------------------


def routes(app: Flask, office: Office) -> None:
    """`/calendar`, a page for each slot, and `/post-now`."""

    @app.get("/calendar")
    def calendar() -> str:
        given, settings = request.args, office.campaign.book.settings
        known = {account.id for account in settings.accounts}
        account = given.get("account", "") if given.get("account", "") in known else ""
        view = "list" if given.get("view") == "list" else "week"
        week = office.calendar.week(_date(given.get("week", "")), account)
        page = calendar_page(week, settings, office.clock.now(), view, account)
        return render_template("calendar.html", page=page)

    @app.get("/calendar/slot/<path:key>")
    def calendar_slot(key: str) -> str:
        opened = _known(office, key)
        slot = slot_view(opened.entry, office.campaign.book.settings, office.clock.now())
        found = offers(opened)
        return render_template("calendar-slot.html", slot=slot, opened=opened, offers=found)

    _choices(app, office)
    _post_now(app, office)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _known(office: Office, key: str) -> Opened:
    opened = office.calendar.slot(key)
    if opened is None:
        raise NotFound
    return opened


def _choices(app: Flask, office: Office) -> None:
    @app.post("/calendar/skip/<path:key>")
    def calendar_skip(key: str) -> Response:
        done = _("Nothing goes out in this slot. The message that stood there comes at the next one.")
        return did(lambda: office.calendar.skip(who(), key), done, url_for("calendar_slot", key=key))

    @app.post("/calendar/put/<path:key>")
    def calendar_put(key: str) -> Response:
        chosen = request.form.get("message", "")
        done = _("%(id)s goes out in this slot.", id=chosen)
        return did(lambda: office.calendar.put(who(), key, chosen), done, url_for("calendar_slot", key=key))

    @app.post("/calendar/undo/<path:key>")
    def calendar_undo(key: str) -> Response:
        done = _("This slot is left to the rotation again.")
        return did(lambda: office.calendar.undo(who(), key), done, url_for("calendar_slot", key=key))


def _post_now(app: Flask, office: Office) -> None:
    @app.get("/post-now")
    @approver
    def post_now() -> str:
        book, chosen = office.campaign.book, request.args.get("message", "")
        found = office.calendar.would_post(chosen) if book.message(chosen) else {}
        about = {"targets": targets(found, book.settings), "total": total(found)}
        messages = [each for each in book.queue.messages if each.kind != "milestone" and not each.draft]
        return render_template("post-now.html", chosen=chosen if found else "", messages=messages, **about)

    @app.post("/post-now")
    @approver
    def posts_now() -> Response:
        chosen, account = request.form.get("message", ""), request.form.get("account") or None
        for each in office.calendar.post_now(who(), chosen, account):
            if isinstance(each, str):
                flash(_ended(each), "trouble")
            else:
                flash(_("%(id)s goes out on %(where)s now.", id=chosen, where=each.account))
        return redirect(url_for("now"), 303)
