"""Records of Bluesky: what a post or a repost is made of, and what one that stands there says.

Nothing here asks a server, or knows why a record is made.
https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.facets import Facet, spelled, whole
from bot.core.model import Seen
from bot.networks.line import utc
from bot.networks.tid import moment_of

POSTS, REPOSTS = "app.bsky.feed.post", "app.bsky.feed.repost"
LINK, TAG, MENTION = (f"app.bsky.richtext.facet#{kind}" for kind in ("link", "tag", "mention"))
REPOST = "repost:"
"""Before the key of a repost: it may be that of the post as well."""


def post(text: str, language: str, created: datetime, dids: Mapping[str, str]) -> dict[str, Any]:
    """A post of words. `dids`: whom a handle (in lower case) means; one that is missing mentions nobody."""
    made = spelled(text)
    record = {"$type": POSTS, "text": made.text, "createdAt": stamp(created), "langs": [language]}
    facets = [shown for each in made.facets if (shown := _facet(each, dids))]
    return record | ({"facets": facets} if facets else {})


def _facet(facet: Facet, dids: Mapping[str, str]) -> dict[str, Any] | None:
    match facet.kind:
        case "link":
            feature = {"$type": LINK, "uri": facet.value}
        case "tag":
            feature = {"$type": TAG, "tag": facet.value}
        case "mention" if known := dids.get(facet.value.lower()):
            feature = {"$type": MENTION, "did": known}
        case _:
            return None
    return {"index": {"byteStart": facet.start, "byteEnd": facet.end}, "features": [feature]}


def reply(parent: Mapping[str, Any]) -> dict[str, Any]:
    """What a post that continues another adds: that one, and the first of all."""
    before = parent["value"].get("reply")
    root = before.get("root") if isinstance(before, dict) else None
    return {"reply": {"root": root or reference(parent), "parent": reference(parent)}}


def repost(subject: Mapping[str, Any], created: datetime) -> dict[str, Any]:
    return {"$type": REPOSTS, "subject": reference(subject), "createdAt": stamp(created)}


def reference(record: Mapping[str, Any]) -> dict[str, str]:
    return {"uri": record["uri"], "cid": record["cid"]}


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def found(answer: Any) -> Mapping[str, Any] | None:
    """The answer of getRecord: `uri`, `cid` and `value`."""
    known = isinstance(answer["uri"], str) and isinstance(answer["cid"], str)
    return answer if known and isinstance(answer["value"], dict) else None


def seen(record: Mapping[str, Any], user_id: str) -> Seen:
    """A post or repost of `user_id` with its links in full, its time by the clock of whoever wrote it.

    `repost_of` is the key of a post of the same account, else the whole address.
    """
    collection, rkey = record["uri"].split("/")[-2:]
    value = record["value"]
    if collection == POSTS:
        images = (value.get("embed") or {}).get("images") or []
        return Seen(rkey, written(value), _created(value, rkey), exact=True, pictures=len(images))
    subject = str(value["subject"]["uri"]).removeprefix(f"at://{user_id}/{POSTS}/")
    return Seen(f"{REPOST}{rkey}", "", _created(value, rkey), repost_of=subject)


def _created(value: Mapping[str, Any], rkey: str) -> datetime:
    """What others write there may be no time at all; their key has one."""
    try:
        return utc(value["createdAt"])
    except (KeyError, TypeError, ValueError):
        return moment_of(rkey)


def written(value: Mapping[str, Any]) -> str:
    """The text of a post with its links in full."""
    links = [
        (facet["index"]["byteStart"], facet["index"]["byteEnd"], feature["uri"])
        for facet in value.get("facets") or []
        for feature in facet["features"]
        if feature["$type"] == LINK
    ]
    return whole(value["text"], links)
