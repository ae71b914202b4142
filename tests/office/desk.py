"""A campaign whose messages are edited: both files in a folder of its own, and an office above."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot import config
from bot.app import book_of, findings
from bot.campaign import Campaign
from bot.office import Files, Office
from bot.office.words import Entry, stamp
from bot.store import open_store
from tests.given import at
from tests.scripted import HandClock, HandCounter

NOW = at("2026-12-01 12:00")

CONFIG = """\
campaign: {name: Test, timezone: Europe/Madrid, language: en, hashtags: [StopMPP]}
petition: {url: https://petition.example.org/p}
rotation: {mix: [fact, call], cooldown: 0s}
accounts:
  - {id: x, network: x, schedule: {at: ["09:00"]}}
  - id: mastodon
    network: mastodon
    languages: [en, es]
    server: https://social.example.org
    schedule: {at: ["10:00"]}
"""

QUEUE = """\
# The queue.
messages:

  # Checked by Ana.
  - id: tents
    kind: fact          # what it is
    text: 'It''s cold in the tents'
    source: https://example.org/report
    as_of: 2026-11-20

  - id: sign
    kind: call
    text:
      en: Sign with us
      es: Firme con nosotros

  - id: court
    kind: fact
    text: Nobody told them when the court sits
    source: https://example.org/court
    as_of: 2026-11-20
    draft: true

# The end.
"""


class Desk:
    """`office` above `folder`; `rereads` counts how often the bot was told to look at the files."""

    def __init__(self, folder: Path, queue: str = QUEUE, settings: str = CONFIG) -> None:
        self.folder, self.path = folder, folder / "messages.yaml"
        (folder / "config.yaml").write_text(settings, encoding="utf-8")
        self.path.write_bytes(queue.encode())
        self.clock, self.store = HandClock(NOW), open_store("sqlite://")
        self.rereads = self.wakes = 0
        book = book_of(self.read(QUEUE), NOW)
        self.campaign = Campaign(book, self.store, {}, HandCounter(), self.clock, lambda event: None)
        files = Files(self.path, self.read, lambda loaded: findings(loaded, self.clock.now()), self._reread)
        self.office = Office(self.campaign, self.store, self.clock, self._wake, files)
        self._reread()
        self.rereads = 0

    def read(self, text: str | None = None) -> config.Loaded:
        return config.load(self.folder / "config.yaml", {}, text)

    def _reread(self) -> None:
        self.rereads += 1
        loaded = self.read()
        if loaded.settings and loaded.queue:
            self.campaign.adopt(book_of(loaded, self.clock.now()), {})

    def _wake(self) -> None:
        self.wakes += 1

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def entry(self, id: str) -> Entry:
        found = self.office.messages.sheet().entry(id)
        assert found is not None, id
        return found

    def seen(self, id: str) -> str:
        """What somebody holds who looks at the message now."""
        return stamp(self.office.messages.sheet().entry(id))

    def edited(self, old: str, new: str) -> None:
        """Somebody with a text editor."""
        assert old in self.text
        self.path.write_bytes(self.text.replace(old, new).encode())

    def print(self) -> str:
        """What tells whether any byte of the file is another one."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()
