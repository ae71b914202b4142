"""A backup is restored, and everything that was due since it was made is in doubt before a bot starts on it.

It asks no network: looking up is the couriers' work, at the next start. It sends nothing, and what a person
has stopped since stays stopped.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.model import Delivery, Go
from bot.core.plan import Book, agenda, plan
from bot.core.restored import doubted, doubtful, words
from bot.ports import Store, StoreUnusable
from bot.store import lock, open_store
from bot.store.place import sqlite_path

INSTANT = timedelta(microseconds=1)
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept`: where the replaced state is, None where there was none. `doubts`: rows to be looked up.
    `stopped`: accounts that stay paused or held as they were; `paused`: all of them do."""

    kept: Path | None
    doubts: int
    stopped: tuple[str, ...]
    paused: bool


def restored(book: Book, url: str, source: Path, now: datetime) -> Restored:
    """Put the backup in the place of the state. Raises StateLocked, and StoreUnusable for a backup that
    is damaged, newer or none; then everything is as it was."""
    from bot.store.restore import restore

    known: list[tuple[int, tuple[str, ...]]] = []

    def mend(store: Store) -> None:
        stopped = _stopped(book, url, store, now)
        known.append((doubt(book, store, now), stopped))

    with lock(url, "restore"):
        kept = restore(url, source, mend)
    doubts, stopped = known[0]
    return Restored(kept, doubts, tuple(each for each in stopped if each), "" in stopped)


def _stopped(book: Book, url: str, store: Store, now: datetime) -> tuple[str, ...]:
    """Take over what was paused and held in the state that is replaced, where that can be read; the
    accounts concerned, and "" for all of them."""
    path = sqlite_path(url)
    if path is None or not path.exists():
        return ()
    try:
        with closing(open_store(url)) as old:
            return tuple(each for each in ("", *_accounts(book)) if _taken_over(each, old, store, now))
    except StoreUnusable:  # it is damaged: there is nothing to be learnt from it
        return ()


def _taken_over(account_id: str, old: Store, store: Store, now: datetime) -> bool:
    if not account_id:
        paused = bool(old.paused(now)) and not store.paused(now)
        if paused:
            store.pause(None, None)
        return paused
    before, after = old.account(account_id), store.account(account_id)
    pause, hold = before.paused and not after.paused, bool(before.held and not after.held)
    if pause:
        store.pause(account_id, before.paused_until)
    if hold:
        store.hold(account_id, before.held)
    return pause or hold


def _accounts(book: Book) -> list[str]:
    return [account.id for account in book.settings.accounts]


def doubt(book: Book, store: Store, now: datetime) -> int:
    """Put rows in doubt: those due by `now`, and those of all slots since. Returns how many."""
    for row in [*store.due(FOREVER), *store.sending()]:
        if row.slot <= now:
            row = _with_words(book, store, row)
            store.settle(row, doubted(row))
    _plan_since(book, store, now)
    store.mark_restored(True)
    return len(store.unconfirmed())


def _with_words(book: Book, store: Store, row: Delivery) -> Delivery:
    """A post gets its words when it is claimed; one that was not yet, has them as they would be now."""
    post = words(book, row, _signatures(store)) if row.action == "post" and row.post is None else None
    if post is None:
        return row
    claimed = store.claim(row.id, post, row.slot, (row.slot, row.slot), lambda _row, _situation: Go())
    return claimed if isinstance(claimed, Delivery) else row


def _signatures(store: Store) -> int | None:
    newest = store.readings(limit=1)
    return newest[0].number if newest else None


def _plan_since(book: Book, store: Store, now: datetime) -> None:
    """The slots since the backup, each with the message that it would have had."""
    zones = {account.id: book.settings.zone(account) for account in book.settings.accounts}
    since = {each: store.account(each).planned_until or now for each in zones}
    start, end = min(since.values()), now + INSTANT
    slots = (slot for slot in agenda(book, start, end) if slot.due >= since[slot.account])
    planned = plan(book, store.ledger(start, zones), slots, book.figures(_signatures(store)))
    rows = [doubtful(each, book.settings.delivery) for each in planned]
    store.insert(rows, dict.fromkeys(zones, end))
