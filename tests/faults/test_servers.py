"""Servers that are odd for long: ignored keys, lagging pages, wrong clocks, days of no word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox import Fault, Sandbox
from tests.faults.test_posts import unharmed
from tests.faults.town import DAY, HOUR, MINUTE, NETWORKS, NINE, OTHER, START, Town, loopback, wait_for
from tests.given import book, message, settings

HALF_PAST = NINE + 30 * MINUTE
FAULTS = [Fault.RESET_AFTER, Fault.S504_AFTER, Fault.RESET_BEFORE, Fault.S504_BEFORE]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_server_that_ignores_keys_gets_no_second_post(town, box: Sandbox, fault: Fault) -> None:
    box.mastodon.settings.goto_social()
    here: Town = town()
    box.mastodon.fault("create", fault)
    here.go(HALF_PAST)
    here.once("mastodon")
    assert len(here.standing("mastodon")) == 1
    unharmed(here, "x")


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_server_that_answers_every_repeat_of_a_key_with_500_gets_no_second_post(
    town, box: Sandbox, fault: Fault
) -> None:
    box.mastodon.settings.repeats_fail = True
    here: Town = town()
    box.mastodon.fault("create", fault)
    here.go(HALF_PAST)
    here.once("mastodon")
    assert len(here.standing("mastodon")) == 1


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_timeline_that_lags_is_looked_at_again(town, network: str, fault: Fault) -> None:
    """For longer than the first look: what is found late was there all the time."""
    here: Town = town()
    site = here.site(network)
    site.fault("create", fault)
    site.settings.timeline_lag = HOUR.total_seconds()  # real time, which hardly passes here
    here.go(NINE + 1.5 * MINUTE)
    assert site.calls("timeline") == 1
    site.settings.timeline_lag = 0.0
    here.go(HALF_PAST)
    here.once(network)
    assert len(here.standing(network)) == 1
    assert here.said(network) == ["unconfirmed"]
    unharmed(here, OTHER[network])


def test_a_timeline_of_x_that_lags_by_many_looks_still_gets_no_second_post(town, box: Sandbox) -> None:
    """X refuses the second as a duplicate, and that it is ours is found when the timeline has caught up."""
    here: Town = town()
    box.x.fault("create", Fault.S504_AFTER)
    box.x.settings.timeline_lag = HOUR.total_seconds()
    here.go(NINE + 7 * MINUTE)
    assert box.x.calls("create") == 2
    box.x.settings.timeline_lag = 0.0
    here.go(HALF_PAST)
    here.once("x")
    assert [row.state for row in here.rows("x")] == ["posted"]
    assert len(here.standing("x")) == 1


def test_a_timeline_of_mastodon_that_lags_by_many_looks_still_gets_no_second_post(town, box: Sandbox) -> None:
    """The key of the first attempt brings its post back."""
    here: Town = town()
    box.mastodon.fault("create", Fault.S504_AFTER)
    box.mastodon.settings.timeline_lag = HOUR.total_seconds()
    here.go(HALF_PAST)
    assert box.mastodon.calls("create") == 2
    here.once("mastodon")
    assert len(here.standing("mastodon")) == 1


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("minutes", [-50, -7, 7, 50])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_server_whose_clock_is_off_is_judged_by_its_own_clock(
    town, network: str, minutes: int, fault: Fault
) -> None:
    here: Town = town()
    here.clock.skew[here.site(network).name] = minutes * MINUTE
    here.clock.tell()
    here.start()
    here.site(network).fault("create", fault)
    here.go(HALF_PAST)
    here.once(network)
    assert [row.state for row in here.rows(network)] == ["posted"]
    assert len(here.standing(network)) == 1
    unharmed(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_same_text_from_an_earlier_cycle_is_not_taken_for_this_one(
    town, box: Sandbox, network: str, fault: Fault
) -> None:
    """One message, every ten minutes: all posts of a timeline read alike, and each is counted once."""
    box.x.settings.duplicate_rule = False
    often = loopback(box, schedule={"every": "10m"})
    here: Town = town(book(message("only"), settings=settings(*often)))
    here.go(NINE + 15 * MINUTE)
    here.site(network).fault("create", fault)
    here.go(NINE + 48 * MINUTE)
    here.once(network)
    assert len(here.standing(network)) == len(here.rows(network)) == 5
    assert {row.state for row in here.rows(network)} == {"posted"}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("published", [True, False], ids=["stands", "lost"])
def test_what_somebody_posted_by_hand_a_year_ago_is_not_taken_for_ours(
    town, box: Sandbox, network: str, published: bool
) -> None:
    box.x.settings.duplicate_rule = False
    here: Town = town()
    text = "Tents 0: tents tents.\n\nhttps://petition.example.org/p"
    here.site(network).by_hand(text, box.sites[network].accounts.first.id, ago=365 * DAY.total_seconds())
    here.site(network).fault("create", Fault.S504_AFTER if published else Fault.S504_BEFORE)
    here.go(HALF_PAST)
    [row] = here.rows(network)
    old, new = here.standing(network)
    assert (old.text, row.state, row.remote_ids) == (text, "posted", (new.id,))


@pytest.mark.parametrize("network", NETWORKS)
def test_504_twice_and_then_an_answer_make_one_post(town, network: str) -> None:
    here: Town = town()
    here.site(network).faults("create", Fault.S504_BEFORE, Fault.S504_AFTER)
    here.go(HALF_PAST)
    here.once(network)
    assert len(here.standing(network)) == 1
    assert here.said(network) == ["unconfirmed"]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", [Fault.S504_BEFORE, Fault.S500_BEFORE, Fault.S429_BARE], ids=str)
def test_a_server_that_never_takes_a_post_ends_in_missed_with_one_line_each(
    town, network: str, fault: Fault
) -> None:
    here: Town = town()
    here.site(network).fault("create", fault, times=1000)
    here.go(NINE + 2 * HOUR)
    here.once(network)
    assert [row.state for row in here.rows(network)] == ["missed"]
    assert len(here.said(network)) == 2
    assert here.site(network).calls("create") <= 10
    unharmed(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
def test_a_server_that_was_down_for_a_day_gets_one_post_when_it_is_back(
    town, box: Sandbox, network: str
) -> None:
    paces = {network: "10m"}
    accounts = [each | {"schedule": {"every": paces.get(each["id"], "3h")}} for each in loopback(box)]
    here: Town = town(book(*(message(f"n{n}") for n in range(200)), settings=settings(*accounts)))
    site = here.site(network)
    site.settings.refused = 3600.0
    site.fault("create", Fault.REFUSED)
    here.go(START + DAY, step=HOUR)
    assert here.standing(network) == []
    site.clear()
    here.go(START + DAY + 9 * MINUTE)
    here.once(network)
    assert len(here.standing(network)) == 1
    assert [row.state.value for row in here.rows(network)] == ["missed"] * 144 + ["posted"]
    assert len(here.standing(OTHER[network])) == len(here.rows(OTHER[network])) == 9
    assert here.said(OTHER[network]) == []


@pytest.mark.parametrize("network", NETWORKS)
def test_what_arrives_later_than_the_first_look_is_found(town, network: str) -> None:
    """The server carries out what the client has given up, after the first reading and before the last."""
    here: Town = town(hurried=network)
    site = here.site(network)
    site.settings.late = 1.2
    site.fault("create", Fault.LATE)
    here.go(NINE + MINUTE)
    assert (site.calls("timeline"), here.standing(network)) == (1, [])
    wait_for(lambda: here.standing(network))
    here.go(HALF_PAST)
    here.once(network)
    assert len(here.standing(network)) == 1


def test_three_posts_of_unknown_fate_stop_the_account_and_not_the_other(town, box: Sandbox) -> None:
    often = loopback(box, schedule={"every": "10m"})
    here: Town = town(book(*(message(f"n{n}") for n in range(20)), settings=settings(*often)))
    box.mastodon.fault("create", Fault.S504_AFTER, times=20)
    box.mastodon.fault("timeline", Fault.S503_HTML_BEFORE, times=200)
    here.go(NINE + timedelta(hours=2, minutes=5))
    assert box.mastodon.calls("create") == len(here.standing("mastodon")) == 3
    assert here.said("x") == []
    assert len(here.standing("x")) == len(here.rows("x"))
