"""The calendar: weeks, one slot's own page, and posting at once. What is done here, the office does."""

from __future__ import annotations

from datetime import date

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from bot.office import Office
from bot.office.calendar import Opened
from bot.web.language import _
from bot.web.rules import approver
from bot.web.session import who
from bot.web.switches import did
from bot.web.week import VIEWS, calendar_page, ended, offers, slot_view, targets, total


def routes(app: Flask, office: Office) -> None:
    """`/calendar`, a page for each slot, and `/post-now`."""

    @app.get("/calendar")
    def calendar() -> str:
        given, settings = request.args, office.campaign.book.settings
        known = {account.id for account in settings.accounts}
        account = given.get("account", "") if given.get("account", "") in known else ""
        week = office.calendar.week(_date(given.get("week", "")), account)
        asked = given.get("view", "")
        view = asked if asked in VIEWS else VIEWS[week.more]
        page = calendar_page(week, settings, office.clock.now(), view, account)
        return render_template("calendar.html", refresh=None, page=page)

    @app.get("/calendar/slot/<path:key>")
    def calendar_slot(key: str) -> str:
        opened = _known(office, key)
        slot = slot_view(opened.entry, office.campaign.book.settings, office.clock.now())
        found = offers(opened)
        return render_template("calendar-slot.html", refresh=None, slot=slot, opened=opened, offers=found)

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
        about = {"refresh": None, "targets": targets(found, book.settings), "total": total(found)}
        messages = [each for each in book.queue.messages if each.kind != "milestone" and not each.draft]
        return render_template("post-now.html", chosen=chosen if found else "", messages=messages, **about)

    @app.post("/post-now")
    @approver
    def posts_now() -> Response:
        chosen, account = request.form.get("message", ""), request.form.get("account") or None
        for each in office.calendar.post_now(who(), chosen, account):
            if isinstance(each, str):
                flash(ended(each), "trouble")
            else:
                flash(_("%(id)s goes out on %(where)s now.", id=chosen, where=each.account))
        return redirect(url_for("now"), 303)
