"""Every fault of the sandbox while a post is created, on X and on Mastodon, through the whole bot."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.sandbox import Fault
from tests.faults.town import MINUTE, NETWORKS, NINE, OTHER, Town, wait_for

STANDS = [
    Fault.RESET_AFTER,
    Fault.LATE,
    Fault.TIMEOUT_AFTER,
    Fault.DRIP,
    Fault.CUT_AFTER,
    Fault.HTML_200_AFTER,
    Fault.BROKEN_JSON_200_AFTER,
    Fault.EMPTY_200_AFTER,
    Fault.EMPTY_201,
    Fault.LIST_ERROR_BODY_AFTER,
    Fault.S500_AFTER,
    Fault.S500_REPEATED_KEY,
    Fault.S502_AFTER,
    Fault.S503_HTML_AFTER,
    Fault.S504_AFTER,
]
"""It was published, and we were not told so."""

UNKNOWN = [
    Fault.RESET_BEFORE,
    Fault.TIMEOUT_BEFORE,
    Fault.DRIP_BEFORE,
    Fault.HTML_200_BEFORE,
    Fault.BROKEN_JSON_200_BEFORE,
    Fault.REDIRECT_301,
    Fault.REDIRECT_302,
    Fault.S500_BEFORE,
    Fault.S503_HTML_BEFORE,
    Fault.S503_EMPTY_BEFORE,
    Fault.S504_BEFORE,
]
"""It was not published, and we were not told so."""

LATER = [
    Fault.REFUSED,
    Fault.S404,
    Fault.S429_RESET,
    Fault.S429_DAY,
    Fault.S429_BARE,
    Fault.S429_PAST,
    Fault.S429_GARBLED,
    Fault.S429_RETRY_AFTER,
]
"""It was certainly not published, and may be tried again."""

HELD = [Fault.S401, Fault.S402, Fault.S403_OTHER, Fault.S403_SPEND_CAP]
REFUSED = [Fault.S400, Fault.LIST_ERROR_BODY, Fault.S413, Fault.S422]
ELSEWHERE = {fault for fault in Fault if fault.name.startswith(("MEDIA", "COUNT", "BODY"))}
"""Faults of pictures and of counters."""

SLOW = (Fault.LATE, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.DRIP_BEFORE, Fault.DRIP)
"""They are over at the deadline only."""

ROWS = [
    *((fault, "posted", ["unconfirmed"]) for fault in STANDS),
    *((fault, "posted", ["unconfirmed"]) for fault in UNKNOWN),
    *((fault, "posted", ["due"]) for fault in LATER),
    *((fault, "missed", ["held", "missed"]) for fault in HELD),
    *((fault, "refused", ["refused"]) for fault in REFUSED),
    (Fault.GARBLED_RATELIMIT_AFTER, "posted", []),
]
MATRIX = [pytest.param(network, *row, id=f"{network}-{row[0]}") for row in ROWS for network in NETWORKS]
DUPLICATE = [("x", "refused", ["refused"]), ("mastodon", "missed", ["held", "missed"])]
"""Only X knows this answer; from any other server it is a 403."""


def test_every_fault_has_its_row() -> None:
    assert {row[0] for row in ROWS} | {Fault.S403_DUPLICATE} | ELSEWHERE == set(Fault)


@pytest.mark.parametrize(("network", "fault", "end", "lines"), MATRIX)
def test_a_fault_while_posting_ends_in_one_post_or_in_the_truth(
    town, network: str, fault: Fault, end: str, lines: list[str]
) -> None:
    here = town(hurried=network if fault in SLOW else "")
    befall(here, network, "create", fault)
    [row] = here.rows(network)
    assert row.state == end
    assert len(here.standing(network)) == (end == "posted")
    assert here.said(network) == lines
    unharmed(here, OTHER[network])


@pytest.mark.parametrize(("network", "end", "lines"), DUPLICATE)
def test_a_duplicate_is_no_proof_that_our_post_stands(town, network: str, end: str, lines: list[str]) -> None:
    here = town()
    befall(here, network, "create", Fault.S403_DUPLICATE)
    assert [row.state for row in here.rows(network)] == [end]
    assert here.standing(network) == []
    assert here.said(network) == lines
    unharmed(here, OTHER[network])


def befall(here: Town, network: str, endpoint: str, fault: Fault, by: datetime = NINE) -> None:
    """The fault happens once, until `by`, and time goes on until all is over."""
    site = here.site(network)
    site.settings.late = 0.6
    site.settings.refused = 60.0
    before = len(site.posts())
    site.fault(endpoint, fault)
    here.go(by)
    assert site.script.left() == {}
    if fault is Fault.LATE and endpoint == "create":
        wait_for(lambda: len(site.posts()) > before)
    site.clear()
    here.go(NINE + 45 * MINUTE)
    here.once(network)


def unharmed(here: Town, network: str) -> None:
    [row] = here.rows(network)
    [post] = here.standing(network)
    assert (row.state, row.remote_ids) == ("posted", (post.id,))
    assert here.said(network) == []
