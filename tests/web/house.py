"""A whole site over a real campaign, for tests that go through every address there is."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from bot import config
from bot.app import Bot
from bot.core.model import Reading
from bot.store.schema import metadata
from bot.store.store import SqlStore
from bot.web import create_app
from tests.web.given import NOW, SHIPPED
from tests.web.visitor import Visitor, a_user

EXAMPLES: dict[str, list[Any]] = {
    "filename": ["style.css", "nothing.css"],
    "path": ["", "card/nothing.png"],
    "file": ["media/one-square-one-person.png", "media/nothing.png"],
    "number": [1, 999],
    "key": ["nothing"],
    "id": ["what-mpp-means", "nothing"],
}
"""What stands in an address for each of its parts."""


class House:
    """The shipped campaign with a past, its two files in a folder, and its whole site. `messages`: instead of
    the shipped ones."""

    def __init__(self, folder: Path, store: SqlStore, messages: list[dict[str, Any]] | None = None) -> None:
        self.folder, self.store, self.examples = folder, store, dict(EXAMPLES)
        for name, place in (("config.example.yaml", "config.yaml"), ("messages.yaml", "messages.yaml")):
            shutil.copy(SHIPPED.parent / name, folder / place)
        shutil.copytree(SHIPPED.parent / "media", folder / "media")
        if messages is not None:
            (folder / "messages.yaml").write_text(json.dumps({"messages": messages}), "utf-8")
        bot = Bot(config.load(folder / "config.yaml", {}), store, {}, speaks=False, links=False)
        store.add_reading(Reading(1234, "here", NOW))
        bot.campaign.skip_to_now()
        bot.campaign.post("what-mpp-means", "mastodon")
        self.app: Flask = create_app(bot.office(), lambda: [], sharing=bot.sharing(), watch=bot.watcher)

    def people(self) -> None:
        """From now on everybody signs in: ana approves, ben edits."""
        a_user(self.store, "ana")
        a_user(self.store, "ben", "editor")

    def visitor(self, name: str | None = None) -> Visitor:
        visitor = Visitor(self.app)
        if name:
            visitor.sign_in(name)
        return visitor

    def everything(self) -> str:
        """All that the bot remembers and all that people wrote."""
        whole = hashlib.sha256()
        with self.store.engine.connect() as connection:
            for table in metadata.sorted_tables:
                rows = connection.execute(select(table).order_by(*table.primary_key))
                whole.update(repr([table.name, *map(tuple, rows)]).encode())
        for file in sorted(self.folder.rglob("*")):
            whole.update(repr(file.name).encode() + (file.read_bytes() if file.is_file() else b""))
        return whole.hexdigest()

    def addresses(self, method: str) -> list[tuple[str, str]]:
        """Each endpoint that takes the method, with each of its addresses."""
        rules = [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]
        return [(rule.endpoint, address) for rule in rules for address in self._of(rule)]

    def _of(self, rule: Rule) -> list[str]:
        unknown = rule.arguments - set(self.examples)
        assert not unknown, f"EXAMPLES has nothing for {unknown} of {rule.rule}"
        with self.app.test_request_context():
            given = (
                [{}]
                if not rule.arguments
                else [
                    {name: self.examples[name][place % len(self.examples[name])] for name in rule.arguments}
                    for place in range(max(len(self.examples[name]) for name in rule.arguments))
                ]
            )
            return [self.app.url_for(rule.endpoint, **values) for values in given]
