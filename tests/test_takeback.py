"""A post that was taken back is gone, stays in the history, and never comes back by itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.core.model import Change, Deferred, NewDelivery, State, Unconfirmed, Unreadable
from tests.given import account, at, book
from tests.test_campaign import (
    HOUR,
    MESSAGES,
    MILESTONES,
    MINUTE,
    NINE,
    TEMPLATE,
    World,
    counted,
    down,
    settings,
    world,
)

__all__ = ["world"]
EVENING = at("2026-12-01 18:05")


def the(here: World, action: str = "post") -> Any:
    return next(row for row in here.store.history() if row.action == action and row.remote_ids)


def standing(here: World) -> list[str]:
    return [seen.remote_id for seen in here.networks["mastodon"].public]


def test_a_post_is_deleted_where_it_stands_and_stays_in_the_history(world) -> None:
    here = world(*MESSAGES)
    here.go(NINE)
    row = the(here)
    assert here.campaign.unpost(row.id) == []
    after = here.store.delivery(row.id)
    assert standing(here) == []
    assert (after.state, after.remote_ids, after.remote_url) == (State.POSTED, (), row.remote_url)
    assert after.reason == "taken back on 2026-12-01 at 09:00 UTC"
    assert after.posted_at == row.posted_at


def test_its_turn_stays_used_and_nothing_comes_back_by_itself(world) -> None:
    here = world(*MESSAGES)
    here.go(NINE)
    here.campaign.unpost(the(here).id)
    for _ in range(2):
        here.start(here.campaign.book)
        here.go(here.clock.now() + HOUR)
    assert standing(here) == []
    here.go(EVENING)
    assert here.networks["mastodon"].texts()[0].startswith("The text of m1.")


def test_the_account_can_still_be_read_well_without_it(world) -> None:
    """A taken-back post is not the newest one that a good reading must show."""
    here = world(*MESSAGES)
    here.go(NINE)
    here.campaign.unpost(the(here).id)
    network = here.networks["mastodon"]
    network.will(Unconfirmed("timed out"))
    here.go(EVENING + 10 * MINUTE)
    assert here.states() == ["posted", "posted"]
    assert len(standing(here)) == 1


def thread(here: World, parts: int, ids: tuple[str, ...], state: State) -> int:
    """A delivery of a thread, as far as it came."""
    now = here.clock.now()
    (row,) = here.store.insert(
        [NewDelivery("mastodon/thread", "mastodon", now, now + HOUR, message_id="m0")], {}
    )
    network = here.networks["mastodon"]
    for _ in ids:
        network._stand("a part")
    assert here.store.settle(row, Change(state, "the rest of the thread", remote_ids=ids, next_at=now + HOUR))
    return row.id


def test_all_parts_of_a_thread_are_deleted_the_last_one_first(world) -> None:
    here = world(*MESSAGES)
    number = thread(here, 3, ("1", "2", "3"), State.POSTED)
    network, deleted = here.networks["mastodon"], list[str]()
    delete = network.delete
    network.delete = lambda remote_id: deleted.append(remote_id) or delete(remote_id)  # type: ignore[method-assign]
    assert here.campaign.unpost(number) == []
    assert deleted == ["3", "2", "1"]
    assert standing(here) == []


def test_a_thread_under_way_does_not_go_on(world) -> None:
    here = world(*MESSAGES)
    number = thread(here, 3, ("1", "2"), State.DUE)
    assert here.campaign.unpost(number) == []
    here.go(here.clock.now() + 2 * HOUR)
    assert here.networks["mastodon"].calls.count("publish") == 1, "only that of nine o'clock"
    after = here.store.delivery(number)
    assert (after.state, after.remote_ids) == (State.POSTED, ())
    assert "before all of it was out" in after.reason or "taken back" in after.reason


def test_what_cannot_be_deleted_is_said_and_can_be_tried_again(world) -> None:
    here = world(*MESSAGES)
    number = thread(here, 3, ("1", "2", "3"), State.POSTED)
    network = here.networks["mastodon"]
    delete = network.delete
    network.delete = lambda remote_id: Deferred("503") if remote_id == "2" else delete(remote_id)  # type: ignore[method-assign]
    assert here.campaign.unpost(number) == ["part 2 (id 2) still stands: 503"]
    assert here.store.delivery(number).remote_ids == ("2",)
    assert here.store.delivery(number).reason.endswith("but for 1 of 3")
    network.delete = delete  # type: ignore[method-assign]
    assert here.campaign.unpost(number) == []
    assert standing(here) == []
    assert here.campaign.unpost(number)[0].startswith(f"nothing of delivery {number} stands")


def test_a_milestones_repost_is_deleted_with_it(world) -> None:
    here = world(TEMPLATE, petition=MILESTONES)
    counted(here, 990, 1001)
    here.go(here.clock.now() + 13 * HOUR, step=HOUR)
    assert len(standing(here)) == 2
    announced, repost = the(here), the(here, "repost")
    assert here.campaign.unpost(announced.id) == []
    assert standing(here) == []
    assert here.store.delivery(repost.id).remote_ids == ()


def test_a_repost_alone_can_be_taken_back(world) -> None:
    here = world(TEMPLATE, petition=MILESTONES)
    counted(here, 990, 1001)
    here.go(here.clock.now() + 13 * HOUR, step=HOUR)
    assert here.campaign.unpost(the(here, "repost").id) == []
    assert [seen.repost_of for seen in here.networks["mastodon"].public] == [None]


def test_a_repost_to_come_is_called_off(world) -> None:
    here = world(TEMPLATE, petition=MILESTONES)
    counted(here, 990, 1001)
    assert here.campaign.unpost(the(here).id) == []
    here.go(here.clock.now() + 14 * HOUR, step=HOUR)
    assert here.networks["mastodon"].calls.count("repost") == 0
    repost = next(row for row in here.store.history() if row.action == "repost")
    assert (repost.state, repost.reason) == (State.CANCELLED, "the post to repeat was taken back")


def test_a_repost_in_doubt_goes_with_its_post(world) -> None:
    here = world(TEMPLATE, petition=MILESTONES)
    counted(here, 990, 1001)
    here.networks["mastodon"].will(Unconfirmed("timed out"))
    here.go(here.clock.now() + 12 * HOUR + MINUTE / 2, step=HOUR)
    assert len(here.store.unconfirmed()) == 1
    assert here.campaign.unpost(the(here).id) == []
    assert here.store.unconfirmed() == []


# --- what is not there ------------------------------------------------------------------------------


def test_what_does_not_stand_says_what_to_do_instead(world) -> None:
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    assert here.campaign.unpost(99) == ["there is no delivery 99"]
    network.will(down())
    here.go(NINE)
    [row] = here.store.history()
    assert "is not out yet" in here.campaign.unpost(row.id)[0]
    network.timeline_answers = [Unreadable("503")] * 100
    network.will(Unconfirmed("timed out"))
    here.go(NINE + MINUTE)
    assert f"petition-bot resolve {row.id} posted" in here.campaign.unpost(row.id)[0]
    assert here.store.delivery(row.id).state is State.UNCONFIRMED


def test_keys_of_another_account_delete_nothing(world) -> None:
    here = world(*MESSAGES)
    here.go(NINE)
    here.networks["mastodon"].user = "somebody"
    assert "the keys belong to @me" in here.campaign.unpost(the(here).id)[0]
    assert len(standing(here)) == 1


def test_an_account_that_is_gone_from_the_file_is_left_to_a_person(world) -> None:
    here = world(*MESSAGES, accounts=[account("a"), account("b")])
    here.go(NINE)
    row = next(row for row in here.store.history() if row.account == "a")
    here.campaign.adopt(book(*MESSAGES, settings=settings(account("b"))), {})
    [sentence] = here.campaign.unpost(row.id)
    assert "delete it by hand (https://n/1)" in sentence


# --- a pause in a burst ------------------------------------------------------------------------------


@pytest.mark.parametrize(("only", "burst"), [(None, 1000), ("mastodon", 60)], ids=["all", "one account"])
def test_after_a_pause_is_committed_nothing_is_claimed_any_more(world, only: str | None, burst: int) -> None:
    """In the middle of a burst of due posts, with real threads."""
    loopback = account(server="http://127.0.0.1", schedule={"every": "6h"})
    here = world(*MESSAGES, accounts=[loopback], delivery={"grace": "20h"})
    now = here.clock.now()
    rows = [
        NewDelivery(
            f"mastodon/by-hand/m{n % 5}/{n}", "mastodon", now, now + HOUR, message_id="m0", language="en"
        )
        for n in range(burst)
    ]
    here.store.insert(rows, {})
    network = here.networks["mastodon"]
    some = threading.Event()
    stand = network._stand

    def counted_stand(*given: Any) -> Any:
        if len(network.public) == 10:
            some.set()
        return stand(*given)

    network._stand = counted_stand  # type: ignore[method-assign]
    serving = threading.Thread(target=here.tick)
    serving.start()
    assert some.wait(60)
    here.store.pause(only, None)
    claimed = sum(row.attempts for row in here.store.history())
    serving.join(60)
    assert sum(row.attempts for row in here.store.history()) == claimed
    assert len(network.texts()) == claimed < burst
    here.store.resume(only)
    network.will(lambda: here.campaign.stop() or stand(network._text))
    here.campaign.serve("mastodon")
    assert len(network.texts()) == claimed + 1
