"""ControlShift, which runs the petition sites of many movements: `/api/v1/petitions/SLUG`."""

from __future__ import annotations

import re

from bot.petitions.address import Page
from bot.petitions.counting import Found, at, parsed

PATH = "petition.public_signature_count"


def address(page: str) -> str:
    """The address of the count of a petition's page."""
    base = re.sub(r"\.json$", "", re.split(r"[?#]", page)[0].rstrip("/"))
    return re.sub(r"(?<!/api/v1)/petitions/([^/]+)(/.*)?$", r"/api/v1/petitions/\1", base)


def find(page: Page) -> Found:
    document = parsed(page)
    count = at(document, PATH)
    return Found(count, "closed" if document["petition"].get("ended") is True else "")
