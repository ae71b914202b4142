"""Every fault of the sandbox while a milestone is reposted, on X and on Mastodon, through the whole bot."""

from __future__ import annotations

import pytest

from bot.core.plan import Book
from bot.sandbox import Fault, Sandbox
from tests.faults.test_posts import HELD, LATER, REFUSED, SLOW, STANDS, UNKNOWN
from tests.faults.town import DAY, HOUR, MINUTE, NETWORKS, OTHER, START, Town, loopback, wait_for
from tests.given import book, message, settings

TEN = START + HOUR
"""When the repost is due."""

ROWS = [
    *((fault, "posted", ["unconfirmed"]) for fault in [*STANDS, *UNKNOWN]),
    *((fault, "posted", ["due"]) for fault in LATER if fault is not Fault.S404),
    *((fault, "missed", ["held", "missed"]) for fault in [*HELD, Fault.S403_DUPLICATE]),
    *((fault, "refused", ["refused"]) for fault in [*REFUSED, Fault.S404]),
    (Fault.GARBLED_RATELIMIT_AFTER, "posted", []),
]
MATRIX = [pytest.param(network, *row, id=f"{network}-{row[0]}") for row in ROWS for network in NETWORKS]


def given(box: Sandbox) -> Book:
    milestones = {"milestones": {"thresholds": [1000], "repost_after": "1h"}}
    rare = loopback(box, schedule={"at": ["09:00"], "days": ["mon"]})
    template = message("t", "milestone", text="{milestone} have signed!")
    return book(template, settings=settings(*rare, petition=milestones))


def announced(town, box: Sandbox, hurried: str = "") -> Town:
    """Both accounts have announced the milestone; in an hour they repost it."""
    box.mastodon.settings.boosts_twice = True  # as GoToSocial does: a second boost would be seen
    here: Town = town(given(box), hurried)
    here.count(990)
    here.count(1001)
    here.tick()
    here.go(TEN - MINUTE, step=HOUR)
    return here


@pytest.mark.parametrize(("network", "fault", "end", "lines"), MATRIX)
def test_a_fault_while_reposting_ends_in_one_repost_or_in_the_truth(
    town, box: Sandbox, network: str, fault: Fault, end: str, lines: list[str]
) -> None:
    here = announced(town, box, network if fault in SLOW else "")
    befall(here, network, fault)
    post, repost = here.rows(network)
    assert (post.state, repost.state) == ("posted", end)
    assert reposts(here, network) == ([post.remote_ids[0]] if end == "posted" else [])
    assert here.said(network) == lines
    unharmed(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("published", [True, False], ids=["stands", "lost"])
@pytest.mark.parametrize("fault", [Fault.S503_HTML_BEFORE, Fault.BROKEN_JSON_200_BEFORE, Fault.S429_BARE])
def test_a_fault_while_the_repost_is_looked_up_is_no_answer(
    town, box: Sandbox, network: str, fault: Fault, published: bool
) -> None:
    here = announced(town, box)
    here.site(network).fault(LOOKED_UP[network], fault, times=2)
    befall(here, network, Fault.S504_AFTER if published else Fault.S504_BEFORE)
    post, repost = here.rows(network)
    assert repost.state == "posted"
    assert reposts(here, network) == [post.remote_ids[0]]
    assert here.said(network) == ["unconfirmed"]


LOOKED_UP = {"x": "timeline", "mastodon": "status", "bluesky": "reposted"}


@pytest.mark.parametrize("network", NETWORKS)
def test_a_repost_found_by_a_reading_can_be_taken_back(town, box: Sandbox, network: str) -> None:
    here = announced(town, box)
    befall(here, network, Fault.S504_AFTER)
    _, repost = here.rows(network)
    assert here.networks[network].delete(repost.remote_ids[0]) is None
    assert reposts(here, network) == []


@pytest.mark.parametrize("network", NETWORKS)
def test_a_post_that_waits_for_a_person_is_not_reposted_and_its_repost_does_not_wait_for_ever(
    town, box: Sandbox, network: str
) -> None:
    here: Town = town(given(box))
    here.site(network).fault("create", Fault.S504_AFTER)
    here.site(network).fault("timeline", Fault.S503_HTML_BEFORE, times=50)
    here.count(990)
    here.count(1001)
    here.go(TEN + DAY + 2 * HOUR, step=HOUR)
    post, repost = here.rows(network)
    assert (post.state, repost.state) == ("unconfirmed", "missed")
    assert "still under way" in repost.reason
    assert reposts(here, network) == []
    unharmed(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
def test_what_was_never_posted_is_not_reposted(town, box: Sandbox, network: str) -> None:
    here: Town = town(given(box))
    here.site(network).fault("create", Fault.S422)
    here.count(990)
    here.count(1001)
    here.go(TEN + MINUTE, step=HOUR)
    assert [row.state for row in here.rows(network)] == ["refused", "cancelled"]
    assert here.site(network).calls("repost") == 0
    unharmed(here, OTHER[network])


def befall(here: Town, network: str, fault: Fault) -> None:
    site = here.site(network)
    site.settings.late = 0.6
    site.settings.refused = 60.0
    before = len(site.posts())
    site.fault("repost", fault)
    here.go(TEN)
    if fault is Fault.LATE:
        wait_for(lambda: len(site.posts()) > before)
    if fault is Fault.REFUSED:
        site.clear()
    here.go(TEN + 30 * MINUTE)
    assert site.script.left() == {}
    here.go(TEN + DAY + HOUR, step=HOUR)
    here.once(network)


def reposts(here: Town, network: str) -> list[str]:
    return [post.repost_of for post in here.standing(network) if post.repost_of]


def unharmed(here: Town, network: str) -> None:
    post, repost = here.rows(network)
    assert (post.state, repost.state) == ("posted", "posted")
    assert reposts(here, network) == [post.remote_ids[0]]
    assert here.said(network) == []
