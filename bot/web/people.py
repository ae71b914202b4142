"""Who may sign in, and who did what: the page People and the log. A password goes to the office alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.office import Office
from bot.office.people import NOBODY, ROLES, SHELL, SHORTEST, NotSo
from bot.ports import Deed
from bot.web.language import _
from bot.web.rules import approver
from bot.web.session import admit, who
from bot.web.times import When, when
from bot.web.tries import Tries

LATEST, A_PAGE = 8, 50
"""Deeds on the page People, and on one page of the log."""

ON_A_LINE = 60
"""Characters of what was before and after."""

A_WHILE, OF_A_NAME = 600.0, 10


@dataclass(frozen=True, slots=True)
class DeedView:
    who: str
    verb: str
    about: str
    before: str
    after: str
    at: When

    @property
    def is_long(self) -> bool:
        return max(len(self.before), len(self.after)) > ON_A_LINE


@dataclass(frozen=True, slots=True)
class UserView:
    name: str
    role: str
    role_name: str
    since: When


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the log. `older` and `newer`: how many deeds to skip there; None where there are none."""

    deeds: tuple[DeedView, ...]
    older: int | None
    newer: int | None


def routes(app: Flask, office: Office) -> None:
    """`/people` with what can be done there, and `/people/log`."""
    _pages(app, office)
    _of_others(app, office)
    _of_oneself(app, office)


def _pages(app: Flask, office: Office) -> None:
    @app.get("/people")
    def people() -> str:
        deeds = [deed_view(each, office) for each in office.store.deeds(LATEST)]
        about = {"users": _users(office), "deeds": deeds, "roles": _roles(), "shortest": SHORTEST}
        return render_template("people.html", **about)

    @app.get("/people/log")
    def log() -> str:
        given, names = request.args, [each.name for each in office.people.all()]
        leaf = _leaf(office, given.get("who", ""), given.get("about", "").strip(), given.get("skip", ""))
        chosen = {"who": given.get("who", ""), "about": given.get("about", "").strip()}
        return render_template(
            "log.html",
            leaf=leaf,
            chosen=chosen,
            names={each: _doer(each) for each in (*names, NOBODY, SHELL)},
        )


def _of_others(app: Flask, office: Office) -> None:
    @app.post("/people/add")
    @approver
    def add_user() -> Response:
        name, role = _given("name"), _given("role")
        return _done(
            lambda: office.people.add(who(), name, role, _twice()),
            _("%(name)s may sign in now, as %(role)s.", name=name, role=_roles().get(role, role)),
        )

    @app.post("/people/remove")
    @approver
    def remove_user() -> Response:
        name = _given("name")
        return _done(
            lambda: office.people.remove(who(), name), _("%(name)s may not sign in any more.", name=name)
        )

    @app.post("/people/role")
    @approver
    def set_role() -> Response:
        name, role = _given("name"), _given("role")
        said = _("%(name)s is %(role)s now.", name=name, role=_roles().get(role, role))
        return _done(lambda: office.people.set_role(who(), name, role), said)

    @app.post("/people/password")
    @approver
    def set_password() -> Response:
        name = _given("name")
        said = _("%(name)s has a new password, and signs in with it.", name=name)
        return _done(lambda: office.people.set_password(who(), name, _twice()), said)


def _of_oneself(app: Flask, office: Office) -> None:
    tries = Tries(OF_A_NAME, A_WHILE, office.clock.monotonic)

    @app.post("/people/own-password")
    def own_password() -> Response:
        def change() -> None:
            name = who()
            if tries.wait(name) or office.people.sign_in(name, request.form.get("current", "")) is None:
                raise NotSo("the password you have now is another one; nothing was changed")
            office.people.set_password(name, name, _twice())
            if user := office.people.named(name):
                admit(user)

        return _done(change, _("You have a new password."))


def _done(deed: Callable[[], None], said: str) -> Response:
    """Do it, and say so on the page People; or why not."""
    try:
        deed()
    except NotSo as why:
        sentence = _(why.sentence, **why.fields)
        flash(f"{sentence[:1].upper()}{sentence[1:]}.", "trouble")
    else:
        flash(said)
    return redirect(url_for("people"), 303)


def _given(field: str) -> str:
    return request.form.get(field, "").strip()


def _twice() -> str:
    """The password, where it was typed the same twice. Raises NotSo."""
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise NotSo("the two passwords differ; type the same twice")
    return password


# --- what is shown ------------------------------------------------------------------------------


def _roles() -> dict[str, str]:
    names = {"editor": _("editor"), "approver": _("approver")}
    return {each: names[each] for each in ROLES}


def _users(office: Office) -> list[UserView]:
    zone, now = office.campaign.book.settings.campaign.timezone, office.clock.now()
    return [
        UserView(each.name, each.role, _roles().get(each.role, each.role), when(each.created_at, zone, now))
        for each in office.people.all()
    ]


def _leaf(office: Office, by: str, about: str, skip: str) -> Leaf:
    start = int(skip) if skip.isdecimal() and len(skip) < 7 else 0
    found = office.store.deeds(A_PAGE + 1, about or None, by or None, start)
    return Leaf(
        tuple(deed_view(each, office) for each in found[:A_PAGE]),
        start + A_PAGE if len(found) > A_PAGE else None,
        max(start - A_PAGE, 0) if start else None,
    )


def deed_view(deed: Deed, office: Office) -> DeedView:
    at = when(deed.at, office.campaign.book.settings.campaign.timezone, office.clock.now())
    verb = _verbs().get(deed.verb, deed.verb)
    return DeedView(_doer(deed.who), verb, deed.about, deed.before, deed.after, at)


def _doer(name: str) -> str:
    """A user, or who it was where nobody signs in."""
    return {NOBODY: _("this computer"), SHELL: _("the command line")}.get(name, name)


def _verbs() -> dict[str, str]:
    """What each verb of the office is called; one that is not here stands as it is."""
    return {
        "add message": _("add message"),
        "add picture": _("add picture"),
        "add user": _("add user"),
        "approve message": _("approve message"),
        "change message": _("change message"),
        "change password": _("change password"),
        "change role": _("change role"),
        "delete message": _("delete message"),
        "expire message": _("expire message"),
        "move message": _("move message"),
        "pause": _("pause"),
        "post now": _("post now"),
        "put": _("put"),
        "remove user": _("remove user"),
        "resolve": _("resolve"),
        "resume": _("resume"),
        "set count": _("set count"),
        "skip": _("skip"),
        "take back": _("take back"),
        "undo choice": _("undo choice"),
    }
