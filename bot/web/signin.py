"""Signing in and out. It says the same, after the same time, of a wrong password and of a name nobody has."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from bot.office import Office
from bot.web.language import _
from bot.web.rules import anyone, local
from bot.web.session import admit, role


def routes(app: Flask, office: Office) -> None:
    """`/sign-in` and `/sign-out`."""

    @app.get("/sign-in")
    @anyone
    def sign_in() -> str | Response:
        after = local(request.args.get("next"))
        return redirect(after) if role() else render_template("sign-in.html", next=after, trouble="")

    @app.post("/sign-in")
    @anyone
    def signs_in() -> tuple[str, int] | Response:
        after = local(request.form.get("next"))
        user = office.people.sign_in(request.form.get("name", ""), request.form.get("password", ""))
        if user is None:
            wrong = _("This name and this password do not belong together.")
            return render_template("sign-in.html", next=after, trouble=wrong), 401
        admit(user)
        return redirect(after, 303)

    @app.post("/sign-out")
    def sign_out() -> Response:
        session.clear()
        flash(_("You are signed out."))
        return redirect(url_for("sign_in"), 303)
