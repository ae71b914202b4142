"""What was posted and what was not, as values and pages; whoever may approve takes back and settles here.

It asks the office, and puts what it hears into words, numbers and links. It looks nothing up at a network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bot.core.model import Delivery, State
from bot.core.scalars import day
from bot.core.sought import Sought, bounds
from bot.core.written import Settings
from bot.office import Office
from bot.office.past import Leaf
from bot.web.language import _
from bot.web.lines import KINDS, LARGEST_ID, NUMBER, Line, line
from bot.web.now import STATES, label, sentence_case
from bot.web.people import DeedView, deed_view
from bot.web.rules import approver
from bot.web.session import who
from bot.web.sheet import sheet

SAID = 5
"""Sentences of what still stands that are shown after taking back; a cookie carries them."""


# --- what is sought -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed into the filters; `problems` are sentences about what cannot be read."""

    account: str = ""
    state: str = ""
    message: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Query:
        return cls(*(given.get(name, "").strip()[:200] for name in cls.__slots__))

    @property
    def terms(self) -> dict[str, str]:
        """As they stand in an address: those that say something."""
        return {name: value for name in self.__slots__ if (value := str(getattr(self, name)))}

    @property
    def problems(self) -> list[str]:
        return [
            _("%(given)s is not a day that can be read: write it as 2026-12-01. It is left out.", given=each)
            for each in (self.since, self.until)
            if each and _day(each) is None
        ]

    def sought(self, zone: str) -> Sought:
        state = State(self.state) if self.state in set(State) else None
        since, before = bounds(_day(self.since), _day(self.until), zone)
        return Sought(self.account, state, self.message, self.kind, since, before)


def _day(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    """An id from an address."""
    return int(text) if re.fullmatch("[0-9]{1,10}", text) and int(text) <= LARGEST_ID else None


# --- what is shown ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryPage:
    campaign: str
    zone: str
    query: Query
    problems: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    older: int | None
    newer: int | None


def history_page(leaf: Leaf, query: Query, settings: Settings) -> HistoryPage:
    accounts = [(each.id, label(each.network, each.id)) for each in settings.accounts]
    if query.account and query.account not in dict(accounts):
        accounts.append((query.account, query.account))
    rows = leaf.rows
    return HistoryPage(
        campaign=settings.campaign.name,
        zone=settings.campaign.timezone,
        query=query,
        problems=tuple(query.problems),
        accounts=tuple(accounts),
        lines=tuple(line(row, leaf.costs.get(row.id, 0), settings) for row in rows),
        older=rows[-1].id if rows and leaf.older else None,
        newer=rows[0].id if rows and leaf.newer else None,
    )


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """One delivery whole. `repeats` is what a repost repeats, `repeated` the repost of a post."""

    campaign: str
    line: Line
    repeats: Line | None
    repeated: Line | None
    deeds: tuple[DeedView, ...]


def delivery_page(row: Delivery, office: Office) -> DeliveryPage:
    settings, past = office.campaign.book.settings, office.past
    original, again = past.repeated(row), past.repost(row)
    return DeliveryPage(
        campaign=settings.campaign.name,
        line=line(row, past.cost(row), settings),
        repeats=line(original, 0, settings) if original else None,
        repeated=line(again, 0, settings) if again else None,
        deeds=tuple(deed_view(deed, office) for deed in past.deeds(row.id)),
    )


# --- addresses ----------------------------------------------------------------------------------


def routes(app: Flask, office: Office) -> None:
    """`/history`, its table, and a page for each delivery."""
    app.jinja_env.globals |= {"kinds": KINDS, "states": STATES}

    @app.get("/history")
    def history() -> str:
        query, settings = Query.of(request.args), office.campaign.book.settings
        older, newer = (_number(request.args.get(name, "")) for name in ("older", "newer"))
        leaf = office.past.leaf(query.sought(settings.campaign.timezone), older, newer)
        return render_template("history.html", page=history_page(leaf, query, settings))

    @app.get("/history.csv")
    def history_sheet() -> Response:
        settings = office.campaign.book.settings
        wanted = Query.of(request.args).sought(settings.campaign.timezone)
        answer = Response(_sheet(office, wanted), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="history.csv"'
        return answer

    @app.get(f"/history/{NUMBER}")
    def history_delivery(number: int) -> str:
        return render_template("history-delivery.html", page=delivery_page(_known(office, number), office))

    _deeds(app, office)


def _sheet(office: Office, wanted: Sought) -> Iterator[bytes]:
    """Begun before anything is sent, so that a state that cannot be read is a page that says so."""
    rows = office.past.all(wanted)
    first = next(rows, None)
    return sheet(first, rows, office.campaign.book.settings)


def _deeds(app: Flask, office: Office) -> None:
    @app.get(f"/history/{NUMBER}/take-back")
    @approver
    def history_take_back(number: int) -> str | Answer:
        page = delivery_page(_known(office, number), office)
        if not page.line.stands:
            return redirect(url_for("history_delivery", number=number))
        return render_template("history-take-back.html", page=page)

    @app.post(f"/history/{NUMBER}/take-back")
    @approver
    def history_takes_back(number: int) -> Answer:
        left = office.past.take_back(who(), _known(office, number).id)
        for sentence in left[:SAID]:
            flash(sentence_case(sentence[:400]))
        if not left:
            flash(_("It is taken back: nothing of it stands there any more."))
        return redirect(url_for("history_delivery", number=number), 303)


def _known(office: Office, number: int) -> Delivery:
    row = office.past.one(number)
    if row is None:
        raise NotFound
    return row
