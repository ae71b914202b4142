"""Which counter on the web a configuration asks for. Requests is loaded with this module."""

from __future__ import annotations

from types import ModuleType

from bot.core.written import CounterInfo
from bot.http import Resolver, session
from bot.petitions import action_network, controlshift, eci, json, page, uk_parliament
from bot.petitions.address import LARGEST, Address
from bot.petitions.counting import WebCounter

PLATFORMS: dict[str, ModuleType] = {
    "uk_parliament": uk_parliament,
    "action_network": action_network,
    "controlshift": controlshift,
    "eci": eci,
}
"""Each has `address(page)`, `PATH` and `find(answer)`."""


def on_the_web(
    info: CounterInfo, site: str, deadline: float, secret: str | None, resolve: Resolver | None
) -> WebCounter:
    """`site` is the petition's own page, `deadline` the seconds that a look may take in all."""
    url = info.url or site
    if platform := PLATFORMS.get(info.kind):
        url = platform.address(url)
    accept = "text/html" if info.kind == "page" else "application/json"
    http = session(deadline, resolve=resolve, largest=LARGEST, plain=info.allow_private)
    header = (info.secret_header, secret) if info.secret_header and secret else None
    address = Address(url, http, accept=accept, secret=header, private=info.allow_private)
    if platform:
        return WebCounter(address, platform.find, platform.PATH)
    if info.kind == "page":
        return WebCounter(address, page.find(info.select or ""), info.select or "")
    return WebCounter(address, json.find(info.path or ""), info.path or "")
