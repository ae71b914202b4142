"""The petition site: a count that is right, and all the ways in which it is not."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from bot.sandbox import Fault, Sandbox


def get(box: Sandbox, page: str = "/petitions/1.json", **more: Any) -> requests.Response:
    return requests.get(box.petition.url + page, timeout=5, **more)


def test_the_count_stands_at_both_addresses_and_on_the_page(box: Sandbox) -> None:
    box.petition.count = 12345
    full = get(box).json()["data"]["attributes"]
    assert (full["signature_count"], full["state"]) == (12345, "open")
    assert get(box, "/petitions/1/count.json").json() == {"signature_count": 12345}
    page = get(box, "/petitions/1")
    assert '<span class="count">12,345</span>' in page.text
    assert page.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("separator", "shown"), [(".", "12.345"), ("\u202f", "12\u202f345"), ("", "12345")])
def test_the_page_groups_digits_as_it_likes(box: Sandbox, separator: str, shown: str) -> None:
    box.petition.count = 12345
    box.petition.settings.separator = separator
    page = get(box, "/petitions/1")
    page.encoding = "utf-8"
    assert f">{shown}</span>" in page.text


def test_a_count_grows_until_told_otherwise(box: Sandbox) -> None:
    box.petition.count = 1000
    box.petition.grow(per_second=1000)
    time.sleep(0.1)
    grown = box.petition.count
    assert 1050 <= grown < 2000
    box.petition.grow(per_second=0)
    assert box.petition.count >= grown
    assert box.petition.count == box.petition.count
    box.petition.count = 5
    assert box.petition.count == 5


def test_a_count_can_fall(box: Sandbox) -> None:
    box.petition.count = 1000
    box.petition.grow(per_second=-1000)
    time.sleep(0.05)
    assert box.petition.count < 960


def test_a_closed_petition_says_so(box: Sandbox) -> None:
    box.petition.settings.state = "closed"
    assert get(box).json()["data"]["attributes"]["state"] == "closed"


def test_an_unchanged_count_is_a_304(box: Sandbox) -> None:
    tag = get(box).headers["ETag"]
    again = get(box, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    box.petition.count += 1
    assert get(box, headers={"If-None-Match": tag}).status_code == 200
    box.petition.settings.etags = False
    assert "ETag" not in get(box).headers


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault.COUNT_NULL, None),
        (Fault.COUNT_ZERO, 0),
        (Fault.COUNT_TRUE, True),
        (Fault.COUNT_TEXT, "12,345"),
        (Fault.COUNT_ROUNDED, "12.3K"),
        (Fault.COUNT_NEGATIVE, -12346),
        (Fault.COUNT_FRACTION, 12345.5),
        (Fault.COUNT_HUGE, 10**30),
        (Fault.COUNT_MISSING, "missing"),
        (Fault.COUNT_RENAMED, "missing"),
    ],
)
def test_a_count_can_be_shown_wrong_once(box: Sandbox, fault: Fault, shown: object) -> None:
    box.petition.count = 12345
    box.petition.fault("count", fault)
    found = get(box).json()["data"]["attributes"].get("signature_count", "missing")
    assert (found, type(found)) == (shown, type(shown))
    assert get(box).json()["data"]["attributes"]["signature_count"] == 12345


def test_a_retired_address_leads_to_the_home_page(box: Sandbox) -> None:
    box.petition.fault("count", Fault.REDIRECT_301)
    answer = get(box)
    assert (answer.status_code, answer.history[0].status_code) == (200, 301)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert box.petition.calls("moved") == 1


@pytest.mark.parametrize("fault", [Fault.S404, Fault.S500_BEFORE, Fault.S503_HTML_BEFORE])
def test_an_address_can_be_gone_or_broken(box: Sandbox, fault: Fault) -> None:
    box.petition.fault("count", fault)
    assert not get(box).ok
    assert get(box).ok


def test_a_body_can_be_huge(box: Sandbox) -> None:
    box.petition.fault("count", Fault.BODY_HUGE)
    assert len(get(box).content) > 20_000_000


def test_every_platform_gives_the_same_count_at_its_own_address(box: Sandbox) -> None:
    box.petition.count = 12345
    key = {"OSDI-API-Token": box.petition.settings.osdi_key}
    assert get(box, "/api/v2/petitions/d6bdf50e-c3a4", headers=key).json()["total_signatures"] == 12345
    assert get(box, "/api/v2/petitions/d6bdf50e-c3a4").status_code == 403
    shift = get(box, "/api/v1/petitions/keep-it").json()["petition"]
    assert (shift["public_signature_count"], shift["ended"], shift["slug"]) == (12345, False, "keep-it")
    assert get(box, "/043/public/api/report/progression").json() == {
        "signatureCount": 12345,
        "goal": 1_000_000,
    }


def test_after_an_election_the_old_address_redirects(box: Sandbox) -> None:
    box.petition.count = 12345
    box.petition.settings.archived = True
    answer = get(box)
    assert [each.status_code for each in answer.history] == [302]
    assert answer.url == f"{box.petition.url}/archived/petitions/1.json"
    assert answer.json()["data"]["attributes"]["signature_count"] == 12345


def test_what_is_not_there_is_a_404(box: Sandbox) -> None:
    assert get(box, "/petitions/first.json").status_code == 404
    assert get(box, "/").status_code == 200
