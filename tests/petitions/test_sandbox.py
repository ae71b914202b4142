"""Every way to read a count against the sandbox's petition site, wrong in every way that happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.model import Reading
from bot.core.written import CounterInfo
from bot.petitions import counter
from bot.ports import Counter
from bot.sandbox import Fault, Sandbox
from tests.petitions.conftest import NOW, why

WAYS: dict[str, dict[str, Any]] = {
    "uk_parliament": {"url": "/petitions/1"},
    "controlshift": {"url": "/petitions/keep-it"},
    "eci": {"url": "/043/public/"},
    "action_network": {"url": "/api/v2/petitions/d6bdf50e"},
    "json": {"url": "/petitions/1/count.json", "path": "signature_count"},
    "page": {"url": "/petitions/1", "select": ".count"},
}
IN_JSON = [kind for kind in WAYS if kind != "page"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


@pytest.fixture
def box(shared: Sandbox) -> Sandbox:
    shared.petition.clear()
    shared.petition.count = 12345
    shared.petition.settings.archived = False
    shared.petition.settings.state = "open"
    return shared


def watching(box: Sandbox, kind: str) -> Counter:
    given = {"kind": kind, **WAYS[kind], "url": box.petition.url + WAYS[kind]["url"]}
    key = box.petition.settings.osdi_key if kind == "action_network" else None
    return counter(CounterInfo.model_validate(given), "", 5.0, lambda: None, key)


def read(asking: Counter) -> int:
    reading = asking.read(NOW)
    assert isinstance(reading, Reading), reading
    return reading.number


@pytest.mark.parametrize("kind", WAYS)
def test_the_count_is_read_as_it_goes(box: Sandbox, kind: str) -> None:
    asking = watching(box, kind)
    assert [read(asking), read(asking)] == [12345, 12345]
    box.petition.count = 12346
    assert read(asking) == 12346


@pytest.mark.parametrize("separator", [",", ".", " ", "\u00a0", "\u202f", "'", ""])
def test_a_page_may_mark_thousands_as_it_likes(box: Sandbox, separator: str) -> None:
    box.petition.settings.separator = separator
    assert read(watching(box, "page")) == 12345


BAD = (Fault.COUNT_NULL, Fault.COUNT_TRUE, Fault.COUNT_ROUNDED, Fault.COUNT_NEGATIVE, Fault.COUNT_FRACTION)
BROKEN = (Fault.COUNT_MISSING, Fault.COUNT_RENAMED, Fault.COUNT_HUGE, Fault.BODY_HUGE)


@pytest.mark.parametrize("kind", IN_JSON)
@pytest.mark.parametrize("fault", [*BAD, *BROKEN], ids=str)
def test_a_wrong_count_is_a_bad_reading_and_the_next_good_one_is_read(
    box: Sandbox, kind: str, fault: Fault
) -> None:
    asking = watching(box, kind)
    box.petition.fault("count", fault)
    assert "cannot read the counter at http://127.0.0.1" in why(asking.read(NOW))
    assert read(asking) == 12345


@pytest.mark.parametrize("kind", IN_JSON)
def test_grouped_digits_in_json_are_read_too(box: Sandbox, kind: str) -> None:
    box.petition.fault("count", Fault.COUNT_TEXT)
    assert read(watching(box, kind)) == 12345


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize(
    "fault",
    [Fault.REDIRECT_301, Fault.S404, Fault.S500_BEFORE, Fault.S503_HTML_BEFORE, Fault.RESET_BEFORE],
    ids=str,
)
def test_a_site_in_trouble_is_a_bad_reading(box: Sandbox, kind: str, fault: Fault) -> None:
    asking = watching(box, kind)
    box.petition.fault("page" if kind == "page" else "count", fault)
    assert "cannot read the counter" in why(asking.read(NOW))
    assert read(asking) == 12345


def test_a_petition_is_followed_to_the_archive_and_says_that_it_is_closed(box: Sandbox) -> None:
    asking = watching(box, "uk_parliament")
    box.petition.settings.archived, box.petition.settings.state = True, "closed"
    reading = asking.read(NOW)
    assert isinstance(reading, Reading)
    assert (reading.number, reading.closed) == (12345, "closed")
    again = asking.read(NOW)
    assert isinstance(again, Reading)
    assert again.closed == "closed"


def test_action_network_without_its_key_says_403(box: Sandbox) -> None:
    given = {"kind": "action_network", "url": f"{box.petition.url}/api/v2/petitions/d6bdf50e"}
    asking = counter(CounterInfo.model_validate(given), "", 5.0, lambda: None, "another-key")
    assert "the server answered 403" in why(asking.read(NOW))
