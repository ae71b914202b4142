"""The share page as values, one edition per language: what may be shared, the count, what was posted.

Everything in it may be seen by everybody: of posts those that everybody can see where they stand, of the
count what was believed; nothing of costs, of what was refused, or of what is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.addresses import host_of
from bot.core.cards import Card, Stationery
from bot.core.feed import Entry, entries, entry_id
from bot.core.figures import written
from bot.core.fit import with_params
from bot.core.model import Delivery, Reading, State
from bot.core.offers import Offer, marks, offers, told_of_each_other
from bot.core.overview import NETWORKS, opening
from bot.core.plan import Book
from bot.core.share import SOURCE, Desk, languages, stationery
from bot.core.written import Settings

BOOSTS = 6
"""Latest posts that can be boosted from the page."""
X_HOSTS = ("x.com", "twitter.com")
VISIBLE = (None, "public")


@dataclass(frozen=True, slots=True)
class Boost:
    """A post that stands, to be repeated. `on`: the day of it in the campaign's zone; `repeat`: the address
    that asks whether to (None: the post itself is opened, and has a button)."""

    network: str
    called: str
    url: str
    opening: str
    at: datetime
    on: date
    repeat: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The signatures as they were last believed; `on` is the day of that in the campaign's zone."""

    number: int
    shown: str
    at: datetime
    on: date
    milestone: int | None
    shown_milestone: str
    to_go: str
    shown_goal: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The page in one language. `sign`: the petition's page, as this page links to it."""

    language: str
    sign: str
    card: Card
    count: Count | None
    offers: tuple[Offer, ...]
    milestones: tuple[Offer, ...]
    boosts: tuple[Boost, ...]
    entries: tuple[Entry, ...]
    feed_id: str

    @property
    def all(self) -> tuple[Offer, ...]:
        return (*self.milestones, *self.offers)

    def offer(self, offer_id: str) -> Offer | None:
        return next((each for each in self.all if each.id == offer_id), None)


@dataclass(frozen=True, slots=True)
class Board:
    """All editions, the campaign's own language first. `url`: where the page is, / at its end; `servers`:
    the Mastodon servers that are offered before the reader names another."""

    campaign: str
    url: str | None
    stationery: Stationery
    servers: tuple[str, ...]
    editions: tuple[Edition, ...]

    def edition(self, language: str) -> Edition | None:
        return next((each for each in self.editions if each.language == language), None)


def board(
    book: Book,
    reading: Reading | None,
    passed: Mapping[int, datetime],
    rows: Sequence[Delivery],
    now: datetime,
) -> Board:
    """What followers may see at `now`. `reading`: the newest that was believed; `passed`: thresholds, with
    the time at which they were; `rows`: deliveries, the newest slot first."""
    settings, reached = book.settings, milestones(passed)
    desk, spoken = Desk(settings, book.counted(reading, now)), languages(settings)
    told = told_of_each_other({each: [*offers(book, each, desk, now)] for each in spoken})
    marked = told_of_each_other({each: [*marks(book, each, reached)] for each in spoken})
    shown = [each for each in spoken if told[each]] or [settings.campaign.language]
    return Board(
        campaign=settings.campaign.name,
        url=desk.pages,
        stationery=stationery(settings),
        servers=servers(settings),
        editions=tuple(
            Edition(
                language=each,
                sign=_sign(settings, each),
                card=Card(settings.campaign.name, stationery(settings), _shown(reading, each)),
                count=_count(book, reading, each) if reading else None,
                offers=told[each],
                milestones=marked[each],
                boosts=tuple(_boost(row, settings) for row in public_rows(book, each, rows)[:BOOSTS]),
                entries=_entries(book, each, rows, marked[each], reached),
                feed_id=entry_id(book, each, "feed"),
            )
            for each in shown
        ),
    )


def servers(settings: Settings) -> tuple[str, ...]:
    """Those of the campaign's own accounts, and the largest."""
    own = [each.server for each in settings.accounts if each.network == "mastodon" and each.server]
    return tuple(dict.fromkeys([*own, "https://mastodon.social"]))


def milestones(passed: Mapping[int, datetime]) -> dict[int, datetime]:
    """The thresholds that people saw passed: of several at one moment the highest, since a count that is
    read for the first time has all those below it behind it."""
    highest = {at: threshold for threshold, at in sorted(passed.items())}
    return {threshold: at for at, threshold in highest.items()}


# --- the count ---------------------------------------------------------------------------------


def _shown(reading: Reading | None, language: str) -> str:
    return written(reading.number, language) if reading else ""


def _count(book: Book, reading: Reading, language: str) -> Count:
    figures, zone = book.figures(reading.number), ZoneInfo(book.settings.campaign.timezone)
    milestone, goal = figures.next_milestone, figures.goal
    return Count(
        number=reading.number,
        shown=written(reading.number, language),
        at=reading.at,
        on=reading.at.astimezone(zone).date(),
        milestone=milestone,
        shown_milestone=written(milestone, language) if milestone else "",
        to_go=written(milestone - reading.number, language) if milestone else "",
        shown_goal=written(goal, language) if goal else "",
    )


def _sign(settings: Settings, language: str) -> str:
    campaign = settings.campaign
    params = {key: value.replace("{network}", "page") for key, value in campaign.link_params.items()}
    told = tuple({**params, "utm_source": SOURCE}.items())
    address = settings.petition.address(language, campaign.language)
    return with_params(address, told, ("page", SOURCE, language), "page")


# --- posts that stand --------------------------------------------------------------------------


def public_rows(book: Book, language: str, rows: Sequence[Delivery]) -> list[Delivery]:
    """Posts that everybody can see where they stand, of accounts that are still ours; newest first."""
    known = {account.id for account in book.settings.accounts if account.visibility in VISIBLE}
    found = (row for row in rows if row.account in known and row.language == language and is_public(row))
    return sorted(found, key=lambda row: row.posted_at or row.slot, reverse=True)


def is_public(row: Delivery) -> bool:
    """A post that stands, that its author did not take back, at an address of the web."""
    stands = row.state is State.POSTED and row.action == "post" and row.remote_ids and row.posted_at
    seen = row.post is not None and row.post.visibility in VISIBLE
    return bool(stands and seen and str(row.remote_url).startswith(("https://", "http://127.0.0.1:")))


def _boost(row: Delivery, settings: Settings) -> Boost:
    assert row.post is not None
    assert row.remote_url is not None
    assert row.posted_at is not None
    on_x = row.post.network == "x" and host_of(row.remote_url) in X_HOSTS
    return Boost(
        network=row.post.network,
        called=NETWORKS[row.post.network],
        url=row.remote_url,
        opening=opening(row.post.words, 110),
        at=row.posted_at,
        on=row.posted_at.astimezone(ZoneInfo(settings.campaign.timezone)).date(),
        repeat=f"https://x.com/intent/retweet?tweet_id={row.remote_ids[0]}" if on_x else None,
    )


def _entries(
    book: Book,
    language: str,
    rows: Sequence[Delivery],
    marked: Sequence[Offer],
    reached: Mapping[int, datetime],
) -> tuple[Entry, ...]:
    words = {offer.id: offer.words for offer in marked}
    told = {
        each: (at, words[f"milestone-{each}"]) for each, at in reached.items() if f"milestone-{each}" in words
    }
    return entries(book, language, public_rows(book, language, rows), told)
