"""Asking an address with manners: where it may lead, what it is told, and how much is taken."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest
import trustme

from bot.http import session
from bot.petitions import json as json_count
from bot.petitions.address import LARGEST, Address, is_public
from bot.petitions.counting import WebCounter
from tests.petitions.conftest import NOW, Site, serving, why

COUNT = '{"n": 41}'
SECRET = ("X-Key", "hidden")


def counter(address: str, private: bool = False, **names: Any) -> WebCounter:
    """`names` may replace the look-up of names by `resolve`, and the deadline."""
    http = session(names.pop("deadline", 2.0), largest=LARGEST, **names)
    return WebCounter(Address(address, http, secret=SECRET, private=private), json_count.find("n"), "n")


def redirecting(site: Site, *targets: str) -> None:
    """Each path leads to the next."""
    for place, target in enumerate(targets):
        site.answer("", 302, path="/start" if not place else targets[place - 1], Location=target)
    site.answer(COUNT, path=targets[-1])


def start(site: Site) -> str:
    return f"http://127.0.0.1:{site.port}/start"


# --- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_closed_petition_is_followed_to_its_archive(site: Site, status: int) -> None:
    site.answer("", status, path="/start", Location="/archived/1.json")
    site.answer(COUNT, path="/archived/1.json")
    reading = counter(start(site)).read(NOW)
    assert not isinstance(reading, str)
    assert (reading.number, reading.source) == (41, start(site))


def test_three_redirects_are_followed_and_no_more(site: Site) -> None:
    redirecting(site, "/1", "/2", "/3")
    assert counter(start(site)).read(NOW).number == 41
    redirecting(site, "/1", "/2", "/3", "/4")
    assert "it redirects more than 3 times, at last to http://127.0.0.1" in why(
        counter(start(site)).read(NOW)
    )
    site.answer("", 302, Location="/start")
    assert "it redirects more than 3 times" in why(counter(start(site)).read(NOW))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "http://example.org/count?key=hidden",
            "http://example.org/count: only https addresses are followed",
        ),
        ("ftp://example.org/", "ftp://example.org/: only https addresses are followed"),
        ("file:///etc/passwd", "/etc/passwd: only https addresses are followed"),
        ("https://user:hidden@example.org/", "https://example.org/: only https"),
        ("https://[half", "to an address that cannot be read"),
        ("https://10.0.0.1/", "https://10.0.0.1/: it is in a private network, into which"),
        ("https://169.254.169.254/latest/meta-data", "it is in a private network"),
        ("https://[::1]/", "it is in a private network"),
        ("https://[::ffff:192.168.1.1]/", "it is in a private network"),
        ("https://localhost/", "it is in a private network"),
        ("https://printer.example/", "https://printer.example/: it is in a private network"),
    ],
)
def test_a_redirect_leads_to_public_https_addresses_alone(site: Site, target: str, said: str) -> None:
    def resolve(host: str, port: int) -> Any:
        address = "192.168.1.20" if host == "printer.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    site.answer("", 302, Location=target)
    reason = why(counter(start(site), resolve=resolve).read(NOW))
    assert said in reason
    assert "hidden" not in reason
    assert len(site.asked) == 1


def test_where_it_ended_is_said_of_an_answer_that_is_none(site: Site) -> None:
    site.answer("", 301, path="/start", Location="/home?key=hidden")
    site.answer("<html>Welcome</html>", kind="text/html", path="/home?key=hidden")
    reason = why(counter(start(site)).read(NOW))
    assert f"the answer (text/html (redirected to http://127.0.0.1:{site.port}/home)) is not JSON" in reason


# --- other sites -------------------------------------------------------------------------------


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[tuple[Site, Site]]:
    """Two sites with names and certificates of their own: one.example and two.example."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("one.example", "two.example").configure_cert(context)
    with serving(context) as one, serving(context) as another:
        yield one, another


def on_loopback(host: str, port: int) -> Any:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def test_a_secret_goes_to_its_own_site_and_to_no_other(two: tuple[Site, Site]) -> None:
    one, another = two
    one.answer("", 302, path="/start", Location="/next")
    one.answer("", 302, path="/next", Location=f"https://two.example:{another.port}/count")
    another.answer(COUNT)
    asking = counter(f"https://one.example:{one.port}/start", private=True, resolve=on_loopback)
    assert asking.read(NOW).number == 41
    assert [asked.get("X-Key") for asked in one.asked] == ["hidden", "hidden"]
    assert [asked.get("X-Key") for asked in another.asked] == [None]


def test_a_name_that_leads_into_this_machine_is_not_followed(two: tuple[Site, Site]) -> None:
    one, another = two
    one.answer("", 302, Location=f"https://two.example:{another.port}/count")
    reason = why(counter(f"https://one.example:{one.port}/start", resolve=on_loopback).read(NOW))
    assert f"it redirects to https://two.example:{another.port}/count: it is in a private network" in reason
    assert another.asked == []


def test_an_etag_goes_back_to_the_address_it_came_from(two: tuple[Site, Site]) -> None:
    one, another = two
    one.answer("", 302, Location=f"https://two.example:{another.port}/count")
    another.answer(COUNT, ETag='"a"')
    asking = counter(f"https://one.example:{one.port}/start", private=True, resolve=on_loopback)
    asking.read(NOW)
    another.answer("", 304)
    assert asking.read(NOW).number == 41
    assert [asked.get("If-None-Match") for asked in one.asked] == [None, None]
    assert [asked.get("If-None-Match") for asked in another.asked] == [None, '"a"']


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("example.org", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("localhost", False),
    ],
)
def test_public_addresses_are_told_from_private_ones(host: str, public: bool) -> None:
    assert is_public(host) is public


# --- limits ------------------------------------------------------------------------------------


def test_all_redirects_share_one_deadline(site: Site) -> None:
    site.delay = 0.25
    redirecting(site, "/1", "/2", "/3")
    began = time.monotonic()
    reason = why(counter(start(site), deadline=0.4).read(NOW))
    assert time.monotonic() - began < 0.7
    assert "no whole answer came from 127.0.0.1" in reason


def test_an_unencrypted_address_is_asked_only_where_that_is_allowed(site: Site) -> None:
    address = f"http://one.example:{site.port}/start"
    site.answer(COUNT)
    reason = why(counter(address, resolve=on_loopback).read(NOW))
    assert "nothing is sent unencrypted to one.example" in reason
    assert site.asked == []
    assert counter(address, private=True, plain=True, resolve=on_loopback).read(NOW).number == 41
