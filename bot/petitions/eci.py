"""A European Citizens' Initiative: `eci.ec.europa.eu/NNN/public/api/report/progression`."""

from __future__ import annotations

import re

from bot.petitions.address import Page
from bot.petitions.counting import Found, at, parsed

PATH = "signatureCount"


def address(page: str) -> str:
    """The address of the count of an initiative's page."""
    found = re.match(r"(https?://[^/]+/\d+)(/public)?(?=[/?#]|$)", page)
    return f"{found[1]}/public/api/report/progression" if found else page


def find(page: Page) -> Found:
    return Found(at(parsed(page), PATH))
