"""The share page as files: every path there is, what stands under it, and by what it is known to be the same.

The running bot serves them and `share build` writes them; both have them from here. It opens no file but the
campaign's pictures and our own style and script.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

from bot.core.board import Board, Edition
from bot.core.cards import Card
from bot.core.model import Limits, Picture
from bot.core.offers import Offer
from bot.core.pictures import Look, Unusable
from bot.files import cards
from bot.sharing import Pictures
from bot.web.share import feeds
from bot.web.share.pages import Leads, message_page, page

OWN = Path(__file__).parents[1] / "static" / "share"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

A_MINUTE, AN_HOUR, A_DAY = 60, 3600, 86_400
"""Seconds for which a browser need not ask again."""

LARGEST = Limits(500, "graphemes", picture_bytes=5_000_000, picture_pixels=4_000_000, animation_bytes=0)
"""What programs that unfold a link take of its picture."""


@dataclass(frozen=True)
class Leaf:
    """One file. `stamp` changes when its bytes do; `age`: seconds for which it may be kept. `make` gives
    the bytes (None: it cannot be drawn, and nothing leads to it)."""

    kind: str
    age: int
    stamp: str
    make: Callable[[], bytes | None]


class Site:
    """All files of one board. `live`: served by the bot, which also answers a form."""

    def __init__(self, board: Board, album: Pictures, *, live: bool = False) -> None:
        self.board, self._album, self._live = board, album, live

    def leaf(self, path: str) -> Leaf | None:
        """What stands under a path, such as `en/children-16000/`; None: nothing does."""
        made = self._leaves.get(path)
        return made() if made else None

    def paths(self) -> tuple[str, ...]:
        """All there are; those of pages end with / (or are empty)."""
        return tuple(self._leaves)

    @cached_property
    def _leaves(self) -> dict[str, Callable[[], Leaf]]:
        return dict(self._listed())

    def _listed(self) -> Iterator[tuple[str, Callable[[], Leaf]]]:
        for edition in self.board.editions:
            yield self.path_of(edition), partial(self._page, edition)
            yield f"feed.{edition.language}.xml", partial(self._feed, edition)
            yield f"cards/{edition.language}.png", partial(_card, edition.card)
            for offer in edition.all:
                yield f"{offer.language}/{offer.id}/", partial(self._message, edition, offer)
                yield f"cards/{offer.language}/{offer.id}.png", partial(_card, offer.card)
                if path := self._picture_path(offer):
                    yield path, partial(self._picture, offer)
        yield "count.json", self._count
        yield "colours.css", self._colours
        if self.board.url:
            yield "sitemap.xml", self._sitemap
        for file in sorted(OWN.iterdir()):
            yield file.name, partial(_own, file)

    # --- pages ------------------------------------------------------------------------------------

    def path_of(self, edition: Edition) -> str:
        """The campaign's own language stands at the top."""
        return "" if edition is self.board.editions[0] else f"{edition.language}/"

    def _page(self, edition: Edition) -> Leaf:
        return _made("text/html", A_MINUTE, page(self.board, edition, self._leads(self.path_of(edition))))

    def _message(self, edition: Edition, offer: Offer) -> Leaf:
        leads = self._leads(f"{offer.language}/{offer.id}/", self._picture_path(offer))
        return _made("text/html", A_MINUTE, message_page(self.board, edition, offer, leads))

    def _leads(self, path: str, picture: str | None = None) -> Leads:
        paths = {edition.language: self.path_of(edition) for edition in self.board.editions}
        return Leads(self.board.url, path, paths, picture, self._live)

    # --- for programs -----------------------------------------------------------------------------

    def _feed(self, edition: Edition) -> Leaf:
        atom = feeds.atom(self.board, edition, self.path_of(edition))
        return _made("application/atom+xml", A_MINUTE, atom)

    def _count(self) -> Leaf:
        return _made("application/json", A_MINUTE // 4, feeds.count(self.board))

    def _sitemap(self) -> Leaf:
        pages = [path for path in self.paths() if path in ("",) or path.endswith("/")]
        return _made("application/xml", AN_HOUR, feeds.sitemap(str(self.board.url), pages))

    def _colours(self) -> Leaf:
        colours = self.board.stationery.colours
        values = f"--brand:{colours.background};--on-brand:{colours.text};--brand-accent:{colours.accent}"
        return _made("text/css", AN_HOUR, f":root{{{values}}}\n")

    # --- pictures ---------------------------------------------------------------------------------

    def _picture_path(self, offer: Offer) -> str | None:
        """Where the message's own picture stands; None: it has none that everybody can be shown."""
        look = self._album.look(offer.picture.file) if offer.picture else None
        if not isinstance(look, Look) or look.animated:
            return None
        ending = "jpg" if look.kind == "JPEG" or (look.kind == "WebP" and look.opaque) else "png"
        return f"pictures/{offer.language}/{offer.id}.{ending}"

    def _picture(self, offer: Offer) -> Leaf:
        assert offer.picture is not None
        look = self._album.look(offer.picture.file)
        kind = "image/jpeg" if str(self._picture_path(offer)).endswith("jpg") else "image/png"
        return Leaf(kind, A_DAY, _stamp(repr(look)), lambda: _drawn(self._album, offer.picture, look))


def _card(card: Card) -> Leaf:
    def make() -> bytes | None:
        drawn = cards.draw(card)
        return None if isinstance(drawn, Unusable) else drawn

    return Leaf("image/png", A_DAY, _stamp(cards.DRAWING + repr(card)), make)


@lru_cache(maxsize=16)
def _drawn(album: Pictures, picture: Picture, _look: Look) -> bytes | None:
    """The same picture is not drawn twice while its file stays as it is."""
    drawn = album.draw(picture, LARGEST)
    return None if isinstance(drawn, Unusable) else drawn.data


def _own(file: Path) -> Leaf:
    return _made(KINDS[file.suffix], AN_HOUR, file.read_text("utf-8"))


def _made(kind: str, age: int, text: str) -> Leaf:
    data = text.encode()
    return Leaf(f"{kind}; charset=utf-8", age, hashlib.sha256(data).hexdigest()[:32], lambda: data)


def _stamp(recipe: str) -> str:
    return hashlib.sha256(recipe.encode()).hexdigest()[:32]
