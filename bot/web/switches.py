"""What can be done on the first page: pause, go on, and say what became of a post. The office does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.office import Office
from bot.office.people import NotSo
from bot.web.language import _
from bot.web.lines import NUMBER
from bot.web.now import now_page, sentence_case
from bot.web.rules import approver, local
from bot.web.session import who


def routes(app: Flask, office: Office) -> None:
    """The first page, and what can be done there."""

    @app.get("/")
    def now() -> str:
        page = now_page(office.overview(), office.broken(), office.campaign.coming_cost())
        return render_template("now.html", page=page)

    @app.post(f"/resolve/{NUMBER}")
    @approver
    def resolve(number: int) -> Response:
        posted = request.form.get("fate") == "posted"
        if posted or request.form.get("fate") == "not-posted":
            flash(_fate(office.past.resolve(who(), number, posted=posted), posted))
        return redirect(local(request.form.get("next")), 303)

    _switches(app, office)


def _fate(done: bool, posted: bool) -> str:
    if not done:
        return _("There was nothing to settle any more: somebody was quicker.")
    if posted:
        return _("It counts as posted.")
    return _("It counts as not posted. Nothing is sent; the message keeps its turn.")


def _switches(app: Flask, office: Office) -> None:
    @app.post("/pause")
    def pause_posts() -> Response:
        account, until = request.form.get("account") or None, request.form.get("until", "").strip()
        done = _("Nothing goes out on %(where)s.", where=account or _("any account"))
        return did(lambda: office.switches.pause(who(), account, _day(until)), done)

    @app.post("/resume")
    @approver
    def resume_posts() -> Response:
        account = request.form.get("account") or None
        done = _("Posts go out again on %(where)s.", where=account or _("all accounts"))
        return did(lambda: office.switches.resume(who(), account), done)


def _day(text: str) -> date | None:
    """Raises NotSo where it is not empty and no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotSo("%(day)s is no day: write it as 2026-12-24", day=text[:40]) from None


def did(deed: Callable[[], object], done: str, after: str | None = None) -> Response:
    """Do it and say `done`, or why it was not done; then go on to `after` (None: to the first page)."""
    try:
        deed()
    except NotSo as why:
        flash(sentence_case(_(why.sentence, **why.fields)), "trouble")
    else:
        flash(done)
    return redirect(after or url_for("now"), 303)
