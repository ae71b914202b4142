"""People sign in, and what they may do then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.ports import Store
from bot.store import open_store
from tests.web.visitor import Visitor, a_user


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def test_who_signs_in_sees_the_first_page(store: Store):
    a_user(store, "ana")
    visitor = Visitor.of(store)
    assert visitor.get("/").headers["Location"] == "/sign-in?next=/"
    assert visitor.sign_in("ana").headers["Location"] == "/"
    assert "Sign out ana" in visitor.page("/").html


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(store: Store):
    a_user(store, "ana")
    visitor = Visitor.of(store)
    wrong, unknown = visitor.sign_in("ana", "not it at all"), visitor.sign_in("bob", "not it at all")
    assert wrong.status_code == unknown.status_code == 401


def test_signing_out_ends_it(store: Store):
    a_user(store, "ana")
    visitor = Visitor.of(store, "ana")
    assert visitor.post("/sign-out").headers["Location"] == "/sign-in"
    assert visitor.get("/").status_code == 302


def test_the_language_is_chosen_in_the_footer(store: Store):
    visitor = Visitor.of(store)
    assert visitor.page("/").one("html").attributes["lang"] == "en"
    assert visitor.post("/language", {"language": "es", "next": "/?a=b"}).headers["Location"] == "/?a=b"
    assert visitor.page("/").one("html").attributes["lang"] == "es"
