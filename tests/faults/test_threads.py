"""Faults in the middle of a thread, on every network: it goes on behind the last part that stands."""

from __future__ import annotations

import pytest

from bot.core.plan import Book
from bot.ports import Ready
from bot.sandbox import Fault, Sandbox
from tests.faults.test_posts import HELD, LATER, REFUSED, SLOW, STANDS, UNKNOWN
from tests.faults.town import MINUTE, NETWORKS, NINE, OTHER, Town, loopback, wait_for
from tests.given import book, message, settings

PARTS = ["First.", "Second.", "Third.\n\nhttps://petition.example.org/p"]

CHOSEN = {
    *(Fault.RESET_AFTER, Fault.TIMEOUT_AFTER, Fault.LATE, Fault.EMPTY_201, Fault.S504_AFTER),
    *(Fault.RESET_BEFORE, Fault.TIMEOUT_BEFORE, Fault.REDIRECT_302, Fault.S503_HTML_BEFORE),
    *(Fault.REFUSED, Fault.S429_BARE, Fault.S429_RESET),
}
"""One of each way to fail; the others are told apart by the same table as for single posts."""

GOES_ON = [
    *((fault, ["unconfirmed"]) for fault in [*STANDS, *UNKNOWN] if fault in CHOSEN),
    *((fault, ["due"]) for fault in LATER if fault in CHOSEN),
]


def given(box: Sandbox) -> Book:
    thread = message("thread", text="First.", thread=["Second.", "Third."])
    return book(thread, settings=settings(*loopback(box)))


def befall(here: Town, network: str, part: int, fault: Fault, by=NINE) -> None:
    """The fault happens when that part is sent, and time goes on until all is over."""
    site, adapter = here.site(network), here.networks[network]
    site.settings.late, site.settings.refused = 0.6, 60.0
    publish = adapter.publish

    def meddled(ready: Ready, number: int, key: str, reply_to: str | None) -> object:
        if number == part:
            del adapter.publish  # type: ignore[attr-defined]
            site.fault("create", fault)
        return publish(ready, number, key, reply_to)

    adapter.publish = meddled  # type: ignore[method-assign, assignment]
    here.go(by)
    assert site.script.left() == {}
    if fault is Fault.LATE:
        wait_for(lambda: len(site.posts()) > part)
    site.clear()
    here.go(NINE + 45 * MINUTE)


def whole(here: Town, network: str) -> None:
    """All parts stand once, each under the one before."""
    [row] = here.rows(network)
    posts = here.standing(network)
    assert row.state == "posted"
    assert [post.text for post in posts] == (PARTS if network != "bluesky" else posts_of_bluesky(posts))
    assert tuple(post.id for post in posts) == row.remote_ids
    assert [post.in_reply_to for post in posts] == [None, *row.remote_ids[:-1]]


def posts_of_bluesky(posts: list) -> list[str]:
    """Its texts have links in short."""
    assert [post.text.split("\n")[0] for post in posts] == ["First.", "Second.", "Third."]
    return [post.text for post in posts]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("part", [1, 2])
@pytest.mark.parametrize(("fault", "lines"), GOES_ON, ids=str)
def test_a_fault_in_the_middle_ends_in_one_whole_thread(
    town, box: Sandbox, network: str, part: int, fault: Fault, lines: list[str]
) -> None:
    here = town(given(box), hurried=network if fault in SLOW else "")
    befall(here, network, part, fault)
    whole(here, network)
    assert here.said(network) == lines
    whole(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", [Fault.S401, Fault.S403_OTHER], ids=str)
def test_an_account_that_is_held_in_the_middle_goes_on_once_it_may(
    town, box: Sandbox, network: str, fault: Fault
) -> None:
    assert fault in HELD
    here = town(given(box))
    befall(here, network, 1, fault)
    [row] = here.rows(network)
    assert (row.state, len(row.remote_ids), here.said(network)) == ("due", 1, ["held"])
    here.store.hold(network, None)
    here.go(NINE + 60 * MINUTE)
    whole(here, network)
    whole(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", [Fault.S422, Fault.S413], ids=str)
def test_a_part_that_is_refused_says_what_stands(town, box: Sandbox, network: str, fault: Fault) -> None:
    assert fault in REFUSED
    here = town(given(box))
    befall(here, network, 2, fault)
    [row] = here.rows(network)
    assert (row.state, len(row.remote_ids)) == ("refused", 2)
    assert "2 of 3 parts stand at http" in row.reason
    assert [post.id for post in here.standing(network)] == [*row.remote_ids]
    whole(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
def test_a_part_taken_away_by_hand_ends_the_thread(town, box: Sandbox, network: str) -> None:
    """The next one would answer to nothing."""
    here = town(given(box))
    site, adapter = here.site(network), here.networks[network]
    publish = adapter.publish

    def meddled(ready: Ready, number: int, key: str, reply_to: str | None) -> object:
        if number == 1:
            site.withdraw(site.posts()[0])
        return publish(ready, number, key, reply_to)

    adapter.publish = meddled  # type: ignore[method-assign, assignment]
    here.go(NINE + 45 * MINUTE)
    [row] = here.rows(network)
    assert len(row.remote_ids) == 1
    assert here.standing(network) == []
    assert row.state in ("refused", "due")
    whole(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("published", [True, False], ids=["stands", "lost"])
def test_a_bot_killed_in_the_middle_goes_on_behind_what_stands(
    town, box: Sandbox, network: str, published: bool
) -> None:
    here = town(given(box))
    adapter = here.networks[network]
    publish = adapter.publish

    def killed(ready: Ready, number: int, key: str, reply_to: str | None) -> object:
        if number < 1:
            return publish(ready, number, key, reply_to)
        if published:
            publish(ready, number, key, reply_to)
        raise KeyboardInterrupt

    adapter.publish = killed  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        here.go(NINE + MINUTE)
    del adapter.publish  # type: ignore[attr-defined]
    here.start()
    here.go(NINE + 45 * MINUTE)
    whole(here, network)
    whole(here, OTHER[network])
