"""One definition of the future: the preview, the calendar and the running bot call the same `plan`.

It walks the slots of all accounts in order of time and lays a message into each, on the past that it
is given, as if everything before went out. It reads no clock and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from bot.core.budget import month, over_budget
from bot.core.choices import decided, unsuitable
from bot.core.figures import Figures
from bot.core.fit import Misfit, fit
from bot.core.links import held
from bot.core.milestones import is_fresh, next_milestone
from bot.core.model import Choice, Ledger, Limits, Past, Planned, Post, Reading, Slot
from bot.core.pictures import Looks, unfit
from bot.core.rotation import Candidate, Deck
from bot.core.slots import fixed, slots
from bot.core.text import LIMITS
from bot.core.written import ROTATING, Account, Budget, Links, Message, Queue, Settings

A_DAY = timedelta(days=1)
NO_BUDGET = Budget()
ALREADY_SAID = "another X account says the same within a day"


@dataclass(frozen=True, slots=True)
class Book:
    """All that people wrote, and what the servers take: the same for preview and bot."""

    settings: Settings
    queue: Queue
    limits: Mapping[str, Limits] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    """Ids of messages in which `check` finds an error: they do not go out before it is mended."""
    looks: Looks = field(default_factory=dict)
    """What is in the pictures that messages name."""
    closed: date | None = None
    """The last day on which the petition's site had it open, where it says that it is closed."""
    dead: Mapping[str, str] = field(default_factory=dict)
    """Addresses that lead nowhere, with the end of a sentence about each: posts that carry one wait."""
    _accounts: Mapping[str, Account] = field(init=False, repr=False, compare=False)
    _messages: Mapping[str, Message] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        accounts = {each.id: each for each in self.settings.accounts}
        messages = {each.id: each for each in reversed(self.queue.messages)}  # of one id the first
        object.__setattr__(self, "_accounts", accounts)
        object.__setattr__(self, "_messages", messages)

    def account(self, account_id: str) -> Account:
        return self._accounts[account_id]

    def zones(self) -> dict[str, str]:
        """The zone of each account, in their order."""
        return {each.id: self.settings.zone(each) for each in self.settings.accounts}

    def messages(self) -> tuple[Message, ...]:
        """Those that may go out."""
        return tuple(each for each in self.queue.messages if each.id not in self.barred)

    def limit(self, account: Account) -> Limits:
        return self.limits.get(account.id) or LIMITS[account.network]

    def message(self, message_id: str | None) -> Message | None:
        return self._messages.get(message_id or "")

    def figures(self, signatures: int | None, milestone: int | None = None) -> Figures:
        petition, known = (
            self.settings.petition,
            [each for each in (signatures, milestone) if each is not None],
        )
        following = next_milestone(petition.milestones, max(known), petition.goal) if known else None
        return Figures(signatures, petition.goal, milestone, following)

    def counted(self, reading: Reading | None, at: datetime) -> Figures:
        """What a text may say at `at`: the signatures only while their reading is fresh."""
        if reading is None or is_fresh(reading, self.settings.petition.counter.every, at):
            return self.figures(reading.number if reading else None)
        waits = f"and the count is of {reading.at:%Y-%m-%d %H:%M} UTC: it waits for a new one"
        return replace(self.figures(None), unread=waits)

    def post(
        self,
        message: Message,
        account: Account,
        language: str,
        variant: int,
        turn: int | None,
        figures: Figures,
    ) -> Post | Misfit:
        """The message fitted for the account; over the limit is a misfit, never a cut."""
        limits = self.limit(account)
        post = fit(message, account, self.settings, language, variant, turn, limits, figures)
        if isinstance(post, Post) and post.length > post.limit:
            return Misfit(f"{message.id} is too long for {account.id}: {post.length} of {post.limit}")
        if isinstance(post, Post) and (why := unfit(post.pictures, self.looks, limits)):
            return Misfit(f"{message.id} cannot go out on {account.id}: it {why}")
        if self.dead and isinstance(post, Post) and (why := held(post, self.dead)):
            return Misfit(f"{message.id} waits: {why}", waits=True)
        return post

    def living(self) -> Book:
        """The same, for what may wait in the outbox until its link answers again."""
        return replace(self, dead={}) if self.dead else self


def closing(book: Book, closed: date | None) -> Book:
    """The same book for a petition that its site has closed: as if petition.closes were that day."""
    settings, petition = book.settings, book.settings.petition
    if closed and (petition.closes is None or closed < petition.closes):
        petition = petition.model_copy(update={"closes": closed})
        settings = settings.model_copy(update={"petition": petition})
    return replace(book, settings=settings, closed=closed)


def linking(book: Book, links: Links) -> Book:
    """The same book if every account had these links, and no budget stopped any."""
    changes = {"links": links, "budget": NO_BUDGET}
    accounts = tuple(account.model_copy(update=changes) for account in book.settings.accounts)
    return replace(book, settings=book.settings.model_copy(update={"accounts": accounts}))


def agenda(book: Book, start: datetime, end: datetime) -> Iterator[Slot]:
    """Every slot of every account with start <= due < end; ties in the order of the accounts."""
    settings = book.settings
    rows = [slots(account, settings, start, end) for account in settings.accounts]
    rows += [_dates(book, account, start, end) for account in settings.accounts]
    order = {account.id: place for place, account in enumerate(settings.accounts)}
    return merge(*rows, key=lambda slot: (slot.due, order[slot.account], slot.message_id or ""))


def _dates(book: Book, account: Account, start: datetime, end: datetime) -> Iterator[Slot]:
    found = (fixed(message, account, book.settings) for message in book.queue.messages if message.post_at)
    wanted = [slot for slot in found if slot and start <= slot.due < end]
    return iter(sorted(wanted, key=lambda slot: slot.due))


def plan(book: Book, ledger: Ledger, agenda: Iterable[Slot], figures: Figures) -> Iterator[Planned]:
    """What goes out in each slot of `agenda` (in its order) that has no row yet.

    `figures` are the counts to fill in. A slot in which nothing can go out is yielded too, with the
    reason in `why` and no post.
    """
    desks = {
        account.id: Desk(book, account, ledger.pasts.get(account.id, Past()), figures)
        for account in book.settings.accounts
    }
    said = Said(ledger)
    for slot in agenda:
        if slot.key not in ledger.keys:
            yield desks[slot.account].lay(slot, said, ledger.choices.get(slot.key))


def offers(book: Book, ledger: Ledger, slot: Slot, figures: Figures) -> Iterator[tuple[Message, Post | str]]:
    """Every message that people may think of for a slot: as it would stand there, or why it may not."""
    account = book.account(slot.account)
    desk = Desk(book, account, ledger.pasts.get(account.id, Past()), figures)
    for message in book.queue.messages:
        if message.kind in ROTATING and not message.post_at:
            yield message, desk.offer(message.id, slot.due)


class Said:
    """What the X accounts said within the last day, so that no two of them say the same."""

    def __init__(self, ledger: Ledger) -> None:
        self._last: dict[str, tuple[str, datetime]] = {}
        for network, words, account, at in sorted(ledger.recent_words, key=lambda row: row[3]):
            if network == "x":
                self._last[words] = (account, at)

    def elsewhere(self, post: Post, at: datetime) -> bool:
        account, when = self._last.get(post.words, (post.account, at))
        return post.network == "x" and account != post.account and at - when < A_DAY

    def note(self, post: Post, at: datetime) -> None:
        if post.network == "x":
            self._last[post.words] = (post.account, at)


class Desk:
    """One account at work: its deck, its purse, and the slots laid so far."""

    def __init__(self, book: Book, account: Account, past: Past, figures: Figures) -> None:
        self._book, self._account, self._figures = book, account, figures
        self._deck = Deck(account, book.settings, book.messages(), past)
        self._zone = ZoneInfo(book.settings.zone(account))
        self._spent: dict[str, int] = dict(past.spent)
        self._posts: dict[date, int] = dict(past.posts)

    def lay(self, slot: Slot, said: Said, choice: Choice | None = None) -> Planned:
        """Find the message for a slot, and take note of it if it goes out."""
        planned = self._laid(slot, said, choice)
        if planned.post is None:
            return planned
        if stop := self._beyond_budget(planned.post, slot.due):
            why = f"{planned.why}, but {stop}" if planned.choice else stop
            return Planned(slot, why, choice=planned.choice)
        said.note(planned.post, slot.due)
        self._pay(planned.post, slot.due)
        return planned

    def _laid(self, slot: Slot, said: Said, choice: Choice | None) -> Planned:
        if choice and choice.message_id is None:
            return Planned(slot, decided(choice), choice=choice)
        if choice and not slot.message_id:
            return self._choice(slot, said, choice)
        return self._date(slot) if slot.message_id else self._turn(slot, said)

    def _choice(self, slot: Slot, said: Said, choice: Choice) -> Planned:
        """What a person put into the slot, or why it cannot go out there: then nothing does."""
        candidate = self._wanted(choice.message_id or "", slot.due)
        if isinstance(candidate, str):
            return Planned(slot, f"{decided(choice)}, but {candidate}", choice=choice)
        post = self._fitted(candidate, self._deck.turn)
        if isinstance(post, Misfit):
            return Planned(slot, f"{decided(choice)}, but {post.reason}", choice=choice)
        if said.elsewhere(post, slot.due):
            return Planned(slot, f"{decided(choice)}, but {ALREADY_SAID}", choice=choice)
        planned = Planned(slot, decided(choice), post, self._deck.turn, candidate.variant, choice)
        if not self._beyond_budget(post, slot.due):
            self._deck.use(candidate, slot.due)
        return planned

    def offer(self, message_id: str, at: datetime) -> Post | str:
        """A message as it would stand here at that time, or why it may not."""
        candidate = self._wanted(message_id, at)
        post = candidate if isinstance(candidate, str) else self._fitted(candidate, self._deck.turn)
        return post.reason if isinstance(post, Misfit) else post

    def _wanted(self, message_id: str, at: datetime) -> Candidate | str:
        why_not = unsuitable(self._book, message_id, self._account.id, at)
        return why_not or self._deck.chosen(message_id, at)

    def _turn(self, slot: Slot, said: Said) -> Planned:
        waiting = ""
        for candidate in self._deck.candidates(slot.due):
            post = self._fitted(candidate, self._deck.turn)
            if isinstance(post, Misfit):
                waiting = waiting or (f"; {post.reason}" if post.waits else "")
            elif not said.elsewhere(post, slot.due):
                planned = Planned(slot, candidate.why + waiting, post, self._deck.turn, candidate.variant)
                if not self._beyond_budget(post, slot.due):
                    self._deck.use(candidate, slot.due)
                return planned
        return Planned(slot, self._deck.nothing() + waiting)

    def _date(self, slot: Slot) -> Planned:
        card = self._deck.fixed.get(slot.message_id or "")
        outside = card and ((card.starts and slot.due < card.starts) or (card.ends and slot.due >= card.ends))
        if card is None or outside:
            return Planned(slot, f"{slot.message_id} has a fixed date, but may not go out here at that time")
        language = self._deck.language(card)
        times = card.times.get(language, 0)
        post = self._book.living().post(card.message, self._account, language, times, None, self._figures)
        if isinstance(post, Misfit):
            return Planned(slot, post.reason)
        if not self._beyond_budget(post, slot.due):
            self._deck.use_fixed(card, language, slot.due)
        return Planned(slot, "it has a fixed date (post_at)", post)

    def _fitted(self, candidate: Candidate, turn: int | None) -> Post | Misfit:
        card = candidate.card
        return self._book.post(
            card.message, self._account, candidate.language, candidate.variant, turn, self._figures
        )

    def _beyond_budget(self, post: Post, at: datetime) -> str | None:
        if self._account.budget == NO_BUDGET:
            return None
        spent, posts = self._spent.get(month(at), 0), self._posts.get(self._day(at), 0)
        return over_budget(self._account.budget, post.cost, spent, posts)

    def _pay(self, post: Post, at: datetime) -> None:
        if self._account.budget == NO_BUDGET:
            return
        self._spent[month(at)] = self._spent.get(month(at), 0) + post.cost
        self._posts[self._day(at)] = self._posts.get(self._day(at), 0) + 1

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()
