"""Documents of the real shape, of every platform: the count in them, and what they say of the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.model import Reading
from bot.core.written import CounterInfo
from bot.petitions import action_network, controlshift, counter, eci, uk_parliament
from tests.petitions.conftest import NOW, Site, why

UK: dict[str, Any] = {
    "links": {"self": "https://petition.parliament.uk/petitions/700000.json"},
    "data": {
        "type": "petition",
        "id": 700000,
        "attributes": {
            "action": "Keep the library open",
            "background": "It has 1,204 readers.",
            "state": "open",
            "signature_count": 12345,
            "created_at": "2026-10-01T10:00:00.000Z",
            "closed_at": None,
            "rejection": None,
            "signatures_by_country": [{"name": "France", "code": "FR", "signature_count": 7}],
            "signatures_by_constituency": [
                {"name": f"Place {n}", "ons_code": f"E{n:08}", "signature_count": n} for n in range(650)
            ],
        },
    },
}
ACTION_NETWORK = {
    "identifiers": ["action_network:d6bdf50e-c3a4-4981-a948-3d8c086066d7"],
    "title": "Keep the library open",
    "browser_url": "https://actionnetwork.org/petitions/keep-the-library-open",
    "total_signatures": 12345,
    "created_date": "2026-10-01T10:00:00Z",
    "_links": {"self": {"href": "https://actionnetwork.org/api/v2/petitions/d6bdf50e"}},
    "_embedded": {"osdi:creator": {"given_name": "Ana", "total_signatures": 3}},
}
CONTROLSHIFT: dict[str, Any] = {
    "petition": {
        "slug": "keep-the-library-open",
        "title": "Keep the library open",
        "goal": 20000,
        "ended": False,
        "public_signature_count": 12345,
        "categories": [{"name": "Towns", "slug": "towns"}],
    }
}
ECI = {"signatureCount": 12345, "goal": 1000000}


def reading(site: Site, kind: str, document: object, secret: str | None = None) -> Any:
    site.answer(json.dumps(document))
    info = CounterInfo.model_validate({"kind": kind, "url": site.address})
    return counter(info, "https://example.org", 2.0, lambda: None, secret).read(NOW)


@pytest.mark.parametrize(
    ("kind", "document"),
    [("uk_parliament", UK), ("controlshift", CONTROLSHIFT), ("eci", ECI), ("action_network", ACTION_NETWORK)],
)
def test_the_count_of_a_petition_and_no_other_number_is_read(site: Site, kind: str, document: object) -> None:
    found = reading(site, kind, document, secret="key")
    assert (found.number, found.at, found.closed) == (12345, NOW, "")


def uk(**changes: Any) -> dict[str, Any]:
    return {"data": {"attributes": {**UK["data"]["attributes"], **changes}}}


@pytest.mark.parametrize("state", ["open", "sponsored", None, 5, {"a": 1}])
def test_a_petition_of_parliament_in_any_other_state_is_open(site: Site, state: object) -> None:
    assert reading(site, "uk_parliament", uk(state=state)).closed == ""


@pytest.mark.parametrize("state", ["closed", "rejected", "hidden", "stopped"])
def test_a_petition_of_parliament_that_has_ended_says_so(site: Site, state: str) -> None:
    found = reading(site, "uk_parliament", uk(state=state, signature_count=104_000))
    assert (found.number, found.closed) == (104_000, state)


def test_an_ended_petition_of_controlshift_says_so(site: Site) -> None:
    ended = {"petition": {**CONTROLSHIFT["petition"], "ended": True}}
    assert reading(site, "controlshift", ended).closed == "closed"


@pytest.mark.parametrize(
    ("kind", "document", "said"),
    [
        ("uk_parliament", {"error": "not found"}, "there is no data in an object with the keys error"),
        ("uk_parliament", {"data": {"attributes": None}}, "there is no signature_count in null"),
        ("uk_parliament", {"data": None}, "there is no attributes in null"),
        ("uk_parliament", uk(signature_count=None), "null stands there, which is no exact count"),
        ("uk_parliament", uk(signature_count="12.3K"), '"12.3K" stands there'),
        ("controlshift", {"petition": {"goal": 5}}, "there is no public_signature_count in"),
        ("controlshift", [], "there is no petition in a list of 0"),
        ("eci", {"goal": 1000000}, "there is no signatureCount in an object with the keys goal"),
        ("eci", {"signatureCount": -1}, "-1 stands there"),
        ("action_network", {"total_signatures": True}, "true stands there"),
        ("action_network", {"error": "API key invalid"}, "there is no total_signatures"),
    ],
)
def test_what_is_no_count_is_said_with_the_place_where_it_was_sought(
    site: Site, kind: str, document: object, said: str
) -> None:
    reason = why(reading(site, kind, document, secret="key"))
    assert reason.startswith("cannot read the counter at http://127.0.0.1:")
    assert said in reason


def test_the_token_of_action_network_goes_into_its_header_and_is_never_shown(site: Site) -> None:
    reading(site, "action_network", ACTION_NETWORK, secret="hidden")
    assert site.asked[0]["OSDI-API-Token"] == "hidden"
    site.answer("", 403)
    info = CounterInfo.model_validate({"kind": "action_network", "url": site.address})
    asking = counter(info, "", 2.0, lambda: None, "hidden")
    assert "hidden" not in why(asking.read(NOW))
    assert "hidden" not in repr(vars(asking))


def test_without_its_token_action_network_is_not_asked(site: Site) -> None:
    assert "needs a secret for its header OSDI-API-Token" in why(reading(site, "action_network", {}))
    assert site.asked == []


# --- from the page that people know to the address of the count -------------------------------------

PETITION = "https://petition.parliament.uk/petitions/700000"
SHIFT = "https://campaigns.example.org/api/v1/petitions/keep-it"
INITIATIVE = "https://eci.ec.europa.eu/043/public/api/report/progression"


@pytest.mark.parametrize(
    "page",
    ["", "/", ".json", "/count.json", "?utm=1", "#sign", "/signatures/new", "/sponsors/new?token=5"],
)
def test_any_page_of_a_petition_of_parliament_leads_to_its_count(page: str) -> None:
    assert uk_parliament.address(PETITION + page) == f"{PETITION}.json"


@pytest.mark.parametrize(
    "page",
    [
        SHIFT,
        "https://campaigns.example.org/petitions/keep-it",
        "https://campaigns.example.org/petitions/keep-it.json",
        "https://campaigns.example.org/petitions/keep-it/signatures/new?source=fb",
    ],
)
def test_any_page_of_a_petition_of_controlshift_leads_to_its_count(page: str) -> None:
    assert controlshift.address(page) == SHIFT


@pytest.mark.parametrize(
    "page",
    [INITIATIVE, *(f"https://eci.ec.europa.eu/043{end}" for end in ("", "/", "/public/", "/public/#/"))],
)
def test_any_page_of_an_initiative_leads_to_its_count(page: str) -> None:
    assert eci.address(page) == INITIATIVE


def test_action_network_is_asked_at_the_address_that_is_given() -> None:
    assert action_network.address("https://actionnetwork.org/api/v2/petitions/d6bdf50e") == (
        "https://actionnetwork.org/api/v2/petitions/d6bdf50e"
    )


def test_without_an_address_the_petitions_own_page_is_asked(site: Site) -> None:
    site.answer(json.dumps(UK))
    info = CounterInfo.model_validate({"kind": "uk_parliament"})
    found = counter(info, f"http://127.0.0.1:{site.port}/petitions/5?utm=1", 2.0, lambda: None).read(NOW)
    assert found == Reading(12345, f"http://127.0.0.1:{site.port}/petitions/5.json", NOW)
    assert site.paths == ["/petitions/5.json"]
