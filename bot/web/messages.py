"""The messages: listed, written, tried out, approved, moved and taken out.

It decides nothing: the office says what may be saved, and what stands in the way. What somebody typed is
shown again, whatever comes between.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bot.core.settings import Settings
from bot.office import Office
from bot.office.people import NotSo
from bot.office.words import Conflict, Entry, Saved, Sheet, Trial, as_yaml, stamp
from bot.web import messages_list as listing
from bot.web.language import _
from bot.web.messages_fields import FILTERS, Form, marked, told
from bot.web.messages_form import Tongues, Unshowable, Values, entry_of, filled, with_picture
from bot.web.messages_looks import looks, totals
from bot.web.rules import approver, local, takes
from bot.web.session import role, who

LARGEST = 20 * 1024 * 1024
"""Bytes of a form with a picture."""

NO_FIELDS = ("csrf_token", "do", "seen", "fragment")
WRONG, CLASH = 422, 409

Page = str | tuple[str, int] | Answer


def routes(app: Flask, office: Office) -> None:
    """`/messages` and everything below `/message/`."""
    pages = Pages(office)
    app.jinja_env.filters |= FILTERS | {"totals": totals}
    app.add_url_rule("/messages", "messages", pages.all)
    app.add_url_rule("/messages/move", "move_message", pages.move, methods=["POST"])
    app.add_url_rule("/messages/pictures/<path:file>", "message_picture", pages.picture)
    app.add_url_rule("/messages/new", "new_message", pages.new)
    app.add_url_rule("/messages/new", "add_message", pages.save, methods=["POST"])
    app.add_url_rule("/message/<id>", "message", pages.one)
    app.add_url_rule("/message/<id>", "save_message", pages.save, methods=["POST"])
    app.add_url_rule("/message/<id>/approve", "approve_message", pages.approve, methods=["POST"])
    app.add_url_rule("/message/<id>/expire", "expire_message", pages.expire, methods=["POST"])
    app.add_url_rule("/message/<id>/delete", "ask_delete", pages.ask_delete)
    app.add_url_rule("/message/<id>/delete", "delete_message", pages.delete, methods=["POST"])


class Pages:
    """What stands behind each address."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @property
    def _settings(self) -> Settings:
        return self._office.campaign.book.settings

    # --- to look at ----------------------------------------------------------------------------

    def all(self) -> Page:
        sheet, settings, wanted = (
            self._office.messages.sheet(),
            self._settings,
            listing.Filter.of(request.args),
        )
        rows = self._office.messages.rows(sheet)
        shown = [row for row in rows if wanted.takes(row)]
        first = max(0, request.args.get("first", 0, int))
        now, zone = self._office.clock.now(), settings.campaign.timezone
        return render_template(
            "messages.html",
            refresh=None,
            sheet=sheet,
            lines=listing.lines(rows, shown, zone, now, first),
            first=first,
            leaf=listing.LEAF,
            found=len(shown),
            all=len(rows),
            wanted=wanted,
            kinds=listing.kind_names(),
            states=listing.state_names(),
            counts=listing.counts(rows),
            accounts=listing.account_names(settings),
            languages_there=sorted({each for row in rows for each in row.languages}),
        )

    def new(self) -> Page:
        kind = request.args.get("kind", "")
        sheet = self._office.messages.sheet()
        return self._form(sheet, None, {"kind": kind if kind in listing.kinds() else "fact"})

    def one(self, id: str) -> Page:
        sheet = self._office.messages.sheet()
        entry = sheet.entry(id)
        if entry is None:
            return _gone(id)
        try:
            values = filled(entry, self._settings.campaign.language)
            trial = None if sheet.locked else self._office.messages.try_out(entry, id, sheet)
        except (Unshowable, NotSo) as refused:
            place = sheet.place(id) or 0
            form = _("It cannot be shown as a form; mend it in a text editor.")
            why = told(refused) if isinstance(refused, NotSo) else form
            known = {"id": id, "complaints": sheet.complaints(place), "yaml": as_yaml(entry), "why": why}
            return render_template("messages-broken.html", refresh=None, sheet=sheet, **known), WRONG
        return self._form(sheet, id, values, trial)

    def ask_delete(self, id: str) -> Page:
        entry = self._office.messages.sheet().entry(id)
        if entry is None:
            return _gone(id)
        return render_template(
            "messages-delete.html", refresh=None, id=id, yaml=as_yaml(entry), seen=stamp(entry)
        )

    def picture(self, file: str) -> Response:
        drawn = self._office.messages.thumb(file)
        if drawn is None:
            raise NotFound
        return Response(drawn.data, mimetype=drawn.kind)

    def _form(
        self,
        sheet: Sheet,
        old: str | None,
        values: Values,
        trial: Trial | None = None,
        trouble: str = "",
        seen: str | None = None,
        status: int = 200,
    ) -> Page:
        entry, settings = sheet.entry(old), self._settings
        form = Form(values, self._tongues(values), settings, entry or {}, trial.complaints if trial else ())
        page = render_template(
            "messages-edit.html",
            refresh=None,
            sheet=sheet,
            id=old,
            line=self._line(sheet, old) if entry else None,
            entry=entry or {},
            seen=stamp(entry) if seen is None else seen,
            form=form,
            trouble=trouble,
            kinds=listing.kinds(),
            states=listing.state_names(),
            accounts=listing.account_names(settings),
            looks=looks(trial.posts, settings) if trial else None,
            alone=False,
            closes=settings.petition.closes,
            others=[each for each in sheet.ids if each and each != old],
            end=listing.END,
        )
        return page, status

    def _line(self, sheet: Sheet, id: str | None) -> listing.Line | None:
        """How the message stands, and when it comes next."""
        rows = [row for row in self._office.messages.rows(sheet) if row.id == id]
        zone = self._settings.campaign.timezone
        return next(iter(listing.lines(rows, rows, zone, self._office.clock.now())), None)

    def _tongues(self, *values: Values) -> Tongues:
        settings = self._settings
        spoken = [each for account in settings.accounts for each in settings.languages(account)]
        return Tongues.of(settings.campaign.language, spoken, *values)

    # --- to save -------------------------------------------------------------------------------

    @takes(LARGEST)
    def save(self, id: str | None = None) -> Page:
        """Also the preview: with `do` as `preview`, nothing of the message is saved."""
        messages, seen = self._office.messages, request.form.get("seen", "")
        values, trouble = self._typed(fragment := "fragment" in request.form)
        sheet = messages.sheet()
        entry = entry_of(values, sheet.entry(id), self._tongues(values))
        try:
            trial = messages.try_out(entry, id, sheet)
            if fragment:
                return self._fragment(trial, values)
            if request.form.get("do") not in ("out", "draft") or trouble:
                return self._form(sheet, id, values, trial, trouble, seen, WRONG if trouble else 200)
            out = request.form["do"] == "out" and role() == "approver"
            return self._answer(messages.save(who(), entry, id, seen, out=out), id, values, sheet, out)
        except NotSo as refused:
            trial = Trial((), False)
            page = self._form(sheet, id, values, None, trouble or told(refused), seen, WRONG)
            return self._fragment(trial, values, told(refused)) if fragment else page

    def _typed(self, fragment: bool) -> tuple[dict[str, str], str]:
        """What stands in the fields, a picture that was sent along among it; and what is wrong with that."""
        values = {name: value for name, value in request.form.items() if name not in NO_FIELDS}
        sent = request.files.get("picture")
        if fragment or not sent or not sent.filename:
            return values, ""
        try:
            file = self._office.messages.keep_picture(who(), sent.filename, sent.read())
        except NotSo as refused:
            return values, told(refused)
        return with_picture(values, file), ""

    def _fragment(self, trial: Trial, values: Values, trouble: str = "") -> Page:
        form = Form(values, self._tongues(values), self._settings, {}, trial.complaints)
        shown = looks(trial.posts, self._settings)
        return render_template("messages-preview.html", looks=shown, form=form, trouble=trouble, alone=True)

    def _answer(
        self, done: Saved | Conflict | Trial, id: str | None, values: Values, sheet: Sheet, out: bool
    ) -> Page:
        seen = request.form.get("seen", "")
        match done:
            case Saved():
                flash(_("Saved; it goes out in its turn.") if out else _("Saved as a draft."))
                _warn(done)
                return redirect(url_for("message", id=done.id), 303)
            case Conflict(theirs, mine):
                return self._conflict(theirs, mine, id, values, out)
            case Trial():
                why = _("This was not saved: see what stands at the fields.")
                return self._form(sheet, id, values, done, why, seen, WRONG)

    def _conflict(self, theirs: Entry | None, mine: Entry, id: str | None, values: Values, out: bool) -> Page:
        return (
            render_template(
                "messages-conflict.html",
                refresh=None,
                id=id,
                theirs=marked(as_yaml(theirs), as_yaml(mine)),
                mine=marked(as_yaml(mine), as_yaml(theirs)),
                seen=stamp(theirs),
                values=values,
                do="out" if out else "draft",
            ),
            CLASH,
        )

    # --- to change otherwise -------------------------------------------------------------------

    def move(self) -> Page:
        """Buttons say `id>before` in `move`; the form of one message says `id` and `before`."""
        id, _arrow, before = request.form.get("move", "").partition(">")
        id, before = id or request.form.get("id", ""), before or request.form.get("before", "")
        back = local(request.form.get("next", "/messages"))
        try:
            self._office.messages.move(who(), id, None if before == listing.END else before)
        except NotSo as refused:
            flash(told(refused), "trouble")
        return redirect(f"{back.partition('#')[0]}#m-{quote(id)}", 303)

    @approver
    def approve(self, id: str) -> Page:
        try:
            done = self._office.messages.approve(who(), id, request.form.get("seen", ""))
        except NotSo as refused:
            return _back(id, told(refused), "trouble")
        if isinstance(done, Trial):
            return _back(id, _("This cannot go out yet: see what stands at the fields."), "trouble")
        _warn(done)
        return _back(id, _("Approved; it goes out in its turn."))

    def expire(self, id: str) -> Page:
        try:
            _warn(self._office.messages.expire(who(), id, request.form.get("seen", "")))
        except NotSo as refused:
            return _back(id, told(refused), "trouble")
        return _back(
            id, _("It does not go out any more. To let it go out again, empty the field of its last day.")
        )

    def delete(self, id: str) -> Page:
        try:
            _warn(self._office.messages.remove(who(), id, request.form.get("seen", "")))
        except NotSo as refused:
            return _back(id, told(refused), "trouble")
        flash(_("%(id)s is deleted.", id=id))
        return redirect(url_for("messages"), 303)


def _gone(id: str) -> Answer:
    flash(_("There is no message %(id)s any more.", id=id), "trouble")
    return redirect(url_for("messages"))


def _back(id: str, notice: str, category: str = "message") -> Answer:
    flash(notice, category)
    return redirect(url_for("message", id=id), 303)


def _warn(saved: Saved) -> None:
    if saved.refused:
        why = _(
            "The bot does not use this yet, since something else has to be mended: %(why)s", why=saved.refused
        )
        flash(why, "trouble")
