"""What all counters on the web do: ask, find the number in the answer, and say in one sentence why not.

Each way to read a count gives a `find`; here it is asked, and an answer that has not changed is counted
as it was. Nothing is guessed, rounded or retried.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.milestones import number
from bot.core.model import BadReading, Reading
from bot.petitions.address import Address, Page, Unusable, printable

SHOWN = 8
"""So many keys of an answer are named."""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands where the count should: a JSON value or a text. `closed`: what the site says of its end."""

    value: object
    closed: str = ""


Find = Callable[[Page], Found]


class WebCounter:
    """Counts at one address. `sought` says in a sentence where the number is looked for."""

    def __init__(self, address: Address, find: Find, sought: str = "") -> None:
        self._address, self._find = address, find
        self._sought = f" (looked for {sought})" if sought else ""
        self._last: tuple[int, str] | None = None

    def read(self, now: datetime) -> Reading | BadReading:
        try:
            self._last = self._count()
        except Unusable as problem:
            self._address.forget()
            return BadReading(f"cannot read the counter at {self._address.shown}{self._sought}: {problem}")
        return Reading(self._last[0], self._address.shown, now, self._last[1])

    def _count(self) -> tuple[int, str]:
        page = self._address.ask()
        if page is None and self._last:
            return self._last
        if page is None:
            raise Unusable("the server answered 304")
        found = self._find(page)
        count = number(found.value)
        if count is None:
            raise Unusable(f"{outline(found.value)} stands there, which is no exact count")
        return count, found.closed


# --- JSON ------------------------------------------------------------------------------------


def parsed(page: Page) -> Any:
    """The answer as JSON. Raises Unusable."""
    try:
        return json.loads(page.body)
    except (ValueError, RecursionError):  # the latter for an answer nested too deep
        raise Unusable(f"the answer ({page.kind or 'of no type'}{page.moved}) is not JSON") from None


def at(value: Any, path: str) -> Any:
    """What stands at a dotted path; a number in it is the index of a list. Raises Unusable."""
    for key in path.split(".") if path else ():
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key in map(str, range(len(value))):
            value = value[int(key)]
        else:
            raise Unusable(f"there is no {key} in {outline(value)}")
    return value


def outline(value: Any) -> str:
    """What stands at a place, short enough for one line."""
    if isinstance(value, dict):
        more = ", …" if len(value) > SHOWN else ""
        names = ", ".join(printable(key) for key in list(value)[:SHOWN])
        return f"an object with the keys {names}{more}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return printable(json.dumps(value, ensure_ascii=False))
