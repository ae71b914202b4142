"""Stories of the count: what it makes the accounts say, when, and what it asks a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.core.model import Delivery, Reading, State
from bot.core.plan import Book
from bot.core.written import Message
from tests.given import account, at, book, message, settings
from tests.scripted import Scripted
from tests.test_campaign import DAY, HOUR, MINUTE, World

MIDDAY = at("2026-12-01 12:00")
NEVER_IN_TURN = {"at": ["03:00"], "days": ["mon"]}
COUNTER = {"kind": "json", "url": "https://petition.example.org/count", "path": "n"}
PROGRESS = message("p", "progress", text="{signatures} so far.")
PASSED = message("t", "milestone", text="{milestone} have signed: {signatures} now.")
THRESHOLDS = {"thresholds": [1000, 5000], "then_every": 5000}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Any]:
    made: list[World] = []

    def make(*messages: Message, **fields: Any) -> World:
        made.append(World(a_book(*messages, **fields), f"sqlite:///{tmp_path}/{len(made)}.db"))
        made[-1].clock.to(MIDDAY)
        made[-1].tick()
        return made[-1]

    yield make
    for each in made:
        each.store.close()


def a_book(*messages: Message, **fields: Any) -> Book:
    """A campaign whose accounts say nothing but what the count calls for."""
    accounts = fields.pop("accounts", [account(schedule=NEVER_IN_TURN)])
    petition = {"counter": COUNTER, "milestones": {}, **fields.pop("petition", {})}
    petition["milestones"] = {"progress_every": "7d", **petition["milestones"]}
    return book(*messages, settings=settings(*accounts, petition=petition, **fields))


def counted(here: World, *numbers: int | None, step: timedelta = 5 * MINUTE) -> None:
    """Readings one after the other, and what they call for."""
    for number in numbers:
        here.counter.number = number
        here.clock.forward(step)
        here.campaign.watch()
        here.tick()


def daily(here: World, *numbers: int | None) -> None:
    counted(here, *numbers, step=DAY)


def texts(here: World, network: str = "mastodon") -> list[str]:
    return [text.split("\n")[0] for text in here.networks[network].texts()]


def rows(here: World, kind: str = "progress", account_id: str = "mastodon") -> list[Delivery]:
    return [row for row in reversed(here.store.history(account=account_id)) if row.kind == kind]


# --- the promise -------------------------------------------------------------------------------

COUNTS = st.lists(
    st.one_of(
        st.integers(0, 400),
        st.sampled_from([95, 99, 100, 101, 105, 199, 200, 201, 250, 300]),
        st.none(),
    ),
    min_size=3,
    max_size=25,
)
STEPS = st.sampled_from(["read", "read", "restart", "edit", "join", "fail", "wait"])


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(COUNTS, st.lists(STEPS, min_size=5, max_size=25), st.booleans())
def test_each_threshold_is_announced_at_most_once_per_account_and_never_above_the_count(
    world, counts: list[int | None], steps: list[str], quiet: bool
):
    """Whatever the readings, restarts, edits of thresholds and accounts that come later."""
    thresholds = [100, 200]
    accounts = [account("a", schedule=NEVER_IN_TURN)]
    said: dict[str, list[int]] = defaultdict(list)

    def given_book() -> Book:
        petition = {"milestones": {"thresholds": thresholds, "then_every": 100}}
        night = {"quiet_hours": ["13:00", "14:00"]} if quiet else {}
        return a_book(PASSED, accounts=list(accounts), petition=petition, **night)

    def heard() -> None:
        """What was said since the last look says the count of this moment."""
        for name in here.networks:
            for text in texts(here, name)[len(said[name]) :]:
                words = text.split()
                milestone, now = int(words[0]), int(words[3].replace(",", ""))
                assert milestone <= now == here.campaign.signatures()
                assert milestone not in said[name]
                said[name].append(milestone)

    here = world(PASSED, accounts=accounts)
    here.campaign.adopt(given_book(), {})
    for number, step in zip(counts, [*steps, *["read"] * len(counts)], strict=False):
        if step == "restart":
            here.start(given_book())
        elif step == "edit":
            thresholds.insert(0, 50 + 7 * len(thresholds))
            here.campaign.adopt(given_book(), {})
        elif step == "join":
            accounts.append(account(f"b{len(accounts)}", schedule=NEVER_IN_TURN))
            new = {accounts[-1]["id"]: Scripted(here.clock, user=accounts[-1]["id"])}
            here.networks |= new
            here.campaign.adopt(given_book(), new)
        elif step == "fail":
            network = here.networks["a"]
            network.will(network.publishes_and_says_nothing())
        elif step == "wait":
            here.go(here.clock.now() + HOUR, step=20 * MINUTE)
        heard()
        counted(here, number, step=20 * MINUTE)
        heard()


# --- progress ----------------------------------------------------------------------------------


def test_progress_is_said_once_a_period_from_the_first_reading_on(world):
    here = world(PROGRESS)
    daily(here, *range(100, 123))
    assert texts(here) == ["107 so far.", "114 so far.", "121 so far."]


def test_progress_is_left_out_when_the_count_has_not_moved(world):
    here = world(PROGRESS)
    daily(here, *[100] * 6, *[107] * 20, *[108] * 7)
    assert texts(here) == ["107 so far.", "108 so far."]
    left_out = [row.reason for row in rows(here) if row.state is State.MISSED]
    assert left_out == ["the count is 107, not above the 107 of last time"] * 2


def test_a_count_that_fell_is_no_progress_until_it_is_above_what_was_said(world):
    here = world(PROGRESS)
    daily(here, *[100] * 7, *[200] * 4, *[150] * 10, *[201] * 7)
    assert texts(here) == ["200 so far.", "201 so far."]


def test_progress_never_says_fewer_than_a_milestone_that_was_passed(world):
    here = world(PROGRESS, petition={"milestones": THRESHOLDS})
    daily(here, 990, 1_010, *[999] * 13, *[1_001] * 7)
    assert texts(here) == ["1,001 so far."]


def test_a_restart_says_no_progress_twice(world):
    here = world(PROGRESS)
    for number in range(100, 116):
        daily(here, number)
        here.start(here.campaign.book)
        here.campaign.watch()
        here.tick()
    assert texts(here) == ["107 so far.", "114 so far."]


def test_after_weeks_without_the_bot_progress_is_said_once(world):
    here = world(PROGRESS)
    daily(here, 100, 101)
    here.clock.forward(30 * DAY)
    daily(here, *range(150, 158))
    assert texts(here) == ["150 so far.", "157 so far."]


def test_progress_waits_through_quiet_hours_and_says_the_count_of_the_morning(world):
    here = world(PROGRESS, quiet_hours=["11:00", "20:00"])
    daily(here, *range(100, 107))
    here.clock.forward(DAY)
    counted(here, 107)
    assert texts(here) == []
    here.counter.number = 120
    here.go(at("2026-12-09 20:00"), step=HOUR)
    assert texts(here) == ["120 so far."]


def test_a_period_keeps_its_rhythm_however_late_the_count_is_read(world):
    here = world(PROGRESS)
    counted(here, 100)
    for week in range(1, 5):
        here.clock.to(MIDDAY + week * 7 * DAY + week * 10 * MINUTE)
        counted(here, 100 + week)
    assert [f"{row.slot:%d %H:%M}" for row in rows(here)] == ["08 12:05", "15 12:05", "22 12:05", "29 12:05"]


def test_languages_take_turns_and_so_do_templates(world):
    spoken = {"languages": ["en", "es"], "schedule": NEVER_IN_TURN}
    first = message("p1", "progress", text={"en": "One: {signatures}.", "es": "Uno: {signatures}."})
    second = message("p2", "progress", text={"en": "Two: {signatures}.", "es": "Dos: {signatures}."})
    here = world(
        first, second, accounts=[account(**spoken)], petition={"milestones": {"progress_every": "1d"}}
    )
    daily(here, *range(100, 109))
    said = [text.split(":")[0] for text in texts(here)]
    assert said == ["One", "Dos", "Two", "Uno", "Two", "Uno", "One", "Dos"]


def test_variants_take_turns(world):
    here = world(
        message("p", "progress", text=["a {signatures}", "b {signatures}"]),
        petition={"milestones": {"progress_every": "1d"}},
    )
    daily(here, *range(100, 104))
    assert [text[0] for text in texts(here)] == ["a", "b", "a"]


def test_nobody_is_told_that_nothing_is_missing(world):
    templates = [message("to-go", "progress", text="{to_go} to go."), PROGRESS]
    here = world(*templates, petition={"goal": 120})
    daily(here, *range(100, 108), *range(120, 140))
    assert texts(here) == ["13 to go.", "126 so far.", "133 so far."]


def test_progress_says_how_far_it_is_to_the_next_milestone(world):
    template = message("p", "progress", text="{signatures}: {to_next} to go to {milestone}.")
    here = world(template, petition={"milestones": THRESHOLDS})
    daily(here, *[900] * 7, 960)
    assert texts(here) == ["960: 40 to go to 1,000."]


def test_a_shorter_period_holds_from_the_next_reading_on(world):
    here = world(PROGRESS)
    daily(here, *range(100, 109))
    here.campaign.adopt(a_book(PROGRESS, petition={"milestones": {"progress_every": "1d"}}), {})
    daily(here, 110, 111)
    assert texts(here) == ["107 so far.", "110 so far.", "111 so far."]


def test_an_account_that_comes_later_goes_in_step_with_the_others(world):
    here = world(PROGRESS)
    daily(here, *range(100, 110))
    both = [account(schedule=NEVER_IN_TURN), account("later", schedule=NEVER_IN_TURN)]
    here.networks["later"] = Scripted(here.clock, user="later")
    here.campaign.adopt(a_book(PROGRESS, accounts=both), {"later": here.networks["later"]})
    daily(here, *range(110, 116))
    assert texts(here) == ["107 so far.", "114 so far."]
    assert texts(here, "later") == ["114 so far."]


@pytest.mark.parametrize("kind", ["progress", "milestone"])
def test_two_x_accounts_never_say_the_same(world, kind: str):
    x = [account(each, network="x", schedule=NEVER_IN_TURN) for each in ("x1", "x2", "x3")]
    templates = [message("a", kind, text="One {signatures}."), message("b", kind, text="Two {signatures}.")]
    here = world(*templates, accounts=x, petition={"milestones": {"thresholds": [1000]}})
    daily(here, *[950] * 7, 1_010, 1_010)
    assert [texts(here, each)[:1] for each in ("x1", "x2", "x3")] == [["One 1,010."], ["Two 1,010."], []]
    (left_out,) = rows(here, kind, "x3")
    assert (left_out.state, left_out.reason) == (
        State.MISSED,
        "another X account says the same as b today",
    )


def test_progress_without_a_template_says_nothing(world):
    here = world(message("t", "milestone", text={"es": "{milestone}"}))
    daily(here, *range(100, 120))
    assert rows(here) == []


# --- milestones --------------------------------------------------------------------------------


def passed(here: World, network: str = "mastodon") -> list[str]:
    return [text.split(" ")[0] for text in texts(here, network) if "have signed" in text]


def test_the_number_is_read_once_more_just_before_it_is_said(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS}, quiet_hours=["11:00", "14:00"])
    counted(here, 990, 1_001)
    here.counter.number = 1_042
    here.go(at("2026-12-01 14:00"))
    assert texts(here) == ["1,000 have signed: 1,042 now."]


def test_where_the_second_look_fails_the_last_good_count_is_said(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS}, quiet_hours=["11:00", "14:00"])
    counted(here, 990, 1_001)
    here.counter.number = None
    here.go(at("2026-12-01 14:00"))
    assert texts(here) == ["1,000 have signed: 1,001 now."]


def test_a_count_that_was_just_read_is_not_asked_for_again(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS})
    counted(here, 990, 1_001)
    assert passed(here) == ["1,000"]
    assert here.counter.asked == 2


def test_a_milestone_is_never_above_the_count_at_that_moment(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS}, quiet_hours=["11:00", "14:00"])
    counted(here, 990, 1_001)
    here.counter.number = 997
    here.go(at("2026-12-01 15:00"))
    assert texts(here) == []
    here.counter.number = 1_003
    here.go(at("2026-12-01 16:00"))
    assert texts(here) == ["1,000 have signed: 1,003 now."]


def test_of_milestones_that_pass_in_quiet_hours_the_highest_is_announced_and_reposted(world):
    milestones = {"thresholds": [1000, 1050, 1090], "repost_after": "12h"}
    here = world(PASSED, petition={"milestones": milestones}, quiet_hours=["11:00", "14:00"])
    counted(here, 990, 1_001, 1_051, 1_091)
    here.go(at("2026-12-02 02:30"), step=HOUR)
    assert passed(here) == ["1,090"]
    lower, middle, higher = (row for row in rows(here, "milestone") if row.action == "post")
    assert (lower.state, middle.state, higher.state) == (State.MISSED, State.MISSED, State.POSTED)
    assert lower.reason == "a higher milestone was passed before it went out"
    reposts = [row.state for row in rows(here, "milestone") if row.action == "repost"]
    assert reposts == [State.CANCELLED, State.CANCELLED, State.POSTED]


def test_a_second_look_that_passes_the_next_milestone_announces_that_one(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS}, quiet_hours=["11:00", "14:00"])
    counted(here, 4_600, 4_900, 5_001)
    here.counter.number = 5_400
    milestones = {"thresholds": [1000, 5000, 5400]}
    here.campaign.adopt(
        a_book(PASSED, petition={"milestones": milestones}, quiet_hours=["11:00", "14:00"]), {}
    )
    here.go(at("2026-12-01 15:00"))
    assert texts(here) == ["5,400 have signed: 5,400 now."]


def test_what_the_count_calls_for_waits_for_the_morning_also_after_trouble_at_night(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS}, quiet_hours=["13:00", "20:00"])
    counted(here, 990)
    here.store.pause(None, None)
    counted(here, 1_001)
    here.clock.to(at("2026-12-01 13:30"))
    here.store.resume(None)
    here.go(at("2026-12-01 19:59"), step=HOUR)
    assert texts(here) == []
    here.go(at("2026-12-01 20:01"))
    assert passed(here) == ["1,000"]


def test_an_account_that_comes_later_gets_no_old_milestones(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS})
    counted(here, 990, 1_001)
    both = [account(schedule=NEVER_IN_TURN), account("later", schedule=NEVER_IN_TURN)]
    here.networks["later"] = Scripted(here.clock, user="later")
    later = a_book(PASSED, accounts=both, petition={"milestones": THRESHOLDS})
    here.campaign.adopt(later, {"later": here.networks["later"]})
    daily(here, 1_002, 1_100, 4_990, 4_991, 5_001)
    assert (passed(here), passed(here, "later")) == (["1,000", "5,000"], ["5,000"])


def test_a_threshold_written_down_after_it_was_passed_is_no_news(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS})
    counted(here, 990, 1_001, 1_050)
    here.campaign.adopt(a_book(PASSED, petition={"milestones": {"thresholds": [1000, 1040]}}), {})
    counted(here, 1_051, 1_052)
    assert passed(here) == ["1,000"]


def test_without_a_template_in_its_language_an_account_announces_nothing(world):
    spanish = [account(schedule=NEVER_IN_TURN), account("es", language="es", schedule=NEVER_IN_TURN)]
    here = world(PASSED, accounts=spanish, petition={"milestones": THRESHOLDS})
    counted(here, 990, 1_001)
    assert (passed(here), rows(here, "milestone", "es")) == (["1,000"], [])


def test_a_jump_waits_for_a_second_reading_or_a_person(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS})
    counted(here, 900, 60_000)
    assert passed(here) == []
    (asked,) = here.campaign.overview().asks
    assert asked == (
        "The count went from 900 to 60000 at once. If that is right, say so: petition-bot count set 60000"
    )
    counted(here, 60_003)
    assert passed(here) == ["60,000"]
    assert here.campaign.overview().asks == ()


def test_a_jump_that_a_person_vouches_for_is_announced(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS})
    counted(here, 900, 1_200)
    here.campaign.take(Reading(1_200, "set by hand", here.clock.now()))
    here.tick()
    assert passed(here) == ["1,000"]


# --- a counter in trouble -----------------------------------------------------------------------


def test_a_failing_counter_is_asked_ever_more_rarely_and_says_so_once(world):
    here = world(PASSED)
    counted(here, *[None] * 100, step=15 * MINUTE)
    assert here.counter.asked == 8  # at the polls 1, 2, 4, 8, 16, 32, 56, 80: at least every six hours
    assert len(here.said("trouble")) == 1


def test_a_counter_that_is_well_again_says_so_and_is_asked_every_time(world):
    here = world(PASSED)
    counted(here, 5, None, None, None, None)
    asked = here.counter.asked
    counted(here, 6, 6, 7, 8, 9)
    assert here.campaign.signatures() == 9
    assert [event.text for event in here.said("reading")] == ["the count can be read again"]
    assert here.counter.asked > asked
    counted(here, None)
    assert len(here.said("trouble")) == 2


def test_a_counter_in_trouble_is_not_asked_just_before_an_announcement(world):
    here = world(PASSED, petition={"milestones": THRESHOLDS}, quiet_hours=["11:00", "14:00"])
    counted(here, 990, 1_001, None)
    asked = here.counter.asked
    here.go(at("2026-12-01 14:30"))
    assert (passed(here), here.counter.asked) == (["1,000"], asked)


def test_a_count_that_has_grown_old_is_asked_about(world):
    here = world(PASSED)
    counted(here, 5)
    here.clock.forward(2 * DAY)
    here.tick()
    assert [event.text for event in here.said("asks")] == [
        "The count was last read on 2026-12-01 12:05 UTC: texts that say it wait. Try: petition-bot count"
    ]


def test_readings_are_kept_to_a_bounded_size_the_first_and_the_last_among_them(world):
    here = world(PASSED)
    counted(here, *range(100, 550), step=MINUTE / 6)
    kept = [reading.number for reading in here.store.readings()]
    assert len(kept) < 300
    assert (kept[0], kept[-1]) == (549, 100)


# --- figures in every kind of message --------------------------------------------------------------


def test_a_fact_that_says_the_count_waits_for_a_fresh_one_and_says_why(world):
    hourly = [account(schedule={"every": "1h"})]
    here = world(message("f", text="{signatures} signed."), accounts=hourly)
    counted(here, 5)
    here.go(at("2026-12-01 13:00"))
    assert texts(here) == ["5 signed."]
    here.clock.forward(2 * DAY)
    here.go(here.clock.now() + HOUR)
    newest = here.store.history()[0]
    assert newest.state is State.MISSED
    assert "f needs {signatures}, and the count is of 2026-12-01 12:05 UTC" in newest.reason
    counted(here, 6)
    here.go(here.clock.now() + HOUR)
    assert texts(here) == ["5 signed.", "6 signed."]


def test_another_message_takes_the_place_of_one_that_waits_and_says_so(world):
    hourly = [account(schedule={"every": "1h"})]
    here = world(message("f", text="{signatures} signed."), message("g"), accounts=hourly)
    (planned, *_) = here.campaign.preview(here.clock.now(), here.clock.now() + 2 * HOUR)
    assert planned.post
    assert planned.post.message_id == "g"
    assert planned.why.endswith("; f needs {signatures}, which is not known yet")


# --- the end of a petition ---------------------------------------------------------------------------

CALL, FACT = message("c", "call"), message("f")
HOURLY = [account(schedule={"every": "1h"})]


@pytest.mark.parametrize("state", ["closed", "rejected"])
def test_a_petition_that_its_site_has_closed_holds_calls_and_asks_what_follows(world, state: str):
    given = a_book(CALL, FACT, accounts=HOURLY, rotation={"mix": ["call", "fact"]})
    here = world(CALL, FACT, accounts=HOURLY, rotation={"mix": ["call", "fact"]})
    counted(here, 5)
    here.go(at("2026-12-01 13:00"))
    here.counter.closed = state
    counted(here, 6)
    here.start(given)
    here.go(at("2026-12-01 16:00"))
    assert texts(here) == ["The text of c.", *["The text of f."] * 4]
    asked = f"The petition's site says that it is {state}, and its calls are held. What follows? "
    assert [event.text for event in here.said("asks") if event.text.startswith(asked)]
    assert here.campaign.overview().asks[0].startswith(asked)
    here.counter.closed = ""
    counted(here, 7)
    here.go(at("2026-12-01 18:00"))
    assert "The text of c." in texts(here)[-2:]
    assert here.campaign.overview().asks == ()


def test_after_its_last_day_calls_are_held_and_a_person_is_asked_once(world):
    here = world(CALL, FACT, accounts=HOURLY, petition={"closes": "2026-12-01"})
    here.go(at("2026-12-03 12:00"), step=HOUR)
    calls = [row.slot for row in rows(here, "call")]
    assert calls
    assert max(calls) < at("2026-12-02 00:00")
    assert [event.text for event in here.said("asks")] == [
        "The petition closed on 2026-12-01, and its calls are held. What follows? "
        "Write an update, or change petition in config.yaml."
    ]


def test_reaching_the_goal_is_announced_and_the_next_one_asked_for(world):
    here = world(PASSED, petition={"goal": 1_200, "milestones": {"thresholds": [1000]}})
    counted(here, 1_150, 1_190, 1_201)
    assert passed(here) == ["1,200"]
    assert [event.text for event in here.said("asks")] == [
        "The goal of 1,200 is reached: set the next one in petition.goal.",
        "The last milestone is passed: add the next ones to petition.milestones.thresholds.",
    ]
