"""What the rules of lint look at: the passages people wrote, and on which accounts each would go out.

It judges nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Literal

from bot.core.model import Limits
from bot.core.pictures import Looks
from bot.core.text import LIMITS
from bot.core.written import Account, Media, Message, Queue, Settings, Texts

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One problem of config.yaml or messages.yaml, in one sentence; `loc` is a path as pydantic gives it.

    An index of a variant stands in `loc` only where a text has several; a text that names no language
    has none in its path.
    """

    file: Literal["config", "messages"]
    loc: Loc
    severity: Literal["error", "warning"]
    code: str
    message: str


def error(loc: Loc, code: str, message: str) -> Finding:
    return Finding("messages" if loc[0] == "messages" else "config", loc, "error", code, message)


def warning(loc: Loc, code: str, message: str) -> Finding:
    return Finding("messages" if loc[0] == "messages" else "config", loc, "warning", code, message)


@dataclass(frozen=True, slots=True)
class Passage:
    """One text as written, in `language`, and the accounts on which it would go out. `part` is its place
    in a thread, from 0."""

    loc: Loc
    text: str
    message: Message
    language: str
    accounts: tuple[Account, ...]
    variant: int = 0
    several: bool = False
    part: int = 0

    @property
    def where(self) -> str:
        """`message children-16000 (es, text 2)`."""
        which = f", part {self.part + 1}" if self.part else ""
        which += f", text {self.variant + 1}" if self.several else ""
        return f"message {self.message.id} ({self.language}{which})"

    def error(self, code: str, what: str) -> Finding:
        return error(self.loc, code, f"{self.where} {what}")

    def warning(self, code: str, what: str) -> Finding:
        return warning(self.loc, code, f"{self.where} {what}")

    @property
    def networks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(account.network for account in self.accounts))


@dataclass(frozen=True, slots=True)
class Entry:
    """One message, and its place in the file."""

    loc: Loc
    message: Message

    def error(self, below: Loc, code: str, what: str) -> Finding:
        return error((*self.loc, *below), code, f"message {self.message.id} {what}")

    def warning(self, below: Loc, code: str, what: str) -> Finding:
        return warning((*self.loc, *below), code, f"message {self.message.id} {what}")


@dataclass(frozen=True)
class Desk:
    """Everything that lies before the one who checks: both files, the limits and the time."""

    settings: Settings
    queue: Queue
    limits: Mapping[str, Limits]
    now: datetime
    looks: Looks = field(default_factory=dict)
    _speakers: dict[tuple[tuple[str, ...], str], tuple[Account, ...]] = field(default_factory=dict)

    @property
    def default(self) -> str:
        """The language of texts that name none."""
        return self.settings.campaign.language

    @property
    def zone(self) -> str:
        return self.settings.campaign.timezone

    def limit(self, account: Account) -> Limits:
        return self.limits.get(account.id) or LIMITS[account.network]

    def carriers(self, message: Message) -> list[Account]:
        """The accounts for which the message is meant, whatever they speak."""
        accounts = self.settings.accounts
        return [account for account in accounts if not message.accounts or account.id in message.accounts]

    def networks(self, message: Message | None = None) -> tuple[str, ...]:
        """The networks for which a message is meant; without one, all there are."""
        accounts = self.carriers(message) if message else self.settings.accounts
        return tuple(dict.fromkeys(account.network for account in accounts))

    def speakers(self, message: Message, language: str) -> tuple[Account, ...]:
        """The accounts that may post the message and speak the language."""
        key = (message.accounts, language)
        if key not in self._speakers:
            self._speakers[key] = tuple(
                account for account in self.carriers(message) if language in self.settings.languages(account)
            )
        return self._speakers[key]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text of every message, those of threads and of `per` included: what a post consists of."""
        return tuple(
            passage
            for place, message in enumerate(self.queue.messages)
            for passage in chain(
                _of_message(self, ("messages", place), message, "text"),
                _of_thread(self, ("messages", place), message),
            )
        )

    @cached_property
    def warnings(self) -> tuple[Passage, ...]:
        """Every content warning."""
        return tuple(
            passage
            for place, message in enumerate(self.queue.messages)
            if message.content_warning or message.per
            for passage in _of_message(self, ("messages", place), message, "content_warning")
        )

    @cached_property
    def alts(self) -> tuple[Passage, ...]:
        """Every alt text."""
        return tuple(
            passage
            for place, message in enumerate(self.queue.messages)
            if message.media or message.per
            for passage in _of_pictures(self, ("messages", place), message)
        )


Name = Literal["text", "content_warning"]


def _of_message(desk: Desk, loc: Loc, message: Message, name: Name) -> Iterator[Passage]:
    layers = {key: layer for key, layer in message.per.items() if name in layer.model_fields_set}
    yield from _spread(desk, (*loc, name), message, getattr(message, name), layers, None)
    for key, layer in layers.items():
        yield from _spread(desk, (*loc, "per", key, name), message, getattr(layer, name), layers, key)


def _of_thread(desk: Desk, loc: Loc, message: Message) -> Iterator[Passage]:
    layers = {key: layer.thread or () for key, layer in message.per.items() if layer.thread is not None}
    for part, texts in enumerate(message.thread, 1):
        yield from _spread(desk, (*loc, "thread", part - 1), message, texts, layers, None, part)
    for key, thread in layers.items():
        for part, texts in enumerate(thread, 1):
            at = (*loc, "per", key, "thread", part - 1)
            yield from _spread(desk, at, message, texts, layers, key, part)


def _of_pictures(desk: Desk, loc: Loc, message: Message) -> Iterator[Passage]:
    layers = {key: layer.media or () for key, layer in message.per.items() if layer.media is not None}
    rows: list[tuple[Loc, tuple[Media, ...], str | None]] = [((*loc, "media"), message.media, None)]
    rows += [((*loc, "per", key, "media"), media, key) for key, media in layers.items()]
    for below, media, own in rows:
        for number, each in enumerate(media):
            yield from _spread(desk, (*below, number, "alt"), message, each.alt, layers, own)


def _spread(
    desk: Desk,
    loc: Loc,
    message: Message,
    texts: Texts | None,
    layers: Collection[str],
    own: str | None,
    part: int = 0,
) -> Iterator[Passage]:
    for key, variants in (texts or {}).items():
        language = key or desk.default
        accounts = desk.speakers(message, language)
        if layers:
            accounts = tuple(account for account in accounts if _layer(account, layers) == own)
        place = (*loc, key) if key else loc
        several = len(variants) > 1
        for number, text in enumerate(variants):
            at = (*place, number) if several else place
            yield Passage(at, text, message, language, accounts, number, several, part)


def _layer(account: Account, layers: Collection[str]) -> str | None:
    """Which entry of `per` an account takes a value from: its own id wins over its network."""
    return next((name for name in (account.id, account.network) if name in layers), None)
