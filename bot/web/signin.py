"""Signing in and out. It says the same, after the same time, of a wrong password and of a name nobody has,
and lets nobody try for long.
"""

from __future__ import annotations

from math import ceil

from flask import Flask, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from bot.office import Office
from bot.web.guard import peer
from bot.web.language import _, ngettext
from bot.web.rules import anyone, local
from bot.web.session import admit, role
from bot.web.tries import Tries

A_WHILE = 600.0
OF_A_NAME, OF_AN_ADDRESS = 10, 50
"""How many may fail in a while: an office shares an address."""


class Door:
    """Who is let in, and how often they may knock."""

    def __init__(self, office: Office) -> None:
        self._people, seconds = office.people, office.clock.monotonic
        self._names = Tries(OF_A_NAME, A_WHILE, seconds)
        self._addresses = Tries(OF_AN_ADDRESS, A_WHILE, seconds)

    def knock(self, name: str, password: str, address: str) -> str | None:
        """None: they are in. Else why not."""
        wait = max(self._addresses.wait(address), self._names.wait(name))
        if wait:
            return ngettext(
                "Too many attempts. Try again in a minute.",
                "Too many attempts. Try again in %(n)s minutes.",
                ceil(wait / 60),
            )
        user = self._people.sign_in(name, password)
        if user is None:
            return _("This name and this password do not belong together.")
        self._names.forget(name)
        self._addresses.forget(address)
        admit(user)
        return None


def routes(app: Flask, office: Office) -> None:
    """`/sign-in` and `/sign-out`."""
    door = Door(office)

    @app.get("/sign-in")
    @anyone
    def sign_in() -> str | Response:
        after = local(request.args.get("next"))
        return redirect(after) if role() else render_template("sign-in.html", next=after, trouble="")

    @app.post("/sign-in")
    @anyone
    def signs_in() -> tuple[str, int] | Response:
        after, given = local(request.form.get("next")), request.form
        why_not = door.knock(given.get("name", ""), given.get("password", ""), peer(request))
        if why_not is None:
            return redirect(after, 303)
        return render_template("sign-in.html", next=after, trouble=why_not), 401

    @app.post("/sign-out")
    def sign_out() -> Response:
        session.clear()
        flash(_("You are signed out."))
        return redirect(url_for("sign_in"), 303)
