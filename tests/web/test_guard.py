"""Who is answered, what a browser may do with the answer, and that looking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from bot.core.overview import Overview
from bot.ports import Store, StoreUnusable
from bot.store import open_store
from bot.web import create_app
from bot.web.guard import HEADERS, host_of, peer
from tests.web.conftest import client
from tests.web.given import a_book, an_office, an_overview
from tests.web.pages import Page
from tests.web.visitor import a_user


@pytest.fixture
def site() -> FlaskClient:
    return client(an_overview(), [], refresh=2)


ADDRESSES = ("/", "/demo", "/healthz", "/static/style.css", "/nowhere")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "127.0.0.1", "[::1]:80"])
def test_this_computer_is_answered_by_all_its_names(site: FlaskClient, host: str):
    assert site.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example.org",
        "evil.example.org:8080",
        "127.0.0.1.evil.example.org",
        "localhost.evil.example.org",
        "127.0.0.1:8080@evil.example.org",
        "evil@127.0.0.1",
        "localhost, evil.example.org",
        "192.168.0.1:8080",
        "0.0.0.0:8080",
        "[::1",
        "[::2]:8080",
        "",
        "127.0.0.1:8080/x",
    ],
)
def test_a_foreign_host_is_refused_everywhere(site: FlaskClient, address: str, host: str):
    """A page of another name that points here must not read ours (DNS rebinding)."""
    answer = site.get(address, headers={"Host": host}, buffered=True)
    assert answer.status_code == 403
    assert "Stop MPP" not in answer.text


def test_a_request_without_a_host_is_refused(site: FlaskClient):
    assert site.get("/", environ_overrides={"HTTP_HOST": ""}).status_code == 403


@pytest.mark.parametrize("peer", ["192.168.0.7", "8.8.8.8", "fe80::1", "", "unknown"])
def test_another_computer_is_refused(site: FlaskClient, peer: str):
    assert site.get("/", environ_overrides={"REMOTE_ADDR": peer}).status_code == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.9", "::1"])
def test_every_address_of_this_computer_is_answered(site: FlaskClient, peer: str):
    assert site.get("/", environ_overrides={"REMOTE_ADDR": peer}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded",
        "X-Real-IP",
        "X-Client-IP",
        "Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "Fastly-Client-IP",
        "X-Original-Host",
    ],
)
def test_a_request_that_was_passed_on_is_refused(site: FlaskClient, header: str):
    """Behind a proxy or a tunnel everybody looks as if they sat at this computer."""
    answer = site.get("/", headers={header: "127.0.0.1"})
    assert answer.status_code == 403
    assert "proxy" in answer.text


def test_what_browsers_send_is_answered(site: FlaskClient):
    sent = {
        "Accept": "text/html",
        "Accept-Language": "es",
        "Cookie": "a=b",
        "DNT": "1",
        "Sec-Fetch-Site": "none",
        "Upgrade-Insecure-Requests": "1",
        "User-Agent": "Mozilla/5.0",
    }
    assert site.get("/", headers=sent).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example.org"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_every_security_header(site: FlaskClient, address: str, host: str):
    answer = site.get(address, headers={"Host": host}, buffered=True)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly; Path=/; SameSite=Strict" in cookie


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "http", "*", "data:"))


def test_no_page_has_anything_inline(site: FlaskClient):
    for address in ("/", "/demo", "/nowhere"):
        page = Page(site.get(address).text)
        assert page.find("style") == []
        assert all(each.attributes["src"] and not each.text for each in page.find("script"))
        assert not [n for each in page.root.below() for n in each.attributes if n == "style" or n[:2] == "on"]


def test_pages_are_not_kept_and_files_are_asked_for_anew(site: FlaskClient):
    assert site.get("/").headers["Cache-Control"] == "no-store"
    assert site.get("/static/style.css", buffered=True).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ["/", "/demo", "/healthz", "/static/style.css"])
def test_what_a_page_does_not_take_is_refused(site: FlaskClient, method: str, address: str):
    answer = site.open(address, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


# --- when something is wrong --------------------------------------------------------------------


def broken(error: Exception) -> Flask:
    def overview() -> Overview:
        raise error

    return create_app(an_office(overview))


def test_an_unknown_address_leads_back(site: FlaskClient):
    answer = site.get("/nowhere")
    assert answer.status_code == 404
    assert Page(answer.text).main == "404 There is no page at this address. What goes out next"


def test_a_state_that_cannot_be_used_is_said_in_its_own_sentence():
    answer = broken(StoreUnusable("the disk is full: make room")).test_client().get("/")
    assert answer.status_code == 503
    assert "the disk is full: make room" in Page(answer.text).main


def test_a_fault_of_ours_shows_a_sentence_and_no_traceback():
    answer = broken(RuntimeError("secret words")).test_client().get("/")
    assert answer.status_code == 500
    assert "the log says why" in Page(answer.text).main
    assert "secret words" not in answer.text
    assert "Traceback" not in answer.text


def test_the_health_check_is_short_and_asks_nobody():
    answer = broken(RuntimeError("asked")).test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


# --- the public address -------------------------------------------------------------------------


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def public(store: Store, url: str = "https://bot.example.org/") -> FlaskClient:
    book = a_book()
    web = book.settings.web.model_copy(update={"url": url})
    addressed = replace(book, settings=book.settings.model_copy(update={"web": web}))
    return create_app(an_office(store=store, book=addressed)).test_client()


PASSED = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "Via": "1.1 caddy"}


@pytest.mark.parametrize("host", ["bot.example.org", "BOT.example.org"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "172.18.0.2", "192.0.2.7"])
def test_with_users_the_public_address_is_answered_whoever_passes_it_on(store: Store, host: str, peer: str):
    a_user(store)
    answer = public(store).get(
        "/sign-in", headers={"Host": host, **PASSED}, environ_overrides={"REMOTE_ADDR": peer}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.org",
        "bot.example.org:8080",
        "bot.example.org.evil.example",
        "a.bot.example.org",
        "bot.example.org, evil.example.org",
        "192.0.2.7:8080",
        "",
    ],
)
def test_with_users_every_other_host_stays_refused(store: Store, host: str):
    a_user(store)
    assert public(store).get("/sign-in", headers={"Host": host, **PASSED}).status_code == 403


def test_with_users_this_computer_is_answered_by_its_names_and_nobody_else_is(store: Store):
    a_user(store)
    site = public(store)
    assert site.get("/sign-in").status_code == 200
    assert site.get("/sign-in", headers=PASSED).status_code == 403
    assert site.get("/sign-in", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


def test_the_public_address_is_refused_until_there_are_users_and_when_there_are_none_left(store: Store):
    site = public(store)
    asked = {"headers": {"Host": "bot.example.org"}}
    assert site.get("/", **asked).status_code == 403
    a_user(store)
    assert site.get("/", **asked).status_code == 302
    assert store.remove_user("ana", lambda users: True)
    assert site.get("/", **asked).status_code == 403
    assert site.get("/").status_code == 200


def test_a_forwarded_host_changes_nothing(store: Store):
    a_user(store)
    site = public(store)
    headers = {"Host": "evil.example.org", "X-Forwarded-Host": "bot.example.org"}
    assert site.get("/sign-in", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://bot.example.org/", "bot.example.org"),
        ("https://bot.example.org:443", "bot.example.org"),
        ("https://Bot.example.org:8443/x", "bot.example.org:8443"),
        ("http://localhost:80", "localhost"),
        ("http://[::1]:8080", "[::1]:8080"),
        (None, None),
    ],
)
def test_a_host_is_written_as_browsers_write_it(url: str | None, host: str | None):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("near", "said", "who"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("172.18.0.2", "10.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("203.0.114.9", "192.0.2.7", "203.0.114.9"),
    ],
)
def test_who_asks_is_said_by_the_nearest_proxy_and_by_nobody_further_away(near: str, said: str, who: str):
    """Else everybody could make up a new address for each attempt to sign in."""
    with Flask("test").test_request_context(
        headers={"X-Forwarded-For": said}, environ_overrides={"REMOTE_ADDR": near}
    ):
        assert peer(request) == who
