"""The pages and their addresses. It decides nothing: an Overview comes in, HTML goes out.

Nothing of what is shown is trusted: Jinja escapes every value, and guard.py says who is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Response, render_template
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from bot.core.overview import Overview
from bot.ports import StoreUnusable
from bot.web import guard
from bot.web.now import now_page
from bot.web.timeline import Column, demo_page

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""What is shown as a picture; whatever else somebody has made of one is not handed to a browser."""

WHAT_TO_DO = {
    404: "There is no page at this address.",
    405: "This page can be looked at, and nothing else can be done with it.",
    500: "The page could not be made, and the log says why. The bot itself goes on.",
}


def create_app(
    overview: Callable[[], Overview],
    timelines: Callable[[], Sequence[Column]] | None = None,
    refresh: float | None = None,
    picture: Callable[[str], tuple[bytes, str] | None] = lambda key: None,
) -> Flask:
    """The site: `/`, `/healthz`, and `/demo` where there are `timelines`.

    `overview` and `timelines` are asked at each request, from the server's threads. `refresh`: seconds
    after which a browser with JavaScript looks again; None: when the page is loaded anew. `picture`:
    the bytes and the media type of one that the timelines show, by its key.
    """
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"refresh": refresh, "has_demo": timelines is not None}
    guard.protect(app)
    app.register_error_handler(HTTPException, _not_found_and_the_like)
    app.register_error_handler(StoreUnusable, _no_state)
    _routes(app, overview)
    if timelines is not None:
        _demo_routes(app, overview, timelines, picture)
    return app


def _routes(app: Flask, overview: Callable[[], Overview]) -> None:
    @app.get("/")
    def now() -> str:
        return render_template("now.html", page=now_page(overview()))

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")


def _demo_routes(
    app: Flask,
    overview: Callable[[], Overview],
    timelines: Callable[[], Sequence[Column]],
    picture: Callable[[str], tuple[bytes, str] | None],
) -> None:
    @app.get("/demo")
    def demo() -> str:
        return render_template("demo.html", page=demo_page(overview(), timelines()))

    @app.get("/demo/pictures/<key>")
    def shown(key: str) -> Response:
        found = picture(key)
        if found is None or found[1] not in PICTURES:
            raise NotFound
        return Response(found[0], mimetype=found[1])


def _not_found_and_the_like(error: HTTPException) -> Response:
    """Also a fault of ours (500): the log has what happened, the page a sentence."""
    code = error.code or 500
    found = WHAT_TO_DO.get(code, f"{error.name}. Go back to the first page and try again.")
    answer = Response(render_template("trouble.html", code=code, sentence=found), code)
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(guard.LOOKING)
    return answer


def _no_state(error: StoreUnusable) -> tuple[str, int]:
    return render_template("trouble.html", code=503, sentence=str(error)), 503
