"""A count in a JSON answer: an exact number, or one sentence that says where it was looked for."""

from __future__ import annotations

import json
import socket

import pytest

from bot.core.model import Reading
from bot.http import session
from bot.petitions import json as json_count
from bot.petitions.address import LARGEST, Address
from bot.petitions.counting import WebCounter
from tests.petitions.conftest import NOW, Site, why

PATH = "data.attributes.signature_count"


def counter(address: str, path: str = PATH) -> WebCounter:
    return WebCounter(Address(address, session(2.0, largest=LARGEST)), json_count.find(path), path)


@pytest.mark.parametrize(
    ("payload", "path", "number"),
    [
        ({"signature_count": 10}, "signature_count", 10),
        ({"data": {"attributes": {"signature_count": 10}}}, PATH, 10),
        ({"signatures": {"total": "12.345"}}, "signatures.total", 12345),
        ({"petitions": [{"n": 1}, {"n": "12,345 firmas"}]}, "petitions.1.n", 12345),
        ({"by year": {"0": 7}}, "by year.0", 7),
        ({"signature_count": 0}, "signature_count", 0),
        (12345, "", 12345),
    ],
)
def test_the_number_at_the_path_is_read(site: Site, payload: object, path: str, number: int) -> None:
    site.answer(json.dumps(payload))
    assert counter(site.address, path).read(NOW) == Reading(number, site.address, NOW)


def test_only_the_key_at_the_path_counts_not_its_namesakes_below(site: Site) -> None:
    places = [{"name": "Ely", "signature_count": 7}]
    site.answer(json.dumps({"data": {"places": places, "attributes": {"signature_count": 900}}}))
    assert counter(site.address).read(NOW) == Reading(900, site.address, NOW)


@pytest.mark.parametrize(
    "value", [None, True, -5, 12.5, "12K", "12.3K", "12,3 mil", "", [12345], {"total": 5}, 10**30]
)
def test_what_is_no_exact_count_is_a_bad_reading_that_shows_it(site: Site, value: object) -> None:
    site.answer(json.dumps({"n": value}))
    reason = why(counter(site.address, "n").read(NOW))
    assert reason.startswith(f"cannot read the counter at {site.address} (looked for n): ")
    assert reason.endswith("stands there, which is no exact count")


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"signatures": {"total": 10}}, "there is no data in an object with the keys signatures"),
        ({"data": {"id": 1, "attributes": {}}}, "there is no signature_count in an empty object"),
        ({"data": {"id": 1, "links": {}}}, "there is no attributes in an object with the keys id, links"),
        ({"data": [1, 2]}, "there is no attributes in a list of 2"),
        ({"data": None}, "there is no attributes in null"),
        ({f"k{n}": 1 for n in range(300)}, "k6, k7, …"),
        ({"a\nb": 1}, "the keys a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_a_key_that_moved_is_named_with_the_keys_that_stand_there(
    site: Site, payload: object, said: str
) -> None:
    site.answer(json.dumps(payload))
    reason = why(counter(site.address).read(NOW))
    assert PATH in reason
    assert said in reason


def test_an_index_past_the_end_of_a_list_is_not_there(site: Site) -> None:
    site.answer("[1]")
    for index in ("1", "-1", "one"):
        assert f"there is no {index} in a list of 1" in why(counter(site.address, index).read(NOW))


@pytest.mark.parametrize("status", [201, 204, 401, 404, 410, 429, 500, 503])
def test_any_answer_but_200_is_a_bad_reading(site: Site, status: int) -> None:
    site.answer("" if status == 204 else '{"n": 5}', status)
    assert f"the server answered {status}" in why(counter(site.address, "n").read(NOW))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>Sign now: 12345</html>", "text/html"),
        (b'{"n": 5', "application/json"),
        (b"", ""),
        (b'{"n": "\xff"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"n": ' + b"9" * 5000 + b"}", "application/json"),
    ],
    ids=["html", "cut", "empty", "not utf-8", "deep", "huge number"],
)
def test_an_answer_that_is_not_json_is_said_to_be_none(site: Site, body: bytes, kind: str) -> None:
    site.answer(body, kind=f"{kind}; charset=utf-8" if kind else "")
    assert f"the answer ({kind or 'of no type'}) is not JSON" in why(counter(site.address, "n").read(NOW))


def test_an_answer_without_end_is_not_taken(site: Site) -> None:
    site.answer(b'{"n": 5, "more": "' + b"x" * 2_000_000 + b'"}')
    assert "is larger than 2 MB" in why(counter(site.address, "n").read(NOW))


def test_a_site_that_is_down_is_a_bad_reading() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/count.json"
        assert why(counter(address, "n").read(NOW)).startswith(f"cannot read the counter at {address}")


def test_an_address_that_is_none_is_a_bad_reading() -> None:
    assert "the request failed" in why(counter("http://127.0.0.1:notaport/", "n").read(NOW))


def test_what_may_be_secret_in_an_address_is_never_shown(site: Site) -> None:
    site.answer('{"n": 5}')
    address = site.address.replace("://", "://user:hidden@") + "?key=hidden#hidden"
    good = counter(address, "n").read(NOW)
    assert good == Reading(5, site.address, NOW)
    site.answer("", 500)
    assert "hidden" not in why(counter(address, "n").read(NOW))
    assert site.paths[-1].endswith("?key=hidden")


def test_304_is_the_last_number_again(site: Site) -> None:
    watcher = counter(site.address, "n")
    site.answer('{"n": 41}', ETag='"one"')
    watcher.read(NOW)
    site.answer("", 304)
    assert watcher.read(NOW) == watcher.read(NOW) == Reading(41, site.address, NOW)
    assert [asked.get("If-None-Match") for asked in site.asked] == [None, '"one"', '"one"']


def test_a_304_that_nobody_asked_for_is_a_bad_reading(site: Site) -> None:
    site.answer("", 304)
    assert "the server answered 304" in why(counter(site.address, "n").read(NOW))


def test_an_etag_of_a_bad_answer_is_forgotten(site: Site) -> None:
    watcher = counter(site.address, "n")
    site.answer('{"n": 41}', ETag='"one"')
    watcher.read(NOW)
    site.answer('{"n": null}', ETag='"two"')
    watcher.read(NOW)
    site.answer('{"n": 42}')
    assert watcher.read(NOW) == Reading(42, site.address, NOW)
    assert [asked.get("If-None-Match") for asked in site.asked] == [None, '"one"', None]
