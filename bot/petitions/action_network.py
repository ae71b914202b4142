"""Action Network, by its OSDI interface: `actionnetwork.org/api/v2/petitions/UUID`.

The token opens all of the group's data: it comes from the environment, and goes to no other host.
"""

from __future__ import annotations

from bot.petitions.address import Page
from bot.petitions.counting import Found, at, parsed

PATH = "total_signatures"


def address(page: str) -> str:
    return page


def find(page: Page) -> Found:
    return Found(at(parsed(page), PATH))
