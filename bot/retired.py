"""What an account leaves behind that is no longer in config.yaml. It is never spoken to again."""

from __future__ import annotations

from datetime import datetime

from bot.core.delivery import needs_person
from bot.core.model import Change, State, Stop
from bot.ports import Store


def retire(store: Store, account_id: str, now: datetime) -> None:
    """Cancel what is due for the account; what is in doubt there can only be looked up by a person."""
    why = f"{account_id} is no longer in config.yaml"
    gone = Stop(State.CANCELLED, why)
    for row in [*store.due(now, account_id), *store.unconfirmed(account_id), *store.sending(account_id)]:
        if row.state is State.DUE:
            store.claim(row.id, None, now, (now, now), lambda _row, _situation: gone)
        elif not needs_person(row):
            store.settle(row, Change(State.UNCONFIRMED, why, doubts=row.doubts))
