"""What is in doubt on one account is looked up there, and judged by what the network shows.

One reading serves all posts in doubt. It decides nothing (core/judgement.py does), sends nothing, and
pays for what it reads.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core import judgement
from bot.core.budget import LEAST, MOST, reading_price
from bot.core.model import Change, Delivery, State, Unreadable
from bot.core.plan import Book
from bot.core.restored import without_original
from bot.core.written import Account
from bot.ports import Clock, Network, Store
from bot.speech import original

OWN_ROWS = 200
"""Newest rows of the account that a reading of its timeline is held against."""


class Lookup:
    """`record` writes what became of a delivery."""

    def __init__(
        self,
        account_id: str,
        network: Network,
        book: Callable[[], Book],
        store: Store,
        clock: Clock,
        record: Callable[[Delivery, Change], object],
    ) -> None:
        self.account_id, self._network, self._record = account_id, network, record
        self._book, self._store, self._clock = book, store, clock

    def reconcile(self) -> None:
        """Look up the deliveries of unknown fate whose time has come; one reading serves them all."""
        now = self._clock.now()
        doubted = self._store.unconfirmed(self.account_id)
        ripe = [d for d in doubted if d.next_at and d.next_at <= now]
        posts = [d for d in ripe if d.action == "post"]
        if posts:
            self._look_up(posts)
        for delivery in ripe:
            if delivery.action == "repost":
                self._look_up_repost(delivery)

    def _look_up(self, posts: list[Delivery]) -> None:
        book = self._book()
        account, settings = book.account(self.account_id), book.settings
        since = min(judgement.spoken_since(d) for d in posts) - judgement.CLOCK_SLACK
        reading = self._network.timeline(since)
        now = self._clock.now()
        self._pay_for_reading(account, now, LEAST if isinstance(reading, Unreadable) else len(reading.posts))
        for delivery in posts:
            known = self._known(delivery)
            change = judgement.judge(delivery, reading, known, account.network, now, settings.delivery)
            self._record(delivery, change)

    def _look_up_repost(self, delivery: Delivery) -> None:
        settings = self._book().settings
        repeated = original(self._store, delivery)
        if not repeated:
            row = self._store.by_key(delivery.target or "")
            self._record(delivery, without_original(delivery, row, self._clock.now(), settings.delivery))
            return
        seen = self._network.reposted(repeated)
        account, now = self._book().account(self.account_id), self._clock.now()
        self._pay_for_reading(account, now, MOST)  # how many it took is not told
        change = judgement.judge_repost(delivery, seen, repeated, account.network, now, settings.delivery)
        self._record(delivery, change)

    def _pay_for_reading(self, account: Account, now: datetime, posts: int) -> None:
        if cost := reading_price(account, posts):
            self._store.charge(self.account_id, now, cost, "reading its own timeline")

    def _known(self, delivery: Delivery) -> judgement.Known:
        """What else we know of the account: ids of other deliveries, its newest post, who it is."""
        others = [d for d in self._store.history(OWN_ROWS, self.account_id) if d.id != delivery.id]
        standing = [d for d in others if d.state is State.POSTED and d.action == "post" and d.remote_ids]
        newest = max(standing, key=lambda d: (d.posted_at or d.slot, d.id), default=None)
        return judgement.Known(
            owned=frozenset(remote for d in others for remote in d.remote_ids),
            newest=newest.remote_ids[-1] if newest else None,
            user_id=self._store.account(self.account_id).user_id,
        )
