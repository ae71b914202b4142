"""What followers are offered to share: each approved message, and each milestone that was reached.

What is offered is public the moment it is made. So it is chosen by what may be shown and never by what may
not: no draft, nothing that `check` bars, nothing before its time or after it, no link that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.cards import CARD, Card
from bot.core.figures import written
from bot.core.model import Picture
from bot.core.overview import opening
from bot.core.plan import Book
from bot.core.share import Desk, Prepared, plain, prepared, stationery
from bot.core.text import normalized
from bot.core.written import ROTATING, Message, Settings, in_language, window


@dataclass(frozen=True, slots=True)
class Offer:
    """One message in one language: its words as they are read, and every way to share it.

    `card` is the picture that is drawn of it, `picture` the message's own (None: it has none, or one that
    is a card). `also`: the languages in which it is offered.
    """

    id: str
    kind: str
    language: str
    words: str
    link: str | None
    source: str | None
    as_of: date | None
    ways: tuple[Prepared, ...]
    card: Card
    picture: Picture | None = None
    also: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return opening(self.words, 70)

    @property
    def text(self) -> str:
        """What is copied, and what a telephone's own sheet is given."""
        return next(each.text for each in self.ways if each.way.key == "copy")


def is_offered(message: Message, book: Book, now: datetime) -> bool:
    """May followers see it at `now`?"""
    settings, zone = book.settings, book.settings.campaign.timezone
    if message.kind not in ROTATING or message.draft or message.id in book.barred:
        return False
    if message.accounts and not _said_in_public(message, settings):
        return False
    if message.link in book.dead or (message.post_at and message.post_at.utc(zone) > now):
        return False
    starts, ends = window(message, zone, settings.petition.closes)
    return (starts is None or now >= starts) and (ends is None or now < ends)


def _said_in_public(message: Message, settings: Settings) -> bool:
    """Is it meant for any account whose posts everybody can see?"""
    return any(each.visibility != "private" for each in settings.accounts if each.id in message.accounts)


def offers(book: Book, language: str, desk: Desk, now: datetime) -> Iterator[Offer]:
    """Messages in the order of the queue."""
    for message in book.messages():
        if is_offered(message, book, now) and (offer := _offer(message, language, desk)):
            yield offer


def marks(book: Book, language: str, reached: Iterable[int]) -> Iterator[Offer]:
    """Milestones that were reached, the highest first, in the words of the first template that says them."""
    ids = {message.id for message in book.queue.messages}
    templates = [each for each in book.messages() if each.kind == "milestone" and not each.draft]
    for threshold in sorted(reached, reverse=True):
        desk = Desk(book.settings, book.figures(threshold, threshold))
        named = (each.model_copy(update={"id": f"milestone-{threshold}"}) for each in templates)
        made = (_offer(each, language, desk, written(threshold, language)) for each in named)
        if f"milestone-{threshold}" not in ids and (offer := next(filter(None, made), None)):
            yield offer


def _offer(message: Message, language: str, desk: Desk, number: str = "") -> Offer | None:
    ways, whole = prepared(message, language, desk), plain(message, language, desk)
    if not ways or whole is None:
        return None
    words = whole.text[language][0]
    return Offer(
        id=message.id,
        kind=message.kind,
        language=language,
        words=words,
        link=message.link,
        source=message.source,
        as_of=message.as_of,
        ways=ways,
        card=Card(words, stationery(desk.settings), number),
        picture=_picture(message, language, desk.settings.campaign.language),
    )


def _picture(message: Message, language: str, default: str) -> Picture | None:
    """Its first picture that is a file and says in this language what it shows."""
    for media in message.media:
        alt = normalized(next(iter(in_language(media.alt, language, default)), ""))
        if media.file != CARD and alt:
            return Picture(media.file, alt)
    return None


def told_of_each_other(shelves: Mapping[str, list[Offer]]) -> dict[str, tuple[Offer, ...]]:
    """The same offers, each with the languages in which it stands as well."""
    spoken: dict[str, list[str]] = {}
    for language, shelf in shelves.items():
        for offer in shelf:
            spoken.setdefault(offer.id, []).append(language)
    return {
        language: tuple(replace(offer, also=tuple(spoken[offer.id])) for offer in shelf)
        for language, shelf in shelves.items()
    }
