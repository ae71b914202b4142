"""How X shows a post: links as t.co with their entities, pictures as a link at the end, & < > escaped.

It also has X's weighted length, as simple as will do: an own count, so that it can disagree with ours.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.ledger import Published

_ENDINGS = "com|org|net|info|eu|es|no|la|de|it|me|se|si|md|hamburg"
_BARE = rf"(?<![\w@./-])[^\W_][\w-]*(?:\.[\w-]+)*\.(?:{_ENDINGS})(?![\w.@-]*\w)(?:/[^\s<>\"”»)]*)?"
LINK = re.compile(rf"https?://[^\s<>\"”»]*[^\s<>\"”».,;:!?…)']|{_BARE}", re.IGNORECASE)
_SKIN = "[\U0001f3fb-\U0001f3ff]?"
_PICTO = f"(?:[\u203c-\u3299\U0001f000-\U0001faff]\ufe0f?{_SKIN}[\U000e0020-\U000e007f]*)"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTO}(?:\u200d(?:{_PICTO}|[\u2640\u2642]\ufe0f?))*"
)
LINK_WEIGHT = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def weigh(text: str) -> int:
    """X's length: links 23, an emoji 2, other code points 1 or 2.

    https://docs.x.com/fundamentals/counting-characters
    """
    bare = LINK.sub("", text)
    links = sum(1 for _ in LINK.finditer(text))
    emoji = sum(1 for _ in EMOJI.finditer(bare))
    return LINK_WEIGHT * links + 2 * emoji + sum(_weight(ord(sign)) for sign in EMOJI.sub("", bare))


def _weight(point: int) -> int:
    return 1 if any(first <= point <= last for first, last in _LIGHT) else 2


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    urls: tuple[dict[str, Any], ...] = ()


def shown(post: Published, author: str, *, shorten: bool = True) -> Shown:
    """The text as X gives it back, and the entities of its links (offsets in code points of that text)."""
    if not shorten:
        return Shown(html.escape(post.text, quote=False))
    text, urls, at = "", [], 0
    for number, link in enumerate(LINK.finditer(post.text)):
        text += html.escape(post.text[at : link.start()], quote=False)
        urls.append(_entity(len(text), _short(post.id, number), _whole(link[0])))
        text += _short(post.id, number)
        at = link.end()
    text += html.escape(post.text[at:], quote=False)
    return _with_pictures(Shown(text, tuple(urls)), post, author)


def _with_pictures(plain: Shown, post: Published, author: str) -> Shown:
    if not post.media_ids:
        return plain
    short = _short(post.id, -1)
    text = f"{plain.text} {short}".strip()
    page = f"https://x.com/{author}/status/{post.id}/photo/1"
    one = _entity(len(text) - len(short), short, page) | {"display_url": f"pic.x.com/{short[-10:]}"}
    return Shown(text, (*plain.urls, *(one | {"media_key": f"3_{media}"} for media in post.media_ids)))


def reposted(original: Shown, author: str) -> Shown:
    """A repost's own text: cut at 140, and only the links that are whole in it."""
    lead = f"RT @{author}: "
    text = lead + original.text
    if len(text) > 140:
        text = text[:139] + "…"
    moved = [
        url | {"start": url["start"] + len(lead), "end": url["end"] + len(lead)} for url in original.urls
    ]
    return Shown(text, tuple(url for url in moved if text[url["start"] : url["end"]] == url["url"]))


def tweet(post: Published, shows: Shown, keep: set[str]) -> dict[str, Any]:
    """A post in X's JSON, with the fields asked for."""
    whole = {
        "id": post.id,
        "text": shows.text,
        "edit_history_tweet_ids": [post.id],
        "author_id": post.user_id,
        "conversation_id": post.in_reply_to or post.id,
        "created_at": stamp(post.created_at),
        "lang": "en",
        "referenced_tweets": _references(post),
        "referenced_posts": _references(post),
        "attachments": {"media_keys": [f"3_{media}" for media in post.media_ids]} if post.media_ids else None,
        "entities": {"urls": list(shows.urls)} if shows.urls else None,
    }
    always = {"id", "text", "edit_history_tweet_ids"}
    return {name: value for name, value in whole.items() if name in always | keep and value}


def stamp(moment: datetime) -> str:
    """X's own form: milliseconds and a Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _references(post: Published) -> list[dict[str, str]]:
    if post.repost_of:
        return [{"type": "retweeted", "id": post.repost_of}]
    return [{"type": "replied_to", "id": post.in_reply_to}] if post.in_reply_to else []


def _entity(start: int, short: str, whole: str) -> dict[str, Any]:
    bare = re.sub(r"^https?://(www\.)?", "", whole)
    display = bare if len(bare) <= 27 else bare[:26] + "…"
    return {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": whole,
        "display_url": display,
    }


def _whole(link: str) -> str:
    return link if link.lower().startswith(("http://", "https://")) else f"http://{link}"


def _short(post_id: str, number: int) -> str:
    return "https://t.co/" + hashlib.sha256(f"{post_id}/{number}".encode()).hexdigest()[:10]
