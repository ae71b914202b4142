"""Stories of threads: part by part, and always on behind the last part that is known to stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.model import Delivery, Limits, Picture, Refused, Unconfirmed, Unreadable
from bot.core.written import Message
from bot.ports import Drawn
from tests.given import account, at, book, message, settings
from tests.scripted import Scripted, down, revoked
from tests.test_campaign import DAY, HOUR, MINUTE, NINE, World

THREAD = message("thread", text="First.", thread=["Second.", "Third."])
NEXT = message("next", text="Another message.")
LINK = "https://petition.example.org/p"
PARTS = ["First.", "Second.", f"Third.\n\n{LINK}"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Any]:
    made: list[World] = []

    def make(*messages: Message, **fields: Any) -> World:
        given = book(*(messages or (THREAD, NEXT)), settings=settings(*fields.pop("accounts", ()), **fields))
        made.append(World(given, f"sqlite:///{tmp_path}/{len(made)}.db"))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


class Album:
    """Has every picture."""

    def draw(self, picture: Picture, limits: Limits) -> Drawn:
        return Drawn(picture, b"", "image/png", 1, 1)


def network(here: World) -> Scripted:
    return here.networks["mastodon"]


def row(here: World) -> Delivery:
    """The first of the thread."""
    return next(each for each in reversed(here.store.history()) if each.message_id == "thread")


def after(here: World, parts: int, *answers: Any) -> None:
    """So many parts go out, and then this happens."""
    net = network(here)
    net.will(*[lambda: net._stand(net._text)] * parts, *answers)


def test_the_parts_go_out_at_once_each_under_the_one_before(world):
    here = world()
    here.go(NINE)
    assert network(here).texts() == PARTS
    assert [reply for _, reply, _ in network(here).asked] == [None, "1", "2"]
    assert (row(here).state, row(here).remote_ids) == ("posted", ("1", "2", "3"))
    assert row(here).remote_url == "https://n/1"
    assert [event.what for event in here.events] == ["posted"]


def test_another_post_of_the_account_keeps_its_distance_from_a_thread(world):
    here = world(accounts=[account(schedule={"at": ["09:00", "09:02"]})])
    here.go(NINE + 4 * MINUTE)
    assert network(here).texts() == PARTS
    here.go(NINE + 6 * MINUTE)
    assert len(network(here).texts()) == 4


def test_pictures_go_with_the_first_part(world):
    given = THREAD.model_copy(update={"media": message("m", media=[{"file": "a.png", "alt": "A"}]).media})
    here = world(given)
    here.campaign._album = Album()
    here.campaign.adopt(here.campaign.book, here.networks)
    here.campaign.start()
    here.go(NINE)
    assert [pictures for _, _, pictures in network(here).asked] == [("a.png",), (), ()]


# --- something happens in the middle ---------------------------------------------------------------


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_what_is_put_off_goes_on_behind_the_last_part_that_stands(world, parts: int):
    here = world()
    after(here, parts, down(), down())
    here.go(NINE + 20 * MINUTE)
    assert network(here).texts() == PARTS
    assert [reply for _, reply, _ in network(here).asked][-1] == "2"
    assert [event.what for event in here.events] == ["due", "posted"]


@pytest.mark.parametrize("parts", [0, 1, 2])
@pytest.mark.parametrize("published", [True, False])
def test_an_unknown_part_is_looked_up_before_the_next(world, parts: int, published: bool):
    here = world()
    lost = network(here).publishes_and_says_nothing() if published else Unconfirmed("timed out")
    after(here, parts, lost)
    here.go(NINE + 20 * MINUTE)
    assert network(here).texts() == PARTS
    assert row(here).remote_ids == ("1", "2", "3")
    assert [event.what for event in here.events] == ["unconfirmed", "posted"]


@pytest.mark.parametrize("parts", [0, 1, 2])
@pytest.mark.parametrize("published", [True, False])
def test_a_crash_between_two_parts_ends_in_one_whole_thread(world, parts: int, published: bool):
    here = world()
    net = network(here)

    def die() -> Any:
        if published:
            net._stand(net._text)
        raise KeyboardInterrupt

    after(here, parts, die)
    with pytest.raises(KeyboardInterrupt):
        here.go(NINE)
    here.start(here.campaign.book)
    here.go(NINE + 20 * MINUTE)
    assert net.texts() == PARTS
    assert row(here).state == "posted"


def test_a_crash_between_the_record_of_one_part_and_the_claim_of_the_next(world):
    here = world()
    courier = here.campaign.couriers["mastodon"]
    claim = courier._claim

    def die(delivery: Delivery) -> Any:
        if delivery.remote_ids:
            raise KeyboardInterrupt
        return claim(delivery)

    courier._claim = die
    with pytest.raises(KeyboardInterrupt):
        here.go(NINE)
    assert (row(here).state, row(here).remote_ids) == ("due", ("1",))
    here.start(here.campaign.book)
    assert network(here).texts() == PARTS


@pytest.mark.parametrize("parts", [1, 2])
def test_a_part_that_is_refused_ends_the_thread_and_says_what_stands(world, parts: int):
    here = world()
    after(here, parts, Refused("the network does not take this post"))
    here.go(NINE + MINUTE)
    assert network(here).texts() == PARTS[:parts]
    ended = row(here)
    assert (ended.state, len(ended.remote_ids)) == ("refused", parts)
    assert f"{parts} of 3 parts stand at https://n/1" in ended.reason
    assert f"petition-bot unpost {ended.id}" in ended.reason
    assert [event.what for event in here.events] == ["refused"]


def test_a_thread_that_broke_off_has_had_its_turn(world):
    here = world()
    after(here, 1, Refused("no"))
    here.go(at("2026-12-02 08:00"), step=HOUR)
    assert network(here).texts() == ["First.", f"Another message.\n\n{LINK}"]


def test_a_thread_goes_on_after_an_outage_of_hours(world):
    """Half a thread is worse than a late one."""
    here = world()
    after(here, 1, *[down()] * 12)
    here.go(NINE + 7 * HOUR, step=10 * MINUTE)
    assert network(here).texts() == PARTS


def test_a_thread_is_not_taken_up_again_after_a_day(world):
    here = world(THREAD)
    after(here, 1, *[down()] * 500)
    here.go(NINE + DAY + HOUR, step=HOUR)
    ended = row(here)
    assert (ended.state, ended.remote_ids) == ("refused", ("1",))
    assert "1 of 3 parts stand" in ended.reason


def test_revoked_keys_hold_the_account_in_the_middle_and_then_it_goes_on(world):
    here = world()
    after(here, 1, revoked())
    here.go(NINE + 2 * HOUR)
    assert network(here).texts() == PARTS[:1]
    here.store.hold("mastodon", None)
    here.go(NINE + 3 * HOUR)
    assert network(here).texts() == PARTS


def test_a_pause_holds_it_in_the_middle(world):
    here = world()
    net = network(here)

    def pause() -> Any:
        here.store.pause(None, None)
        return net._stand(net._text)

    net.will(pause)
    here.go(NINE + 10 * MINUTE)
    assert net.texts() == PARTS[:1]
    here.store.resume(None)
    here.go(NINE + 20 * MINUTE)
    assert net.texts() == PARTS


def test_an_edit_in_the_middle_ends_it(world):
    here = world()
    after(here, 1, down())
    here.go(NINE)
    edited = THREAD.model_copy(update={"thread": message("m", thread=["Second, mended.", "Third."]).thread})
    here.campaign.adopt(book(edited, NEXT, settings=here.campaign.book.settings), {})
    here.go(NINE + HOUR)
    assert network(here).texts() == PARTS[:1]
    assert row(here).state == "refused"
    assert "was edited after the first attempt; 1 of 3 parts stand" in row(here).reason


def test_a_part_of_another_thread_is_not_taken_for_ours(world):
    """The same words stand there twice: each belongs to one."""
    here = world(THREAD, message("b", text="First of b.", thread=["Second.", "Third of b."]))
    here.go(NINE + MINUTE)
    net = network(here)
    net.will(lambda: net._stand(net._text), net.publishes_and_says_nothing())
    here.go(at("2026-12-01 18:20"))
    assert [text.split("\n")[0] for text in net.texts()] == [
        *("First.", "Second.", "Third."),
        *("First of b.", "Second.", "Third of b."),
    ]


@pytest.mark.parametrize(("posted", "state"), [(True, "posted"), (False, "refused")])
def test_what_a_person_says_of_a_part_sends_no_other(world, posted: bool, state: str):
    here = world()
    after(here, 1, Unconfirmed("timed out"))
    network(here).timeline_answers = [Unreadable("503")] * 100
    here.go(at("2026-12-01 17:00"), step=HOUR)
    [doubted] = here.store.unconfirmed()
    assert here.campaign.resolve(doubted, posted=posted)
    here.go(at("2026-12-01 17:30"))
    assert row(here).state == state
    assert ("parts after it do not go out" if posted else "1 of 3 parts stand") in row(here).reason
    assert network(here).texts() == PARTS[:1]


def test_the_whole_thread_is_paid_for_before_it_begins(world):
    x = account("x", network="x", budget={"usd_per_month": 0.22})
    here = world(THREAD, accounts=[x])
    here.go(NINE + HOUR)
    assert here.networks["x"].texts() == []  # 2 x $0.015 and $0.20 with the link
    rich = world(THREAD, accounts=[account("x", network="x", budget={"usd_per_month": 0.23})])
    rich.go(NINE + HOUR)
    assert len(rich.networks["x"].texts()) == 3
    assert rich.store.spent("2026-12") == {"x": 230_000}


def test_parts_are_numbered_where_people_want_it(world):
    here = world(THREAD, threads={"numbering": "({n}/{of})", "link": "first"})
    here.go(NINE)
    assert network(here).texts() == [f"First. (1/3)\n\n{LINK}", "Second. (2/3)", "Third. (3/3)"]


def test_a_post_of_one_part_has_no_number(world):
    here = world(NEXT, threads={"numbering": "{n}/{of}"})
    here.go(NINE)
    assert network(here).texts() == [f"Another message.\n\n{LINK}"]


def test_each_account_has_its_own_thread(world):
    given = message("thread", text="First.", per={"b": {"thread": ["Only here."]}})
    here = world(given, accounts=[account("a"), account("b")])
    here.go(NINE + timedelta(minutes=1))
    assert len(here.networks["a"].texts()) == 1
    assert here.networks["b"].texts() == ["First.", f"Only here.\n\n{LINK}"]
