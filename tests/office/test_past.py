"""What organizers do to what has been: everything is found again, and every deed is kept under its doer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.model import Deferred, Delivery, NewDelivery, Reading, State, Unconfirmed, Unreadable
from bot.core.sought import Sought
from bot.office.past import AT_ONCE, LEAF, Past
from bot.ports import Deed
from tests.test_campaign import (
    HOUR,
    MESSAGES,
    MILESTONES,
    MINUTE,
    NINE,
    START,
    TEMPLATE,
    World,
    down,
    world,
)

__all__ = ["world"]
EVERYTHING = Sought()

Makes = Callable[..., World]


def past(here: World, woken: list[str] | None = None) -> Past:
    def note(who: str, verb: str, about: str, before: str, after: str) -> None:
        here.store.note(Deed(who, verb, about, before, after, here.clock.now()))

    told = woken if woken is not None else []
    return Past(here.campaign, here.store, here.clock, note, lambda: told.append("woken"))


def told(here: World) -> list[tuple[str, ...]]:
    return [(deed.who, deed.verb, deed.about, deed.before, deed.after) for deed in here.store.deeds()]


def rows(here: World, number: int) -> None:
    """So many posts of the past, one a minute."""
    given = [
        NewDelivery(f"mastodon/{n}", "mastodon", START - n * MINUTE, START, state=State.POSTED)
        for n in range(number)
    ]
    here.store.insert(given, {})


# --- looked at ----------------------------------------------------------------------------------


def test_a_page_says_whether_there_is_more_on_either_side(world: Makes):
    here = world(*MESSAGES)
    rows(here, 2 * LEAF + 1)
    office = past(here)
    first = office.leaf(EVERYTHING)
    second = office.leaf(EVERYTHING, older_than=first.rows[-1].id)
    third = office.leaf(EVERYTHING, older_than=second.rows[-1].id)
    assert [len(each.rows) for each in (first, second, third)] == [LEAF, LEAF, 1]
    assert [(each.newer, each.older) for each in (first, second, third)] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_going_back_shows_the_pages_that_were_shown(world: Makes):
    here = world(*MESSAGES)
    rows(here, 2 * LEAF + 1)
    office = past(here)
    first = office.leaf(EVERYTHING)
    second = office.leaf(EVERYTHING, older_than=first.rows[-1].id)
    third = office.leaf(EVERYTHING, older_than=second.rows[-1].id)
    assert office.leaf(EVERYTHING, newer_than=third.rows[0].id).rows == second.rows
    back = office.leaf(EVERYTHING, newer_than=second.rows[0].id)
    assert (back.rows, back.newer, back.older) == (first.rows, False, True)


def test_a_place_that_is_not_there_is_the_beginning(world: Makes):
    here = world(*MESSAGES)
    rows(here, 3)
    assert past(here).leaf(EVERYTHING, older_than=999).rows == past(here).leaf(EVERYTHING).rows


def test_everything_is_everything_once_however_much_it_is(world: Makes):
    here = world(*MESSAGES)
    rows(here, 2 * AT_ONCE + 3)
    found = [row.id for row, _cost in past(here).all(EVERYTHING)]
    assert sorted(found) == list(range(1, 2 * AT_ONCE + 4))
    assert [row.slot for row, _cost in past(here).all(EVERYTHING)] == sorted(
        (START - n * MINUTE for n in range(2 * AT_ONCE + 3)), reverse=True
    )


PRICED = [
    {
        "id": "x",
        "network": "x",
        "schedule": {"at": ["09:00"]},
        "prices": {"post_with_link": 0.25},
    }
]


def test_a_post_shows_what_it_cost_and_one_that_never_went_out_nothing(world: Makes):
    here = world(*MESSAGES, accounts=PRICED)
    here.go(NINE)
    here.networks["x"].will(down())
    here.go(NINE + timedelta(days=1))
    office = past(here)
    costs = office.leaf(EVERYTHING).costs
    assert [costs.get(row.id, 0) for row in office.leaf(EVERYTHING).rows] == [0, 250_000]
    assert [cost for _row, cost in office.all(EVERYTHING)] == [0, 250_000]


def test_a_repost_and_its_post_name_each_other(world: Makes):
    here = world(*MESSAGES, TEMPLATE, petition=MILESTONES)
    office = past(here)
    for number in (10, 1000):
        office.set_count("ana", number)
        here.tick()
    here.go(START + 20 * HOUR)
    post, repost = (
        next(row for row, _ in office.all(Sought(kind="milestone")) if row.action == action)
        for action in ("post", "repost")
    )
    assert office.repeated(repost) == post
    assert office.repost(post) == repost
    assert office.repeated(post) is None
    assert office.repost(repost) is None


# --- taken back ---------------------------------------------------------------------------------


def the(here: World) -> Delivery:
    return here.store.history()[0]


def test_what_is_taken_back_is_gone_and_the_log_says_who_did_it(world: Makes):
    here = world(*MESSAGES)
    here.go(NINE)
    assert past(here).take_back("ana", the(here).id) == []
    assert here.networks["mastodon"].public == []
    assert told(here) == [("ana", "take back", "delivery 1", "", "all of it is gone")]
    assert [deed.who for deed in past(here).deeds(1)] == ["ana"]


def test_what_could_not_be_deleted_is_said_and_kept(world: Makes, monkeypatch: pytest.MonkeyPatch):
    here = world(*MESSAGES)
    here.go(NINE)
    network = here.networks["mastodon"]
    monkeypatch.setattr(network, "delete", lambda remote_id: Deferred("it is down"))
    (left,) = past(here).take_back("ana", the(here).id)
    assert left.endswith("still stands: it is down")
    assert told(here)[0][-1] == left


# --- settled ------------------------------------------------------------------------------------


def doubtful(world: Makes) -> World:
    here = world(*MESSAGES)
    here.networks["mastodon"].will(Unconfirmed("timed out"))
    here.networks["mastodon"].timeline_answers = [Unreadable("down")] * 100
    here.go(NINE + MINUTE)
    assert the(here).state is State.UNCONFIRMED
    return here


@pytest.mark.parametrize(
    ("posted", "state", "after"), [(True, "posted", "posted"), (False, "missed", "not posted")]
)
def test_a_person_says_what_became_of_it_and_the_bot_goes_on_at_once(
    world: Makes, posted: bool, state: str, after: str
):
    here, woken = doubtful(world), list[str]()
    assert past(here, woken).resolve("ana", 1, posted=posted)
    assert (the(here).state, woken) == (state, ["woken"])
    assert told(here) == [("ana", "resolve", "delivery 1", "unconfirmed", after)]


def test_it_is_settled_once_and_only_where_there_is_something_to_settle(world: Makes):
    here, woken = doubtful(world), list[str]()
    office = past(here, woken)
    assert office.resolve("ana", 1, posted=True)
    assert not office.resolve("ben", 1, posted=False)
    assert not office.resolve("ben", 99, posted=False)
    assert (the(here).state, len(told(here)), len(woken)) == (State.POSTED, 1, 1)


# --- counted ------------------------------------------------------------------------------------


def test_a_count_by_hand_announces_the_milestone_it_passes_once(world: Makes):
    here, woken = world(*MESSAGES, TEMPLATE, petition=MILESTONES), list[str]()
    office = past(here, woken)
    for number in (990, 1000, 1001):
        office.set_count("ana", number)
    assert [row.target for row in office.signatures().announced if row.action == "post"] == ["1000"]
    assert list(office.signatures().passed) == [1000]
    assert told(here)[0] == ("ana", "set count", "petition", "1000", "1001")
    assert told(here)[-1] == ("ana", "set count", "petition", "", "990")
    assert len(woken) == 3


def test_more_signatures_than_people_are_refused_and_nothing_is_kept(world: Makes):
    here = world(*MESSAGES)
    for number in (10_000_000_001, -1):
        with pytest.raises(ValueError, match="people"):
            past(here).set_count("ana", number)
    assert (here.store.readings(), told(here)) == ([], [])


def test_the_pace_tells_when_milestone_and_goal_are_reached(world: Makes):
    here = world(*MESSAGES, petition={"goal": 2000, **MILESTONES})
    for days, number in ((0, 100), (1, 200), (2, 300)):
        here.store.add_reading(Reading(number, "test", START + timedelta(days=days)))
    here.clock.to(START + timedelta(days=2))
    found = past(here).signatures()
    assert [each.number for each in found.readings] == [100, 200, 300]
    assert (found.number, found.rate, found.milestone) == (300, pytest.approx(100), 1000)
    assert found.expected(1000) == START + timedelta(days=9)
    assert found.expected(2000) == START + timedelta(days=19)


def test_without_any_reading_nothing_is_expected(world: Makes):
    found = past(world(*MESSAGES)).signatures()
    assert (found.number, found.rate, found.expected(1000)) == (None, None, None)
