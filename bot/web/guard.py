"""Who is answered, and what a browser may do with the answer.

While there are no users that is whoever sits at this computer: no other machine, no request that somebody
passes on, and no page of another name that points here (DNS rebinding). It lets nothing be changed, framed,
sniffed or run that is not a file of ours.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from flask import Flask, Request, Response, request
from werkzeug.exceptions import MethodNotAllowed

HERE = re.compile(r"(127(\.[0-9]{1,3}){3}|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
"""How this computer calls itself. Everything else in Host was looked up somewhere."""

PASSED_ON = re.compile(
    r"(forwarded|via|client-ip|x-forwarded(-.+)?|x-original-.+|(x-|true-|fly-|cf-|fastly-)?(client|connecting|real)-ip)",
    re.IGNORECASE,
)
"""Headers that proxies and tunnels add."""

LOOKING = ("GET", "HEAD", "OPTIONS")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def protect(app: Flask) -> None:
    """Put every address of the site behind these rules, also those that do not exist."""
    app.before_request(_turn_away)
    app.after_request(_harden)


def refusal(asked: Request) -> str | None:
    """Why this request is not answered; None: it is."""
    if not HERE.fullmatch(asked.headers.get("Host", "")):
        return "This page answers only at 127.0.0.1 or localhost, on the computer where the bot runs."
    if not _is_loopback(asked.remote_addr) or any(PASSED_ON.fullmatch(name) for name, _ in asked.headers):
        return "This page answers only the computer where the bot runs, and nothing that a proxy passes on."
    return None


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _turn_away() -> Response | None:
    if why := refusal(request):
        return Response(f"{why}\n", 403, mimetype="text/plain")
    if request.method not in LOOKING:
        raise MethodNotAllowed
    return None


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    kept = request.endpoint == "static" and response.status_code < 400
    response.headers["Cache-Control"] = "no-cache" if kept else "no-store"
    return response
