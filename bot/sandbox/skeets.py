"""How Bluesky keeps a post: its record, the keys and hashes of records, and what makes one invalid.

It also has Bluesky's length, as simple as will do: an own count, so that it can disagree with ours.
https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from datetime import datetime
from typing import Any

from bot.sandbox.ledger import Published
from bot.sandbox.tweets import EMOJI

POSTS, REPOSTS = "app.bsky.feed.post", "app.bsky.feed.repost"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
REPOST = "repost:"
"""Before the key of a repost in the ledger: it may be that of a post as well."""
TID = re.compile(f"[{LETTERS[:16]}][{LETTERS}]{{12}}")
MOST = 1_000_000
IMAGES = "app.bsky.embed.images"
_LINK = "app.bsky.richtext.facet#link"
_URI = re.compile(r"\w+:(?://)?[^\s/]\S*")
_AT = re.compile(r"at://did:[a-z]+:[\w.:%-]+/[a-zA-Z.]+/[\w.~:-]+")


def graphemes(text: str) -> int:
    plain = EMOJI.sub("x", unicodedata.normalize("NFC", text))
    return sum(1 for sign in plain if not unicodedata.combining(sign) and sign != "\u200d")


def tid(micros: int, clock: int = 0) -> str:
    """https://atproto.com/specs/tid"""
    number = micros << 10 | clock
    return "".join(LETTERS[number >> shift & 31] for shift in range(60, -5, -5))


def cid(value: Any, codec: str = "bafyrei") -> str:
    """A hash of a value in the form of Bluesky's, though not the same one."""
    data = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True).encode()
    letters = base64.b32encode(hashlib.sha256(data).digest()).decode().lower().rstrip("=")
    return codec + letters


def ledger_id(collection: str, key: str) -> str:
    return f"{REPOST}{key}" if collection == REPOSTS else key


def key_of(address: str) -> str:
    """The key at the end of an address, or in an id of the ledger."""
    return address.rpartition("/")[2].removeprefix(REPOST)


def address(post: Published) -> str:
    return f"at://{post.user_id}/{REPOSTS if post.repost_of else POSTS}/{key_of(post.id)}"


def hash_of(post: Published) -> str:
    return cid(json.loads(post.record or "{}"))


def words(record: dict[str, Any]) -> str:
    """The text as its readers can follow it: each link in full."""
    text: bytes = record["text"].encode()
    at, whole = 0, b""
    for start, end, uri in sorted(_links(record)):
        whole += text[at:start] + uri.encode()
        at = end
    return (whole + text[at:]).decode()


def _links(record: dict[str, Any]) -> list[tuple[int, int, str]]:
    return [
        (facet["index"]["byteStart"], facet["index"]["byteEnd"], feature["uri"])
        for facet in record.get("facets", [])
        for feature in facet["features"]
        if feature["$type"] == _LINK
    ]


def fault_in(collection: str, record: Any, longest: tuple[int, int]) -> str | None:
    """What its lexicon does not allow in a record; `longest` in graphemes and in bytes."""
    try:
        if record["$type"] != collection:
            return f"Invalid $type: expected {collection}, got {record['$type']}"
        _moment(record["createdAt"])
        if collection == REPOSTS:
            return _no_reference(record["subject"], "Record/subject")
        return _fault_in_text(record["text"], longest) or _fault_beside(record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"Invalid {collection} record: {error}"


def _fault_in_text(text: str, longest: tuple[int, int]) -> str | None:
    letters, size = longest
    if len(text.encode()) > size:
        return f"Invalid {POSTS} record: Record/text must not be longer than {size} characters"
    if graphemes(text) > letters:
        return f"Invalid {POSTS} record: Record/text must not be longer than {letters} graphemes"
    return None


def _fault_beside(record: dict[str, Any]) -> str | None:
    for facet in record.get("facets", []):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        record["text"].encode()[start:end].decode()
        if not 0 <= start < end <= len(record["text"].encode()) or not facet["features"]:
            return "Record/facets/index lies outside of the text"
        if any(not _URI.fullmatch(each["uri"]) for each in facet["features"] if each["$type"] == _LINK):
            return "Record/facets/features/uri must be a uri"
    if len(record.get("langs", [])) > 3:
        return "Record/langs must not have more than 3 elements"
    reply = record.get("reply")
    faults = (
        [_no_reference(reply[name], f"Record/reply/{name}") for name in ("root", "parent")] if reply else []
    )
    return next(filter(None, faults), None) or _fault_in_embed(record.get("embed"))


def _fault_in_embed(embed: dict[str, Any] | None) -> str | None:
    if embed is None:
        return None
    images = embed["images"] if embed["$type"] == IMAGES else []
    if len(images) > 4 or not all(isinstance(image["alt"], str) for image in images):
        return "Record/embed/images must be 4 at most, each with its alt"
    if embed["$type"] != IMAGES:
        external = embed["external"]
        if not _URI.fullmatch(external["uri"]) or not isinstance(
            external["title"] + external["description"], str
        ):
            return "Record/embed/external must have uri, title and description"
    for blob in _blobs(embed):
        if blob["size"] > MOST or not blob["mimeType"].startswith("image/"):
            return f"Record/embed must show images of at most {MOST} bytes"
    return None


def blobs(record: dict[str, Any]) -> list[str]:
    """The names of the pictures that a record shows, in order."""
    return [blob["ref"]["$link"] for blob in _blobs(record.get("embed") or {})]


def _blobs(embed: dict[str, Any]) -> list[dict[str, Any]]:
    thumb = embed.get("external", {}).get("thumb")
    return [image["image"] for image in embed.get("images", [])] + ([thumb] if thumb else [])


def _no_reference(value: dict[str, str], what: str) -> str | None:
    fine = _AT.fullmatch(value["uri"]) and re.fullmatch("[a-z0-9]{20,}", value["cid"])
    return None if fine else f"{what} must be a strong reference"


def _moment(value: str) -> None:
    if datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(f"Record/createdAt must be an RFC 3339 time, got {value}")
