"""The story of the bot in a few verbs: preview, plan, serve, watch.

    messages.yaml --choose--> slot --fit--> outbox --publish--> network --outcome--> record
                                              ^
    petition --watch--> reading --crossed--> milestone announcement (and its later repost)

Nothing goes out that was not first committed to the outbox under a unique key made from its slot and
account. Which message, which text and what an answer means is decided in core/; what is remembered
is the store's; how one account delivers is courier.py's, how the count is watched herald.py's, what
is shown outlook.py's. Here they are handed to each other. It starts no thread, reads no file and knows
no network by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.core.alerts import Need
from bot.core.delivery import resolved
from bot.core.links import Link
from bot.core.model import BadReading, Delivery, Event, NewDelivery, Planned, Post, Reading, Slot
from bot.core.overview import Overview
from bot.core.plan import Book, agenda, closing, plan
from bot.core.written import Message
from bot.courier import Courier
from bot.herald import Herald
from bot.links import Links
from bot.outlook import Outlook
from bot.planner import Planner
from bot.ports import Album, Clock, Counter, Network, Pages, Store
from bot.replica import COUNT, replica
from bot.retired import retire
from bot.speech import NO_ALBUM
from bot.takeback import standing
from bot.timekeeper import Timekeeper

A_DAY = timedelta(days=1)
ELSEWHERE = BadReading("another replica reads the count")
AHEAD = 200
"""Slots of the next day whose links are looked at, at most."""


class Campaign:
    """One petition's accounts at work. Every verb may be called at any time, any number of times."""

    def __init__(
        self,
        book: Book,
        store: Store,
        networks: Mapping[str, Network],
        counter: Counter,
        clock: Clock,
        tell: Callable[[Event], None],
        album: Album = NO_ALBUM,
    ) -> None:
        self._written, self._known = book, (book, book)
        self._store, self._clock, self._tell = store, clock, tell
        self._album = album
        self._herald = Herald(lambda: self.book, store, counter, clock, tell)
        self._links = Links(store, clock, tell)
        self._links.refresh()
        self._herald.look_back()
        self.couriers: dict[str, Courier] = {}
        self.adopt(book, networks)
        self._replica = replica(store, clock, lambda: self.book.settings.delivery.timeout)
        self._timekeeper = Timekeeper(self._at_work, clock, tell)
        self._outlook = Outlook(self, store, clock, self._herald, self._links)
        self._planner = Planner(store, clock, tell)

    @property
    def book(self) -> Book:
        """What people have written now; its petition is closed where its site says so, links may be dead."""
        written, closed, dead = self._written, self._herald.closed, self._links.dead
        known = self._known
        if known[0] is not written or (known[1].closed, known[1].dead) != (closed, dead):
            known = self._known = written, replace(closing(written, closed), dead=dead)
        return known[1]

    @book.setter
    def book(self, book: Book) -> None:
        self._written = book

    # --- plan: what goes out ------------------------------------------------------------------

    def preview(self, start: datetime, end: datetime, book: Book | None = None) -> Iterator[Planned]:
        """What goes out in every slot from `start` until before `end`, if nobody edits anything; or what
        would, if people had written `book`."""
        self._links.refresh()
        book, ledger = book or self.book, self._store.ledger(start, self.book.zones())
        return plan(book, ledger, agenda(book, start, end), self._herald.figures())

    def plan(self) -> list[Delivery]:
        """Lay a message into every slot that came due since the last look, and commit them."""
        return self._planner.plan(self.book, self._herald.figures)

    def skip_to_now(self) -> None:
        """Slots since the last start are not missed but do not count, as before a first start."""
        self._planner.skip_to_now(self.book)

    def post(self, message_id: str, account_id: str | None = None) -> list[Delivery | str]:
        """Lay one message into the outbox by hand: rows for the accounts that may carry it, else why not."""
        rows = self.by_hand(message_id, account_id)
        inserted = self._store.insert([row for row in rows if isinstance(row, NewDelivery)], {})
        return [*inserted, *(row for row in rows if isinstance(row, str))]

    def by_hand(self, message_id: str, account_id: str | None = None) -> list[NewDelivery | str]:
        """What `post` would lay into the outbox: one answer per account."""
        return self._planner.by_hand(self.book, message_id, account_id, self._herald.reading())

    def offers(self, slot: Slot) -> list[tuple[Message, Post | str]]:
        """What people may put into a slot: each message as it would stand there, or why it may not."""
        return self._planner.offers(self.book, slot, self._herald.figures())

    def overview(self) -> Overview:
        """How everything stands now, for `status` and the page."""
        return self._outlook.overview()

    @property
    def clock_trouble(self) -> str:
        """What is wrong with this machine's clock, so that nothing is sent; empty: nothing."""
        return self._timekeeper.wrong() or ""

    def needs(self, files: str = "") -> tuple[Need, ...]:
        """What only a person can mend. `files`: what is wrong with them."""
        return self._outlook.needs(self.clock_trouble, files)

    def coming_cost(self) -> int:
        """Micro-dollars of the next 30 days, of all accounts that are charged."""
        return self._outlook.coming_cost()

    # --- serve: what is sent ------------------------------------------------------------------

    def adopt(self, book: Book, networks: Mapping[str, Network], counter: Counter | None = None) -> None:
        """Go on with what people have written now; an account in `networks` gets a new courier, and the
        count is read by `counter` from now on (None: as before)."""
        self.book = book
        if counter:
            self._herald.ask(counter)
        known = {account.id for account in book.settings.accounts}
        kept = {each: courier for each, courier in self.couriers.items() if each in known}
        self.couriers = kept | {each: self._courier(each, network) for each, network in networks.items()}

    def _courier(self, account_id: str, network: Network) -> Courier:
        return Courier(
            account_id,
            network,
            lambda: self.book,
            self._store,
            self._clock,
            self._tell,
            self._recount,
            self._album,
        )

    def start(self, accounts: Sequence[str] | None = None) -> None:
        """With the state locked, or under leases: settle what a dead bot left behind, and say who we are.
        `accounts`: where the state is shared, serve only these."""
        self._replica.renew(accounts or [*self.book.zones()])
        for account_id, courier in self.couriers.items():
            with self._replica.serving(account_id) as ours:
                if ours:
                    courier.recover()
        self._timekeeper.introduce()

    def stop(self) -> None:
        """Bring what is under way to its end, and begin nothing more."""
        for courier in list(self.couriers.values()):
            courier.stopping = True

    # --- replicas: who serves what ------------------------------------------------------------

    @property
    def renew_every(self) -> timedelta | None:
        """How often `renew` is to be called; None: no other bot can be at work on this state."""
        return self._replica.every

    def renew(self) -> bool:
        """Go on serving what we serve, and take over what nobody does. True: there is something new."""
        if self._timekeeper.wrong():
            self._replica.give_back()  # whoever has the right time may go on
            return False
        return self._replica.renew(self._served(self._store.in_hand(self._clock.now())))

    def leave(self) -> None:
        """Others may take over at once what we served."""
        self._replica.give_back()

    def serves(self, account_id: str) -> bool:
        return self._replica.holds(account_id)

    @property
    def watches(self) -> bool:
        """Is it ours to read the count, and to look at links?"""
        return self._replica.holds(COUNT)

    def _served(self, in_hand: Iterable[str]) -> list[str]:
        """All accounts that somebody must serve; those that are no longer in config.yaml, to retire them."""
        return list(dict.fromkeys([*self.book.zones(), *in_hand]))

    def _at_work(self) -> Iterable[Courier]:
        """The couriers of accounts that we serve; where we serve none, any may tell the time."""
        held = self._replica.held()
        couriers = list(self.couriers.values())
        ours = couriers if held is None else [each for each in couriers if each.account_id in held]
        return ours or couriers

    def _may_plan(self) -> bool:
        """Who serves no account has not been told by any network that its clock is right."""
        if not any(map(self.serves, self.book.zones())):
            self._replica.look_again(self._served(()))
        return any(map(self.serves, self.book.zones()))

    def _recount(self) -> None:
        if self.watches:
            self._herald.recount()

    def tick(self) -> list[str]:
        """Plan what came due, and name the accounts that have something to do now."""
        if not self._timekeeper.clock_is_right():
            return []
        self._links.refresh()
        if not self.watches:
            self._herald.look_back()
        if self._may_plan():
            self.plan()
        if self.watches:
            self._herald.remind()
        return self.waiting()

    def waiting(self) -> list[str]:
        """The accounts that we serve and that have something to do now, or are at it."""
        in_hand = self._store.in_hand(self._clock.now())
        if not all(map(self.serves, in_hand)):
            self._replica.look_again(self._served(in_hand))
        return [each for each in in_hand if self.serves(each)]

    def next_at(self) -> datetime | None:
        """When there is something to do again: the next slot, a retry, a look at what is in doubt."""
        if self._timekeeper.wrong():
            return None  # the alarm clock's own tick is enough to see whether it is mended
        now, ours = self._clock.now(), self._replica.name
        known = [at for at in (self._planner.next_slot(self.book, now), self._store.next_at(ours)) if at]
        return min(known, default=None)

    def serve(self, account_id: str) -> None:
        """Everything one account has to do now. Never to be called twice at once for one account."""
        if self._timekeeper.wrong():
            return
        with self._replica.serving(account_id) as ours:
            if ours and account_id in self.couriers:
                self.couriers[account_id].serve()
            elif ours:
                retire(self._store, account_id, self._clock.now())

    def resolve(self, delivery: Delivery, *, posted: bool) -> bool:
        """A person says what became of an unconfirmed delivery. False: it was not unconfirmed any more."""
        return self._store.settle(delivery, resolved(delivery, posted=posted, now=self._clock.now()))

    def unpost(self, delivery_id: int) -> list[str]:
        """Delete a post where it stands, with its repost; a sentence for everything that stands still.
        Empty: all is gone. May be called beside a running bot, and again."""
        row = self._store.delivery(delivery_id)
        why_not = standing(row, delivery_id)
        if row is None or why_not:
            return [why_not or ""]
        if row.account not in self.couriers:
            where = row.remote_url or ", ".join(row.remote_ids)
            return [f"{row.account} is no longer in config.yaml: delete it by hand ({where})"]
        return self.couriers[row.account].take_back(row)

    # --- watch: links, and the count ---------------------------------------------------------------------

    def look_at_links(self, pages: Pages, most: int | None = None, *, at_once: bool = False) -> list[Link]:
        """Look whether the links of the next day's posts lead somewhere, at no more than `most`; one that
        is dead holds its posts. `at_once`: also at those that were looked at a moment ago."""
        now = self._clock.now()
        ahead = [row.post for row in self._store.due(now + A_DAY) if row.post]
        ahead += [each.post for each in islice(self.preview(now, now + A_DAY), AHEAD) if each.post]
        return self._links.look(pages, self.book, ahead, most, at_once=at_once)

    def signatures(self) -> int | None:
        """The newest count that could be believed."""
        reading = self._herald.reading()
        return reading.number if reading else None

    def watch(self) -> Reading | BadReading:
        """Read the count once; announce what it crossed. A bad reading changes nothing."""
        with self._replica.serving(COUNT) as ours:
            if ours:
                return self._herald.watch()
        return ELSEWHERE

    def take(self, reading: Reading) -> None:
        """A count that is believed, since a person says so."""
        self._herald.take(reading)
