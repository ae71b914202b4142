"""What a message would look like on every account, before anything is saved. It changes nothing.

A draft is shown as if it were none, and a text over its limit whole: that is what people want to see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.figures import Figures
from bot.core.fit import Misfit, fit
from bot.core.milestones import next_milestone
from bot.core.model import Post
from bot.core.plan import Book
from bot.core.rotation import spoken
from bot.core.text import length
from bot.core.written import Account, Message, in_language
from bot.office.words.sheet import Complaint

EXAMPLE = 1000
"""Signatures in a text that speaks of them, while none were counted."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One text of a message on one account. `post` is None where nothing goes out, and `why_not` says why;
    `sizes` are the lengths of its parts as the network counts; text `variant` (from 1) of so many."""

    account: str
    network: str
    language: str = ""
    post: Post | None = None
    sizes: tuple[int, ...] = ()
    variant: int = 1
    variants: int = 1
    why_not: str = ""

    @property
    def too_long(self) -> int:
        """By how much; 0: it fits."""
        return max(0, self.post.length - self.post.limit) if self.post else 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A message that was tried: what `check` says of it, and its posts. `readable`: False for an entry with
    which the bot would not take up the file."""

    complaints: tuple[Complaint, ...]
    readable: bool
    posts: tuple[Fitted, ...] = ()

    @property
    def errors(self) -> tuple[Complaint, ...]:
        return tuple(each for each in self.complaints if each.severity == "error")


def fitted(message: Message, book: Book, signatures: int | None) -> tuple[Fitted, ...]:
    """The message on each account, in each of its languages, in each of its texts."""
    figures = _figures(message, book, signatures)
    return tuple(each for account in book.settings.accounts for each in _on(message, account, book, figures))


def _figures(message: Message, book: Book, signatures: int | None) -> Figures:
    """The numbers of now; a milestone speaks of the next one as if it were just reached."""
    known, petition = EXAMPLE if signatures is None else signatures, book.settings.petition
    following = next_milestone(petition.milestones, known, petition.goal)
    if message.kind == "milestone" and following:
        return book.figures(following, following)
    return book.figures(known)


def _on(message: Message, account: Account, book: Book, figures: Figures) -> Iterator[Fitted]:
    if message.accounts and account.id not in message.accounts:
        yield Fitted(account.id, account.network, why_not="elsewhere")
        return
    own, default = message.on(account), book.settings.campaign.language
    languages = spoken(own, account, book.settings)
    if not languages:
        yield Fitted(account.id, account.network, why_not="unspoken")
    for language in languages:
        texts = len(in_language(own.text, language, default))
        for variant in range(texts):
            yield _fitted(message, account, book, figures, language, variant, texts)


def _fitted(
    message: Message, account: Account, book: Book, figures: Figures, language: str, variant: int, texts: int
) -> Fitted:
    limits = book.limit(account)
    post = fit(message, account, book.settings, language, variant, None, limits, figures)
    if isinstance(post, Misfit):
        why = f"{post.reason}."
        return Fitted(account.id, account.network, language, variant=variant + 1, variants=texts, why_not=why)
    sizes = tuple(length(part, limits, post.content_warning or "") for part in post.parts)
    return Fitted(account.id, account.network, language, post, sizes, variant + 1, texts)
