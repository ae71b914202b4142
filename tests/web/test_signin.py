"""Signing in: who is let in, for how long, how often one may try, and what a browser is told to keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.plan import Book
from bot.office.people import hashed
from bot.ports import Store, StoreUnusable
from bot.store import open_store
from bot.web import create_app
from bot.web.rules import local
from bot.web.signin import A_WHILE, OF_A_NAME
from bot.web.tries import KEPT, Tries
from tests.scripted import HandClock
from tests.web.given import NOW, a_book, an_office
from tests.web.pages import Page
from tests.web.visitor import PASSWORD, Visitor, a_user

PUBLIC = {"base_url": "https://bot.example.org"}
WRONG = "This name and this password do not belong together."


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        a_user(opened, "ana")
        yield opened


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


def public(url: str = "https://bot.example.org/") -> Book:
    book = a_book()
    web = book.settings.web.model_copy(update={"url": url})
    return replace(book, settings=book.settings.model_copy(update={"web": web}))


def alert(visitor: Visitor, *given: str) -> str:
    """What a sign-in that failed is told."""
    return Page(visitor.sign_in(*given).text).one("p", role="alert").text


# --- in and out ---------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_first_and_goes_on_to_what_they_wanted(store: Store):
    visitor = Visitor.of(store)
    asked = visitor.get("/people/log?who=ana").headers["Location"]
    assert asked == "/sign-in?next=/people/log?who%3Dana"
    form = visitor.page(asked).one("form", action="/sign-in")
    (wanted,) = (each.attributes["value"] for each in form.find("input") if each.attributes["name"] == "next")
    answer = visitor.post("/sign-in", {"name": "ana", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people/log?who=ana")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example.org",
        "https://evil.example.org",
        "/\\evil.example.org",
        "\\\\evil.example.org",
        "/%0d%0aX: y\r\n",
        "/\tx",
        "javascript:alert(1)",
        "people",
        "/é",
        "",
        None,
    ],
)
def test_nobody_is_sent_on_to_another_site(path: str | None):
    assert local(path) == "/"


@pytest.mark.parametrize("path", ["/", "/people", "/people/log?who=ana&about=%C3%A9#x", "/a:b@c"])
def test_an_address_of_ours_stays(path: str):
    assert local(path) == path


def test_who_is_signed_in_already_is_not_asked_again(store: Store):
    assert Visitor.of(store, "ana").get("/sign-in?next=/people").headers["Location"] == "/people"


def test_without_users_nobody_is_asked():
    with closing(open_store("sqlite://")) as empty:
        assert Visitor.of(empty).get("/sign-in").headers["Location"] == "/"
        assert "Sign out" not in Visitor.of(empty).page("/").html


def test_signing_out_ends_it_and_says_so(store: Store):
    visitor = Visitor.of(store, "ana")
    assert "Sign out ana" in visitor.page("/").html
    assert visitor.post("/sign-out").headers["Location"] == "/sign-in"
    assert visitor.page("/sign-in").one("p", class_="notice").text == "You are signed out."
    assert visitor.get("/").status_code == 302


def test_a_form_sent_after_the_end_is_not_carried_out_and_leads_to_the_sign_in(store: Store):
    answer = Visitor.of(store).post("/people/add", {"name": "cy"})
    assert answer.status_code == 401
    assert Page(answer.text).one("main").one("a").attributes["href"] == "/sign-in"


# --- a wrong password ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "password"),
    [("ana", "not it at all"), ("ana", ""), ("ben", PASSWORD), ("", ""), ("ANA", PASSWORD)],
)
def test_a_wrong_password_and_a_name_nobody_has_get_the_same_answer(store: Store, name: str, password: str):
    visitor = Visitor.of(store)
    assert alert(visitor, name, password) == WRONG
    assert visitor.sign_in(name, password).status_code == 401


def test_a_name_that_nobody_has_costs_the_same_work(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Counted, since time on a busy machine says little: one hash of the same make for each."""
    import werkzeug.security

    asked: list[str] = []
    right = werkzeug.security._hash_internal

    def counted(method: str, salt: str, password: str) -> tuple[str, str]:
        asked.append(method)
        return right(method, salt, password)

    people = an_office(store=store).people
    people.sign_in("ben", PASSWORD)
    monkeypatch.setattr(werkzeug.security, "_hash_internal", counted)
    people.sign_in("ana", "not it at all")
    people.sign_in("ben", "not it at all")
    assert len(asked) == 2
    assert len(set(asked)) == 1


def test_passwords_are_kept_as_scrypt(store: Store):
    assert all(user.password.startswith("scrypt:32768:8:1$") for user in store.users())
    assert hashed(PASSWORD) != hashed(PASSWORD)


def test_a_name_is_tried_a_few_times_only(store: Store, clock: HandClock):
    visitor = Visitor.of(store, clock=clock)
    for _ in range(OF_A_NAME):
        assert alert(visitor, "ana", "wrong") == WRONG
    assert alert(visitor, "ana", PASSWORD) == "Too many attempts. Try again in 10 minutes."
    assert alert(visitor, "ben", "wrong") == WRONG
    clock.forward(timedelta(seconds=A_WHILE - 30))
    assert alert(visitor, "ana", PASSWORD) == "Too many attempts. Try again in a minute."
    clock.forward(timedelta(seconds=30))
    assert visitor.sign_in("ana").status_code == 303


def test_the_same_goes_for_a_name_that_nobody_has(store: Store, clock: HandClock):
    visitor = Visitor.of(store, clock=clock)
    for _ in range(OF_A_NAME):
        alert(visitor, "ben", "wrong")
    assert "Too many attempts" in alert(visitor, "ben", "wrong")


def test_who_was_right_begins_anew(store: Store, clock: HandClock):
    visitor = Visitor.of(store, clock=clock)
    for _ in range(2):
        for _ in range(OF_A_NAME - 1):
            alert(visitor, "ana", "wrong")
        assert visitor.sign_in("ana").status_code == 303
        visitor.post("/sign-out")


def test_an_address_is_tried_a_few_times_only_whatever_the_names(
    store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.web.signin.OF_AN_ADDRESS", 4)
    app = create_app(an_office(store=store, clock=clock, book=public()))
    far: dict[str, Any] = {**PUBLIC, "environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}
    near: dict[str, Any] = {**PUBLIC, "environ_overrides": {"REMOTE_ADDR": "192.0.2.2"}}
    visitor = Visitor(app, **PUBLIC)
    token = visitor.token()

    def tries(name: str, options: dict[str, Any]) -> str:
        data = {"csrf_token": token, "name": name, "password": "wrong"}
        return visitor.client.post("/sign-in", data=data, **options).text

    for number in range(4):
        assert WRONG in tries(f"name-{number}", far)
    assert "Too many attempts" in tries("another", far)
    assert WRONG in tries("another", near)


def test_tries_are_forgotten_in_time_and_never_kept_without_bound():
    now = [0.0]
    tries = Tries(2, 10, lambda: now[0])
    assert [tries.wait("a"), tries.wait("a"), tries.wait("a")] == [0, 0, 10]
    now[0] = 4
    assert tries.wait("a") == 6
    now[0] = 10
    assert tries.wait("a") == 0
    for number in range(KEPT + 5):
        tries.wait(str(number))
    assert len(tries._tried) == KEPT


# --- how long it lasts --------------------------------------------------------------------------


def test_who_has_not_been_there_for_twelve_hours_signs_in_again(store: Store, clock: HandClock):
    visitor = Visitor.of(store, "ana", clock=clock)
    for _ in range(3):
        clock.forward(timedelta(hours=11, minutes=59))
        assert visitor.get("/").status_code == 200
    clock.forward(timedelta(hours=12, seconds=1))
    assert visitor.get("/").status_code == 302


def test_a_look_within_a_minute_writes_no_new_cookie(store: Store, clock: HandClock):
    visitor = Visitor.of(store, "ana", clock=clock)
    visitor.get("/")
    assert "Set-Cookie" not in visitor.get("/").headers
    clock.forward(timedelta(minutes=2))
    assert "Set-Cookie" in visitor.get("/").headers


@pytest.mark.parametrize("change", ["role", "password", "again"])
def test_a_sign_in_ends_with_every_change_of_the_user(store: Store, change: str):
    visitor, people = Visitor.of(store, "ana"), an_office(store=store).people
    people.add("ana", "ben", "approver", PASSWORD)
    if change == "role":
        people.set_role("ana", "ana", "editor")
    elif change == "password":
        people.set_password("ana", "ana", "another horse battery")
    else:
        people.remove("ana", "ana")
        people.add("ben", "ana", "approver", PASSWORD)
    assert visitor.get("/").status_code == 302


def test_a_sign_in_outlives_a_restart_and_holds_on_every_replica(store: Store):
    visitor = Visitor.of(store, "ana")
    restarted = Visitor.of(store)
    restarted.client._cookies = visitor.client._cookies  # type: ignore[attr-defined]
    assert "Sign out ana" in restarted.page("/").html


def test_a_cookie_of_another_state_is_nothing(store: Store):
    with closing(open_store("sqlite://")) as other:
        a_user(other, "ana")
        visitor, elsewhere = Visitor.of(store, "ana"), Visitor.of(other)
        cookies = {cookie.key for cookie in visitor.client._cookies.values()}  # type: ignore[attr-defined]
        elsewhere.get("/sign-in")
        others = {cookie.key for cookie in elsewhere.client._cookies.values()}  # type: ignore[attr-defined]
        assert not cookies & others
        elsewhere.client._cookies |= visitor.client._cookies  # type: ignore[attr-defined]
        assert elsewhere.get("/").status_code == 302


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(store: Store):
    visitor = Visitor.of(store)
    before = visitor.token()
    visitor.sign_in("ana")
    assert visitor.client.post("/sign-out", data={"csrf_token": before}).status_code == 400


class Full:
    """A state that refuses everything."""

    def __getattr__(self, name: str) -> Any:
        raise StoreUnusable("the disk is full: make room")


def test_a_key_that_cannot_be_kept_lasts_as_long_as_the_process(store: Store):
    people = an_office(store=store).people
    people._store = Full()  # type: ignore[assignment]
    assert len(people.key("session")) == 64


def test_a_state_that_cannot_be_used_is_said_on_a_page_and_lets_nobody_in(store: Store):
    """Not even to the page of the sign-in's answer: nobody knows any more who it is."""
    office = an_office(store=store)
    visitor = Visitor(create_app(office))
    visitor.sign_in("ana")
    office.people._store = Full()  # type: ignore[assignment]
    for path in ("/", "/people", "/nowhere"):
        answer = visitor.get(path)
        assert answer.status_code in (404, 503), path
        assert "Sign out" not in answer.text
    assert "the disk is full: make room" in visitor.get("/").text


# --- what the browser keeps ---------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(store: Store):
    (cookie,) = Visitor.of(store).get("/sign-in").headers.getlist("Set-Cookie")
    assert cookie.startswith("petition-bot-")
    assert cookie.endswith("; HttpOnly; Path=/; SameSite=Strict")


def test_at_an_https_address_it_goes_over_tls_alone(store: Store):
    visitor = Visitor(create_app(an_office(store=store, book=public())), **PUBLIC)
    (cookie,) = visitor.get("/sign-in").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-petition-bot-")
    assert "; Secure; HttpOnly; Path=/; SameSite=Strict" in cookie
    visitor.sign_in("ana")
    assert "Sign out ana" in visitor.page("/").html
    chosen = visitor.post("/language", {"language": "es"}).headers.getlist("Set-Cookie")
    assert any(each.startswith("lang=es") and "Secure" in each for each in chosen)


def test_from_the_computer_itself_the_same_site_is_used_without_tls(store: Store):
    visitor = Visitor(create_app(an_office(store=store, book=public())))
    visitor.sign_in("ana")
    assert "Sign out ana" in visitor.page("/").html


def test_a_form_that_is_too_large_is_refused(store: Store):
    visitor = Visitor.of(store, "ana")
    answer = visitor.post("/people/add", {"name": "x" * 100_000})
    assert answer.status_code == 413
    assert "too large" in answer.text
