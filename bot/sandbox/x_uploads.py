"""X's pictures: upload, state of processing, alternative text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.accounts import Account
from bot.sandbox.body import Upload, fields
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Ledger
from bot.sandbox.problems import Stopped, invalid, problem
from bot.sandbox.server import Call
from bot.sandbox.shelf import FOREVER, Picture, Shelf, kind_of
from bot.sandbox.wire import Answer

if TYPE_CHECKING:
    from bot.sandbox.x import XSettings

MIB = 1024 * 1024
_MOST = {"tweet_image": 5 * MIB, "tweet_gif": 15 * MIB}
ALT = 1000


class Uploads:
    def __init__(
        self, ledger: Ledger, settings: XSettings, shelf: Shelf, now: Callable[[], datetime]
    ) -> None:
        self._ledger = ledger
        self._settings = settings
        self._shelf = shelf
        self._now = now

    def upload(self, account: Account, call: Call) -> Answer:
        sent = fields(call.request)
        data, category = _data(sent.get("media")), sent.get("media_category")
        if category not in _MOST:
            raise invalid("media_category", category, "media_category must be tweet_image or tweet_gif")
        if len(data) > _MOST[category]:
            raise Stopped(problem(413, "Payload Too Large", "The media is larger than allowed."))
        kind = kind_of(data)
        if kind is None or (kind == "image/gif") is not (category == "tweet_gif"):
            raise invalid("media", "", f"media type unrecognized for {category}.")
        waits = FOREVER if call.fault is Fault.MEDIA_202_FOREVER else self._settings.media_delay
        picture = Picture(self._ledger.new_id(self._now()), account.id, kind, data, waits=waits)
        return Answer.json(200, {"data": _shown(self._shelf.put(picture), "pending")})

    def status(self, account: Account, call: Call) -> Answer:
        picture = self._shelf.ask(call.request.asked("media_id") or "", account.id)
        if picture is None:
            raise invalid("media_id", call.request.asked("media_id"), "Your media ID is invalid.")
        return Answer.json(200, {"data": _shown(picture, "in_progress") | self._failed(picture)})

    def _failed(self, picture: Picture) -> dict[str, Any]:
        """What X says of a picture that it could not work on."""
        fails = self._settings.media_fails and picture.waits
        return {"processing_info": {"state": "failed"}} if fails else {}

    def describe(self, account: Account, call: Call) -> Answer:
        sent = fields(call.request)
        alt = ((sent.get("metadata") or {}).get("alt_text") or {}).get("text", "")
        picture = self._shelf.get(str(sent.get("id")), account.id)
        if picture is None:
            raise invalid("id", sent.get("id"), "Your media ID is invalid.")
        if len(alt) > ALT:
            raise invalid("metadata.alt_text.text", alt, f"size must be between 0 and {ALT}")
        self._shelf.put(replace(picture, alt=alt))
        told = {"id": picture.id, "associated_metadata": {"alt_text": {"text": alt}}}
        return Answer.json(200, {"data": told})


def _data(media: object) -> bytes:
    if isinstance(media, Upload):
        return media.data
    try:
        return base64.b64decode(str(media or ""), validate=True)
    except binascii.Error:
        raise invalid("media", "", "media must be a file or base64") from None


def _shown(picture: Picture, waiting: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": picture.id,
        "media_key": f"3_{picture.id}",
        "size": len(picture.data),
        "expires_after_secs": 86400,
    }
    if picture.waits:
        shown["processing_info"] = {"state": waiting, "check_after_secs": 1}
    return shown
