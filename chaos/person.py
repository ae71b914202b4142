"""A person who looks at the accounts now and then, and says truly what became of each post in doubt."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from bot.core.delivery import needs_person, resolved
from bot.store import open_store
from chaos.stage import Stage
from chaos.verdict import Outbox, stands


def look(stage: Stage) -> None:
    """Answer what waits for a person. What it repeats, or the part that was spoken last, is there or not."""
    with closing(open_store(stage.state)) as store:
        for row in filter(needs_person, store.unconfirmed()):
            said = Outbox(store.history(account=row.account)).says(row)
            there = stands(stage, row.account)[said[len(row.remote_ids)]] > 0
            store.settle(row, resolved(row, posted=there, now=datetime.now(UTC)))
