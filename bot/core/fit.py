"""A message becomes a post: words, figures, hashtags and links, as one account sends them.

It never shortens anything. A post over its limit is made whole, and says so by its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from bot.core.budget import price
from bot.core.figures import FIELDS, Figures, fields, figure, fill
from bot.core.model import Limits, Picture, Post
from bot.core.text import LIMITS, hashtags, length, normalized
from bot.core.written import Account, Message, Settings, in_language

PARTS = "\n\n---\n\n"
"""Between the parts of a thread in `Post.template`."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a message cannot be a post of this account: one clause."""

    reason: str


def fit(
    message: Message,
    account: Account,
    settings: Settings,
    language: str,
    variant: int = 0,
    turn: int | None = None,
    limits: Limits | None = None,
    figures: Figures = Figures(),
) -> Post | Misfit:
    """The post that `account` makes of `message`.

    `variant` is taken modulo the number of texts in `language`; `turn` decides on the link where
    it goes on every Nth post. Over-length is no misfit: compare `length` with `limit`.
    """
    own, default = message.on(account), settings.campaign.language
    variants = own.variants(language, default)
    if not variants:
        return Misfit(f"{message.id} has no text in {language}")
    written = [variants[variant % len(variants)]]
    for part in own.thread:
        texts = in_language(part, language, default)
        if not texts:
            return Misfit(f"{message.id} has a part of its thread without a text in {language}")
        written.append(texts[variant % len(texts)])
    words = [fill(text, figures, language) for text in written]
    if None in words:
        return Misfit(f"{message.id} needs {{{_missing(written, figures)}}}, which is not known yet")
    limits = limits or LIMITS[account.network]
    warnings = in_language(own.content_warning, language, default)
    warning = normalized(warnings[0]) if warnings else ""
    parts = [normalized(each or "") for each in words]
    plain = "\n\n".join(parts)
    lead = ""
    if warning and account.network in ("x", "bluesky"):
        parts[0] = f"{warning}\n\n{parts[0]}"
        warning = ""
    links = _links(own, account, settings, language, turn)
    parts[-1], link = _composed(parts[-1], links, settings.campaign.hashtags, limits, warning, own.kind)
    pictures = tuple(
        Picture(media.file, (in_language(media.alt, language, default) or ("",))[0]) for media in own.media
    )
    return Post(
        account=account.id,
        network=account.network,
        message_id=message.id,
        kind=message.kind,
        language=language,
        parts=tuple(parts),
        words=plain + lead,
        length=max(length(part, limits, warning) for part in parts),
        limit=limits.length,
        link=link,
        pictures=pictures,
        content_warning=warning or None,
        visibility=account.visibility,
        cost=price(account.network, parts, pictures),
        template=PARTS.join(written),
    )


def _missing(written: list[str], figures: Figures) -> str:
    names = [name for text in written for name in fields(text) if name in FIELDS]
    return next(name for name in names if figure(name, figures) is None)


def _links(
    message: Message, account: Account, settings: Settings, language: str, turn: int | None
) -> tuple[str | None, str | None]:
    mode, every = account.links.mode, account.links.every
    if mode == "never" or (mode == "story" and message.kind != "story"):
        return None, None
    if mode == "every" and turn is not None and turn % every:
        return message.link, None
    url = settings.petition.address(language, settings.campaign.language)
    params = tuple(settings.campaign.link_params.items())
    return message.link, with_params(url, params, account.network, account.id, message.id, language)


def _composed(
    words: str,
    links: tuple[str | None, str | None],
    tags: tuple[str, ...],
    limits: Limits,
    warning: str,
    kind: str,
) -> tuple[str, str | None]:
    kept = [link for link in links if link]
    whole = "\n".join(kept)
    present = {tag.casefold() for tag in hashtags(words)}
    text = f"{words}\n\n{whole}" if whole else words
    for tag in tags:
        name = tag.removeprefix("#")
        if name.casefold() in present:
            continue
        tagged = f"{words} #{name}"
        longer = f"{tagged}\n\n{whole}" if whole else tagged
        if length(longer, limits, warning) <= limits.length:
            words, text = tagged, longer
    return text, kept[-1] if kept else None


@lru_cache(maxsize=8192)
def with_params(
    url: str, params: tuple[tuple[str, str], ...], network: str, account: str, message: str, language: str
) -> str:
    """The URL with the campaign's parameters in its query; those it has already are kept."""
    parts = urlsplit(url)
    there = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    values = {"{network}": network, "{account}": account, "{message}": message, "{language}": language}
    added = []
    for key, value in params:
        if key not in there:
            for name, filled in values.items():
                value = value.replace(name, filled)
            added.append(f"{quote(key, safe='')}={quote(value, safe='')}")
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, *added]))))
