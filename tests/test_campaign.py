"""Stories of the whole campaign over a real SQLite store, with networks that answer as told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given as hypothesis_given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.campaign import Campaign
from bot.core.model import Change, Event, Identity, Refused, State, Unconfirmed, Unreadable
from bot.core.plan import Book
from bot.core.written import Message
from bot.ports import StoreUnusable
from bot.store import open_store
from tests.given import account, at, book, message, settings
from tests.scripted import HandClock, HandCounter, Scripted, down, revoked

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = at("2026-12-01 08:00:30")
NINE = at("2026-12-01 09:00")


class World:
    """A campaign with its clock, networks and store; `go` lets time pass as the alarm clock would."""

    def __init__(self, given: Book, url: str) -> None:
        self.clock = HandClock(START)
        self.networks = {
            each.id: Scripted(self.clock, each.network, user=each.id) for each in given.settings.accounts
        }
        self.counter, self.events, self.url = HandCounter(), [], url
        self.store = open_store(url)
        self.start(given)

    def start(self, given: Book) -> None:
        """Start the bot (again)."""
        self.campaign = Campaign(
            given, self.store, self.networks, self.counter, self.clock, self.events.append
        )
        self.campaign.start()
        self.tick()

    def tick(self) -> None:
        for account_id in self.campaign.tick():
            self.campaign.serve(account_id)

    def go(self, until: Any, step: timedelta = MINUTE) -> None:
        """Tick at every alarm and at least every `step` until then."""
        while self.clock.now() < until:
            alarm = self.campaign.next_at() or until
            soonest = self.clock.now() + timedelta(milliseconds=100)
            self.clock.to(min(max(alarm, soonest), self.clock.now() + step, until))
            self.tick()

    def states(self) -> list[str]:
        return [delivery.state.value for delivery in reversed(self.store.history())]

    def said(self, what: str) -> list[Event]:
        return [event for event in self.events if event.what == what]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Any]:
    made: list[World] = []

    def make(*messages: Message, **fields: Any) -> World:
        made.append(
            World(
                book(*messages, settings=settings(*fields.pop("accounts", ()), **fields)),
                f"sqlite:///{tmp_path}/{len(made)}.db",
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.store.close()


MESSAGES = [message(f"m{n}") for n in range(5)]


def test_a_message_goes_out_at_its_slot_with_the_petitions_link(world):
    here = world(*MESSAGES)
    here.go(NINE - MINUTE)
    assert here.networks["mastodon"].texts() == []
    here.go(NINE)
    assert here.networks["mastodon"].texts() == ["The text of m0.\n\nhttps://petition.example.org/p"]
    assert here.states() == ["posted"]


def test_slots_before_the_first_start_do_not_exist(world):
    here = world(*MESSAGES)
    here.go(START + HOUR / 2)
    assert here.states() == []


def test_three_seconds_late_is_posted(world):
    here = world(*MESSAGES)
    here.clock.to(NINE + timedelta(seconds=3))
    here.tick()
    assert here.states() == ["posted"]


def test_hours_late_is_missed_and_said_once(world):
    here = world(*MESSAGES)
    here.clock.to(NINE + timedelta(hours=3, minutes=40))
    here.tick()
    here.tick()
    assert here.states() == ["missed"]
    assert len(here.said("missed")) == 1


@pytest.mark.parametrize(("rule", "sent"), [("latest", 1), ("all", 3), ("skip", 0)])
def test_several_missed_slots_collapse_by_the_stated_rule(world, rule: str, sent: int):
    here = world(
        *MESSAGES,
        accounts=[account(server="http://127.0.0.1", schedule={"every": "10m"})],
        delivery={"catch_up": rule},
    )
    here.tick()
    before = len(here.networks["mastodon"].texts())
    here.clock.to(START + HOUR + 5 * MINUTE)
    here.tick()
    assert len(here.networks["mastodon"].texts()) - before == sent


def test_a_day_of_a_dead_server_ends_in_at_most_one_post(world):
    here = world(*MESSAGES, accounts=[account(schedule={"every": "10m"})])
    here.networks["mastodon"].will(*[down()] * 2000)
    here.go(START + DAY, step=HOUR)
    assert here.networks["mastodon"].texts() == []
    here.networks["mastodon"]._script.clear()
    here.go(START + DAY + 9 * MINUTE)
    assert len(here.networks["mastodon"].texts()) <= 1


def test_a_failing_network_says_one_line_per_delivery_not_per_retry(world):
    here = world(*MESSAGES)
    here.networks["mastodon"].will(*[down()] * 100)
    here.go(NINE + HOUR)
    assert here.networks["mastodon"].calls.count("publish") > 2
    assert [event.what for event in here.events] == ["due", "missed"]


def test_one_networks_trouble_leaves_the_others_alone(world):
    accounts = [account("x", network="x"), account("mastodon")]
    here = world(*MESSAGES, accounts=accounts)
    here.networks["x"].will(*[Refused("403", "account")] * 9)
    here.go(at("2026-12-01 19:00"))
    assert len(here.networks["mastodon"].texts()) == 2
    assert here.networks["x"].calls.count("publish") == 1
    assert [event.account for event in here.said("held")] == ["x"]


def test_a_revoked_key_holds_the_account_with_one_alert_and_its_post_is_missed(world):
    here = world(*MESSAGES)
    here.networks["mastodon"].will(revoked())
    here.go(NINE + HOUR)
    assert here.store.account("mastodon").held == "the keys were revoked"
    assert here.states() == ["missed"]
    assert len(here.said("held")) == 1


def test_a_refused_post_is_final_and_the_next_one_goes_out(world):
    here = world(*MESSAGES)
    here.networks["mastodon"].will(Refused("422"))
    here.go(at("2026-12-01 18:00"))
    assert here.states() == ["refused", "posted"]
    assert here.networks["mastodon"].texts()[0].startswith("The text of m1")


# --- doubt -------------------------------------------------------------------------------------


def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.will(network.publishes_and_says_nothing())
    here.go(NINE + 10 * MINUTE)
    assert len(network.texts()) == 1
    assert here.states() == ["posted"]
    assert here.store.history()[0].remote_ids == ("1",)


def test_a_post_that_never_arrived_is_sent_again_after_two_good_readings(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.will(Unconfirmed("timed out"))
    here.go(NINE + 10 * MINUTE)
    assert len(network.texts()) == 1
    assert network.calls.count("timeline") == 2
    assert here.states() == ["posted"]


def test_an_edit_in_the_meantime_cancels_the_second_attempt(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.will(Unconfirmed("timed out"))
    here.go(NINE)
    edited = [message("m0", text="Mended."), *MESSAGES[1:]]
    here.campaign.adopt(book(*edited), {})
    here.go(NINE + 10 * MINUTE)
    assert network.texts() == []
    assert here.states() == ["cancelled"]


def test_an_edit_before_the_slot_changes_what_goes_out(world):
    here = world(*MESSAGES)
    here.campaign.adopt(book(message("m0", text="Mended."), *MESSAGES[1:]), {})
    here.go(NINE)
    assert here.networks["mastodon"].texts()[0].startswith("Mended.")


def test_a_post_in_doubt_never_blocks_the_next_slot(world):
    here = world(*MESSAGES, accounts=[account(schedule={"every": "15m"}, server="http://127.0.0.1")])
    network = here.networks["mastodon"]
    network.timeline_answers = [Unreadable("503")] * 100
    network.will(Unconfirmed("timed out"))
    here.go(START + 35 * MINUTE)
    assert here.states() == ["unconfirmed", "posted"]


def test_what_stays_unknown_waits_for_a_person_who_settles_it(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.timeline_answers = [Unreadable("503")] * 100
    network.will(Unconfirmed("timed out"))
    here.go(at("2026-12-01 17:00"), step=HOUR)
    doubted = here.store.unconfirmed()[0]
    assert doubted.next_at is None
    assert network.calls.count("timeline") == 6
    assert here.campaign.resolve(doubted, posted=False)
    assert here.states() == ["missed"]
    assert network.texts() == []


def test_three_posts_in_doubt_hold_the_account(world):
    here = world(*MESSAGES, accounts=[account(schedule={"every": "10m"}, server="http://127.0.0.1")])
    network = here.networks["mastodon"]
    network.timeline_answers = [Unreadable("503")] * 1000
    network.will(*[Unconfirmed("timed out")] * 10)
    here.go(START + HOUR)
    assert network.calls.count("publish") == 3


def test_what_is_in_doubt_on_an_account_taken_out_waits_for_a_person_and_sets_no_alarm(world):
    here = world(*MESSAGES, accounts=[account("a"), account("b")])
    here.networks["a"].will(Unconfirmed("timed out"))
    here.go(NINE)
    here.campaign.adopt(book(*MESSAGES, settings=settings(account("b"))), {})
    here.go(NINE + 2 * MINUTE)
    [doubted] = here.store.unconfirmed()
    assert (doubted.account, doubted.next_at) == ("a", None)
    assert "no longer in config.yaml" in doubted.reason
    assert here.campaign.next_at() == at("2026-12-01 18:00")


# --- crashes -------------------------------------------------------------------------------------


def test_a_claim_without_a_word_is_due_again_after_a_crash(world):
    here = world(*MESSAGES)
    here.clock.to(NINE)
    here.campaign.plan()
    network = here.networks["mastodon"]

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    network.prepare = die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        here.tick()
    del network.prepare
    here.start(here.campaign.book)
    assert here.states() == ["posted"]
    assert len(network.texts()) == 1


@pytest.mark.parametrize("published", [True, False])
def test_a_crash_while_speaking_is_looked_up_and_ends_in_one_post(world, published: bool):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]

    def die() -> Any:
        if published:
            network.publishes_and_says_nothing()()
        raise KeyboardInterrupt

    network.will(die)
    here.clock.to(NINE)
    with pytest.raises(KeyboardInterrupt):
        here.tick()
    here.start(here.campaign.book)
    here.go(NINE + 10 * MINUTE)
    assert len(network.texts()) == 1
    assert here.states() == ["posted"]


def test_a_restart_posts_nothing_again(world):
    here = world(*MESSAGES)
    here.go(NINE + MINUTE)
    for _ in range(5):
        here.start(here.campaign.book)
    assert len(here.networks["mastodon"].texts()) == 1


# --- who we are, and what time it is -----------------------------------------------------------------


def test_keys_of_another_account_hold_it(world):
    here = world(*MESSAGES)
    here.networks["mastodon"].verify_answer = Identity("n", "somebody", "@somebody")
    here.start(here.campaign.book)
    here.go(NINE + MINUTE)
    assert here.networks["mastodon"].texts() == []
    assert "@somebody" in (here.store.account("mastodon").held or "")


def test_nothing_is_sent_before_the_account_has_said_who_it_is(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.verify_answer = down()
    here.start(here.campaign.book)
    here.go(NINE + MINUTE)
    assert network.calls.count("publish") == 0
    network.verify_answer = None
    here.go(NINE + 5 * MINUTE)
    assert len(network.texts()) == 1
    assert len(here.said("trouble")) == 1


def test_who_gives_no_name_is_not_asked_again_all_the_time_and_its_posts_are_missed_in_time(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.verify_answer = down()
    here.start(here.campaign.book)
    before = network.calls.count("verify")
    here.go(NINE + HOUR)
    assert here.states() == ["missed"]
    assert "connection refused" in here.said("missed")[0].text
    assert 2 <= network.calls.count("verify") - before <= 8


def test_an_account_with_revoked_keys_is_left_in_peace(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    network.verify_answer = revoked()
    here.start(here.campaign.book)
    before = network.calls.count("verify")
    here.go(NINE + HOUR)
    assert here.states() == ["missed"]
    assert network.calls.count("verify") == before
    assert len(here.said("held")) == 1
    network.verify_answer = None
    here.store.hold("mastodon", None)
    here.go(at("2026-12-01 18:01"))
    assert here.states() == ["missed", "posted"]


def test_a_post_that_never_arrives_says_so_once_and_how_it_ended(world):
    here = world(*MESSAGES)
    here.networks["mastodon"].will(*[Unconfirmed("timed out")] * 50)
    here.go(NINE + HOUR)
    assert here.networks["mastodon"].calls.count("publish") > 3
    assert [event.what for event in here.events] == ["unconfirmed", "missed"]
    assert "it did not arrive" in here.events[-1].text


def test_what_the_state_could_not_record_is_looked_up_without_a_restart(world):
    here = world(*MESSAGES)
    network, store = here.networks["mastodon"], here.store
    settle = store.settle

    def full(*_: object) -> bool:
        store.settle = settle
        raise StoreUnusable("no room on its disk")

    store.settle = full
    here.clock.to(NINE)
    with pytest.raises(StoreUnusable):
        here.tick()
    here.go(NINE + 10 * MINUTE)
    assert here.states() == ["posted"]
    assert len(network.texts()) == 1


def test_what_could_not_be_marked_as_spoken_was_never_sent(world):
    here = world(*MESSAGES)
    network, store = here.networks["mastodon"], here.store

    def full(*_: object) -> bool:
        raise StoreUnusable("no room on its disk")

    spoke, store.spoke = store.spoke, full
    here.clock.to(NINE)
    with pytest.raises(StoreUnusable):
        here.tick()
    assert network.texts() == []
    store.spoke = spoke
    here.go(NINE + MINUTE)
    assert here.states() == ["posted"]
    assert len(network.texts()) == 1


def test_what_was_settled_meanwhile_is_not_sent(world):
    """Such as by another process, between the claim and the word."""
    here = world(*MESSAGES)
    network, store = here.networks["mastodon"], here.store
    spoke = store.spoke

    def late(delivery_id: int, now: Any) -> bool:
        store.settle(store.delivery(delivery_id), Change(State.CANCELLED, "withdrawn"))
        return spoke(delivery_id, now)

    store.spoke = late
    here.go(NINE)
    assert network.texts() == []
    assert here.states() == ["cancelled"]


def test_a_clock_set_forth_burns_no_slots(world):
    here = world(*MESSAGES)
    network = here.networks["mastodon"]
    here.clock.set(START + DAY)
    network.offset = -DAY
    here.tick()
    assert here.states() == []
    assert "clock is 1440 minutes ahead" in here.said("trouble")[0].text
    assert here.campaign.next_at() is None
    here.clock.set(START)
    network.offset = timedelta(0)
    here.go(NINE)
    assert here.states() == ["posted"]


def test_a_clock_set_forth_burns_no_slots_while_no_network_answers(world):
    here = world(*MESSAGES)
    here.networks["mastodon"].verify_answer = down()
    here.clock.set(START + DAY)
    here.go(START + DAY + HOUR)
    assert here.states() == []
    here.clock.set(START + HOUR)
    here.networks["mastodon"].verify_answer = None
    here.go(START + DAY)
    assert here.states() == ["posted", "posted"]


def test_a_clock_set_back_fires_no_slot_twice(world):
    here = world(*MESSAGES)
    here.go(NINE + MINUTE)
    here.clock.set(NINE - HOUR)
    here.go(NINE + HOUR)
    assert here.states() == ["posted"]


# --- switches ----------------------------------------------------------------------------------------


def test_nothing_goes_out_while_paused_and_what_was_due_is_missed(world):
    here = world(*MESSAGES)
    here.store.pause(None, None)
    here.go(NINE + HOUR)
    here.store.resume(None)
    here.go(NINE + 2 * HOUR)
    assert here.states() == ["missed"]


def test_a_pause_of_one_account_leaves_the_other(world):
    here = world(*MESSAGES, accounts=[account("a"), account("b")])
    here.store.pause("a", None)
    here.go(NINE)
    assert (len(here.networks["a"].texts()), len(here.networks["b"].texts())) == (0, 1)


def test_a_message_by_hand_goes_through_the_outbox(world):
    here = world(*MESSAGES)
    rows = here.campaign.post("m3")
    here.tick()
    assert here.networks["mastodon"].texts()[0].startswith("The text of m3")
    assert rows[0].key.startswith("mastodon/by-hand/m3/")
    assert here.states() == ["posted"]


@pytest.mark.parametrize(
    ("fields", "why"), [({"draft": True}, "is a draft"), ({"expires": "2026-11-01"}, "has expired")]
)
def test_what_may_not_go_out_is_not_posted_by_hand_either(world, fields: dict[str, Any], why: str):
    here = world(message("m", **fields))
    assert why in here.campaign.post("m")[0]
    assert here.states() == []


# --- milestones ----------------------------------------------------------------------------------------

TEMPLATE = message("t", "milestone", text="{milestone} have signed!")
MILESTONES = {"milestones": {"thresholds": [1000, 10000], "then_every": 10000, "repost_after": "12h"}}


def counted(here: World, *numbers: int | None) -> None:
    for number in numbers:
        here.counter.number = number
        here.clock.forward(5 * MINUTE)
        here.campaign.watch()
        here.tick()


def milestone_texts(here: World) -> list[str]:
    return [text.split("\n")[0] for text in here.networks["mastodon"].texts() if "have signed" in text]


@pytest.mark.parametrize(
    ("numbers", "announced"),
    [
        ([9995, 10005, 9997, 10002], ["10,000 have signed!"]),
        ([9990, 10020, 9960, 9960, 10005], ["10,000 have signed!"]),
        ([12000, 12001], []),
        ([990, 995, 1001, 1002], ["1,000 have signed!"]),
        ([990, None, 0, 1001], ["1,000 have signed!"]),
    ],
    ids=["around the number", "a fall and a return", "passed before the start", "a crossing", "bad readings"],
)
def test_a_threshold_is_announced_once_for_ever(world, numbers: list[int | None], announced: list[str]):
    here = world(TEMPLATE, petition=MILESTONES)
    for number in numbers:
        counted(here, number)
        here.start(here.campaign.book)
    assert milestone_texts(here) == announced


def test_of_several_crossed_at_once_only_the_highest_is_announced(world):
    here = world(TEMPLATE, petition=MILESTONES)
    counted(here, 900)
    counted(here, 30500, 30500, 30510)
    assert milestone_texts(here) == ["30,000 have signed!"]


def test_a_milestone_is_reposted_after_its_time_and_once(world):
    here = world(TEMPLATE, petition=MILESTONES)
    counted(here, 990, 1001)
    network = here.networks["mastodon"]
    here.go(START + 2 * DAY, step=HOUR)
    assert [seen.repost_of for seen in network.public if seen.repost_of] == ["1"]


def test_a_milestone_in_quiet_hours_waits_for_the_morning(world):
    here = world(TEMPLATE, petition=MILESTONES, quiet_hours=["22:00", "07:00"], campaign={"timezone": "UTC"})
    counted(here, 990)
    here.clock.to(at("2026-12-01 23:00"))
    counted(here, 1001)
    assert milestone_texts(here) == []
    here.go(at("2026-12-02 07:00"), step=HOUR)
    assert milestone_texts(here) == ["1,000 have signed!"]


def test_a_broken_counter_is_said_once_and_never_stops_the_posts(world):
    here = world(*MESSAGES)
    counted(here, None, None, None)
    here.go(NINE)
    assert len(here.said("trouble")) == 1
    assert here.states() == ["posted"]


# --- one definition of the future -------------------------------------------------------------------------

messages_strategy = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["fact", "story", "call"]),
            "weight": st.integers(1, 3),
            "draft": st.sampled_from([False, False, False, True]),
            "text": st.sampled_from(
                [{"en": "English.", "es": "Español."}, "Only English.", ["one", "two"], {"es": "Solo."}]
            ),
            "expires": st.sampled_from([None, "2026-12-03"]),
            "not_before": st.sampled_from([None, "2026-12-04"]),
            "post_at": st.sampled_from([None, None, None, "2026-12-05 10:00"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@hypothesis_given(
    messages_strategy, st.sampled_from([[], ["fact", "fact", "story", "call"]]), st.sampled_from(["0s", "2d"])
)
def test_what_the_preview_shows_for_a_week_is_what_a_week_posts_to_the_letter(
    world, given: list[dict[str, Any]], mix: list[str], cooldown: str
):
    messages = [
        message(f"m{n}", **{name: value for name, value in each.items() if value is not None})
        for n, each in enumerate(given)
    ]
    here = world(
        *messages,
        accounts=[
            account("x1", network="x", schedule={"at": ["09:00", "17:00"], "jitter": "5m"}),
            account("x2", network="x", schedule={"at": ["09:00"]}, budget={"usd_per_month": 1}),
            account("m", languages=["en", "es"], schedule={"every": "7h"}),
        ],
        rotation={"mix": mix, "cooldown": cooldown},
    )
    shown = [
        (row.slot.key, row.post.parts)
        for row in here.campaign.preview(here.clock.now(), START + 7 * DAY)
        if row.post
    ]
    here.go(START + 7 * DAY - MINUTE, step=12 * HOUR)
    posted = [
        (delivery.key, delivery.post.parts)
        for delivery in reversed(here.store.history())
        if delivery.state is State.POSTED and delivery.post
    ]
    assert sorted(posted) == sorted(shown)


def test_of_a_crowd_only_some_are_asked_at_the_start_and_the_others_when_they_speak(world):
    crowd = [account(id=f"m{number}", schedule={"at": ["09:00"]}) for number in range(20)]
    here = world(*MESSAGES, accounts=crowd)
    asked = [each for each, network in here.networks.items() if "verify" in network.calls]
    assert asked == [f"m{number}" for number in range(16)]
    here.go(NINE)
    assert here.states() == ["posted"] * 20
