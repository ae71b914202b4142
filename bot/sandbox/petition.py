"""A petition site whose count can be set, can grow, and can be shown wrong in every way that happens.

It gives its count as the UK Parliament, Action Network, ControlShift and the European Citizens'
Initiative do, each at the address that is theirs, and on a page. Endpoints, for faults and counts: count
(all JSON addresses), page (the HTML one).
"""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.sandbox.faults import Fault
from bot.sandbox.ledger import MASTODON_EPOCH, Ledger
from bot.sandbox.server import Call, Route, Settings, Site, route
from bot.sandbox.wire import Answer

_WRONG: Mapping[Fault, Callable[[int], Any]] = {
    Fault.COUNT_NULL: lambda _: None,
    Fault.COUNT_ZERO: lambda _: 0,
    Fault.COUNT_TRUE: lambda _: True,
    Fault.COUNT_TEXT: lambda count: f"{count:,}",
    Fault.COUNT_ROUNDED: lambda count: f"{count / 1000:.1f}K",
    Fault.COUNT_NEGATIVE: lambda count: -count - 1,
    Fault.COUNT_FRACTION: lambda count: count + 0.5,
    Fault.COUNT_HUGE: lambda _: 10**30,
}


@dataclass
class PetitionSettings(Settings):
    state: str = "open"
    title: str = "Stop it"
    separator: str = ","  # between groups of digits, on the page
    etags: bool = True
    archived: bool = False  # after an election: the old addresses redirect
    osdi_key: str = "sandbox-osdi"  # what Action Network wants in OSDI-API-Token


class PetitionSite(Site):
    name = "Petition"
    settings: PetitionSettings
    limits: ClassVar = {}

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._lock = threading.Lock()
        self._count, self._since, self._rate = 0.0, time.monotonic(), 0.0
        super().__init__(Ledger(MASTODON_EPOCH), PetitionSettings(), tls)

    @property
    def count(self) -> int:
        """Signatures now."""
        with self._lock:
            return int(self._count + self._rate * (time.monotonic() - self._since))

    @count.setter
    def count(self, signatures: int) -> None:
        with self._lock:
            self._count, self._since = float(signatures), time.monotonic()

    def grow(self, per_second: float) -> None:
        """From now on, until told otherwise; 0 stops it, and a negative rate takes signatures away."""
        now = self.count
        with self._lock:
            self._count, self._since, self._rate = float(now), time.monotonic(), per_second

    def routes(self) -> tuple[Route, ...]:
        return (
            route("GET", r"/petitions/(\d+)\.json", "count", self._full),
            route("GET", r"/archived/petitions/(\d+)\.json", "count", self._archive),
            route("GET", r"/petitions/(\d+)/count\.json", "count", self._short),
            route("GET", r"/petitions/(\d+)", "page", self._page),
            route("GET", r"/api/v2/petitions/([0-9a-f-]+)", "count", self._action_network),
            route("GET", r"/api/v1/petitions/([\w-]+)", "count", self._controlshift),
            route("GET", r"/(\d+)/public/api/report/progression", "count", self._eci),
        )

    def problem(self, status: int, title: str = "", detail: str = "") -> Answer:
        return Answer.json(status, {"error": detail or title})

    def reset_at(self, seconds: float) -> str:
        return str(int(seconds))

    def _full(self, call: Call) -> Answer:
        number = call.request.args[0]
        if self.settings.archived:
            return Answer(302, headers=(("Location", f"{self.url}/archived/petitions/{number}.json"),))
        return self._archive(call)

    def _archive(self, call: Call) -> Answer:
        attributes = self._counted(call) | {
            "action": self.settings.title,
            "state": self.settings.state,
            "created_at": "2019-11-20T12:00:00.000Z",
            "signatures_by_constituency": [{"name": "Elsewhere", "signature_count": 7}],
        }
        number = call.request.args[0]
        data = {"type": "petition", "id": int(number), "attributes": attributes}
        links = {"self": f"{self.url}/petitions/{number}.json"}
        return self._tagged(call, {"links": links, "data": data})

    def _action_network(self, call: Call) -> Answer:
        if call.request.headers.get("osdi-api-token") != self.settings.osdi_key:
            return self.problem(403, "API key invalid or not present")
        identifier, counted = call.request.args[0], self._counted(call)
        body = {
            "identifiers": [f"action_network:{identifier}"],
            "title": self.settings.title,
            "browser_url": f"{self.url}/petitions/1",
        }
        return self._tagged(call, body | _renamed(counted, "total_signatures"))

    def _controlshift(self, call: Call) -> Answer:
        about = {
            "slug": call.request.args[0],
            "title": self.settings.title,
            "ended": self.settings.state != "open",
            "goal": self.count + 1000,
        }
        return self._tagged(
            call, {"petition": about | _renamed(self._counted(call), "public_signature_count")}
        )

    def _eci(self, call: Call) -> Answer:
        return self._tagged(call, _renamed(self._counted(call), "signatureCount") | {"goal": 1_000_000})

    def _short(self, call: Call) -> Answer:
        return self._tagged(call, self._counted(call))

    def _page(self, call: Call) -> Answer:
        shown = f"{self.count:,}".replace(",", self.settings.separator)
        count = f'<p class="signature-count"><span class="count">{shown}</span> signatures</p>'
        title = self.settings.title
        return Answer.html(200, f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1>{count}")

    def _counted(self, call: Call) -> dict[str, Any]:
        if call.fault is Fault.COUNT_MISSING:
            return {}
        if call.fault is Fault.COUNT_RENAMED:
            return {"signatures": {"total": self.count}}
        wrong = _WRONG.get(call.fault) if call.fault else None
        return {"signature_count": wrong(self.count) if wrong else self.count}

    def _tagged(self, call: Call, body: dict[str, Any]) -> Answer:
        if call.fault is Fault.BODY_HUGE:
            body = body | {"padding": "x" * 20_000_000}
        answer = Answer.json(200, body)
        if not self.settings.etags:
            return answer
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if call.request.headers.get("if-none-match") == tag:
            return Answer(304, headers=(("ETag", tag),))
        return answer.with_headers(("ETag", tag))


def _renamed(counted: dict[str, Any], name: str) -> dict[str, Any]:
    """The count under the name that another platform has for it; what went wrong with it stays wrong."""
    return {name if key == "signature_count" else key: value for key, value in counted.items()}
