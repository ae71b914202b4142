"""Which message comes in which slot of one account, and why.

A `Deck` holds what one account may post, by kind. The message that has waited longest comes first;
a weight shortens the wait to its share. So with equal weights nothing comes back before everything
eligible of its kind has had its turn, and a new message is next. Same inputs, same choice: no dice.

It knows nothing of money, lengths or networks: plan.py asks it, and tells it what was used.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from itertools import takewhile

from bot.core.model import Past, Use
from bot.core.written import ROTATING, Account, Message, Settings, window

NEVER = -1
"""The last turn of a message that has had none."""


def carried(message: Message, account: Account, settings: Settings) -> bool:
    """May this account post this message at all, now or later?"""
    return bool(_languages(message, account, settings))


def _languages(message: Message, account: Account, settings: Settings) -> tuple[str, ...]:
    """Those in which this account may post it; none where it may not."""
    if message.draft or (message.accounts and account.id not in message.accounts):
        return ()
    return spoken(message.on(account), account, settings)


def spoken(message: Message, account: Account, settings: Settings) -> tuple[str, ...]:
    """The account's languages in which the message is written."""
    default = settings.campaign.language
    return tuple(each for each in settings.languages(account) if message.variants(each, default))


def last_turns(past: Past) -> dict[str, int]:
    """The turn after which each message went out last: one posted by hand has none of its own, and
    counts with the turn that was used last before it."""
    turns, latest = {}, 0
    for message_id, use in sorted(past.uses.items(), key=lambda item: (item[1].last_at, item[1].last_turn)):
        latest = max(latest, use.last_turn)
        turns[message_id] = latest
    return turns


@dataclass(slots=True)
class Card:
    """A message in the deck of one account, and how it was used there."""

    place: int
    message: Message
    languages: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None
    last_turn: int = NEVER
    last_at: datetime | None = None
    times: dict[str, int] = field(default_factory=dict)

    def rank(self, round_length: float) -> tuple[float, int]:
        """Ascending: never posted first, then by the turn at which it is wanted again.

        `round_length` is the turns in which a message of weight 1 comes once.
        """
        wanted = self.last_turn + round_length / self.message.weight
        return (-1.0 if self.last_turn == NEVER else wanted), self.place

    def used(self, turn: int, language: str, at: datetime) -> None:
        self.last_turn, self.last_at = turn, at
        self.times[language] = self.times.get(language, 0) + 1


def _order(card: Card) -> tuple[int, int]:
    return card.last_turn, card.place


def _start(card: Card) -> datetime:
    assert card.starts is not None, "only cards that wait for their time are ordered by it"
    return card.starts


class Pile:
    """The cards of one kind and one weight, the one that waited longest first."""

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.later: list[Card] = []

    def add(self, card: Card) -> None:
        """In any order, until they are sorted."""
        (self.later if card.starts else self.cards).append(card)

    def sort(self) -> None:
        self.cards.sort(key=_order)
        self.later.sort(key=_start)

    def take(self, card: Card) -> None:
        del self.cards[bisect_left(self.cards, _order(card), key=_order)]

    def open(self, at: datetime) -> None:
        """Take in the messages whose time has begun."""
        while self.later and (starts := self.later[0].starts) and starts <= at:
            insort(self.cards, self.later.pop(0), key=_order)

    def eligible(self, at: datetime, cooldown: timedelta) -> Iterator[Card]:
        """Those whose cooldown is over (the first that is not ends it) and that have not expired."""
        rested = takewhile(lambda card: card.last_at is None or at - card.last_at >= cooldown, self.cards)
        return (card for card in rested if card.ends is None or at < card.ends)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message as one account would post it now."""

    card: Card
    language: str
    variant: int
    why: str


class Deck:
    """What one account may post, and what it has posted. Time only moves forward in it."""

    def __init__(
        self, account: Account, settings: Settings, messages: tuple[Message, ...], past: Past
    ) -> None:
        self.turn = past.turns
        self.fixed: dict[str, Card] = {}
        self._turning: dict[str, Card] = {}
        self._mix: tuple[str, ...] = settings.rotation.mix
        self._cooldown = settings.rotation.cooldown
        self._piles: dict[str, dict[int, Pile]] = defaultdict(lambda: defaultdict(Pile))
        self._spoken: dict[str, Counter[str]] = defaultdict(Counter)
        turns = last_turns(past)
        for place, message in enumerate(messages):
            if languages := _languages(message, account, settings):
                time = window(message, settings.campaign.timezone, settings.petition.closes)
                card = Card(place, message, languages, *time)
                self._lay(card, past.uses.get(message.id), turns.get(message.id, NEVER))
        for piles in self._piles.values():
            for pile in piles.values():
                pile.sort()

    def _lay(self, card: Card, use: Use | None, last_turn: int) -> None:
        if use:
            card.last_turn, card.last_at, card.times = last_turn, use.last_at, dict(use.times)
            self._spoken[card.message.kind].update(use.times)
        if card.message.kind not in ROTATING:
            return
        if card.message.post_at:
            self.fixed[card.message.id] = card
        else:
            self._turning[card.message.id] = card
            self._pile(card).add(card)

    def _pile(self, card: Card) -> Pile:
        return self._piles[card.message.kind if self._mix else ""][card.message.weight]

    def _kinds(self) -> tuple[str, ...]:
        """The kinds to try at this turn: the mix from where it stands, each once."""
        start = self.turn % len(self._mix) if self._mix else 0
        return tuple(dict.fromkeys(self._mix[start:] + self._mix[:start])) or ("",)

    def candidates(self, at: datetime) -> Iterator[Candidate]:
        """What may go out at this turn, best first. Stop asking once one was used."""
        kinds = self._kinds()
        for kind in kinds:
            for card in self._ranked(kind, at):
                yield self._candidate(card, kinds[0])

    def _ranked(self, kind: str, at: datetime) -> Iterator[Card]:
        piles = self._piles[kind].values()
        for pile in piles:
            pile.open(at)
        rows = (pile.eligible(at, self._cooldown) for pile in piles)
        length = self._round_length(kind)
        return merge(*rows, key=lambda card: card.rank(length))

    def _round_length(self, kind: str) -> float:
        """The turns of this account in which the weights of a kind are used up."""
        weights = sum(weight * len(pile.cards) for weight, pile in self._piles[kind].items())
        share = self._mix.count(kind) / len(self._mix) if self._mix else 1
        return weights / share

    def language(self, card: Card) -> str:
        """The language in which the message was posted least; among equals, that of its kind was."""
        spoken = self._spoken[card.message.kind]
        return min(card.languages, key=lambda language: (card.times.get(language, 0), spoken[language]))

    def _candidate(self, card: Card, wanted: str) -> Candidate:
        language = self.language(card)
        return Candidate(card, language, card.times.get(language, 0), self._why(card, wanted))

    def _why(self, card: Card, wanted: str) -> str:
        kind, place = card.message.kind, "next in the rotation"
        if self._mix and kind == wanted:
            place = f"{kind} is number {self.turn % len(self._mix) + 1} of {len(self._mix)} in the mix"
        elif self._mix:
            place = f"no {wanted} may go out now, so the next kind of the mix, {kind}"
        if card.last_at is None:
            return f"{place}; not posted here yet"
        weight = f", weight {card.message.weight}" if card.message.weight > 1 else ""
        return f"{place}; it has waited longest (last on {card.last_at:%Y-%m-%d}{weight})"

    def nothing(self) -> str:
        """Why there is no candidate."""
        kinds = ", ".join(filter(None, self._kinds()))
        return f"nothing to post: no {kinds or 'message'} may go out at this time"

    def chosen(self, message_id: str, at: datetime) -> Candidate:
        """A message of the rotation whose time this is, before its turn: a person wants it here."""
        card = self._turning[message_id]
        self._pile(card).open(at)
        language = self.language(card)
        return Candidate(card, language, card.times.get(language, 0), "")

    def use_fixed(self, card: Card, language: str, at: datetime) -> None:
        """A fixed date goes out: it uses no turn, but it was said in this language."""
        card.used(card.last_turn, language, at)
        self._spoken[card.message.kind][language] += 1

    def use(self, candidate: Candidate, at: datetime) -> None:
        """It goes out: its turn is used, and the next one begins."""
        pile = self._pile(candidate.card)
        pile.take(candidate.card)
        candidate.card.used(self.turn, candidate.language, at)
        self._spoken[candidate.card.message.kind][candidate.language] += 1
        pile.cards.append(candidate.card)  # nothing was used later
        self.turn += 1
