"""The page People: who may sign in, as what, and the log of what everybody did."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import bot.office
from bot.ports import Deed, Store
from bot.store import open_store
from bot.web.people import A_PAGE, _verbs
from tests.web.given import NOW
from tests.web.visitor import PASSWORD, Visitor, a_user

NEW = "another horse battery"


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


@pytest.fixture
def ana(store: Store) -> Visitor:
    """An approver; ben is an editor."""
    a_user(store, "ana")
    a_user(store, "ben", "editor")
    return Visitor.of(store, "ana")


def told(visitor: Visitor) -> str:
    """What the page says of what was just done."""
    return visitor.page("/people").one("p", class_="notice").text


def log(store: Store) -> list[tuple[str, str, str]]:
    return [(each.who, each.verb, each.about) for each in store.deeds()]


def add(name: str, role: str, password: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"name": name, "role": role, "password": password, "again": password if again is None else again}


def test_everybody_who_may_sign_in_is_shown_with_their_role(ana: Visitor):
    page = ana.page("/people")
    assert page.one("h1").text == "2 people may sign in"
    cards = page.find("article", class_="card")
    assert [(card.one("h3").text, card.find("p")[0].text.split()[0]) for card in cards] == [
        ("ana", "approver"),
        ("ben", "editor"),
    ]


def test_no_hash_of_a_password_is_ever_shown(ana: Visitor, store: Store):
    ana.post("/people/add", add("cy", "editor"))
    for path in ("/people", "/people/log"):
        assert "scrypt" not in ana.page(path).html
    assert all("scrypt" not in repr(deed) and NEW not in repr(deed) for deed in store.deeds())


def test_an_approver_lets_somebody_in(ana: Visitor, store: Store):
    assert ana.post("/people/add", add(" cy ", "editor")).status_code == 303
    assert told(ana) == "cy may sign in now, as editor."
    assert log(store) == [("ana", "add user", "cy")]
    assert Visitor.of(store).sign_in("cy", NEW).status_code == 303


def test_an_approver_lets_somebody_in_no_longer(ana: Visitor, store: Store):
    ben = Visitor.of(store, "ben")
    ana.post("/people/remove", {"name": "ben"})
    assert told(ana) == "ben may not sign in any more."
    assert ben.get("/").status_code == 302
    assert Visitor.of(store).sign_in("ben").status_code == 401


def test_a_new_role_counts_from_the_next_sign_in_on(ana: Visitor, store: Store):
    ben = Visitor.of(store, "ben")
    ana.post("/people/role", {"name": "ben", "role": "approver"})
    assert told(ana) == "ben is approver now."
    assert ben.get("/people").status_code == 302
    ben.sign_in("ben")
    assert ben.post("/people/role", {"name": "ana", "role": "editor"}).status_code == 303


def test_an_approver_gives_somebody_another_password(ana: Visitor, store: Store):
    ben = Visitor.of(store, "ben")
    ana.post("/people/password", {"name": "ben", "password": NEW, "again": NEW})
    assert ben.get("/").status_code == 302
    assert ben.sign_in("ben").status_code == 401
    assert ben.sign_in("ben", NEW).status_code == 303


def test_everybody_may_change_their_own_password_and_stays_signed_in(ana: Visitor, store: Store):
    ben, elsewhere = Visitor.of(store, "ben"), Visitor.of(store, "ben")
    ben.post("/people/own-password", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert told(ben) == "You have a new password."
    assert elsewhere.get("/").status_code == 302
    assert log(store) == [("ben", "change password", "ben")]


def test_nobody_changes_a_password_without_knowing_it(ana: Visitor, store: Store):
    """Somebody else may sit at a browser that was left open."""
    for _ in range(12):
        ana.post("/people/own-password", {"current": "a guess", "password": NEW, "again": NEW})
    ana.post("/people/own-password", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert "nothing was changed" in told(ana)
    assert log(store) == []


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("add", add("BEN", "editor"), "There is a user ben already; take another name."),
        ("add", add("cy", "editor", "short"), "A password has at least 12 characters; take a longer one."),
        ("add", add("cy", "editor", NEW, "other"), "The two passwords differ; type the same twice."),
        ("add", add("cy", "king"), "A role is editor or approver."),
        ("add", add("<b>", "editor"), "A name has letters"),
        ("add", {}, "A name has letters"),
        ("remove", {"name": "ana"}, "Somebody has to approve; make another user an approver first."),
        ("remove", {"name": "cy"}, "There is no user cy; there are ana, ben."),
        ("role", {"name": "ana", "role": "editor"}, "Somebody has to approve"),
        ("role", {"name": "ben", "role": "king"}, "A role is editor or approver."),
        ("password", {"name": "cy", "password": NEW, "again": NEW}, "There is no user cy"),
        ("own-password", {"current": PASSWORD, "password": "short", "again": "short"}, "A password has"),
    ],
)
def test_what_is_not_done_is_said(ana: Visitor, store: Store, path: str, data: dict[str, str], said: str):
    before = store.users()
    assert ana.post(f"/people/{path}", data).status_code == 303
    assert told(ana).startswith(said)
    assert store.users() == before
    assert log(store) == []


def test_it_is_said_in_spanish_too(ana: Visitor):
    ana.post("/language", {"language": "es"})
    ana.post("/people/remove", {"name": "cy"})
    assert told(ana) == "No hay nadie con el nombre cy; hay ana, ben."


def test_an_editor_sees_who_there_is_and_changes_only_their_own_password(store: Store, ana: Visitor):
    page = Visitor.of(store, "ben").page("/people")
    forms = {form.attributes["action"] for form in page.find("form", method="post")}
    assert forms == {"/people/own-password", "/sign-out", "/language"}


def test_while_there_are_no_users_the_first_one_is_an_approver(store: Store):
    here = Visitor.of(store)
    assert here.page("/people").one("h1").text.startswith("Nobody has to sign in")
    here.post("/people/add", add("ana", "editor"))
    assert "the first user is an approver" in told(here).casefold()
    answer = here.post("/people/add", add("ana", "approver"))
    assert (answer.status_code, log(store)) == (303, [("this computer", "add user", "ana")])
    assert here.get("/people").headers["Location"].startswith("/sign-in")
    assert here.page("/people").one("p", class_="notice").text == "ana may sign in now, as approver."


# --- the log ------------------------------------------------------------------------------------


def deed(number: int = 0, who: str = "ana", about: str = "a", before: str = "", after: str = "") -> Deed:
    return Deed(who, "edit", about, before, after, NOW - timedelta(minutes=number))


def test_the_log_says_who_did_what_to_what_and_when(ana: Visitor, store: Store):
    store.note(deed(5, before="old words", after="new words"))
    (line,) = ana.page("/people/log").find("ol", class_="deeds")[0].find("li")
    assert line.text == "ana edit: a 5 minutes ago Before old words → After new words"


def test_every_verb_of_the_office_has_a_name_on_the_page():
    """Each is written where it is done: read there, so that a new one cannot be forgotten."""
    office = Path(bot.office.__file__).parent
    nodes = [node for file in office.rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    calls = [node for node in nodes if isinstance(node, ast.Call | ast.Tuple)]
    said = [node.args if isinstance(node, ast.Call) else node.elts for node in calls]
    verbs = {
        each[1].value
        for each in said
        if len(each) > 1
        and isinstance(each[0], ast.Name)
        and each[0].id == "who"
        and isinstance(each[1], ast.Constant)
    }
    assert {"add user", "skip", "approve message"} <= verbs
    assert verbs <= set(_verbs())


def test_what_is_long_is_folded_and_kept_to_the_letter(ana: Visitor, store: Store):
    text = "- id: a\n  text: " + "words " * 50
    store.note(deed(before=text))
    kept = ana.page("/people/log").one("dl", class_="both")
    assert kept.find("dd")[0].exact == text


def test_the_log_is_found_by_who_and_by_what(ana: Visitor, store: Store):
    for who, about in (("ana", "a"), ("ben", "a"), ("ben", "b")):
        store.note(deed(who=who, about=about))

    def found(query: str) -> list[str]:
        return [each.text for each in ana.page(f"/people/log{query}").part("main").find("strong")]

    assert found("") == ["ben", "ben", "ana"]
    assert found("?who=ben") == ["ben", "ben"]
    assert found("?who=ben&about=a") == ["ben"]
    assert found("?who=nobody") == []


def test_the_log_is_leafed_through(ana: Visitor, store: Store):
    for number in range(A_PAGE + 1):
        store.note(deed(number, about=f"message-{number}"))
    first = ana.page("/people/log?who=ana")
    assert len(first.one("ol", class_="deeds").find("li")) == A_PAGE
    assert first.one("p", class_="leaves").text == "Older"
    second = ana.page(first.one("p", class_="leaves").one("a").attributes["href"])
    assert [each.text for each in second.one("ol", class_="deeds").find("span")] == [
        f"edit: message-{A_PAGE}"
    ]
    back = second.one("p", class_="leaves").one("a")
    assert (back.text, ana.get(back.attributes["href"]).status_code) == ("Newer", 200)


@pytest.mark.parametrize("skip", ["-1", "x", "9" * 30, "٣", "", "999999"])
def test_whatever_stands_in_the_address_of_the_log_is_a_page(ana: Visitor, skip: str):
    assert "Nothing yet." in ana.page(f"/people/log?skip={skip}").main
