"""Money and keys: what a person must mend holds one account, with one alert, until a person says that it may
go on; the others go on all the while."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sandbox import Fault, Sandbox
from tests.faults.town import HOUR, MESSAGES, MINUTE, NETWORKS, NINE, OTHER, Town, loopback
from tests.given import book, settings

Make = Callable[..., Town]
A_PERSON = (Fault.S401, Fault.S402, Fault.S403_OTHER, Fault.S403_SPEND_CAP)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("fault", A_PERSON, ids=str)
def test_what_a_person_must_mend_holds_that_account_with_one_alert(
    town: Make, box: Sandbox, network: str, fault: Fault
):
    """It does not go on by itself, also where the network would take the next post; a person says when."""
    given = book(*MESSAGES, settings=settings(*loopback(box, schedule={"every": "1h"})))
    here = town(given)
    here.site(network).fault("create", fault)
    here.go(NINE + 2 * HOUR + 10 * MINUTE)
    assert here.standing(network) == []
    assert here.said(network).count("held") == 1
    assert here.store.account(network).held
    assert len(here.standing(OTHER[network])) == 3
    here.store.hold(network, None)
    here.go(NINE + 3 * HOUR + 10 * MINUTE)
    assert len(here.standing(network)) == 2  # the one of eleven was still within its grace
    here.once(network)
