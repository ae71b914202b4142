"""Posts as they will look on each account, with what they count and cost.

Values in, values out: it asks nobody, and makes no HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.budget import dollars
from bot.core.model import Picture
from bot.core.settings import Settings
from bot.office.words import Fitted
from bot.web.language import _, tongue
from bot.web.messages_list import account_names
from bot.web.now import sentence_case
from bot.web.passages import Passage, passages


@dataclass(frozen=True, slots=True)
class Part:
    passages: tuple[Passage, ...]
    count: int
    over: int


@dataclass(frozen=True, slots=True)
class Look:
    """One post on one account; `why_not` instead of it where nothing goes out there."""

    account: str
    network: str
    called: str
    language: str
    tongue: str
    which: str
    parts: tuple[Part, ...]
    limit: int
    cost: str
    warning: str
    pictures: tuple[Picture, ...]
    why_not: str

    @property
    def fits(self) -> bool:
        return all(part.over == 0 for part in self.parts)


def looks(posts: Iterable[Fitted], settings: Settings) -> list[Look]:
    names = account_names(settings)
    return [_look(each, names[each.account]) for each in posts]


def _look(fitted: Fitted, called: str) -> Look:
    post = fitted.post
    which = _("text %(n)s of %(of)s", n=fitted.variant, of=fitted.variants) if fitted.variants > 1 else ""
    limit = post.limit if post else 0
    parts = zip(post.parts, fitted.sizes, strict=True) if post else ()
    return Look(
        fitted.account,
        fitted.network,
        called,
        fitted.language,
        tongue(fitted.language) if fitted.language else "",
        which,
        tuple(Part(passages(text, fitted.network), size, max(0, size - limit)) for text, size in parts),
        limit,
        dollars(post.cost) if post and post.cost else _("nothing"),
        (post.content_warning or "") if post else "",
        post.pictures if post else (),
        _why_not(fitted.why_not),
    )


@dataclass(frozen=True, slots=True)
class Total:
    """The longest that one account would post, in its counting."""

    called: str
    count: int
    limit: int

    @property
    def over(self) -> int:
        return max(0, self.count - self.limit)


def totals(looks: Iterable[Look]) -> list[Total]:
    """One for each account on which something goes out."""
    found: dict[str, Total] = {}
    for look in looks:
        for part in look.parts:
            known = found.get(look.account)
            if known is None or part.count > known.count:
                found[look.account] = Total(look.called, part.count, look.limit)
    return list(found.values())


def _why_not(why: str) -> str:
    known = {
        "elsewhere": _("This message is for other accounts."),
        "unspoken": _("There is no text in a language of this account."),
    }
    return known.get(why) or sentence_case(why)
