"""What to write into the configuration so that the count of an address is read: `count --try URL`.

It looks at the address once, and at the platforms whose addresses look like it. It proposes only what
it has read a number by, best first; which of several numbers is the count, a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.core.milestones import number
from bot.core.model import BadReading
from bot.core.written import CounterInfo
from bot.http import Resolver, session
from bot.petitions import page as html
from bot.petitions.address import LARGEST, Address, Page, Unusable
from bot.petitions.counting import parsed
from bot.petitions.web import on_the_web

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

SHOWN = 5
"""So many proposals at most."""

SIGNED = re.compile(r"sign|firm|support|petici|petition|assin|podp|unter|adh[eé]s|votes", re.IGNORECASE)
COUNT = re.compile(r"count|total|number|num(?![a-z])|current|amount|anzahl|nombre", re.IGNORECASE)
OTHER = re.compile(r"goal|target|max|ziel|meta|today|week|month|id$|year|remaining|needed", re.IGNORECASE)
"""Words around a number that speak for it, and against it."""

NEVER = ("script", "style", "time", "code", "option", "noscript", "template")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way to read `number`: what `petition.counter` has to say for it, but for `url` where None."""

    kind: str
    number: int
    url: str | None = None
    path: str | None = None
    select: str | None = None


def propose(
    url: str, deadline: float, now: datetime, token: str | None = None, resolve: Resolver | None = None
) -> list[Proposal] | BadReading:
    """The ways to read a count at `url`, best first; `token` is for Action Network, where there is one."""
    known = [*_platforms(url, deadline, now, token, resolve)]
    if known:
        return known
    address = Address(
        url, session(deadline, resolve=resolve, largest=LARGEST), accept="application/json, text/html"
    )
    try:
        answer = address.ask() or Page(b"")
        found = _in_json(url, answer) if _is_json(answer) else _on_page(url, answer)
    except Unusable as problem:
        return BadReading(f"cannot look at {address.shown}: {problem}")
    return found or BadReading(f"{address.shown} shows no number that looks like a count of signatures")


# --- platforms ---------------------------------------------------------------------------------

LOOKS_LIKE = {
    "uk_parliament": re.compile(r"/petitions/\d+(\.json|/|$)"),
    "eci": re.compile(r"//eci\.ec\.europa\.eu/\d+|/\d+/public(/|$)"),
    "action_network": re.compile(r"/api/v2/petitions/[0-9a-f-]+$"),
    "controlshift": re.compile(r"/petitions/(?!\d+(\.json|/|$))[\w-]+"),
}


def _platforms(
    url: str, deadline: float, now: datetime, token: str | None, resolve: Resolver | None
) -> Iterator[Proposal]:
    """Those that gave a count at the address that they have for this page."""
    for kind, pattern in LOOKS_LIKE.items():
        if pattern.search(url.partition("?")[0].partition("#")[0]):
            info = CounterInfo.model_validate({"kind": kind, "url": url})
            reading = on_the_web(info, url, deadline, token, resolve).read(now)
            if not isinstance(reading, BadReading):
                yield Proposal(kind, reading.number, url)


# --- JSON --------------------------------------------------------------------------------------


def _is_json(answer: Page) -> bool:
    return "json" in answer.kind or answer.body.lstrip()[:1] in (b"{", b"[")


def _in_json(url: str, answer: Page) -> list[Proposal]:
    document = parsed(answer)
    count = number(document)
    if count is not None:
        return [Proposal("json", count, url, path="")]
    numbers = sorted(_numbers(document), key=lambda each: (-_worth(each[0]), len(each[0]), each[0]))
    likely = [each for each in numbers if _worth(each[0]) > 0] or numbers
    paths = [(".".join(path), count) for path, count in likely]
    return [Proposal("json", count, url, path=path) for path, count in paths[:SHOWN]]


def _numbers(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every number of a document, of a list only what its first entry has."""
    if isinstance(value, dict):
        for key, each in value.items():
            if "." not in str(key):
                yield from _numbers(each, (*path, str(key)))
    elif isinstance(value, list):
        for place, each in enumerate(value[:1]):
            yield from _numbers(each, (*path, str(place)))
    elif path and (count := number(value)) is not None:
        yield path, count


def _worth(path: tuple[str, ...]) -> float:
    """How likely a number at a path is the count: by its name, and a little by the names above it."""
    name, above = path[-1], " ".join(path[:-1])
    points = 2.0 * bool(SIGNED.search(name)) + bool(COUNT.search(name)) - 3 * bool(OTHER.search(name))
    listed = any(key.isdigit() for key in path)
    return points + 0.5 * bool(SIGNED.search(above)) - 2 * listed - 0.1 * len(path)


# --- pages -------------------------------------------------------------------------------------


def _on_page(url: str, answer: Page) -> list[Proposal]:
    rated: dict[str, tuple[float, int]] = {}
    for node in html.tree(answer).css("body *"):
        count = None if node.tag in NEVER else number(" ".join(node.text().split()))
        points = _rating(node) if count is not None else 0.0
        select = _selector(node, answer) if points > 0 else None
        if count is not None and select:
            rated[select] = max(rated.get(select, (0.0, 0)), (points, count))
    best = sorted(rated.items(), key=lambda each: (-each[1][0], -each[1][1], len(each[0])))
    return [Proposal("page", count, url, select=select) for select, (_, count) in best[:SHOWN]]


def _rating(node: LexborNode) -> float:
    """By the names of an element and of those around it, and by the words beside it."""
    names, around = _names(node), " ".join(_names(each) for each in _above(node, 2))
    parent = node.parent
    beside = " ".join((parent.text() if parent else "").split())[:200]
    points = 2.0 * bool(SIGNED.search(names)) + bool(COUNT.search(names)) - 3 * bool(OTHER.search(names))
    points += bool(SIGNED.search(around)) + 0.5 * bool(COUNT.search(around))
    return points + bool(SIGNED.search(beside)) - bool(OTHER.search(around))


def _names(node: LexborNode) -> str:
    return " ".join(
        str(node.attributes.get(name) or "") for name in ("id", "class", "itemprop", "data-testid")
    )


def _above(node: LexborNode, levels: int) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None and levels and parent.tag not in ("body", "html"):
        yield parent
        parent, levels = parent.parent, levels - 1


def _selector(node: LexborNode, answer: Page) -> str | None:
    """The shortest one that names this element and no other that says something else; None: there is none."""
    steps = [_step(each) for each in (node, *_above(node, 3))]
    for length in range(1, len(steps) + 1):
        select = " ".join(reversed(steps[:length]))
        try:
            html.find(select)(answer)
        except Unusable:
            continue
        if "." in select or "#" in select:
            return select
    return None


NAME = re.compile(r"[A-Za-z][\w-]*")


def _step(node: LexborNode) -> str:
    identity, classes = node.attributes.get("id") or "", (node.attributes.get("class") or "").split()
    if NAME.fullmatch(identity):
        return f"#{identity}"
    named = [each for each in classes if NAME.fullmatch(each)][:2]
    return ".".join([str(node.tag), *named])
