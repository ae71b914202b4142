"""Who is at the page, and what they may do there. It keeps no password: bot/office/people.py tells who it is.

While there are no users, whoever sits at this computer may do everything (guard.py lets nobody else in).
Every address is for people who are signed in, unless its view says otherwise.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from bot.office import Office
from bot.office.people import NOBODY, stamp
from bot.ports import StoreUnusable, User
from bot.web.guard import at_public
from bot.web.rules import LOOKING

IDLE = timedelta(hours=12)
"""After so long without a request a sign-in ends."""
A_MOMENT = timedelta(minutes=1)
LARGEST = 64 * 1024
"""Bytes of a form, unless its view takes more."""


# --- who it is ----------------------------------------------------------------------------------


def who() -> str:
    """The name under which a deed is kept."""
    user = signed_in()
    return user.name if user else NOBODY


def role() -> str:
    """`approver` or `editor`; empty for somebody who is not signed in and would have to be."""
    user = signed_in()
    return user.role if user else "" if _office().people.all() else "approver"


def signed_in() -> User | None:
    if "user" not in g:
        g.user = _from_session()
    user: User | None = g.user
    return user


def _office() -> Office:
    office: Office = current_app.config["OFFICE"]
    return office


def _from_session() -> User | None:
    name, now = session.get("name"), _office().clock.now().timestamp()
    if name is None:
        return None
    user = _office().people.named(name)
    idle = now - session.get("seen", 0)
    if user is None or session.get("stamp") != stamp(user) or idle > IDLE.total_seconds():
        session.clear()
        return None
    if idle > A_MOMENT.total_seconds():
        session["seen"] = now
    return user


def admit(user: User) -> None:
    """From now on it is this user. Nothing of the session before stays."""
    session.clear()
    session.update(name=user.name, stamp=stamp(user), seen=_office().clock.now().timestamp())
    g.user = user


class Cookies(SecureCookieSessionInterface):
    """Sent back over TLS alone, where the page was asked for at its public address and that is https."""

    def __init__(self, url: str | None) -> None:
        self._url = url if url and url.startswith("https:") else None

    def get_cookie_secure(self, app: Flask) -> bool:
        return at_public(request, self._url)

    def get_cookie_name(self, app: Flask) -> str:
        """A name of its own: on one computer all ports share their cookies."""
        name = f"petition-bot-{hashlib.sha256(str(app.secret_key).encode()).hexdigest()[:8]}"
        return f"__Host-{name}" if self.get_cookie_secure(app) else name


# --- every request ------------------------------------------------------------------------------


def protect(app: Flask, office: Office) -> None:
    """Ask everybody who they are, and every form for its token."""
    app.session_interface = Cookies(office.campaign.book.settings.web.url)
    app.config |= {
        "OFFICE": office,
        "SECRET_KEY": office.people.key("session"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "MAX_CONTENT_LENGTH": LARGEST,
        "WTF_CSRF_CHECK_DEFAULT": False,  # after we know who it is
        "WTF_CSRF_TIME_LIMIT": None,  # the session has one
        "WTF_CSRF_SSL_STRICT": False,  # it asks for a Referer, which our pages do not send
    }
    csrf = CSRFProtect(app)
    app.before_request(_ask)
    app.before_request(lambda: csrf.protect() if _wants_token() else None)
    app.jinja_env.globals |= {"csrf": hidden, "who": who}
    app.context_processor(_at_the_page)


def _ask() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if size := getattr(view, "takes", None):
        request.max_content_length = size
    wanted = getattr(view, "for_whom", "anyone" if view is None or request.endpoint == "static" else "")
    if wanted == "anyone":
        return None
    mine = role()
    if mine and wanted in ("", mine):
        return None
    if mine:
        raise Forbidden
    if request.method in LOOKING:
        return redirect(url_for("sign_in", next=request.full_path.rstrip("?")))
    raise Unauthorized


def _wants_token() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in LOOKING and view is not None and not getattr(view, "unkeyed", False)


def hidden() -> Markup:
    """The field that every form needs."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _at_the_page() -> dict[str, object]:
    """`user` and `role` for templates; also the page that says that the state cannot be used has them."""
    try:
        return {"user": signed_in(), "role": role()}
    except StoreUnusable:
        return {"user": None, "role": ""}
