"""The share page as the running bot serves it: below /share of the organizers' site, and alone for everybody.

What is answered depends on the address alone: no cookie, no session, no parameter. The one form of the page
names a Mastodon server, and its answer is a page with a link to it, never a redirect.
"""

from __future__ import annotations

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from bot.core.addresses import server_address
from bot.core.board import Board
from bot.ports import StoreUnusable
from bot.sharing import Sharing
from bot.web.rules import anyone, unkeyed
from bot.web.share.pages import CSP, Leads, mastodon_page, say, trouble_page
from bot.web.share.site import Leaf, Site

HEADERS = {
    "Content-Security-Policy": f"{CSP}; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

SMALL = 8 * 1024
"""Bytes of the form."""


def create_public_app(sharing: Sharing) -> Flask:
    """The share page and nothing else."""
    app = Flask("bot.web.share", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = SMALL
    app.register_error_handler(HTTPException, _sorry)
    app.register_error_handler(StoreUnusable, _not_now)
    share_routes(app, sharing)
    app.add_url_rule("/", "top", lambda: redirect("share/", 302))
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    app.after_request(_harden)
    return app


def share_routes(app: Flask, sharing: Sharing) -> None:
    """Put the page below /share of an app."""

    @anyone
    def show(path: str = "") -> Answer:
        return _shown(Site(sharing.board(), sharing.album, live=True), path)

    @anyone
    @unkeyed
    def to_mastodon() -> Answer:
        return _onward(sharing.board(), request.form.get("message", ""), request.form.get("server", ""))

    app.add_url_rule("/share/", "share", show)
    app.add_url_rule("/share/<path:path>", "share_file", show)
    app.add_url_rule("/share/mastodon", "share_mastodon", to_mastodon, methods=["POST"])


def _shown(site: Site, path: str) -> Answer:
    leaf = site.leaf(path)
    if leaf is None and path and site.leaf(f"{path}/"):
        return redirect(f"{request.path.rpartition('/')[2]}/", 308)
    return _answer(leaf) if leaf else _missing(site.board)


def _answer(leaf: Leaf) -> Answer:
    """The file, or that it is still the one the browser has."""
    answer = Response(mimetype=leaf.kind.partition(";")[0])
    answer.set_etag(leaf.stamp)
    answer.headers["Cache-Control"] = f"public, max-age={leaf.age}"
    answer.headers["Content-Type"] = leaf.kind
    if request.if_none_match.contains(leaf.stamp):
        answer.status_code = 304
        return answer
    data = leaf.make()
    if data is None:
        return _private(Response("", 404, mimetype="text/plain"))
    answer.set_data(data)
    return answer


def _onward(board: Board, wanted: str, server: str) -> Answer:
    language, _, offer_id = wanted.partition("/")
    edition = board.edition(language)
    offer = edition.offer(offer_id) if edition else None
    if edition is None or offer is None:
        return _missing(board)
    leads = Leads(None, "mastodon", {}, live=True)
    try:
        name = server_address(server.rpartition("@")[2])
        if name.startswith("http:") and name not in board.servers:
            raise ValueError("only encrypted")
    except ValueError:
        said = say(language, "That is not the name of a server. Go back and write it like mastodon.social.")
        return _private(Response(trouble_page(board, edition, leads, said), 400))
    return _private(Response(mastodon_page(board, edition, offer, leads, name)))


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _missing(board: Board) -> Response:
    """In the campaign's language; nothing of what was asked for is said again."""
    edition = board.editions[0]
    said = say(edition.language, "There is nothing at this address any more.")
    leads = Leads(None, "x/" * (request.path.count("/") - 2), {})
    return _private(Response(trouble_page(board, edition, leads, said), 404))


def _sorry(error: HTTPException) -> Response:
    """Outside the page there is nothing but the name of what is wrong."""
    return _private(Response(f"{error.name}\n", error.code or 500, mimetype="text/plain"))


def _not_now(_error: StoreUnusable) -> Response:
    """Why is no business of whoever asks."""
    return Response(
        "This page cannot be shown just now. Try again in a minute.\n", 503, mimetype="text/plain"
    )


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
