"""Rules on cards: what is drawn from a text must be drawable, and what followers share must lead somewhere.

It draws nothing: somebody has looked which letters the font has (`Desk.looks`).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.cards import CARD, why_not
from bot.core.lint.passages import Desk, Entry, Finding, Loc, error, warning
from bot.core.pictures import Look
from bot.core.text import normalized
from bot.core.written import Media, Message, Texts


def drawable(entry: Entry, desk: Desk) -> Iterator[Finding]:
    """Once per language: what the font lacks, or more words than a card holds."""
    look = desk.looks.get(CARD)
    if not isinstance(look, Look):
        return
    for below, media, texts in _layers(entry.message):
        if not any(each.file == CARD for each in media):
            continue
        for language, variants in texts.items():
            why = next(filter(None, (why_not(normalized(text), look.letters) for text in variants)), None)
            if why:
                where = language or desk.default
                yield entry.error(below, "card", f"({where}) has a card that cannot be drawn: {why}")


def _layers(message: Message) -> Iterator[tuple[Loc, tuple[Media, ...], Texts]]:
    yield ("media",), message.media, message.text
    for name, layer in message.per.items():
        if layer.media is not None:
            yield ("per", name, "media"), layer.media, layer.text or message.text
        elif layer.text is not None:
            yield ("per", name, "text"), message.media, layer.text


def public_port(desk: Desk) -> Iterator[Finding]:
    """The organizers' pages and the followers' cannot be at one address."""
    web = desk.settings.web
    if web.public_listen == web.listen and not web.listen.endswith(":0"):
        what = f"web.public_listen is {web.listen}, where the organizers' pages are"
        yield error(("web", "public_listen"), "same-port", f"{what}: give it a port of its own")


def share_address(desk: Desk) -> Iterator[Finding]:
    """Who shows the share page to others should say where it is: links between networks need it whole."""
    share, web = desk.settings.share, desk.settings.web
    shown = web.public_listen is not None or "share" in desk.settings.model_fields_set
    if shown and share.url is None:
        loc: Loc = ("share",) if "share" in desk.settings.model_fields_set else ("web", "public_listen")
        yield warning(
            loc,
            "share-address",
            "share.url is missing: shared pages unfold without picture, and there is no sitemap; write the "
            "address at which followers see the share page",
        )
