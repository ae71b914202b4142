"""A message becomes a post: words, figures, hashtags and links, exactly as one account sends them.

It never shortens anything. A post over its limit is made whole, and says so by its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, quote

from bot.core.budget import price
from bot.core.cards import CARD, card_file
from bot.core.figures import COUNTED, Figures, fields, fill, lacking, why_lacking
from bot.core.figures import written as grouped
from bot.core.model import Limits, Picture, Post
from bot.core.text import LIMITS, hashtags, length, normalized, urls
from bot.core.written import Account, Message, Settings, Texts, in_language

PARTS = "\n\n---\n\n"
"""Between the parts of a thread in `Post.template`."""

WITHOUT_WARNINGS = frozenset({"x", "bluesky"})
"""Networks that fold nothing behind a content warning: there it becomes the first line of the text."""

NOTHING_KNOWN = Figures()


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a message cannot be a post of this account: one sentence without its full stop.

    `waits`: for a figure that is not known now.
    """

    reason: str
    waits: bool = field(default=False, compare=False)


def fit(
    message: Message,
    account: Account,
    settings: Settings,
    language: str,
    variant: int = 0,
    turn: int | None = None,
    limits: Limits | None = None,
    figures: Figures = NOTHING_KNOWN,
) -> Post | Misfit:
    """The post that `account` makes of `message` in `language`.

    `variant` counts modulo the texts in that language. `turn` decides where the petition's link goes
    on every Nth post; None carries it. `limits` default to the network's. Over-length is no misfit:
    compare `length` with `limit`.
    """
    draft = Draft(
        message.on(account), account, settings, language, variant, limits or LIMITS[account.network]
    )
    written = draft.written()
    if isinstance(written, Misfit):
        return written
    if unknown := next(filter(None, (lacking(text, figures) for text in written)), None):
        return Misfit(f"{message.id} needs {{{unknown}}}, {why_lacking(unknown, figures)}", waits=True)
    words = [normalized(fill(text, figures, language) or "") for text in written]
    counted = any(COUNTED & {*fields(text)} for text in written)
    pictures = draft.pictures(words[0], figures)
    return draft.post(written, words, draft.links(turn), pictures, figures.signatures if counted else None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way to a post; `message` has the account's own values already."""

    message: Message
    account: Account
    settings: Settings
    language: str
    variant: int
    limits: Limits

    def one(self, texts: Texts | None) -> str:
        """The variant whose turn it is, in the draft's language; empty where there is none."""
        variants = in_language(texts, self.language, self.settings.campaign.language)
        return variants[self.variant % len(variants)] if variants else ""

    def written(self) -> tuple[str, ...] | Misfit:
        """The raw texts of all parts."""
        parts = tuple(self.one(texts) for texts in (self.message.text, *self.message.thread))
        if not parts[0]:
            return Misfit(f"{self.message.id} has no text in {self.language}")
        if not all(parts):
            place = parts.index("") + 1
            return Misfit(f"part {place} of the thread {self.message.id} has no text in {self.language}")
        return parts

    def links(self, turn: int | None) -> list[str]:
        """The message's own link, then the petition's, as far as the account's `links` wants them."""
        mode, every = self.account.links.mode, self.account.links.every
        if mode == "never" or (mode == "story" and self.message.kind != "story"):
            return []
        own = [self.message.link] if self.message.link else []
        if mode == "every" and turn is not None and turn % every:
            return own
        return [*own, self.petition()]

    def petition(self) -> str:
        """The petition's page in the draft's language, with the campaign's parameters."""
        campaign, account = self.settings.campaign, self.account
        return with_params(
            self.settings.petition.address(self.language, campaign.language),
            tuple(campaign.link_params.items()),
            (account.network, account.id, self.language),
            self.message.id,
        )

    def post(
        self,
        written: Sequence[str],
        words: Sequence[str],
        links: list[str],
        pictures: tuple[Picture, ...],
        signatures: int | None,
    ) -> Post:
        warning, parts = self.opening(words)
        linked = 0 if self.settings.threads.link == "first" else len(parts) - 1
        sizes = [length(part, self.limits, warning) for part in parts]
        links = self.kept(links, sizes[linked])
        sizes[linked] += self.block(links)
        for tag in self.missing(words):
            if (longer := sizes[0] + length(f" #{tag}", self.limits)) <= self.limits.length:
                parts[0], sizes[0] = f"{parts[0]} #{tag}", longer
        parts[linked] = "\n\n".join(filter(None, (parts[linked], "\n".join(links))))
        return Post(
            account=self.account.id,
            network=self.account.network,
            message_id=self.message.id,
            kind=self.message.kind,
            language=self.language,
            parts=tuple(parts),
            words="\n\n".join(words),
            length=self.longest(parts, sizes, warning),
            limit=self.limits.length,
            link=links[-1] if links else self.last_link(words),
            pictures=pictures,
            content_warning=warning or None,
            visibility=self.account.visibility,
            cost=price(self.account, parts, pictures),
            template=PARTS.join(written),
            signatures=signatures,
        )

    def opening(self, words: Sequence[str]) -> tuple[str, list[str]]:
        """The content warning that goes out beside the text, and the numbered parts before links and
        hashtags."""
        warning, threads = normalized(self.one(self.message.content_warning)), self.settings.threads
        parts = [f"{text}{threads.number(part, len(words))}" for part, text in enumerate(words)]
        if warning and self.account.network in WITHOUT_WARNINGS:
            return "", [f"{warning}\n\n{parts[0]}", *parts[1:]]
        return warning, parts

    def pictures(self, words: str, figures: Figures) -> tuple[Picture, ...]:
        """Those of the message; a card is drawn from its words, and has them for its alt text."""
        spared = self.settings.campaign.alt_text == "wanted"
        return tuple(
            Picture(self.card(figures), words)
            if media.file == CARD
            else Picture(media.file, normalized(self.one(media.alt)), spared)
            for media in self.message.media
        )

    def card(self, figures: Figures) -> str:
        """A milestone's card has its number drawn large."""
        if self.message.kind != "milestone" or figures.milestone is None:
            return card_file()
        return card_file(grouped(figures.milestone, self.language))

    def kept(self, links: list[str], size: int) -> list[str]:
        """Only where links are for stories does the petition's give way, when there is no room for it."""
        too_long = size + self.block(links) > self.limits.length
        return links[:-1] if too_long and self.account.links.mode == "story" else links

    def block(self, links: list[str]) -> int:
        """What links take below a text: a blank line, and each on a line of its own."""
        return sum(length(link, self.limits) for link in links) + len(links) + 1 if links else 0

    def longest(self, parts: list[str], sizes: list[int], warning: str) -> int:
        """Where bytes count as well, a whole may be longer than the sum of what it is made of."""
        whole = [length(part, self.limits, warning) for part in parts] if self.limits.bytes else []
        return max([*sizes, *whole])

    def missing(self, words: Sequence[str]) -> list[str]:
        """The campaign's hashtags that the words do not have."""
        there = {tag.casefold() for part in words for tag in hashtags(part)}
        tags = (normalized(tag).lstrip("#") for tag in self.settings.campaign.hashtags)
        return [tag for tag in tags if tag.casefold() not in there]

    def last_link(self, words: Sequence[str]) -> str | None:
        found = [span.text for part in words for span in urls(part, self.account.network) if not span.bare]
        return found[-1] if found else None


def with_params(
    url: str, params: tuple[tuple[str, str], ...], names: tuple[str, str, str], message: str
) -> str:
    """`url` with `params` added to its query, whatever stands there kept and the fragment last.

    In values {network}, {account} and {language} become `names`, {message} the message's id, which
    has no letter that an address must quote.
    """
    before, added, fragment = _around(url, params, names)
    return before + added.replace(MESSAGE, message) + fragment


MESSAGE = quote("{message}")


@lru_cache(maxsize=1024)
def _around(
    url: str, params: tuple[tuple[str, str], ...], names: tuple[str, str, str]
) -> tuple[str, str, str]:
    """What comes before the message's id is known: the URL, the parameters to add, the fragment."""
    head, mark, fragment = url.partition("#")
    query = head.partition("?")[2]
    there = {key for key, _ in parse_qsl(query, keep_blank_values=True)}
    added = "&".join(
        f"{quote(key, safe='')}={quote(_filled(value, names), safe='')}"
        for key, value in params
        if key not in there
    )
    joint = "" if not added or head.endswith(("?", "&")) else "&" if "?" in head else "?"
    return head + joint, added, mark + fragment


def _filled(value: str, names: tuple[str, str, str]) -> str:
    for place, name in zip(("{network}", "{account}", "{language}"), names, strict=True):
        value = value.replace(place, name)
    return value
