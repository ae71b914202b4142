"""Every address there is, found in the site itself, so that a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot.store import open_store
from tests.web.house import House
from tests.web.pages import Page

ANYONES = {"static", "healthz", "sign_in", "signs_in", "speak", "share", "share_file", "share_mastodon"}
"""Endpoints that answer also those who are not signed in."""

UNKEYED = {"share_mastodon"}
"""Endpoints whose form changes nothing and needs no token."""

EDITORS = {
    "sign_out",
    "own_password",
    "pause_posts",  # whoever sees harm may stop it; only approvers let it go on
    "calendar_put",
    "calendar_skip",
    "calendar_undo",
    "add_message",
    "save_message",
    "move_message",
    "expire_message",
    "delete_message",
}
"""What somebody may send who is no approver. Whatever else takes a form is for approvers."""

LOOKS = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(open_store("sqlite://")) as store:
        yield House(tmp_path, store)


def mark(house: House, endpoint: str, name: str) -> Any:
    return getattr(house.app.view_functions[endpoint], name, None)


def asks_who_it_is(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next=/")


def test_every_address_takes_looks_or_forms_and_no_other_method(house: House):
    methods = [rule.methods or set() for rule in house.app.url_map.iter_rules()]
    assert all(each <= LOOKS or each == {"POST", "OPTIONS"} for each in methods)


def test_a_look_changes_nothing(house: House):
    """Of the whole state, and of both files."""
    house.people()
    ana, before = house.visitor("ana"), house.everything()
    for endpoint, address in house.addresses("GET"):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = ana.client.open(address, method=method, buffered=True)
            assert answer.status_code in (200, 302, 308, 404) or endpoint == "healthz", (
                address,
                answer.status,
            )
            answer.close()
            assert house.everything() == before, f"{endpoint} changes something"


def test_each_page_is_there_for_who_is_signed_in(house: House):
    house.people()
    visitors = house.visitor("ana"), house.visitor("ben")
    for endpoint, address in house.addresses("GET"):
        if not mark(house, endpoint, "for_whom") and endpoint != "static":
            answers = [each.get(address) for each in visitors]
            assert all(each.status_code in (200, 302, 404) for each in answers), address
            assert not any(asks_who_it_is(each) for each in answers), address


def test_only_these_addresses_answer_who_is_not_signed_in(house: House):
    house.people()
    stranger = house.visitor()
    for endpoint, address in house.addresses("GET"):
        answer = stranger.get(address, buffered=True)
        if endpoint in ANYONES:
            assert answer.status_code in (200, 302, 404, 503), address
            assert not asks_who_it_is(answer), address
        else:
            assert asks_who_it_is(answer), address


def test_a_form_of_who_is_not_signed_in_changes_nothing(house: House):
    house.people()
    stranger, before = house.visitor(), house.everything()
    for endpoint, address in house.addresses("POST"):
        if endpoint not in ANYONES:
            assert stranger.post(address).status_code == 401, address
            assert house.everything() == before, address


def test_a_form_without_its_token_is_refused(house: House):
    house.people()
    ana, before = house.visitor("ana"), house.everything()
    for endpoint, address in house.addresses("POST"):
        if endpoint not in UNKEYED:
            assert ana.client.post(address).status_code == 400, address
            assert ana.client.post(address, data={"csrf_token": "x"}).status_code == 400, address
            assert house.everything() == before, address


def test_the_token_of_somebody_else_is_refused(house: House):
    house.people()
    ana, token, before = house.visitor("ana"), house.visitor("ben").token(), house.everything()
    for endpoint, address in house.addresses("POST"):
        if endpoint not in UNKEYED:
            assert ana.client.post(address, data={"csrf_token": token}).status_code == 400, address
    assert house.everything() == before


@pytest.mark.parametrize("host", ["evil.example.org", "bot.example.org"])
def test_a_foreign_host_is_refused_everywhere(house: House, host: str):
    house.people()
    ana, before = house.visitor("ana"), house.everything()
    for method in ("GET", "POST"):
        for _endpoint, address in house.addresses(method):
            asked = ana.client.open(address, method=method, headers={"Host": host}, buffered=True)
            assert asked.status_code == 403, address
    assert house.everything() == before


def test_what_was_passed_on_is_refused_everywhere_while_there_are_no_users(house: House):
    stranger, before = house.visitor(), house.everything()
    for method in ("GET", "POST"):
        for _endpoint, address in house.addresses(method):
            passed_on = stranger.client.open(
                address, method=method, headers={"X-Forwarded-For": "127.0.0.1"}, buffered=True
            )
            other = stranger.client.open(
                address, method=method, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}, buffered=True
            )
            assert passed_on.status_code == other.status_code == 403, address
    assert house.everything() == before


def test_what_is_for_approvers_is_refused_to_editors(house: House):
    house.people()
    ben, before = house.visitor("ben"), house.everything()
    for method in ("GET", "POST"):
        for endpoint, address in house.addresses(method):
            if mark(house, endpoint, "for_whom") == "approver":
                answer = ben.post(address) if method == "POST" else ben.get(address)
                assert answer.status_code == 403, address
                assert house.everything() == before, address


def test_whatever_an_editor_or_anyone_may_send_is_named_here(house: House):
    forms = {endpoint for endpoint, _ in house.addresses("POST")}
    open_to = {each for each in forms if mark(house, each, "for_whom") != "approver"}
    assert open_to <= EDITORS | ANYONES
    assert {each for each in forms if mark(house, each, "unkeyed")} <= UNKEYED
    views = set(house.app.view_functions)
    assert {each for each in views if mark(house, each, "for_whom") == "anyone"} | {"static"} == ANYONES


def test_every_page_with_a_form_has_a_token_in_each(house: House):
    house.people()
    ana = house.visitor("ana")
    for _endpoint, address in house.addresses("GET"):
        answer = ana.get(address, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html" and not address.startswith("/share"):
            for form in Page(answer.text).find("form", method="post"):
                names = {each.attributes.get("name") for each in form.find("input")}
                assert "csrf_token" in names, (address, form.attributes)
