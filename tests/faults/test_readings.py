"""Every fault of the sandbox while an account says who it is, and while its own timeline is read back."""

from __future__ import annotations

import pytest

from bot.sandbox import Fault
from tests.faults.test_posts import HELD, LATER, REFUSED, SLOW, STANDS, UNKNOWN, befall, unharmed
from tests.faults.town import HOUR, MINUTE, NETWORKS, NINE, OTHER

IN_DOUBT = [
    pytest.param(network, fault, published, id=f"{network}-{fault}-{'stands' if published else 'lost'}")
    for number, fault in enumerate([*STANDS, *UNKNOWN, *LATER, *HELD, *REFUSED])
    for network in NETWORKS
    for published in (True, False)
    if number % 2 == published or fault in LATER
]
"""Each fault of a reading on each network, while a post is in doubt that stands, or that never arrived."""


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", [*STANDS, *UNKNOWN, *LATER, *HELD], ids=str)
def test_a_fault_while_the_account_says_who_it_is_delays_its_post_and_never_doubles_it(
    town, network: str, fault: Fault
) -> None:
    here = town(hurried=network if fault in SLOW else "")
    here.campaign.couriers[network].identity = None
    befall(here, network, "verify", fault)
    if fault in HELD:
        assert here.said(network) == ["held", "missed"]
        assert here.standing(network) == []
    else:
        assert here.said(network) in (["trouble"], [])
        assert len(here.standing(network)) == 1
    unharmed(here, OTHER[network])


@pytest.mark.parametrize(("network", "fault", "published"), IN_DOUBT)
def test_a_fault_while_the_timeline_is_read_is_no_answer(
    town, network: str, fault: Fault, published: bool
) -> None:
    """Neither a proof that the post is not there nor that it is."""
    here = town(hurried=network if fault in SLOW else "")
    here.site(network).fault("create", Fault.S504_AFTER if published else Fault.S504_BEFORE)
    here.go(NINE)
    befall(here, network, "timeline", fault, by=NINE + MINUTE)
    assert [row.state for row in here.rows(network)] == ["posted"]
    assert len(here.standing(network)) == 1
    assert here.said(network) == ["unconfirmed"]
    unharmed(here, OTHER[network])


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("published", [True, False], ids=["stands", "lost"])
def test_a_timeline_that_cannot_be_read_leaves_it_to_a_person(town, network: str, published: bool) -> None:
    here = town()
    site = here.site(network)
    site.fault("create", Fault.S504_AFTER if published else Fault.S504_BEFORE)
    site.fault("timeline", Fault.S503_HTML_BEFORE, times=50)
    here.go(NINE + 8 * HOUR, step=HOUR)
    [row] = here.rows(network)
    assert (row.state, row.next_at) == ("unconfirmed", None)
    assert site.calls("timeline") == 6
    assert site.calls("create") == 1
    assert here.said(network) == ["unconfirmed", "unconfirmed"]
    here.once(network)
    unharmed(here, OTHER[network])
