"""What an account of Bluesky may change: put a record, delete one, upload a picture."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.accounts import Account
from bot.sandbox.bluesky_settings import BlueskySettings
from bot.sandbox.body import fields
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Published
from bot.sandbox.problems import Stopped
from bot.sandbox.server import Call
from bot.sandbox.shelf import Picture, Shelf, kind_of
from bot.sandbox.skeets import (
    POSTS,
    REPOSTS,
    TID,
    address,
    blobs,
    cid,
    fault_in,
    hash_of,
    key_of,
    ledger_id,
    words,
)
from bot.sandbox.wire import Answer

if TYPE_CHECKING:
    from bot.sandbox.bluesky import BlueskySite

MOST_BLOB = 5 * 1024 * 1024


class Records:
    def __init__(self, site: BlueskySite, settings: BlueskySettings, shelf: Shelf) -> None:
        self._site, self._settings, self._shelf = site, settings, shelf

    def put(self, account: Account, call: Call) -> Answer:
        """Without `swapRecord` it overwrites what stands; with null it creates only. The same is no news."""
        sent = fields(call.request)
        collection, key = self._named(account, sent)
        record = self._checked(collection, sent.get("record"))
        if call.fault is Fault.MEDIA_LOST:
            record.pop("embed", None)
        with self._site.ledger.lock:
            standing = self._site.ledger.find(ledger_id(collection, key))
            if standing and hash_of(standing) == cid(record):
                return Answer.json(200, _told(standing))
            if standing and "swapRecord" in sent and sent["swapRecord"] != hash_of(standing):
                raise self._site.refusal(400, "InvalidSwap", f"Record was at {hash_of(standing)}")
            draft = self._drafted(account, collection, record)
            post = self._site.ledger.publish(replace(draft, id=ledger_id(collection, key)))
        return Answer.json(200, _told(post) | self._commit(post))

    def delete(self, account: Account, call: Call) -> Answer:
        """What is not there is deleted without a word."""
        collection, key = self._named(account, fields(call.request))
        post = self._site.ledger.find(ledger_id(collection, key))
        if post is None or post.user_id != account.id:
            return Answer.json(200, {})
        self._site.ledger.withdraw(post.id)
        return Answer.json(200, self._commit(post))

    def upload(self, account: Account, call: Call) -> Answer:
        data = call.request.body
        if len(data) > MOST_BLOB:
            raise Stopped(self._site.problem(413, detail="request entity too large"))
        name, kind = cid(data, "bafkrei"), kind_of(data) or call.request.headers.get("content-type", "")
        self._shelf.put(Picture(name, account.id, kind, data))
        blob = {"$type": "blob", "ref": {"$link": name}, "mimeType": kind, "size": len(data)}
        return Answer.json(200, {"blob": blob})

    def _named(self, account: Account, sent: dict[str, Any]) -> tuple[str, str]:
        collection, key = str(sent.get("collection")), str(sent.get("rkey"))
        if sent.get("repo") not in (account.id, account.secrets["HANDLE"]):
            raise self._site.refusal(401, "AuthenticationRequired", "Authentication Required")
        if collection not in (POSTS, REPOSTS):
            raise self._site.refusal(400, "InvalidRequest", f"Lexicon not found: lex:{collection}")
        if not TID.fullmatch(key):
            raise self._site.refusal(400, "InvalidRequest", f"Invalid record key for {collection}: not a TID")
        return collection, key

    def _checked(self, collection: str, record: Any) -> dict[str, Any]:
        if fault := fault_in(collection, record, (self._settings.max_graphemes, self._settings.max_bytes)):
            raise self._site.refusal(400, "InvalidRequest", fault)
        for name in blobs(record):
            if self._shelf.get(name) is None:
                raise self._site.refusal(400, "BlobNotFound", f"Could not find blob: {name}")
        return dict(record)

    def _drafted(self, account: Account, collection: str, record: dict[str, Any]) -> Published:
        kept = json.dumps(record)
        if collection == REPOSTS:
            source = key_of(record["subject"]["uri"])
            repeated = self._site.ledger.find(source)
            text = repeated.text if repeated else ""
            return self._site.draft(account.id, text, record=kept, repost_of=source)
        parent = record.get("reply", {}).get("parent", {}).get("uri")
        images = record.get("embed", {}).get("images", [])
        return self._site.draft(
            account.id,
            words(record),
            record=kept,
            language=next(iter(record.get("langs", [])), None),
            in_reply_to=key_of(parent) if parent else None,
            media_ids=tuple(blobs(record)) if images else (),
            alts=tuple(image["alt"] for image in images),
        )

    def _commit(self, post: Published) -> dict[str, Any]:
        return {"commit": {"cid": cid(post.id), "rev": self._site.new_key()}}


def _told(post: Published) -> dict[str, Any]:
    return {"uri": address(post), "cid": hash_of(post), "validationStatus": "valid"}
