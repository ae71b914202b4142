"""What a follower shares, prepared for each network: the words as far as they fit, the link whole.

Every text and every address comes from what the campaign wrote; nothing is taken from whoever asks. It opens
no address, and shortens no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from bot.core.addresses import host_of
from bot.core.cards import Stationery
from bot.core.figures import Figures, fill, lacking
from bot.core.fit import Misfit, fit
from bot.core.model import Limits, Post
from bot.core.scalars import language_code
from bot.core.settings import NetworkName
from bot.core.text import LIMITS, normalized
from bot.core.written import Account, Message, Settings, in_language

SOURCE = "share"
"""What the petition's site is told of where people came from (utm_source)."""

ROOMY = Limits(1500, "graphemes", None)
"""Of letters and chats: what is longer is cut by some programs that open an address."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to share. In `address` stand {text} (words and link), {words} and {link} (each alone), {page}
    (the message's own page, where it has an address) and {title}, quoted; {server} is the reader's own."""

    key: str
    name: str
    address: str
    limits: Limits = ROOMY
    like: NetworkName = "mastodon"
    """Whose values of `per` it takes, and whose links."""


WAYS = (
    Way("mastodon", "Mastodon", "{server}/share?text={text}", LIMITS["mastodon"]),
    Way("bluesky", "Bluesky", "https://bsky.app/intent/compose?text={text}", LIMITS["bluesky"], "bluesky"),
    Way("x", "X", "https://x.com/intent/post?text={text}", LIMITS["x"], "x"),
    Way("whatsapp", "WhatsApp", "https://wa.me/?text={text}"),
    Way("telegram", "Telegram", "https://t.me/share/url?url={link}&text={words}"),
    Way("facebook", "Facebook", "https://www.facebook.com/sharer/sharer.php?u={page}"),
    Way(
        "threads",
        "Threads",
        "https://www.threads.com/intent/post?text={text}",
        Limits(500, "graphemes", None),
        "bluesky",
    ),
    Way("email", "E-mail", "mailto:?subject={title}&body={text}"),
    Way("copy", "Copy", ""),
)
"""https://docs.joinmastodon.org/admin/tootctl/ has no word of /share, its source does
(app/controllers/shares_controller.rb); https://docs.bsky.app/docs/advanced-guides/intent-links;
https://developer.x.com/en/docs/x-for-websites/tweet-button/guides/web-intent;
https://developers.facebook.com/docs/threads/threads-web-intents; https://faq.whatsapp.com/5913398998672934;
https://core.telegram.org/widgets/share. `copy` has no address: it is what is copied, and what a telephone's
own sheet is given."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message as one way shares it. `address` has {server} left where the reader says which."""

    way: Way
    text: str
    address: str


@dataclass(frozen=True)
class Desk:
    """All that texts are prepared from. `pages`: the address of the share page (None: it has none)."""

    settings: Settings
    figures: Figures
    _settings: dict[str, Settings] = field(default_factory=dict)

    @property
    def pages(self) -> str | None:
        url = self.settings.share.url
        return url and url.rstrip("/") + "/"

    def page(self, message_id: str, language: str) -> str | None:
        return self.pages and f"{self.pages}{language}/{message_id}/"

    def settings_for(self, way: Way) -> Settings:
        """The same campaign, whose links tell the petition's site that somebody shared them."""
        if way.key not in self._settings:
            campaign = self.settings.campaign
            params = {key: value.replace("{network}", way.key) for key, value in campaign.link_params.items()}
            told = campaign.model_copy(update={"link_params": {**params, "utm_source": SOURCE}})
            self._settings[way.key] = self.settings.model_copy(update={"campaign": told})
        return self._settings[way.key]


def prepared(message: Message, language: str, desk: Desk) -> tuple[Prepared, ...]:
    """The message in every way to share it, in the order of WAYS; empty where it cannot be said now (it has
    no text in the language, or wants a count that is not known)."""
    made = [_prepared(message, language, way, desk) for way in WAYS]
    return tuple(each for each in made if each) if all(made) else ()


def _prepared(message: Message, language: str, way: Way, desk: Desk) -> Prepared | None:
    whole = plain(message.on(_follower(way)), language, desk)
    if whole is None:
        return None
    settings = _leading(desk, way, message, language)
    post = _fitted(whole, language, way, settings)
    if post is None:
        return None
    link = post.link or ""
    words = normalized(post.parts[0].removesuffix(link))
    page = desk.page(message.id, language)
    values = {
        "text": post.parts[0],
        "words": words,
        "link": link,
        "page": f"{page}?utm_source={SOURCE}" if page else link,
        "title": desk.settings.campaign.name,
    }
    return Prepared(way, post.parts[0], filled(way.address, values))


def filled(address: str, values: Mapping[str, str]) -> str:
    """An address with its values quoted; a name that is not among them stays."""
    return re.sub(
        r"\{(\w+)\}", lambda name: quote(values[name[1]], safe="") if name[1] in values else name[0], address
    )


@lru_cache(maxsize=len(WAYS))
def _follower(way: Way) -> Account:
    """Somebody who shares, as fit() sees them: an account of that network."""
    server = {"server": "https://mastodon.social"} if way.like == "mastodon" else {}
    given = {"id": SOURCE, "network": way.like, "schedule": {"at": ["12:00"]}, **server}
    return Account.model_validate(given)


def plain(message: Message, language: str, desk: Desk) -> Message | None:
    """The message as one text per variant: figures filled in, its warning in front, no thread or picture."""
    default = desk.settings.campaign.language
    variants = message.variants(language, default)
    warning = next(iter(in_language(message.content_warning, language, default)), "")
    texts = [
        normalized(fill(text, desk.figures, language) or "")
        for text in variants
        if not lacking(text, desk.figures)
    ]
    if not texts or len(texts) < len(variants):
        return None
    whole = tuple(f"{warning}\n\n{text}" if warning else text for text in texts)
    less: dict[str, Any] = {"thread": (), "media": (), "content_warning": None, "per": {}}
    return message.model_copy(update={"text": {language: whole}, **less})


def _leading(desk: Desk, way: Way, message: Message, language: str) -> Settings:
    """The settings, with the message's own page in the petition's place where that is wanted."""
    settings, page = desk.settings_for(way), desk.page(message.id, language)
    if settings.share.links == "petition" or page is None:
        return settings
    told = settings.campaign.model_copy(update={"link_params": {"utm_source": SOURCE}})
    petition = settings.petition.model_copy(update={"url": page})
    return settings.model_copy(update={"campaign": told, "petition": petition})


def _fitted(message: Message, language: str, way: Way, settings: Settings) -> Post | None:
    """The first variant that fits whole; else as much of the first as fits, its links whole."""
    variants = message.text[language]
    for number, text in enumerate((*variants, *shorter(variants[0]))):
        tried = message.model_copy(update={"text": {language: (text,)}})
        post = fit(tried, _follower(way), settings, language, 0, None, way.limits)
        if isinstance(post, Misfit):
            return None
        if post.length <= post.limit:
            return post
        if number == len(variants) and message.link:
            message = message.model_copy(update={"link": None})  # words before a second link
    return None


def shorter(text: str) -> Iterator[str]:
    """Ever less of a text: whole sentences from its beginning, then whole words, each with an ellipsis."""
    blanks = [found.start() for found in re.finditer(r"\s+", text)]
    sentences = [end for end in blanks if text[end - 1] in ".!?…"]
    words = [end for end in blanks if end not in sentences]
    for end in (*reversed(sentences), *reversed(words)):
        yield f"{text[:end].rstrip(' ,;:')} …"
    yield "…"


def stationery(settings: Settings) -> Stationery:
    """What the cards of a campaign have in common."""
    campaign, petition = settings.campaign, settings.petition
    host = host_of(petition.address(campaign.language, campaign.language)).removeprefix("www.")
    return Stationery(campaign.name, host, settings.share.colours)


def languages(settings: Settings) -> tuple[str, ...]:
    """The campaign's, and those that its accounts speak."""
    spoken = [each for account in settings.accounts for each in settings.languages(account)]
    return tuple(dict.fromkeys(language_code(each) for each in (settings.campaign.language, *spoken)))
