"""The site, put together. It decides nothing: the office is asked, HTML goes out.

Nothing of what is shown is trusted: Jinja escapes every value; guard.py says who is answered, and session.py
who may do what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Response, current_app, render_template
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound

from bot.office import Office
from bot.ports import StoreUnusable
from bot.sharing import Sharing
from bot.web import (
    calendar,
    guard,
    history,
    language,
    messages,
    metrics,
    people,
    petition,
    session,
    signin,
    switches,
)
from bot.web.language import _
from bot.web.share import share_routes
from bot.web.timeline import Column, demo_page

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""What is shown as a picture; whatever else somebody has made of one is not handed to a browser."""

Site = Flask
Routes = Callable[[Flask, Office], None]

ROUTES: tuple[Routes, ...] = (
    language.routes,
    switches.routes,
    calendar.routes,
    signin.routes,
    history.routes,
    petition.routes,
    people.routes,
    messages.routes,
)
"""Every room of the site: it puts its addresses into the app."""


def create_app(
    office: Office,
    timelines: Callable[[], Sequence[Column]] | None = None,
    refresh: float | None = None,
    picture: Callable[[str], tuple[bytes, str] | None] = lambda key: None,
    sharing: Sharing | None = None,
    watch: metrics.Watched | None = None,
    token: str | None = None,
) -> Flask:
    """The site, and `/demo` where there are `timelines`.

    `office` and `timelines` are asked at each request, from the server's threads. `refresh`: seconds
    after which a browser with JavaScript looks again; None: when the page is loaded anew. `picture`:
    the bytes and the media type of one that the timelines show, by its key. `sharing`: what followers see
    at `/share`. `watch`: of what /healthz and /metrics tell; `token` opens /metrics from anywhere.
    """
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"refresh": refresh, "has_demo": timelines is not None, "pages": _pages}
    if watch is not None:
        metrics.admit(app, watch, token)
    guard.protect(app, office)
    session.protect(app, office)
    app.register_error_handler(HTTPException, _not_found_and_the_like)
    app.register_error_handler(StoreUnusable, _no_state)
    metrics.routes(app, watch)
    for routes in ROUTES:
        routes(app, office)
    if timelines is not None:
        _demo_routes(app, office, timelines, picture)
    if sharing is not None:
        share_routes(app, sharing)
    return app


def _pages() -> list[tuple[str, str]]:
    """What every page leads to: the endpoints that there are, with their names."""
    known = (
        ("now", _("Now")),
        ("calendar", _("Calendar")),
        ("messages", _("Messages")),
        ("history", _("History")),
        ("petition", _("Petition")),
        ("people", _("People")),
        ("demo", _("Timelines")),
        ("share", _("Share")),
    )
    return [(endpoint, name) for endpoint, name in known if endpoint in current_app.view_functions]


def _demo_routes(
    app: Flask,
    office: Office,
    timelines: Callable[[], Sequence[Column]],
    picture: Callable[[str], tuple[bytes, str] | None],
) -> None:
    @app.get("/demo")
    def demo() -> str:
        return render_template("demo.html", page=demo_page(office.overview(), timelines()))

    @app.get("/demo/pictures/<key>")
    def shown(key: str) -> Response:
        found = picture(key)
        if found is None or found[1] not in PICTURES:
            raise NotFound
        return Response(found[0], mimetype=found[1])


# --- when something is wrong --------------------------------------------------------------------


def _what_to_do() -> dict[int, str]:
    return {
        400: _("This was not done: the page was open too long, or was not ours. Load it anew and try again."),
        401: _("You are not signed in any more. Sign in and try again; nothing was changed."),
        403: _("This was not done: only approvers may do it. Ask one of them."),
        404: _("There is no page at this address."),
        405: _("This page can be looked at, and nothing else can be done with it."),
        413: _("This was not done: what was sent is too large. Send less, or a smaller picture."),
        500: _("The page could not be made, and the log says why. The bot itself goes on."),
    }


def _not_found_and_the_like(error: HTTPException) -> Response:
    """Also a fault of ours (500): the log has what happened, the page a sentence."""
    code = error.code or 500
    found = _what_to_do().get(code) or _("This did not work. Go back to the first page and try again.")
    answer = Response(render_template("trouble.html", code=code, sentence=found), code)
    if "Allow" in (given := dict(error.get_headers())):
        answer.headers["Allow"] = given["Allow"]
    return answer


def _no_state(error: StoreUnusable) -> tuple[str, int]:
    return render_template("trouble.html", code=503, sentence=str(error)), 503
