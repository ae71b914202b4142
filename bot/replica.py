"""Which accounts this bot serves: all of them, or its share where several bots have one state.

An account is served by one replica at a time, under a lease (store/leases.py). Who does not hold it neither
claims nor speaks nor settles there; who lost it unawares finds out at the next thing that it would write.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from bot.ports import Clock, Lease, LeaseLost, Store

COUNT = "/count"
"""The lease of who reads the count and looks at links: no account is called so."""

DEADLINES = 3
"""A lease lasts so many total deadlines of a request from the moment of speaking, so that the request is long
over when somebody else looks what became of it."""

RENEWALS = 6
"""So often a lease is renewed while it lasts."""


class Alone:
    """The state is ours: so is every account."""

    every: timedelta | None = None
    """How often `renew` is to be called; None: there is nothing to renew."""

    name: str | None = None
    """By which the state knows what we serve; None: everything."""

    def renew(self, accounts: Sequence[str]) -> bool:
        """Keep what is ours, and take our share of what nobody serves. True: something is new."""
        return False

    def look_again(self, accounts: Sequence[str]) -> None:
        """Something is to be done for accounts of others: perhaps nobody serves them."""

    def held(self) -> frozenset[str] | None:
        """All that we serve; None: everything."""
        return None

    def holds(self, name: str) -> bool:
        return True

    @contextmanager
    def serving(self, name: str) -> Iterator[bool]:
        """True where it is ours to serve, which it stays until the block ends, or the block breaks off."""
        yield True

    def give_back(self) -> None:
        """What is not being served at this moment, others may take at once."""


class Replica(Alone):
    """One of several bots on one state. Threads may share it."""

    def __init__(self, store: Store, clock: Clock, deadline: Callable[[], timedelta]) -> None:
        """`deadline`: of one request, as it is set now."""
        self._store, self._clock, self._deadline = store, clock, deadline
        self.name = self._owner = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self.every = DEADLINES * deadline() / RENEWALS
        self._held: Mapping[str, Lease] = {}
        self._busy: dict[str, int] = {}
        self._renewed = -1e9
        self._lock = Lock()

    def _lasts(self) -> timedelta:
        return max(DEADLINES * self._deadline(), 3 * (self.every or timedelta(0)))

    def renew(self, accounts: Sequence[str]) -> bool:
        with self._lock:
            before, self._renewed = self._held, self._clock.monotonic()
            self._held = self._store.lease(
                self._owner, accounts, (COUNT,), frozenset(self._busy), self._lasts()
            )
            return bool({*self._held} - {*before})

    def look_again(self, accounts: Sequence[str]) -> None:
        if self._clock.monotonic() - self._renewed > self._lasts().total_seconds() / RENEWALS / 4:
            self.renew(accounts)

    def held(self) -> frozenset[str]:
        return frozenset(self._held)

    def holds(self, name: str) -> bool:
        return name in self._held

    @contextmanager
    def serving(self, name: str) -> Iterator[bool]:
        lease = self._held.get(name)
        if lease is None:
            yield False
            return
        with self._lock:
            self._busy[name] = self._busy.get(name, 0) + 1
        try:
            with self._store.fenced(lease):
                yield True
        except LeaseLost:
            self._lose(lease)
        finally:
            self._end(name)

    def _lose(self, lease: Lease) -> None:
        with self._lock:
            self._held = {name: each for name, each in self._held.items() if each != lease}

    def _end(self, name: str) -> None:
        with self._lock:
            left = self._busy.pop(name) - 1
            if left:
                self._busy[name] = left

    def give_back(self) -> None:
        with self._lock:
            busy = frozenset(self._busy)
            self._store.give_back(self._owner, busy)
            self._held = {name: lease for name, lease in self._held.items() if name in busy}


def replica(store: Store, clock: Clock, deadline: Callable[[], timedelta]) -> Alone:
    return Replica(store, clock, deadline) if store.shared else Alone()
