"""The petition's page: the count as a picture and as a table, what comes next, and the count set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.petition import CounterInfo, MilestoneRules
from bot.core.plan import Book
from bot.ports import Store
from bot.store import open_store
from tests.web.given import NOW, a_book, a_post
from tests.web.pages import Page
from tests.web.past import REFUSED, counted, happened
from tests.web.visitor import Visitor, a_user


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


def the_book(kind: str = "manual", goal: int | None = 10_000) -> Book:
    """The shipped campaign with milestones at every thousand, counted so."""
    book = a_book()
    url = None if kind == "manual" else "https://petition.example.org/count.json"
    counter = CounterInfo.model_validate({"kind": kind, "url": url, "path": "n" if url else None})
    rules = MilestoneRules.model_validate({"thresholds": [1000], "then_every": 1000})
    about = {"counter": counter, "milestones": rules, "goal": goal}
    petition = book.settings.petition.model_copy(update=about)
    return replace(book, settings=book.settings.model_copy(update={"petition": petition}))


def shown(store: Store, book: Book | None = None) -> Page:
    return Visitor.of(store, book=book or the_book()).page("/petition")


# --- what is known ------------------------------------------------------------------------------


def test_the_first_line_is_the_count_and_how_fast_it_grows(store: Store):
    counted(store, 1000, 1070, 1140)
    page = shown(store)
    assert page.one("h1").text == "1,140 people have signed"
    assert "2026-12-01 10:59 CST. In the last week 70 a day." in page.one("p", class_="note").text


def test_milestone_and_goal_say_when_they_come(store: Store):
    counted(store, 1000, 1100, 1200)
    said = [each.text for each in shown(store).find("p", class_="coming")]
    assert said == [
        "The next milestone of 2,000, 800 more: about 2026-12-09.",
        "The goal of 10,000, 8,800 more: about 2027-02-27.",
    ]


def test_at_no_pace_nobody_knows_when(store: Store):
    counted(store, 1200, 1200)
    assert all("nobody knows when" in each.text for each in shown(store).find("p", class_="coming"))


def test_a_goal_that_is_reached_is_not_waited_for(store: Store):
    counted(store, 10_000, 10_100)
    (said,) = (each.text for each in shown(store).find("p", class_="coming"))
    assert said.startswith("The next milestone of 11,000")


def test_before_the_first_count_the_page_says_so(store: Store):
    page = shown(store)
    assert page.one("h1").text == "The signatures have not been counted yet"
    assert page.find("svg") == page.find("table") == []


# --- the picture --------------------------------------------------------------------------------


def test_the_picture_is_named_and_told_to_who_does_not_see_it(store: Store):
    counted(store, 1000, 1100, 1200)
    page = shown(store)
    picture = page.one("svg", class_="chart")
    named = picture.attributes["aria-labelledby"].split()
    assert [page.part(each).name for each in named] == ["title", "desc"]
    assert page.part(named[1]).text.startswith("From 1,000 on 2026-11-29 to 1,200 on 2026-12-01.")
    assert picture.one("g").attributes["aria-hidden"] == "true"


def test_the_picture_has_milestones_goal_and_forecast(store: Store):
    counted(store, 1000, 1500, 1900)
    store.cross([1000], NOW - timedelta(days=2), [])
    picture = shown(store, the_book(goal=3000)).one("svg", class_="chart")
    assert [each.text for each in picture.find("text", class_="label")] == [
        "Goal: 3,000",
        "Next: 2,000",
        "1,000",
    ]
    assert picture.find("path", class_="forecast")


def test_nothing_of_the_page_is_styled_or_run_within_it(store: Store):
    """The policy of its answer would not let it."""
    counted(store, 1000, 1100)
    page = shown(store)
    assert page.find("script") == page.find("style") == []
    assert [each.name for each in page.root.below() if "style" in each.attributes] == []


# --- what was announced -------------------------------------------------------------------------


def test_each_milestone_says_when_it_was_passed_and_where_it_was_announced(store: Store):
    counted(store, 900, 2100)
    store.cross([1000, 2000], NOW - timedelta(hours=2), [])
    post = a_post(kind="milestone", message_id="thanks")
    row = happened(store, post=post, slot=NOW - timedelta(hours=2), target="2000")
    table = shown(store).one("table", class_="milestones")
    upper, lower = (each.text for each in table.one("tbody").find("tr"))
    assert upper == "2,000 2026-12-01 08:59 CST X Posted, 2026-12-01 09:00"
    assert lower.endswith("nowhere")
    assert table.one("a").attributes["href"] == f"/history/{row.id}"


def test_an_announcement_that_was_refused_is_no_secret(store: Store):
    counted(store, 900, 1100)
    store.cross([1000], NOW, [])
    happened(store, REFUSED, a_post(kind="milestone"), target="1000")
    assert "X Refused" in shown(store).one("table", class_="milestones").text


def test_of_many_milestones_the_newest_are_listed_and_the_rest_counted(store: Store):
    counted(store, 1, 100_000)
    store.cross(range(1000, 100_001, 1000), NOW, [])
    page = shown(store)
    rows = page.one("table", class_="milestones").one("tbody").find("tr")
    assert (len(rows), rows[0].one("th").text) == (60, "100,000")
    assert "40 more were passed before." in page.main


# --- the count as a table -----------------------------------------------------------------------


def test_the_table_says_the_same_as_the_picture(store: Store):
    counted(store, 1000, 1100, 1090)
    rows = [each.text for each in shown(store).one("table", class_="counts").one("tbody").find("tr")]
    assert rows == ["2026-12-011,090-10", "2026-11-301,100+100", "2026-11-291,000–"]


# --- set by hand --------------------------------------------------------------------------------


def test_the_count_is_set_by_hand_and_announced(store: Store):
    counted(store, 990)
    visitor = Visitor.of(store, book=the_book())
    form = visitor.page("/petition").one("form", class_="count-form")
    answer = visitor.post(form.attributes["action"], {"number": " 1000 "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/petition")
    page = visitor.page("/petition")
    assert page.one("p", class_="notice").text == "The count is 1,000 now."
    assert page.one("h1").text == "1,000 people have signed"
    assert list(store.passed()) == [1000]
    assert [(deed.verb, deed.before, deed.after) for deed in store.deeds()] == [("set count", "990", "1000")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12.345", "write 12345"),
        ("12,345", "write 12345"),
        ("many", "not a plain whole number"),
        ("-5", "not a plain whole number"),
        ("99999999999", "more than there are people"),
        ("9" * 39, "not a plain whole number"),
        ("", "empty"),
    ],
)
def test_a_number_that_can_be_meant_in_two_ways_is_asked_for_again(store: Store, typed: str, said: str):
    visitor = Visitor.of(store, book=the_book())
    answer = visitor.post("/petition/count", {"number": typed})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert said in page.part("trouble").text
    assert page.part("number").attributes["value"] == typed
    assert page.part("number").attributes["aria-describedby"] == "trouble"
    assert store.readings() == []


def test_where_a_counter_reads_there_is_no_form_but_its_address(store: Store):
    page = shown(store, the_book("json"))
    assert page.find("form", class_="count-form") == []
    assert "It is read from https://petition.example.org/count.json." in page.main


def test_an_editor_sets_no_count(store: Store):
    a_user(store, "ben", "editor")
    visitor = Visitor.of(store, "ben", book=the_book())
    page = visitor.page("/petition")
    assert page.find("form", class_="count-form") == []
    assert "an approver sets it" in page.main
    assert visitor.post("/petition/count", {"number": "5"}).status_code == 403
    assert store.readings() == []


def test_the_page_speaks_spanish_in_words_and_numbers(store: Store):
    counted(store, 11_000, 12_345)
    visitor = Visitor.of(store, book=the_book())
    visitor.client.set_cookie("lang", "es")
    page = visitor.page("/petition")
    assert page.one("h1").text == "Han firmado 12.345 personas"
    assert "Las firmas a lo largo del tiempo" in page.main
