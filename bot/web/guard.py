"""Who is answered, and what a browser may do with the answer.

Whoever sits at this computer is answered: no request that somebody passes on, and no page of another name
that points here (DNS rebinding). Once there are users, so is everybody who asks for the public address
(`web.url`), also through a proxy. It lets nothing be framed, sniffed or run that is not a file of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request

from bot.office import Office

HERE = re.compile(r"(127(\.[0-9]{1,3}){3}|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
"""How this computer calls itself. Everything else in Host was looked up somewhere."""

PASSED_ON = re.compile(
    r"(forwarded|via|client-ip|x-forwarded(-.+)?|x-original-.+|(x-|true-|fly-|cf-|fastly-)?(client|connecting|real)-ip)",
    re.IGNORECASE,
)
"""Headers that proxies and tunnels add."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def protect(app: Flask, office: Office) -> None:
    """Put every address of the site behind these rules, also those that do not exist."""
    public = host_of(office.campaign.book.settings.web.url)

    @app.before_request
    def turn_away() -> Response | None:
        why = refusal(request, public, lambda: bool(office.people.all()))
        return Response(f"{why}\n", 403, mimetype="text/plain") if why else None

    app.after_request(_harden)


def host_of(url: str | None) -> str | None:
    """`bot.example.org`, with its port where it is not the usual one: as browsers write it in Host."""
    split = urlsplit(url or "")
    usual = {"https": 443, "http": 80}.get(split.scheme)
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else split.hostname
    return f"{host}:{split.port}" if split.port not in (None, usual) else host


def refusal(asked: Request, public: str | None, has_users: Callable[[], bool]) -> str | None:
    """Why this request is not answered; None: it is."""
    host = asked.headers.get("Host", "")
    if public and host.lower() == public and has_users():
        return None
    if not HERE.fullmatch(host):
        return f"This page answers only at {_names(public)}."
    if not _is_loopback(asked.remote_addr) or any(PASSED_ON.fullmatch(name) for name, _ in asked.headers):
        return (
            f"At {host} only the computer where the bot runs is answered, and nothing that a proxy passes on."
        )
    return None


def peer(asked: Request) -> str:
    """Who asks: what the nearest proxy says, where one of our own network speaks to us."""
    near, said = asked.remote_addr or "", asked.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return said if said and _is_private(near) and _is_address(said) else near


def _is_private(address: str) -> bool:
    return _is_address(address) and ip_address(address).is_private


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def at_public(asked: Request, url: str | None) -> bool:
    """Whether it was asked for by its public address."""
    return url is not None and asked.headers.get("Host", "").lower() == host_of(url)


def _names(public: str | None) -> str:
    here = "127.0.0.1 or localhost, on the computer where the bot runs"
    return f"{public} (once there are users) and at {here}" if public else here


def _is_loopback(address: str | None) -> bool:
    return _is_address(address or "") and ip_address(address or "").is_loopback


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    kept = request.endpoint == "static" and response.status_code < 400
    if not response.cache_control.public:  # what followers see says itself how long it may be kept
        response.headers["Cache-Control"] = "no-cache" if kept else "no-store"
    return response
