"""Which links are dead, who carries them, and what is said of it: as values."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fit import with_params
from bot.core.links import EVERY, Link, ask, carried, held, is_due, leads_to, looked_at, looked_for, written
from tests.given import NOON, PETITION, book, message, settings
from tests.store.given import post

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
URL = "https://petition.site/p"


def after(*answers: int | str) -> Link:
    """What is known after these answers, an hour apart."""
    link: Link | None = None
    for number, answer in enumerate(answers):
        link = looked_at(link, URL, answer, NOON + number * HOUR)
    assert link
    return link


@pytest.mark.parametrize(
    ("answers", "dead"),
    [
        ([200], False),
        ([404], False),
        ([404, 404], True),
        ([410, 404], True),
        ([404, 200, 404], False),
        (["no answer"] * 2, False),
        (["no answer"] * 3, True),
        ([500, 503, "no answer"], True),
        ([500, 503, 200], False),
        (["no answer", 404], True),
        ([404, "no answer"], False),
        ([404, 404, 200], False),
        ([403] * 9, False),
        ([401, 405, 429, 301, 999 - 600], False),
    ],
)
def test_a_link_is_dead_after_two_pages_that_are_gone_or_three_silences(
    answers: list[int | str], dead: bool
) -> None:
    assert after(*answers).dead is dead


def test_it_remembers_since_when() -> None:
    link = after(404, 404, 404)
    assert link.since == NOON
    assert ask(link).startswith(
        f"{URL} answers 404 since 2026-12-01 12:00 UTC: the posts that carry it are held"
    )


@given(st.lists(st.one_of(st.integers(100, 599), st.just("no answer")), min_size=1, max_size=30))
def test_one_good_answer_brings_it_back_whatever_was_before(answers: list[int | str]) -> None:
    assert not after(*answers, 200).bad


@pytest.mark.parametrize(
    ("answers", "wait"),
    [
        ([200], EVERY),
        ([404], 10 * MINUTE),
        ([503], HOUR),
        ([404, 404], EVERY),
        (["?", "?", "?"], EVERY),
    ],
)
def test_what_is_in_doubt_is_looked_at_again_soon_and_all_else_every_few_hours(
    answers: list[int | str], wait: timedelta
) -> None:
    link = after(*answers)
    assert not is_due(link, link.checked_at + wait - MINUTE)
    assert is_due(link, link.checked_at + wait)


def test_what_was_never_looked_at_and_what_was_looked_at_in_the_future_is_due() -> None:
    assert is_due(None, NOON)
    assert is_due(Link(URL, NOON + HOUR), NOON)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://petition.site/p", True),
        ("http://127.0.0.1:8080/p", True),
        ("https://example.org/p", False),
        ("https://petition.example.org/p", False),
        ("https://petition.example", False),
        ("https://counterexample.org/p", True),
        ("https://site.test/", False),
        ("https://site.invalid/", False),
        ("ftp://petition.site/p", False),
    ],
)
def test_examples_are_not_looked_at(url: str, wanted: bool) -> None:
    assert looked_for(url) is wanted


# --- who carries what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "address", "same"),
    [
        (URL, URL, True),
        (f"{URL}?utm_source=x", URL, True),
        (f"{URL}#sign", URL, True),
        (f"{URL}/other", URL, False),
        (f"{URL}s", URL, False),
        ("https://petition.site", URL, False),
        (f"{URL}?id=5&utm_source=x", f"{URL}?id=5", True),
        (f"{URL}?id=55", f"{URL}?id=5", False),
        (f"{URL}?id=6", f"{URL}?id=5", False),
        (f"{URL}?a=1#sign", f"{URL}#sign", True),
        (f"{URL}?a=1", f"{URL}?", True),
    ],
)
def test_a_link_leads_to_an_address_whatever_was_added_to_its_query(
    link: str, address: str, same: bool
) -> None:
    assert leads_to(link, address) is same


@pytest.mark.parametrize(
    "address", [URL, f"{URL}?id=5", f"{URL}#sign", f"{URL}?id=5#sign", f"{URL}?", f"{URL}/"]
)
def test_the_campaigns_own_parameters_never_hide_an_address(address: str) -> None:
    params = (("utm_source", "{network}"), ("utm_content", "{message}"))
    assert leads_to(with_params(address, params, ("x", "x", "en"), "tents"), address)


def test_a_post_is_held_for_any_link_in_any_part() -> None:
    dead = {URL: "answers 404"}
    assert held(post(parts=("One.", f"Two ({URL}?a=b), three.")), dead) == f"its link {URL} answers 404"
    assert held(post(parts=(f"One. {URL}.",)), dead)
    assert held(post(parts=("One. https://petition.site/other",)), dead) is None
    assert held(post(parts=("One.",)), dead) is None


def test_every_address_that_may_go_out_is_known() -> None:
    given_book = book(
        message("a", link="https://story.site/a"),
        message(
            "b",
            text={"en": ["See https://text.site/b."], "es": "Nada."},
            per={"x": {"link": "https://per.site/x"}},
        ),
        message("c", thread=["More: https://thread.site/c"], per={"x": {"text": "https://own.site/text"}}),
        message("d", link="https://example.com/d"),
        settings=settings(petition={"url": {"en": "https://site.one/p", "es": "https://site.two/p"}}),
    )
    assert written(given_book) == {
        "https://story.site/a",
        "https://text.site/b",
        "https://per.site/x",
        "https://thread.site/c",
        "https://own.site/text",
        "https://site.one/p",
        "https://site.two/p",
    }


def test_what_the_next_posts_carry_comes_in_their_order_and_once() -> None:
    posts = [post(parts=(f"A {URL}?x=1",)), post(parts=("B https://b.site/", f"C {URL}"))]
    addresses = ["https://b.site/", "https://c.site/", URL, f"{URL}/other"]
    assert carried(posts, addresses) == [URL, "https://b.site/"]


# --- what goes out -------------------------------------------------------------------------------


def test_a_book_whose_link_is_dead_fits_no_post_that_carries_it() -> None:
    from dataclasses import replace

    given_book = book(message("m"))
    account = given_book.settings.accounts[0]
    figures = given_book.figures(None)
    dead = replace(given_book, dead={PETITION: "answers 404"})
    misfit = dead.post(given_book.queue.messages[0], account, "en", 0, 0, figures)
    assert (misfit.reason, misfit.waits) == (f"m waits: its link {PETITION} answers 404", True)  # type: ignore[union-attr]
    living = dead.living().post(given_book.queue.messages[0], account, "en", 0, 0, figures)
    assert living == given_book.post(given_book.queue.messages[0], account, "en", 0, 0, figures)
