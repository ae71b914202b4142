"""How a store reads and writes: every call one transaction, durable when it is over, and whose it is.

What a thread writes while it serves under a lease is written under that lease or not at all. It knows no
table but that of the leases.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from threading import RLock, local

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.pool import QueuePool

from bot.ports import Lease
from bot.store import leases
from bot.store.engine import ALONE, BESIDE, LEASER, ONE_ACCOUNT, PLANNER, connected, parsed
from bot.store.place import sqlite_path
from bot.store.schema import deliveries
from bot.store.trouble import told
from bot.store.upgrade import make_folder, prepare

AT_WORK = 2.0
"""Seconds that a closing store waits for what is under way."""


class Here(local):
    """What this thread is at."""

    lease: Lease | None = None
    planning: Connection | None = None


class Transactions:
    """The base of the store. Threads may share it."""

    def __init__(self, url: str) -> None:
        self._url, self._path = parsed(url), sqlite_path(url)
        if self._path is not None:
            make_folder(self._path)
        self.engine = connected(self._url, in_memory=self._path is None)
        self.shared = self.engine.dialect.name != "sqlite"
        self._one_writer: AbstractContextManager[object] = nullcontext() if self.shared else RLock()
        self._here = Here()
        try:
            with told(self._url):
                prepare(self.engine, self._url)
        except BaseException:
            self.engine.dispose()
            raise

    def close(self) -> None:
        """What other threads are at comes to its end: a connection that comes back later is nobody's."""
        ends = time.monotonic() + AT_WORK
        while self._out() and time.monotonic() < ends:
            time.sleep(0.01)
        self.engine.dispose()

    def _out(self) -> int:
        """Connections that somebody works with."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        if self._here.planning is not None:
            yield self._here.planning
            return
        with told(self._url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self, account: str | int | None = None) -> Iterator[Connection]:
        """`account`: the account that it is about, or the id of the delivery; None: the whole state."""
        if self._here.planning is not None:
            self._here.planning.exec_driver_sql(ALONE)
            yield self._kept(self._here.planning)
            return
        with self._begun(ALONE if account is None else BESIDE) as connection:
            if account is not None and self.shared:
                _take(connection, account)
            yield self._kept(connection)

    def _kept(self, connection: Connection) -> Connection:
        """The same, where we may write on it."""
        if self._here.lease is not None:
            leases.keep(connection, self._here.lease)
        return connection

    @contextmanager
    def _begun(self, taken: str) -> Iterator[Connection]:
        writing = self.engine.execution_options(writing=taken)
        with told(self._url), self._one_writer, writing.begin() as connection:
            yield connection

    # --- replicas ---------------------------------------------------------------------------

    @contextmanager
    def planning(self) -> Iterator[None]:
        """What is read and written inside is one transaction, and no other replica plans meanwhile. A state
        that one bot has for itself needs neither."""
        if not self.shared or self._here.planning is not None:
            yield
            return
        with self._begun(PLANNER) as connection:
            self._here.planning = connection
            try:
                yield
            finally:
                self._here.planning = None

    @contextmanager
    def fenced(self, lease: Lease) -> Iterator[None]:
        """What this thread writes inside is written under `lease`, which it renews, or raises LeaseLost."""
        self._here.lease = lease
        try:
            yield
        finally:
            self._here.lease = None

    def lease(
        self,
        owner: str,
        accounts: Sequence[str],
        beside: Sequence[str],
        busy: Collection[str],
        lasts: timedelta,
    ) -> Mapping[str, Lease]:
        with self._begun(LEASER) as connection:
            return leases.renew(connection, owner, accounts, beside, busy, lasts)

    def give_back(self, owner: str, busy: Collection[str] = ()) -> None:
        with self._begun(LEASER) as connection:
            leases.give_back(connection, owner, busy)


def _take(connection: Connection, account: str | int) -> None:
    """Wait until nobody else writes about this account."""
    name = bindparam("account", account) if isinstance(account, str) else deliveries.c.account
    taken = select(func.pg_advisory_xact_lock(ONE_ACCOUNT, func.hashtext(name)))
    connection.execute(taken if isinstance(account, str) else taken.where(deliveries.c.id == account))
