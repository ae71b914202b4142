"""What followers see, asked from a running campaign: fresh, and looked at no oftener than needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.core.model import NewDelivery, State
from bot.ports import Store
from bot.sharing import FRESH
from bot.store import open_store
from tests.scripted import HandClock
from tests.share.given import Written, a_book, a_reading, a_sharing, posted, two
from tests.web.given import NOW


class Counted:
    """A store that counts how often the newest posts were looked at."""

    def __init__(self, store: Store) -> None:
        self._store, self.looks = store, 0

    def __getattr__(self, name: str) -> Any:
        self.looks += name == "history"
        return getattr(self._store, name)


def test_many_who_ask_are_one_look():
    store, clock = Counted(open_store("sqlite://")), HandClock(NOW)
    sharing = a_sharing(store=store, clock=clock)  # type: ignore[arg-type]
    first = sharing.board()
    assert all(sharing.board() is first for _ in range(50))
    assert store.looks == 1
    clock.forward(FRESH + timedelta(seconds=1))
    sharing.board()
    assert store.looks == 2


def test_an_edit_of_the_queue_is_seen_at_once():
    sharing = a_sharing()
    sharing.board()
    campaign = sharing._campaign
    assert isinstance(campaign, Written)
    campaign.book = a_book(two("new"))
    assert [offer.id for offer in sharing.board().editions[0].offers] == ["new"]


def test_the_count_milestones_and_posts_come_from_the_state():
    store = open_store("sqlite://")
    store.add_reading(a_reading(5321))
    row = posted(1)
    named = {"message_id": "tents", "language": "en", "post": row.post}
    store.insert(
        [
            NewDelivery(row.key, row.account, row.slot, row.expires, **named),
            NewDelivery("later", row.account, row.slot, row.expires, state=State.MISSED, reason="no money"),
        ],
        {},
    )
    edition = a_sharing(store=store).board().editions[0]
    assert edition.count
    assert edition.count.number == 5321
    assert edition.boosts == (), "it is due, and stands nowhere yet"
