"""How Mastodon shows a post: HTML with shortened links, and the JSON of statuses, accounts and pictures.

It also has Mastodon's length, as simple as will do: an own count, so that it can disagree with ours.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.accounts import Account
from bot.sandbox.ledger import Published
from bot.sandbox.shelf import Picture
from bot.sandbox.tweets import EMOJI

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?…)'»”]", re.IGNORECASE)
_TOKEN = re.compile(rf"(?P<link>{LINK.pattern})|(?<![\w/&])#(?P<tag>\w*[^\W\d]\w*)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w/])(@\w+)@[\w.-]+\w")
LINK_LENGTH = 23


def length(text: str, *, urls_in_full: bool = False) -> int:
    """Graphemes of a text; an http(s) link is 23, `@user@host` counts as `@user`."""
    if not urls_in_full:
        text = LINK.sub("x" * LINK_LENGTH, text)
    text = EMOJI.sub("x", unicodedata.normalize("NFC", _ADDRESS.sub(r"\1", text)))
    return sum(1 for sign in text if not unicodedata.combining(sign))


def content(text: str, server: str) -> str:
    """The HTML of a text: paragraphs, breaks, links with invisible spans, hashtags."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{_inline(one, server)}</p>" for one in paragraphs if one)


def _inline(text: str, server: str) -> str:
    pieces, at = [], 0
    for token in _TOKEN.finditer(text):
        pieces.append(html.escape(text[at : token.start()]))
        pieces.append(_link(token["link"]) if token["link"] else _tag(token["tag"], server))
        at = token.end()
    pieces.append(html.escape(text[at:]))
    return "".join(pieces).replace("\n", "<br />")


def _link(url: str) -> str:
    lead = re.match(r"https?://(www\.)?", url, re.IGNORECASE)
    start = lead.end() if lead else 0
    middle, rest = url[start : start + 30], url[start + 30 :]
    return (
        f'<a href="{html.escape(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{html.escape(url[:start])}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{html.escape(middle)}</span>'
        f'<span class="invisible">{html.escape(rest)}</span></a>'
    )


def _tag(tag: str, server: str) -> str:
    return f'<a href="{server}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'


@dataclass(frozen=True, slots=True)
class View:
    """What the JSON of a status needs beside the post: who wrote it, and what belongs to it."""

    server: str
    author: Account
    bot: bool
    pictures: tuple[Picture, ...] = ()
    reposted: bool = False
    reposts: int = 0


def status(post: Published, view: View, reblog: dict[str, Any] | None = None) -> dict[str, Any]:
    """A post in Mastodon's JSON; `reblog` is the JSON of what it boosts."""
    address = f"{view.server}/@{view.author.name}/{post.id}"
    return {
        "id": post.id,
        "created_at": stamp(post.created_at),
        "in_reply_to_id": post.in_reply_to,
        "in_reply_to_account_id": post.user_id if post.in_reply_to else None,
        "sensitive": bool(post.warning),
        "spoiler_text": post.warning or "",
        "visibility": post.visibility or "public",
        "language": post.language,
        "uri": f"{view.server}/users/{view.author.name}/statuses/{post.id}",
        "url": address,
        "content": content(post.text, view.server),
        "reblog": reblog,
        "application": {"name": "petition-bot", "website": None},
        "account": profile(view.author, view.server, view.bot),
        "media_attachments": [attachment(one, view.server) for one in view.pictures],
        "tags": _tags(post.text, view.server),
        "reblogged": view.reposted,
        "reblogs_count": view.reposts,
    } | _ALWAYS


_ALWAYS: dict[str, Any] = {
    "replies_count": 0,
    "favourites_count": 0,
    "quotes_count": 0,
    "edited_at": None,
    "favourited": False,
    "muted": False,
    "bookmarked": False,
    "pinned": False,
    "mentions": [],
    "emojis": [],
    "card": None,
    "poll": None,
    "quote": None,
}


def _tags(text: str, server: str) -> list[dict[str, str]]:
    names = {token["tag"].lower() for token in _TOKEN.finditer(text) if token["tag"]}
    return [{"name": name, "url": f"{server}/tags/{name}"} for name in sorted(names)]


def profile(account: Account, server: str, bot: bool) -> dict[str, Any]:
    page = f"{server}/@{account.name}"
    picture = f"{server}/avatars/original/missing.png"
    return {
        "id": account.id,
        "username": account.name,
        "acct": account.name,
        "display_name": f"Petition sandbox ({account.name})",
        "locked": False,
        "bot": bot,
        "discoverable": True,
        "indexable": False,
        "group": False,
        "created_at": "2019-11-20T00:00:00.000Z",
        "note": "<p>An account of the sandbox.</p>",
        "url": page,
        "uri": f"{server}/users/{account.name}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
        "last_status_at": None,
        "hide_collections": None,
        "noindex": False,
        "emojis": [],
        "roles": [],
        "fields": [],
    }


def attachment(picture: Picture, server: str) -> dict[str, Any]:
    """`url` is null until the picture is ready."""
    page = None if picture.waits else f"{server}/media/{picture.id}"
    return {
        "id": picture.id,
        "type": "gifv" if picture.kind == "image/gif" else "image",
        "url": page,
        "preview_url": page,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": {},
        "description": picture.alt or None,
        "blurhash": "UEHV6nWB2yk8pyo0adR*.7kCMdnj",
    }


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
