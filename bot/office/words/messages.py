"""What organizers do to messages: try out, save, approve, expire, move, delete.

Every verb that changes something takes `who` first, edits nothing in messages.yaml but that entry, and keeps
in the audit log how it stood before and after. It never writes over what the doer has not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bot.campaign import Campaign
from bot.core.model import Limits, Picture
from bot.core.pictures import Unusable
from bot.core.written import texts
from bot.files import edit
from bot.files.edit import Changed, EditRefused
from bot.files.pictures import Album
from bot.office.people import NotSo
from bot.office.words import uploads
from bot.office.words.rows import Row, rows
from bot.office.words.sheet import Complaint, Entry, Files, Sheet, as_yaml, stamp
from bot.office.words.trial import Trial, fitted
from bot.ports import Clock, Drawn, Store

AHEAD, MANY = timedelta(days=14), 500
"""How far the list looks for the next time of a message: in days, and in slots."""

TRIES = 5
"""How often a file is read anew that others keep writing."""

FIRST_WORDS = 5
"""Of a text, which become the id of its message."""

THUMB = Limits(280, "graphemes", picture_bytes=150_000, picture_pixels=200_000)
"""Pictures as the pages show them: small."""

Note = Callable[[str, str, str, str, str], None]
"""Keeps a deed: who, verb, about, before, after."""


@dataclass(frozen=True, slots=True)
class Saved:
    """It stands in the file, under this id; `refused` says why the bot goes on with the files before."""

    id: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed this entry since it was looked at; nothing was saved. `theirs` is how it stands now
    (None: it is gone), `mine` what was to be saved."""

    theirs: Entry | None
    mine: Entry


class Messages:
    """The messages of one campaign."""

    def __init__(
        self,
        files: Files,
        campaign: Campaign,
        store: Store,
        clock: Clock,
        note: Note,
        wake: Callable[[], None],
    ) -> None:
        self._files, self._campaign, self._store, self._clock = files, campaign, store, clock
        self._note, self._wake = note, wake

    # --- to look at ----------------------------------------------------------------------------

    def sheet(self) -> Sheet:
        """messages.yaml as it stands now."""
        try:
            raw = self._files.messages.read_bytes()
            return Sheet(self._files, raw.decode("utf-8"), raw)
        except (OSError, UnicodeDecodeError):
            return Sheet(self._files, None)

    def rows(self, sheet: Sheet) -> list[Row]:
        """All messages of the sheet, in its order."""
        now, settings = self._clock.now(), self._campaign.book.settings
        zones = {account.id: settings.zone(account) for account in settings.accounts}
        coming = islice(self._campaign.preview(now, now + AHEAD), MANY)
        return rows(sheet, settings, self._store.ledger(now, zones).pasts, coming, now)

    def try_out(self, entry: Entry, old: str | None, sheet: Sheet | None = None) -> Trial:
        """The entry in place of the message `old` (None: as a new one), as if it were no draft. Raises NotSo
        where this file cannot be edited at all."""
        sheet = sheet or self.sheet()
        entry = {key: value for key, value in named(entry, sheet).items() if key != "draft"}
        if entry["id"] != old and entry["id"] in sheet.ids:
            taken = f"there is a message {entry['id']} already; take another name"
            return Trial((Complaint("error", taken, ("id",)),), False)
        after = Sheet(self._files, _edited(sheet, entry, old))
        at = sheet.place(old)
        at = len(after.entries) - 1 if at is None else at
        message = after.messages.get(at)
        posts = fitted(message, self._campaign.book, self._campaign.signatures()) if message else ()
        return Trial(after.complaints(at), after.is_read(at), posts)

    def thumb(self, file: str) -> Drawn | None:
        """A picture of the folder, small, and without what its camera noted."""
        drawn = Album(self._files.messages.parent).draw(Picture(file, ""), THUMB)
        return None if isinstance(drawn, Unusable) else drawn

    # --- to change -----------------------------------------------------------------------------

    def save(
        self, who: str, entry: Entry, old: str | None, seen: str, *, out: bool
    ) -> Saved | Conflict | Trial:
        """Write the entry in place of the message `old` (None: as a new one), which was looked at as `seen`
        (its stamp). `out` False: as a draft; a draft may have errors, but not such as stop the whole file.
        A Trial: it has errors, and nothing was saved. Raises NotSo."""
        for _ in range(TRIES):
            sheet = self.sheet()
            entry, theirs = _with_draft(named(entry, sheet), out=out), sheet.entry(old)
            if stamp(theirs) != seen:
                return Conflict(theirs, entry)
            trial = self.try_out(entry, old, sheet)
            if not trial.readable or (out and trial.errors):
                return trial
            after = _edited(sheet, entry, old)
            if self._is_written(sheet, after):
                verb = "add message" if theirs is None else "change message"
                self._note_edit(who, verb, entry["id"], as_yaml(theirs), as_yaml(entry), after != sheet.text)
                return Saved(entry["id"], Sheet(self._files, after).refused)
        raise _busy()

    def approve(self, who: str, message_id: str, seen: str) -> Saved | Trial:
        """The draft may go out, as it was looked at. Raises NotSo."""
        sheet = self.sheet()
        entry = _the(sheet, message_id, seen)
        trial = self.try_out(entry, message_id, sheet)
        if not trial.readable or trial.errors:
            return trial
        return self._set(who, "approve message", message_id, seen, {"draft": None})

    def expire(self, who: str, message_id: str, seen: str) -> Saved:
        """It does not go out again from now on. Raises NotSo."""
        zone = self._campaign.book.settings.campaign.timezone
        now = f"{self._clock.now().astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        return self._set(who, "expire message", message_id, seen, {"expires": now})

    def remove(self, who: str, message_id: str, seen: str) -> Saved:
        """Raises NotSo."""

        def told(old: Entry) -> tuple[str, str]:
            return as_yaml(old), ""

        return self._change(
            (who, "delete message", message_id), seen, lambda text: edit.remove(text, message_id), told
        )

    def move(self, who: str, message_id: str, before: str | None) -> Saved:
        """To another place in the list: before another one, or to its end (None). Raises NotSo."""

        def told(old: Entry) -> tuple[str, str]:
            return "", f"before {before}" if before else "to the end"

        return self._change(
            (who, "move message", message_id), None, lambda text: edit.move(text, message_id, before), told
        )

    def _set(self, who: str, verb: str, message_id: str, seen: str, fields: Entry) -> Saved:
        def told(old: Entry) -> tuple[str, str]:
            after = {key: value for key, value in (old | fields).items() if value is not None}
            return as_yaml(old), as_yaml(after)

        return self._change(
            (who, verb, message_id), seen, lambda text: edit.set_fields(text, message_id, fields), told
        )

    def _change(
        self,
        deed: tuple[str, str, str],
        seen: str | None,
        change: Callable[[str], str],
        told: Callable[[Entry], tuple[str, str]],
    ) -> Saved:
        """`deed`: who does what to which message; `told`: what the audit log has of it, before and after."""
        for _ in range(TRIES):
            sheet = self.sheet()
            entry = _the(sheet, deed[2], seen)
            try:
                text = change(sheet.text)
            except EditRefused as refused:
                raise _unsaved(refused) from None
            if self._is_written(sheet, text):
                self._note_edit(*deed, *told(entry), text != sheet.text)
                return Saved(deed[2], Sheet(self._files, text).refused)
        raise _busy()

    def _is_written(self, sheet: Sheet, after: str) -> bool:
        """False: somebody else was first."""
        try:
            edit.save(self._files.messages, sheet.raw, after)
        except Changed:
            return False
        except OSError as error:
            why = (error.strerror or "the system refused").lower()
            where = self._files.messages
            raise NotSo(
                "nothing was saved: %(file)s cannot be written (%(why)s)", file=where, why=why
            ) from None
        return True

    def _note_edit(self, who: str, verb: str, about: str, before: str, after: str, changed: bool) -> None:
        if changed:
            self._note(who, verb, about, before, after)
            self._files.reread()
            self._wake()

    def keep_picture(self, who: str, name: str, data: bytes) -> str:
        """A picture beside messages.yaml; where it stands there. Raises NotSo."""
        file = uploads.keep(self._files.messages.parent, name, data)
        self._note(who, "add picture", file, "", file)
        return file


def _busy() -> NotSo:
    return NotSo("nothing was saved: others are writing messages.yaml at this moment; try again")


def _the(sheet: Sheet, message_id: str, seen: str | None) -> Entry:
    """The entry, as it was looked at. Raises NotSo."""
    entry = sheet.entry(message_id)
    if sheet.locked:
        raise _unsaved(sheet.locked)
    if entry is None:
        raise NotSo("nothing was changed: there is no message %(id)s any more", id=message_id)
    if seen is not None and stamp(entry) != seen:
        raise NotSo("nothing was changed: somebody else changed this message meanwhile; look at it again")
    return entry


def _edited(sheet: Sheet, entry: Entry, old: str | None) -> str:
    if sheet.unread:
        raise _unsaved(sheet.unread)
    try:
        if old is None or sheet.entry(old) is None:
            return edit.add(sheet.text, entry)
        return edit.replace(sheet.text, old, entry)
    except EditRefused as refused:
        raise _unsaved(refused) from None


def _unsaved(why: object) -> NotSo:
    return NotSo("nothing was saved: %(why)s", why=why)


def _with_draft(entry: Entry, *, out: bool) -> Entry:
    """`draft: false` that stands there stays; else a message that goes out says nothing of it."""
    if not out:
        return {**entry, "draft": True}
    return {key: value for key, value in entry.items() if key != "draft" or value is False}


def named(entry: Entry, sheet: Sheet) -> Entry:
    """The entry with an id; where it has none, one from the first words of its text that nobody else has."""
    if entry.get("id"):
        return entry
    words = _first_text(entry.get("text"))
    short = uploads.plain(re.sub(r"[./\\]", " ", " ".join(words.split()[:FIRST_WORDS])), "message")
    names = (short, *(f"{short}-{number}" for number in range(2, len(sheet.ids) + 3)))
    return {"id": next(each for each in names if each not in sheet.ids), **entry}


def _first_text(value: Any) -> str:
    said = [text for each in texts(value).values() for text in each if isinstance(text, str)]
    return said[0] if said else ""
