"""The Store of bot/ports.py over SQLAlchemy Core: one class for SQLite and PostgreSQL.

Every method is one transaction, durable when it returns; whatever the database raises comes out as
StoreUnusable, and the store can be used again afterwards. Threads may share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.core.alerts import Alert, Need
from bot.core.links import Link
from bot.core.model import (
    Change,
    Choice,
    Delivery,
    Identity,
    Ledger,
    NewDelivery,
    Post,
    Reading,
    State,
    Verdict,
)
from bot.core.sought import Place, Sought
from bot.ports import AccountState, Deed, StoreUnusable, User
from bot.store import alerts, audit, choices, claims, count, links, switches, users
from bot.store import deliveries as outbox
from bot.store.backup import backup
from bot.store.ledger import ledger
from bot.store.soundness import examined
from bot.store.transactions import Transactions
from bot.store.trouble import told
from bot.store.users import Fits


class SqlStore(Transactions):
    """The outbox of one bot. Promises and shapes of every method are those of bot.ports.Store."""

    def backup(self, target: Path) -> None:
        """Write a complete, checked copy of an SQLite state to `target`, also while the bot runs."""
        if self._path is None:
            raise StoreUnusable("only an SQLite state is copied here: for PostgreSQL use pg_dump")
        with told(self._url):
            backup(self.engine, self._path, target)

    def examined(self) -> str:
        with self._read() as connection:
            return examined(connection)

    # --- the ledger -------------------------------------------------------------------------

    def ledger(self, now: datetime, zones: Mapping[str, str]) -> Ledger:
        with self._read() as connection:
            return ledger(connection, now, zones)

    def insert(
        self, deliveries: Iterable[NewDelivery], planned_until: Mapping[str, datetime]
    ) -> list[Delivery]:
        with self.planning(), self._write() as connection:
            switches.planned(connection, planned_until)
            return outbox.added(connection, deliveries)

    def due(self, now: datetime, account: str | None = None) -> list[Delivery]:
        with self._read() as connection:
            return outbox.due(connection, now, account)

    def unconfirmed(self, account: str | None = None) -> list[Delivery]:
        with self._read() as connection:
            return outbox.in_state(connection, State.UNCONFIRMED, account)

    def sending(self, account: str | None = None) -> list[Delivery]:
        with self._read() as connection:
            return outbox.in_state(connection, State.SENDING, account)

    def unsettled(self, account: str) -> list[Delivery]:
        with self._read() as connection:
            return outbox.unsettled(connection, account)

    def in_hand(self, now: datetime) -> list[str]:
        with self._read() as connection:
            return outbox.in_hand(connection, now)

    def next_at(self, owner: str | None = None) -> datetime | None:
        with self._read() as connection:
            return outbox.next_at(connection, owner)

    def delivery(self, delivery_id: int) -> Delivery | None:
        with self._read() as connection:
            return outbox.one(connection, delivery_id)

    def by_key(self, key: str) -> Delivery | None:
        with self._read() as connection:
            return outbox.by_key(connection, key)

    def history(self, limit: int | None = None, account: str | None = None) -> list[Delivery]:
        with self._read() as connection:
            return outbox.history(connection, limit, account)

    def sought(
        self, wanted: Sought, limit: int, older: Place | None = None, newer: Place | None = None
    ) -> list[Delivery]:
        with self._read() as connection:
            return outbox.sought(connection, wanted, limit, older, newer)

    def newest(self, kind: str, accounts: Iterable[str]) -> Mapping[str, Delivery]:
        with self._read() as connection:
            return outbox.newest(connection, kind, accounts)

    # --- the life of a delivery -------------------------------------------------------------

    def claim(
        self,
        delivery_id: int,
        post: Post | None,
        now: datetime,
        day: tuple[datetime, datetime],
        decide: claims.Decide,
    ) -> Delivery | Verdict:
        with self._write(delivery_id) as connection:
            return claims.claim(connection, delivery_id, post, now, day, decide)

    def spoke(self, delivery_id: int, now: datetime) -> bool:
        with self._write(delivery_id) as connection:
            return claims.spoke(connection, delivery_id, now)

    def settle(self, delivery: Delivery, change: Change) -> bool:
        with self._write(delivery.account) as connection:
            return claims.settle(connection, delivery, change)

    def charge(self, account: str, at: datetime, cost: int, what: str) -> None:
        with self._write(account) as connection:
            claims.charge(connection, account, at, cost, what)

    # --- switches ---------------------------------------------------------------------------

    def account(self, account_id: str) -> AccountState:
        with self._read() as connection:
            return switches.account(connection, account_id)

    def accounts(self) -> Mapping[str, AccountState]:
        with self._read() as connection:
            return switches.every(connection)

    def hold(self, account_id: str, reason: str | None) -> None:
        with self._write(account_id) as connection:
            switches.hold(connection, account_id, reason)

    def pin(self, account_id: str, identity: Identity) -> bool:
        with self._write(account_id) as connection:
            return switches.pin(connection, account_id, identity)

    def pause(self, account_id: str | None, until: datetime | None) -> None:
        with self._write(account_id) as connection:
            switches.pause(connection, account_id, until)

    def resume(self, account_id: str | None) -> None:
        with self._write(account_id) as connection:
            switches.resume(connection, account_id)

    def paused(self, now: datetime, account_id: str | None = None) -> str | None:
        with self._read() as connection:
            return switches.paused(connection, now, account_id)

    def mark_restored(self, restored: bool) -> None:
        with self._write() as connection:
            switches.mark_restored(connection, restored)

    def restored(self) -> bool:
        with self._read() as connection:
            return switches.restored(connection)

    # --- links ------------------------------------------------------------------------------

    def links(self) -> list[Link]:
        with self._read() as connection:
            return links.known(connection)

    def note_link(self, link: Link) -> None:
        with self._write() as connection:
            links.note(connection, link)

    def forget_links(self, urls: Iterable[str]) -> None:
        with self._write() as connection:
            links.forget(connection, urls)

    # --- what people did --------------------------------------------------------------------

    def choose(self, choice: Choice) -> bool:
        with self.planning(), self._write() as connection:
            return choices.choose(connection, choice)

    def unchoose(self, slot_key: str) -> bool:
        with self.planning(), self._write() as connection:
            return choices.undo(connection, slot_key)

    def note(self, deed: Deed) -> None:
        with self._write() as connection:
            audit.note(connection, deed)

    def deeds(
        self, limit: int | None = None, about: str | None = None, who: str | None = None, skip: int = 0
    ) -> list[Deed]:
        with self._read() as connection:
            return audit.newest(connection, limit, about, who, skip)

    # --- who may sign in --------------------------------------------------------------------

    def users(self) -> list[User]:
        with self._read() as connection:
            return users.everybody(connection)

    def user(self, name: str) -> User | None:
        with self._read() as connection:
            return users.one(connection, name)

    def add_user(self, user: User, fits: Fits) -> bool:
        with self._write() as connection:
            return users.add(connection, user, fits)

    def change_user(
        self, name: str, fits: Fits, *, role: str | None = None, password: str | None = None
    ) -> bool:
        with self._write() as connection:
            return users.change(connection, name, fits, role, password)

    def remove_user(self, name: str, fits: Fits) -> bool:
        with self._write() as connection:
            return users.remove(connection, name, fits)

    def key(self, name: str, fresh: str) -> str:
        with self._write() as connection:
            return users.key(connection, name, fresh)

    # --- what people are told of ------------------------------------------------------------

    def alerts(self) -> list[Alert]:
        with self._read() as connection:
            return alerts.known(connection)

    def keep_alerts(self, needs: Sequence[Need], names: Sequence[str], now: datetime) -> None:
        with self._write() as connection:
            alerts.keep(connection, needs, names, now)

    def take_alerts(self, name: str, now: datetime, until: datetime) -> list[Alert]:
        with self._write() as connection:
            return alerts.take(connection, name, now, until)

    def sent_alerts(self, told: Iterable[Alert], now: datetime) -> None:
        with self._write() as connection:
            alerts.sent(connection, told, now)

    def postpone_alerts(self, untold: Iterable[Alert], until: datetime) -> None:
        with self._write() as connection:
            alerts.postpone(connection, untold, until)

    # --- the count --------------------------------------------------------------------------

    def add_reading(self, reading: Reading) -> None:
        with self._write() as connection:
            count.add(connection, reading)

    def thin(self, superfluous: count.Superfluous) -> None:
        with self._write() as connection:
            count.thin(connection, superfluous)

    def readings(self, limit: int | None = None) -> list[Reading]:
        with self._read() as connection:
            return count.newest(connection, limit)

    def passed(self) -> Mapping[int, datetime]:
        with self._read() as connection:
            return count.passed(connection)

    def cross(
        self,
        thresholds: Iterable[int],
        at: datetime,
        deliveries: Sequence[NewDelivery],
        reading: Reading | None = None,
    ) -> list[Delivery]:
        with self.planning(), self._write() as connection:
            count.cross(connection, thresholds, at)
            if reading:
                count.add(connection, reading)
            return outbox.added(connection, deliveries)

    def spent(self, month: str) -> Mapping[str, int]:
        with self._read() as connection:
            return count.spent(connection, month)

    def charged(self, ids: Sequence[int]) -> Mapping[int, int]:
        with self._read() as connection:
            return count.charged(connection, ids)

    def count(self) -> Mapping[State, int]:
        with self._read() as connection:
            return outbox.count(connection)

    def tally(self) -> Mapping[str, Mapping[State, int]]:
        with self._read() as connection:
            return outbox.tally(connection)
