"""The petition's page: the count over time, how fast it grows, what was announced, and the count by hand.

It draws what chart.py makes of the readings, and reads no counter itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.core.figures import written
from bot.core.milestones import by_hand
from bot.core.petition import CounterInfo
from bot.office import Office
from bot.office.past import Signatures
from bot.web.chart import BOTTOM, HEIGHT, TOP, WIDTH, Chart, Count, chart, table
from bot.web.language import _, language
from bot.web.lines import Line, Local, line
from bot.web.now import sentence_case
from bot.web.passages import web_link
from bot.web.rules import approver
from bot.web.session import who

SHOWN = 60
"""Milestones that the page lists, the newest of those passed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A number that is not reached yet; `day` None: nobody knows."""

    number: str
    missing: str
    day: str | None
    goal: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A milestone: when the count passed it, and what went out for it."""

    number: str
    at: Local
    announced: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PetitionPage:
    campaign: str
    zone: str
    number: str | None
    value: int | None
    read: Local | None
    source: str
    rate: str | None
    coming: tuple[Expected, ...]
    chart: Chart | None
    passed: tuple[Passed, ...]
    unlisted: int
    rows: tuple[Count, ...]
    counter: CounterInfo
    counted_at: str | None


def petition_page(signatures: Signatures) -> PetitionPage:
    settings, readings = signatures.settings, signatures.readings
    zone, newest = settings.campaign.timezone, readings[-1] if readings else None
    counter = settings.petition.counter
    page = settings.petition.address(settings.campaign.language, settings.campaign.language)
    return PetitionPage(
        campaign=settings.campaign.name,
        zone=zone,
        number=grouped(newest.number) if newest else None,
        value=newest.number if newest else None,
        read=Local.of(newest.at, zone) if newest else None,
        source=newest.source if newest else "",
        rate=_rate(signatures.rate),
        coming=_coming(signatures, zone),
        chart=_chart(signatures, zone),
        passed=_passed(signatures, zone),
        unlisted=max(len(signatures.passed) - SHOWN, 0),
        rows=table(readings, zone),
        counter=counter,
        counted_at=web_link(counter.url or page),
    )


def grouped(number: int) -> str:
    """A number as people of the page's language write it."""
    return written(number, language())


def _rate(rate: float | None) -> str | None:
    if rate is None:
        return None
    return grouped(round(rate)) if rate >= 10 or rate == 0 else f"{rate:.1f}"


def _wanted(signatures: Signatures) -> list[int]:
    """What is still to be reached: the next milestone, and the goal."""
    number = signatures.number or 0
    both = {signatures.milestone or 0, signatures.settings.petition.goal or 0}
    return sorted(each for each in both if each > number)


def _coming(signatures: Signatures, zone: str) -> tuple[Expected, ...]:
    number, goal = signatures.number or 0, signatures.settings.petition.goal
    return tuple(
        Expected(grouped(each), grouped(each - number), _day(signatures.expected(each), zone), each == goal)
        for each in _wanted(signatures)
    )


def _day(at: datetime | None, zone: str) -> str | None:
    return at.astimezone(ZoneInfo(zone)).date().isoformat() if at else None


def _chart(signatures: Signatures, zone: str) -> Chart | None:
    following = signatures.milestone
    return chart(
        signatures.readings,
        {*signatures.passed, *([following] if following else [])},
        signatures.settings.petition.goal,
        signatures.rate,
        signatures.expected(following) if following else None,
        signatures.at,
        zone,
    )


def _passed(signatures: Signatures, zone: str) -> tuple[Passed, ...]:
    newest = sorted(signatures.passed, reverse=True)[:SHOWN]
    posts = [row for row in signatures.announced if row.action == "post"]
    return tuple(
        Passed(
            grouped(each),
            Local.of(signatures.passed[each], zone),
            tuple(line(row, 0, signatures.settings) for row in posts if row.target == str(each)),
        )
        for each in newest
    )


# --- addresses ----------------------------------------------------------------------------------


def routes(app: Flask, office: Office) -> None:
    """`/petition`, and the count set by hand."""
    app.jinja_env.filters["grouped"] = grouped

    @app.get("/petition")
    def petition() -> str:
        return _shown(office, "", "")

    @app.post("/petition/count")
    @approver
    def petition_count() -> Response | tuple[str, int]:
        typed = request.form.get("number", "").strip()
        try:
            number = by_hand(typed)
        except ValueError as problem:
            return _shown(office, typed[:40], sentence_case(str(problem))), 422
        office.past.set_count(who(), number)
        flash(_("The count is %(number)s now.", number=grouped(number)))
        return redirect(url_for("petition"), 303)


def _shown(office: Office, typed: str, trouble: str) -> str:
    size = {"height": HEIGHT, "top": TOP, "bottom": BOTTOM, "width": WIDTH}
    page = petition_page(office.past.signatures())
    return render_template("petition.html", page=page, size=size, typed=typed, trouble=trouble)
