"""How the campaign stands, and what the time to come costs: what `status` and the page show.

It only looks: at the plan, the store, the count and the links.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from bot.core.alerts import Need, Standing, needs
from bot.core.budget import FREE, month, prices
from bot.core.chores import chores
from bot.core.delivery import needs_person
from bot.core.milestones import next_milestone
from bot.core.model import Planned
from bot.core.overview import AccountOverview, Overview
from bot.core.plan import Book, agenda, plan
from bot.core.written import Account
from bot.herald import Herald
from bot.links import Links
from bot.ports import Clock, Store

A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=30)
MANY = 1000
"""Posts of a month that are planned one by one to see what they cost."""
RECENT = 20
"""Newest deliveries that an overview shows."""


class Future(Protocol):
    """Whoever can tell what goes out: the campaign."""

    @property
    def book(self) -> Book: ...

    def preview(self, start: datetime, end: datetime) -> Iterator[Planned]: ...


class Outlook:
    """Looks at one campaign; may be asked at any time."""

    def __init__(self, future: Future, store: Store, clock: Clock, herald: Herald, links: Links) -> None:
        self._future, self._store, self._clock = future, store, clock
        self._herald, self._links = herald, links

    def overview(self) -> Overview:
        now, settings = self._clock.now(), self._future.book.settings
        reading = self._herald.reading()
        signatures = reading.number if reading else None
        return Overview(
            at=now,
            campaign=settings.campaign.name,
            zone=settings.campaign.timezone,
            language=settings.campaign.language,
            paused=self._store.paused(now),
            accounts=self._accounts(now),
            signatures=signatures,
            next_milestone=next_milestone(
                settings.petition.milestones, signatures or 0, settings.petition.goal
            ),
            goal=settings.petition.goal,
            needs_person=tuple(each for each in self._store.unconfirmed() if needs_person(each)),
            recent=tuple(self._store.history(RECENT)),
            asks=(*self._herald.asks(), *self._links.asks()),
            chores=chores(self._future.book, now),
        )

    def needs(self, clock: str, files: str) -> tuple[Need, ...]:
        """What only a person can mend. `clock` and `files` say what is wrong there (empty: nothing)."""
        now, settings = self._clock.now(), self._future.book.settings
        ours, known = {account.id for account in settings.accounts}, self._store.accounts()
        return needs(
            Standing(
                settings,
                now,
                {each: state.held for each, state in known.items() if state.held and each in ours},
                self._store.unconfirmed(),
                self._herald.asks(),
                self._store.links(),
                self._store.spent(month(now)),
                "" if self._herald.reading() else self._herald.trouble,
                clock,
                files,
            )
        )

    def _accounts(self, now: datetime) -> tuple[AccountOverview, ...]:
        coming, spent = self._coming(now), self._store.spent(month(now))

        def one(account: Account) -> AccountOverview:
            paused = self._store.paused(now, account.id)
            held = self._store.account(account.id).held
            cost = spent.get(account.id, 0)
            return AccountOverview(account.id, account.network, paused, held, coming.get(account.id), cost)

        return tuple(one(account) for account in self._future.book.settings.accounts)

    def _coming(self, now: datetime) -> dict[str, Planned]:
        """The next post of every account, as far as a week ahead."""
        coming: dict[str, Planned] = {}
        for planned in self._future.preview(now, now + A_WEEK):
            if planned.post:
                coming.setdefault(planned.slot.account, planned)
            if len(coming) == len(self._future.book.settings.accounts):
                break
        return coming

    def coming_cost(self) -> int:
        """Micro-dollars of the next 30 days, of all accounts that are charged; of very many posts, at the
        pace of the first."""
        now, book = self._clock.now(), self._future.book
        charged = {each.id for each in book.settings.accounts if prices(each) != FREE}
        slots = agenda(book, now, now + A_MONTH) if charged else iter(())
        theirs = [*islice((slot for slot in slots if slot.account in charged), MANY + 1)]
        zones = {each.id: book.settings.zone(each) for each in book.settings.accounts}
        rows = plan(book, self._store.ledger(now, zones), theirs[:MANY], self._herald.figures())
        cost = sum(row.post.cost for row in rows if row.post)
        return round(cost * (A_MONTH / (theirs[-1].due - now))) if len(theirs) > MANY else cost
