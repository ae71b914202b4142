"""A running bot does what people decided for its slots, and the preview shows it before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given as hypothesis_given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.core.model import Choice, Slot, State
from bot.core.plan import agenda
from tests.given import account, at, book, message, settings
from tests.test_campaign import DAY, HOUR, MESSAGES, MINUTE, NINE, START, World

Make = Callable[..., World]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Make]:
    made: list[World] = []

    def make(*messages: Any, **fields: Any) -> World:
        given = book(*messages, settings=settings(*fields.pop("accounts", ()), **fields))
        made.append(World(given, f"sqlite:///{tmp_path}/{len(made)}.db"))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


def decide(here: World, slot: Slot, message_id: str | None) -> bool:
    return here.store.choose(Choice(slot.key, message_id, "Ana", slot.due, here.clock.now()))


def coming(here: World, days: float = 1) -> list[Slot]:
    now = here.clock.now()
    return list(agenda(here.campaign.book, now, now + days * DAY))


def test_a_slot_that_was_left_out_is_cancelled_and_said_once(world: Make):
    here = world(*MESSAGES)
    decide(here, coming(here)[0], None)
    here.go(NINE + HOUR)
    assert here.states() == ["cancelled"]
    assert [event.text for event in here.said("cancelled")] == ["left out by Ana"]
    here.go(NINE + 10 * HOUR)
    assert here.networks["mastodon"].texts() == ["The text of m0.\n\nhttps://petition.example.org/p"]


def test_a_chosen_message_goes_out_in_its_slot(world: Make):
    here = world(*MESSAGES)
    decide(here, coming(here)[0], "m3")
    here.go(NINE + 10 * HOUR)
    assert [row.message_id for row in reversed(here.store.history())] == ["m3", "m0"]


def test_a_choice_that_cannot_be_kept_is_missed_with_the_reason(world: Make):
    here = world(*MESSAGES, message("d", draft=True))
    decide(here, coming(here)[0], "d")
    here.go(NINE + MINUTE)
    (row,) = here.store.history()
    assert (row.state, row.message_id) == (State.MISSED, "d")
    assert row.reason == "chosen by Ana, but d is a draft: clear it first"


def test_a_slot_that_was_left_out_takes_nobodys_place_when_the_bot_wakes_late(world: Make):
    here = world(*MESSAGES, accounts=[account(schedule={"at": ["09:00", "09:10"]})])
    decide(here, coming(here)[1], None)
    here.clock.to(NINE + 15 * MINUTE)
    here.tick()
    assert here.states() == ["posted", "cancelled"]


def test_left_out_is_said_of_a_slot_that_nobody_was_awake_for(world: Make):
    here = world(*MESSAGES)
    decide(here, coming(here)[0], None)
    here.clock.to(NINE + 5 * HOUR)
    here.tick()
    (row,) = here.store.history()
    assert (row.state, row.reason) == (State.CANCELLED, "left out by Ana")


def test_a_slot_that_has_had_its_time_is_not_decided_any_more(world: Make):
    here = world(*MESSAGES)
    (first, _) = coming(here)
    here.go(NINE + MINUTE)
    assert not decide(here, first, None)
    assert here.states() == ["posted"]


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@hypothesis_given(
    st.dictionaries(st.integers(0, 19), st.sampled_from([None, "m0", "m1", "m4", "d", "s"]), max_size=8),
    st.sampled_from([[], ["fact", "fact", "story", "call"]]),
)
def test_what_the_calendar_shows_goes_out_to_the_letter_whatever_was_chosen(
    world: Make, wanted: dict[int, str | None], mix: list[str]
):
    here = world(
        *MESSAGES,
        message("d", draft=True),
        message("s", "story", link="https://story.site/s", weight=2),
        message("f", post_at=at("2026-12-03 12:00").isoformat()),
        accounts=[
            account("x1", network="x", schedule={"at": ["09:00", "17:00"], "jitter": "5m"}),
            account("x2", network="x", schedule={"at": ["09:00"]}, budget={"usd_per_month": 1}),
            account("m", languages=["en", "es"], schedule={"every": "9h"}),
        ],
        rotation={"mix": mix, "cooldown": "0s"},
    )
    slots = coming(here, 4)
    for place, message_id in wanted.items():
        if place < len(slots) and (message_id is None or slots[place].message_id is None):
            assert decide(here, slots[place], message_id)
    end = START + 4 * DAY
    shown = {
        row.slot.key: (row.post.parts if row.post else None, "" if row.post else row.why)
        for row in here.campaign.preview(here.clock.now(), end)
    }
    here.go(end - MINUTE, step=12 * HOUR)
    happened = {
        row.key: (row.post.parts if row.post else None, "" if row.state is State.POSTED else row.reason)
        for row in here.store.history()
    }
    assert happened == {key: each for key, each in shown.items() if key in happened}
    assert len(happened) >= len(shown) - 1
