"""Mastodon's pictures: upload, waiting until they are processed, alternative text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox.accounts import Account
from bot.sandbox.body import Upload, fields
from bot.sandbox.faults import Fault
from bot.sandbox.mastodon_settings import MastodonSettings
from bot.sandbox.problems import Stopped
from bot.sandbox.server import Call
from bot.sandbox.shelf import FOREVER, Picture, Shelf, kind_of
from bot.sandbox.toots import attachment
from bot.sandbox.wire import Answer

if TYPE_CHECKING:
    from bot.sandbox.mastodon import MastodonSite

MOST = 16 * 1024 * 1024
ALT = 1500


class Uploads:
    def __init__(self, site: MastodonSite, settings: MastodonSettings, shelf: Shelf) -> None:
        self._site = site
        self._settings = settings
        self._shelf = shelf

    def upload(self, account: Account, call: Call) -> Answer:
        """200 with an address, or 202 without one while the picture is being processed."""
        sent = fields(call.request)
        file = sent.get("file")
        kind = kind_of(file.data) if isinstance(file, Upload) else None
        if not isinstance(file, Upload) or kind is None:
            raise self._site.stop_with(422, "Validation failed: File content type is invalid")
        if len(file.data) > MOST:
            raise Stopped(self._site.problem(413))
        alt = self._alt(str(sent.get("description") or ""))
        waits = FOREVER if call.fault is Fault.MEDIA_202_FOREVER else self._settings.media_delay
        new_id = self._site.ledger.new_id(self._site.now())
        picture = self._shelf.put(Picture(new_id, account.id, kind, file.data, alt, waits))
        return self._told(picture, 202)

    def status(self, account: Account, call: Call) -> Answer:
        """200, or 206 while it is being processed."""
        self._mine(account, call)
        picture = self._shelf.ask(call.request.args[0], account.id)
        return self._told(picture or self._mine(account, call), 206)

    def describe(self, account: Account, call: Call) -> Answer:
        picture = self._mine(account, call)
        alt = self._alt(str(fields(call.request).get("description") or ""))
        return self._told(self._shelf.put(replace(picture, alt=alt)), 206)

    def picture(self, call: Call) -> Answer:
        picture = self._shelf.get(call.request.args[0])
        if picture is None:
            raise Stopped(self._site.problem(404))
        return Answer(200, picture.data, (("Content-Type", picture.kind),))

    def _told(self, picture: Picture, waiting: int) -> Answer:
        return Answer.json(waiting if picture.waits else 200, attachment(picture, self._site.url))

    def _mine(self, account: Account, call: Call) -> Picture:
        picture = self._shelf.get(call.request.args[0], account.id)
        if picture is None or picture.attached:
            raise Stopped(self._site.problem(404))
        return picture

    def _alt(self, alt: str) -> str:
        limit = self._settings.description_limit or ALT
        if len(alt) > limit:
            raise self._site.stop_with(422, f"Validation failed: Description is too long (maximum {limit})")
        return alt
