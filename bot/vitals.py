"""How the bot does in figures, taken from what the store knows. It only looks, at most at every row once."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.budget import month
from bot.core.delivery import needs_person
from bot.core.model import MICRO_USD, State
from bot.core.plan import Book, agenda
from bot.core.vitals import AccountVitals, Late, Vitals
from bot.core.written import Account
from bot.ports import AccountState, Store

A_WEEK = timedelta(days=7)


def vitals(book: Book, store: Store, now: datetime, ill: str, late: Late) -> Vitals:
    """Raises StoreUnusable."""
    reading = next(iter(store.readings(limit=1)), None)
    coming = next(agenda(book, now, now + A_WEEK), None)
    return Vitals(
        ill=ill,
        accounts=_accounts(book, store, now),
        waiting_for_person=sum(1 for row in store.unconfirmed() if needs_person(row)),
        open_alerts=len({alert.key for alert in store.alerts()}),
        signatures=reading.number if reading else None,
        count_age=(now - reading.at).total_seconds() if reading else None,
        next_slot=(coming.due - now).total_seconds() if coming else None,
        late=late,
    )


def _accounts(book: Book, store: Store, now: datetime) -> tuple[AccountVitals, ...]:
    known, spent, tally = store.accounts(), store.spent(month(now)), store.tally()
    all_paused = store.paused(now) is not None

    def one(account: Account) -> AccountVitals:
        state = known.get(account.id, AccountState())
        paused = state.paused and (state.paused_until is None or now < state.paused_until)
        limit = account.budget.usd_per_month
        return AccountVitals(
            account.id,
            account.network,
            held=state.held is not None,
            paused=all_paused or paused,
            spent=spent.get(account.id, 0),
            budget=None if limit is None else round(limit * MICRO_USD),
            deliveries=tally.get(account.id, dict[State, int]()),
        )

    return tuple(one(account) for account in book.settings.accounts)
