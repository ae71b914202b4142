"""Looking at an address: which kind, path or selector reads its count, by documents of the real shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.model import BadReading, Reading
from bot.core.written import CounterInfo
from bot.petitions import counter
from bot.petitions.proposal import Proposal, propose
from tests.petitions.conftest import NOW, Site
from tests.petitions.test_platforms import ACTION_NETWORK, CONTROLSHIFT, ECI, UK

NOWHERE = "nothing is here"


def at(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def proposed(site: Site, path: str = "/", token: str | None = None) -> list[Proposal]:
    found = propose(at(site, path), 2.0, NOW, token)
    assert not isinstance(found, BadReading), found
    return found


def page(site: Site, body: str) -> list[Proposal]:
    site.answer(body, kind="text/html")
    return proposed(site)


@pytest.mark.parametrize(
    ("page", "api", "document", "kind"),
    [
        ("/petitions/700000", "/petitions/700000.json", UK, "uk_parliament"),
        ("/petitions/keep-it", "/api/v1/petitions/keep-it", CONTROLSHIFT, "controlshift"),
        ("/043/public/#/", "/043/public/api/report/progression", ECI, "eci"),
        ("/api/v2/petitions/d6bdf50e", "/api/v2/petitions/d6bdf50e", ACTION_NETWORK, "action_network"),
    ],
)
def test_a_platform_is_known_by_its_address_and_its_answer(
    site: Site, page: str, api: str, document: object, kind: str
) -> None:
    site.answer(NOWHERE, 404)
    site.answer(json.dumps(document), path=api)
    assert proposed(site, page, token="key") == [Proposal(kind, 12345, at(site, page))]


def test_what_is_proposed_reads_the_count(site: Site) -> None:
    site.answer(json.dumps({"data": {"signatures": {"goal": 20000, "total": "12.345"}}}))
    (best, *_) = proposed(site)
    given = {"kind": best.kind, "url": best.url, "path": best.path}
    reading = counter(CounterInfo.model_validate(given), "", 2.0, lambda: None).read(NOW)
    assert isinstance(reading, Reading)
    assert (best.path, best.number, reading.number) == ("data.signatures.total", 12345, 12345)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (UK, "data.attributes.signature_count"),
        ({"id": 5, "goal": 20000, "signature_count": 12345, "signatures_today": 7}, "signature_count"),
        ({"petition": {"stats": {"supporters": 12345, "shares": 9}}}, "petition.stats.supporters"),
        ({"items": [{"signatures": 3}], "totalSignatures": 12345}, "totalSignatures"),
        ({"firmas": "12.345"}, "firmas"),
        ({"n": 12345}, "n"),
        (12345, ""),
    ],
)
def test_in_json_the_name_tells_the_count_from_other_numbers(site: Site, document: Any, path: str) -> None:
    site.answer(json.dumps(document))
    best = proposed(site)[0]
    assert (best.kind, best.path, best.number) == ("json", path, 12345)


@pytest.mark.parametrize(
    ("body", "select"),
    [
        ('<p class="signature-count">12,345</p><p>20,000</p>', "p.signature-count"),
        ('<div id="signatures"><b>12.345</b> haben unterschrieben</div><i>7</i>', "#signatures b"),
        (
            '<ul class="stats"><li class="goal">20 000</li><li class="count">12 345</li></ul>'
            "<p>signatures</p>",
            "li.count",
        ),
        ('<span data-testid="signature-total" class="x">12,345</span>', "span.x"),
        (
            '<div class="a"><b>12,345</b> people have signed</div><div class="b"><b>9</b> shares</div>',
            "div.a",
        ),
        ('<script>12345</script><p class="signed">12345</p><time class="signed">2026</time>', "p.signed"),
    ],
)
def test_on_a_page_names_and_words_tell_the_count_from_other_numbers(
    site: Site, body: str, select: str
) -> None:
    best = page(site, f"<html><body>{body}</body></html>")[0]
    assert (best.kind, best.select, best.number) == ("page", select, 12345)


def test_several_likely_numbers_are_all_shown_best_first(site: Site) -> None:
    found = page(
        site, '<p class="signatures">12,345</p><p class="signatures-today">7</p><p class="votes">9</p>'
    )
    assert [each.number for each in found][:2] == [12345, 9]
    assert len(found) <= 5


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("<p>Sign here</p>", 200, "shows no number that looks like a count of signatures"),
        ("<p>7</p>", 200, "shows no number that looks like a count of signatures"),
        ("{}", 200, "shows no number that looks like a count of signatures"),
        ('{"a": ', 200, "is not JSON"),
        ("", 200, "shows no number"),
        ("gone", 404, "the server answered 404"),
    ],
)
def test_where_there_is_none_it_says_so(site: Site, body: str, status: int, said: str) -> None:
    site.answer(body, status, kind="text/html")
    found = propose(f"{at(site, '/')}?key=hidden", 2.0, NOW)
    assert isinstance(found, BadReading)
    assert said in found.reason
    assert "hidden" not in found.reason
