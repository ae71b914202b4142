"""petition.parliament.uk and the sites that run its software (Wales, many councils).

`/petitions/N.json` has the count, and says `closed` or `rejected`; after an election it redirects to
`/archived/petitions/N.json`. The same key stands hundreds of times below, once per constituency.
"""

from __future__ import annotations

import re

from bot.petitions.address import Page
from bot.petitions.counting import Found, at, parsed

PATH = "data.attributes.signature_count"
ENDED = ("closed", "rejected", "hidden", "stopped")
"""States after which nobody can sign: https://github.com/alphagov/e-petitions/blob/master/app/models/petition.rb"""


def address(page: str) -> str:
    """The address of the count of a petition's page."""
    base = re.sub(r"(/count)?\.json$", "", re.split(r"[?#]", page)[0].rstrip("/"))
    return f"{re.sub(r'/(signatures|sponsors)(/new)?$', '', base)}.json"


def find(page: Page) -> Found:
    document = parsed(page)
    count = at(document, PATH)
    state = document["data"]["attributes"].get("state")
    return Found(count, state if state in ENDED else "")
