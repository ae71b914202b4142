"""The sandbox's own door on every site, for another process: /_sandbox/fault, /posts, /calls, /settings.

It refuses nothing that a test may want, and knows no network.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.sandbox.faults import Fault
from bot.sandbox.ledger import plain
from bot.sandbox.wire import Answer, Request

if TYPE_CHECKING:
    from bot.sandbox.server import Site

PREFIX = "/_sandbox/"


def answer(site: Site, request: Request) -> Answer | None:
    """The answer to a request at this door; None for a request of the site itself."""
    if not request.path.startswith(PREFIX):
        return None
    asked = (request.method, request.path.removeprefix(PREFIX))
    try:
        return _answer(site, asked, json.loads(request.body or b"{}"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Answer.json(400, {"error": str(error)})


def _answer(site: Site, asked: tuple[str, str], body: dict[str, Any]) -> Answer:
    match asked:
        case "POST", "fault":
            return _fault(site, body)
        case "DELETE", "fault":
            site.clear()
            return Answer.json(200, {})
        case "GET", "posts":
            return Answer.json(200, [plain(post) for post in site.posts()])
        case "POST" | "GET", "settings":
            return _settings(site, body)
        case "GET", name if name.startswith("calls/"):
            return Answer.json(200, site.arrivals(name.removeprefix("calls/")))
    return Answer.json(404, {"error": "no such door"})


def _fault(site: Site, body: dict[str, Any]) -> Answer:
    site.script.add(site.known(body["endpoint"]), (Fault(body["fault"].lower()),) * int(body.get("times", 1)))
    return Answer.json(200, site.script.left())


def _settings(site: Site, body: dict[str, Any]) -> Answer:
    known = asdict(site.settings)
    for name, value in body.items():
        if name not in known:
            raise ValueError(f"no setting {name!r}; there are {', '.join(sorted(known))}")
        setattr(site.settings, name, value)
    return Answer.json(200, asdict(site.settings))
