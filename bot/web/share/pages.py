"""The followers' pages, as HTML: values in, a page out, in the words of its language.

Jinja escapes every value; an address is one of the board's or one of this site, never one that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.board import Board, Edition
from bot.core.cards import HEIGHT, WIDTH, undrawable
from bot.core.offers import Offer
from bot.core.share import Prepared
from bot.files.letters import letters
from bot.web.language import LANGUAGES, translations
from bot.web.passages import web_link

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""What a browser may fetch for these pages: nothing of elsewhere."""

KINDS = ("call", "fact", "story", "update")
"""In the order in which followers find them."""

TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True)
class Leads:
    """Where a page stands and what it leads to. `path`: its own; `editions`: the first page of each
    language; `picture`: that of its message. All of them from the top of the site on."""

    url: str | None
    path: str
    editions: Mapping[str, str]
    picture: str | None = None
    live: bool = False

    @property
    def root(self) -> str:
        """The way up to the top."""
        return "../" * self.path.count("/")

    def whole(self, path: str) -> str | None:
        """As other sites need it; None while nobody has said where this one is."""
        return f"{self.url}{path}" if self.url else None

    def to(self, path: str) -> str:
        """From this page; `./` is the page itself."""
        return f"{self.root}{path}" or "./"


def page(board: Board, edition: Edition, leads: Leads) -> str:
    """The first page of a language."""
    call = next((offer for offer in edition.offers if offer.kind == "call"), None)
    first = next((offer for offer in edition.all if offer is not call), call)
    shown = {
        kind: [each for each in edition.offers if each.kind == kind and each is not first] for kind in KINDS
    }
    return _rendered(
        "share/page.html",
        board,
        edition,
        leads,
        title=board.campaign,
        description=call.words if call else board.campaign,
        call=call,
        first=first,
        shelves={kind: offers for kind, offers in shown.items() if offers},
        others=leads.editions,
        picture=f"cards/{edition.language}.png",
        picture_alt=board.campaign,
    )


def message_page(board: Board, edition: Edition, offer: Offer, leads: Leads) -> str:
    """The page of one message, as links to it unfold."""
    drawn = not undrawable(offer.card.words + offer.card.number, letters())
    card = f"cards/{offer.language}/{offer.id}.png" if drawn else None
    fallback = f"cards/{offer.language}.png"
    return _rendered(
        "share/message.html",
        board,
        edition,
        leads,
        title=offer.title,
        description=offer.words,
        offer=offer,
        card=card,
        others={each: f"{each}/{offer.id}/" for each in offer.also if each in leads.editions},
        picture=leads.picture or card or fallback,
        picture_alt=offer.picture.alt if leads.picture and offer.picture else offer.words,
    )


def mastodon_page(board: Board, edition: Edition, offer: Offer, leads: Leads, server: str) -> str:
    """For browsers without JavaScript: the way on to a server that somebody typed."""
    return _rendered(
        "share/mastodon.html",
        board,
        edition,
        leads,
        title=board.campaign,
        description=board.campaign,
        offer=offer,
        others={},
        server=server,
        onward=on_mastodon(offer, server),
        picture=f"cards/{edition.language}.png",
        picture_alt=board.campaign,
    )


def trouble_page(board: Board, edition: Edition, leads: Leads, sentence: str) -> str:
    return _rendered(
        "share/trouble.html",
        board,
        edition,
        leads,
        title=board.campaign,
        description=board.campaign,
        others={},
        sentence=sentence,
        picture=f"cards/{edition.language}.png",
        picture_alt=board.campaign,
    )


def on_mastodon(offer: Offer, server: str) -> str:
    way = next(each for each in offer.ways if each.way.key == "mastodon")
    return way.address.replace("{server}", server, 1)


def direct(offer: Offer) -> list[Prepared]:
    """The ways that need nothing more than an address."""
    return [each for each in offer.ways if each.address and "{server}" not in each.way.address]


def _rendered(template: str, board: Board, edition: Edition, leads: Leads, **values: object) -> str:
    spoken = edition.language if edition.language in LANGUAGES else "en"
    words = {"_": partial(say, spoken), "lang": edition.language, "spoken": spoken}
    return (
        _environment()
        .get_template(template)
        .render(
            board=board, edition=edition, leads=leads, csp=CSP, width=WIDTH, height=HEIGHT, **words, **values
        )
    )


def say(language: str, message: str, **given: object) -> str:
    """A text of our own in a language; English where it has none."""
    known = translations(language).get(message, message)
    return known % given if given else known


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"languages": LANGUAGES, "direct": direct, "on_mastodon": on_mastodon}
    made.filters |= {"host": lambda url: url.partition("://")[2], "web": web_link, "day": _day}
    return made


def _day(moment: date, language: str) -> str:
    """20 November 2019, as people of that language write it."""
    return format_date(moment, "long", locale=language)
