"""What goes beside the words of a post on Bluesky: whom a handle means, and the card of the petition.

All of it is asked for before a post is sent. What cannot be had is left out: no post waits for it.
"""

from __future__ import annotations

from typing import Any

from bot.core.model import Post, Unreadable
from bot.core.text import mentions
from bot.networks.cards import Card, Cards
from bot.networks.xrpc import Xrpc, did


class Beside:
    def __init__(self, xrpc: Xrpc, cards: Cards) -> None:
        self._xrpc, self._cards = xrpc, cards
        self._shown: dict[str, tuple[Card, dict[str, Any]]] = {}
        self.dids: dict[str, str] = {}
        """Handles in lower case, and whom they mean."""

    def prepare(self, post: Post, *, card: bool = True) -> None:
        """Ask for whatever this post needs and nobody knows yet."""
        for handle in {handle.lower() for part in post.parts for handle in mentions(part, "bluesky")}:
            if handle not in self.dids:
                self._look_up(handle)
        page = self._cards.page(post.link) if card else None
        if page:
            self._show(page)

    def _look_up(self, handle: str) -> None:
        ask = self._xrpc.get("com.atproto.identity.resolveHandle", handle=handle)
        found = self._xrpc.read(ask, lambda answer: did(answer["did"]))
        if not isinstance(found, Unreadable):
            self.dids[handle] = found

    def _show(self, page: str) -> None:
        """Its picture is uploaded each time: a server forgets one that no post shows."""
        self._shown.pop(page, None)
        if card := self._cards.card(page):
            self._shown[page] = card, self._uploaded(card)

    def _uploaded(self, card: Card) -> dict[str, Any]:
        if not card.image:
            return {}
        ask = self._xrpc.upload(card.image, card.kind)
        blob = self._xrpc.read(ask, lambda answer: dict(answer["blob"]))
        return {} if isinstance(blob, Unreadable) else {"thumb": blob}

    def embed(self, text: str, link: str | None) -> dict[str, Any]:
        """What a part that carries `link` adds to its record, as far as it was prepared."""
        page = self._cards.page(link) if link and link in text else None
        if page not in self._shown:
            return {}
        card, thumb = self._shown[page]
        external = {"uri": link, "title": card.title, "description": card.description} | thumb
        return {"embed": {"$type": "app.bsky.embed.external", "external": external}}
