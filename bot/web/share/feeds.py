"""What programs read of the share page: the Atom feed, the count, the sitemap. It makes no HTML.

Addresses in them are whole where the page has one, and else from the file on (RFC 4287 allows both).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bot.core.board import Board, Edition

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEVER = datetime(2020, 1, 1, tzinfo=UTC)
"""When a feed was renewed in which nothing stands yet."""


def atom(board: Board, edition: Edition, page: str) -> str:
    """https://www.rfc-editor.org/rfc/rfc4287; `page`: where the page of its language stands."""
    base, language = board.url or "", edition.language
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    renewed = max((entry.at for entry in edition.entries), default=NEVER)
    _say(feed, "id", edition.feed_id)
    _say(feed, "title", board.campaign)
    _say(feed, "updated", stamp(renewed))
    _link(feed, "self", f"{base}feed.{language}.xml", "application/atom+xml")
    _link(feed, "alternate", f"{base}{page}" or "./", "text/html")
    _say(SubElement(feed, "author"), "name", board.campaign)
    for entry in edition.entries:
        node = SubElement(feed, "entry")
        _say(node, "id", entry.id)
        _say(node, "title", entry.title)
        _say(node, "published", stamp(entry.at))
        _say(node, "updated", stamp(entry.at))
        offered = edition.offer(entry.page)
        address = f"{base}{language}/{entry.page}/" if offered else entry.url or f"{base}{page}"
        _link(node, "alternate", address or "./", "text/html")
        if entry.url and offered:
            _link(node, "related", entry.url, "text/html")
        _say(node, "content", entry.words, type="text")
    return _text(feed)


def count(board: Board) -> str:
    """The newest count, and how each language writes it; null while there is none."""
    known = {each.language: each.count for each in board.editions if each.count}
    first = next(iter(known.values()), None)
    shown = {
        language: {"signatures": each.shown, "to_go": each.to_go, "next_milestone": each.shown_milestone}
        for language, each in known.items()
    }
    value = {
        "signatures": first.number if first else None,
        "next_milestone": first.milestone if first else None,
        "at": stamp(first.at) if first else None,
        "shown": shown,
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def sitemap(url: str, pages: Iterable[str]) -> str:
    root = Element("urlset", {"xmlns": SITEMAP})
    for path in pages:
        _say(SubElement(root, "url"), "loc", f"{url}{path}")
    return _text(root)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _say(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _fit_for_xml(text)


def _link(parent: Element, rel: str, address: str, kind: str) -> None:
    SubElement(parent, "link", {"rel": rel, "href": address, "type": kind})


def _fit_for_xml(text: str) -> str:
    """Less the signs that no XML may hold."""
    return "".join(each for each in text if each in "\t\n" or (each >= " " and each not in "\ufffe\uffff"))


def _text(root: Element) -> str:
    indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"
