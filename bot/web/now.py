"""The first page: what goes out next, what waits for a person, how it went.

It puts the Overview into the words and numbers that the page shows, and asks nobody anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.budget import dollars
from bot.core.chores import Chore
from bot.core.figures import written
from bot.core.model import Delivery, Picture, Planned, State
from bot.core.overview import AccountOverview, Overview, opening
from bot.web.language import _
from bot.web.passages import Passage, passages, web_link
from bot.web.reasons import reason
from bot.web.said import Sentence, network_name, pause
from bot.web.times import When, when

STATES = {
    State.DUE: "Waiting",
    State.SENDING: "Going out",
    State.UNCONFIRMED: "Unclear",
    State.POSTED: "Posted",
    State.REFUSED: "Refused",
    State.MISSED: "Not sent",
    State.CANCELLED: "Cancelled",
}
"""How a delivery's state is called on the page."""

LATEST = 12
"""Deliveries that the page shows."""
OPENING = 110


@dataclass(frozen=True, slots=True)
class Question:
    """A delivery whose fate only a person can tell."""

    id: int
    where: str
    at: When
    parts: tuple[tuple[Passage, ...], ...]
    language: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class NextView:
    at: When
    parts: tuple[tuple[Passage, ...], ...]
    language: str
    length: str
    cost: str
    why: str
    pictures: tuple[Picture, ...]
    key: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """`held` and `paused` in plain words; `own_pause`: it is paused by itself, and not with all others."""

    id: str
    network: str
    label: str
    held: str | None
    paused: str | None
    own_pause: bool
    next: NextView | None
    month_cost: str


@dataclass(frozen=True, slots=True)
class Count:
    """The signatures; the bar goes from nothing to the next milestone."""

    number: int
    shown: str
    milestone: int | None
    shown_milestone: str
    to_go: str
    goal: str | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    id: int
    state: State
    called: str
    where: str
    at: When
    opening: str
    language: str | None
    url: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class NowPage:
    campaign: str
    zone: str
    sentence: Sentence
    paused: str | None
    files: str
    questions: tuple[Question, ...]
    asks: tuple[str, ...]
    chores: tuple[Chore, ...]
    accounts: tuple[AccountView, ...]
    count: Count | None
    month_cost: str
    coming_cost: str
    recent: tuple[DeliveryView, ...]

    @property
    def held(self) -> tuple[AccountView, ...]:
        return tuple(account for account in self.accounts if account.held)

    @property
    def drafts(self) -> tuple[Chore, ...]:
        return tuple(chore for chore in self.chores if chore.kind == "draft")

    @property
    def pressing(self) -> tuple[Chore, ...]:
        """What is asked of messages that are no drafts."""
        return tuple(chore for chore in self.chores if chore.kind != "draft")

    @property
    def needs_somebody(self) -> bool:
        return bool(self.files or self.questions or self.held or self.asks or self.chores)


def now_page(overview: Overview, files: str = "", coming_cost: int = 0) -> NowPage:
    """What the page shows at the overview's moment, times in the campaign's zone. `files`: what is wrong
    with them; `coming_cost`: micro-dollars of the next 30 days."""
    return NowPage(
        campaign=overview.campaign,
        zone=overview.zone,
        sentence=Sentence.of(overview),
        paused=sentence_case(pause(overview.paused)) if overview.paused else None,
        files=files,
        questions=tuple(_question(each, overview) for each in overview.needs_person),
        asks=overview.asks,
        chores=overview.chores,
        accounts=tuple(_account(each, overview) for each in overview.accounts),
        count=_count(overview),
        month_cost=dollars(overview.month_cost),
        coming_cost=dollars(coming_cost),
        recent=tuple(_delivery(each, overview) for each in overview.recent[:LATEST]),
    )


# --- what needs a person ------------------------------------------------------------------------


def _question(delivery: Delivery, overview: Overview) -> Question:
    return Question(
        id=delivery.id,
        where=_where(delivery, overview),
        at=when(delivery.spoke_at or delivery.slot, overview.zone, overview.at),
        parts=_parts(delivery.post.parts if delivery.post else (_said(delivery),), delivery, overview),
        language=delivery.language or None,
        reason=sentence_case(delivery.reason),
    )


def _parts(texts: tuple[str, ...], delivery: Delivery, overview: Overview) -> tuple[tuple[Passage, ...], ...]:
    return tuple(passages(text, _network(delivery.account, overview)) for text in texts)


def _network(account_id: str, overview: Overview) -> str:
    """The network of an account; one that is no longer in the settings counts as the terminal."""
    return next((each.network for each in overview.accounts if each.id == account_id), "dry")


def _where(delivery: Delivery, overview: Overview) -> str:
    known = next((each for each in overview.accounts if each.id == delivery.account), None)
    return label(known.network, known.id) if known else delivery.account


def label(network: str, account_id: str) -> str:
    """`X`, or `X · en` where the account has a name of its own."""
    name = network_name(network)
    name = name[:1].upper() + name[1:]
    return name if account_id == network else f"{name} · {account_id}"


# --- the accounts -------------------------------------------------------------------------------


def _account(account: AccountOverview, overview: Overview) -> AccountView:
    stopped = account.paused or overview.paused
    return AccountView(
        id=account.id,
        network=account.network,
        label=label(account.network, account.id),
        held=sentence_case(account.held) if account.held else None,
        paused=sentence_case(pause(stopped)) if stopped else None,
        own_pause=bool(account.paused and not overview.paused),
        next=_next(account.next, overview) if account.next else None,
        month_cost=dollars(account.month_cost),
    )


def _next(planned: Planned, overview: Overview) -> NextView | None:
    post = planned.post
    if post is None:
        return None
    return NextView(
        at=when(planned.slot.due, overview.zone, overview.at),
        parts=tuple(passages(part, post.network) for part in post.parts),
        language=post.language,
        length=_("%(length)s of %(limit)s", length=post.length, limit=post.limit),
        cost=dollars(post.cost) if post.cost else _("Nothing"),
        why=sentence_case(planned.why),
        pictures=post.pictures,
        key=planned.slot.key,
    )


def sentence_case(words: str) -> str:
    """A reason as a sentence, in the language of the page: a capital in front, a full stop behind."""
    words = reason(words.strip())
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?…" else ".")


# --- the count, and how it went -----------------------------------------------------------------


def _count(overview: Overview) -> Count | None:
    number, milestone, language = overview.signatures, overview.next_milestone, overview.language
    if number is None:
        return None
    return Count(
        number=number,
        shown=written(number, language),
        milestone=milestone,
        shown_milestone=written(milestone, language) if milestone else "",
        to_go=written(milestone - number, language) if milestone else "",
        goal=written(overview.goal, language) if overview.goal else None,
    )


def _delivery(delivery: Delivery, overview: Overview) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        state=delivery.state,
        called=_(STATES[delivery.state]),
        where=_where(delivery, overview),
        at=when(delivery.posted_at or delivery.slot, overview.zone, overview.at),
        opening=_said(delivery),
        language=(delivery.language or None) if delivery.post else None,
        url=web_link(delivery.remote_url),
        reason=sentence_case(delivery.reason),
    )


def _said(delivery: Delivery) -> str:
    """The opening of its words, or what is known of it while it has none."""
    if delivery.post:
        return opening(delivery.post.words, OPENING)
    what = delivery.message_id or _("no message")
    return _("Repost of %(what)s", what=what) if delivery.action == "repost" else what
