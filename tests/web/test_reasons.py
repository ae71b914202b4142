"""Why a post goes out: the same words as everywhere in English, and Spanish ones on a Spanish page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from bot.core.choices import decided
from bot.core.model import Choice, Ledger
from bot.core.plan import agenda, plan
from bot.web import create_app
from bot.web.reasons import reason
from tests.web.given import NOW, a_book, an_office


def planned() -> set[str]:
    """Every reason of the shipped campaign's next weeks, and of what people decide."""
    slots = agenda(a_book(), NOW, NOW + timedelta(days=60))
    whys = {each.why for each in plan(a_book(), Ledger(), slots, a_book().figures(1234))}
    choices = [Choice("x/1", message, "Ana María", NOW, NOW) for message in ("a", None)]
    return whys | {decided(each) for each in choices} | {"next in the rotation; not posted here yet"}


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(an_office())


@pytest.fixture
def spanish(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Accept-Language": "es"}):
        yield


def test_in_english_it_is_what_the_plan_says_to_the_letter():
    assert {why: reason(why) for why in planned()} == {why: why for why in planned()}


def test_on_a_spanish_page_no_part_of_it_stays_english(spanish: None):
    english = {part for why in planned() for part in why.split("; ") if part == reason(part)}
    assert english == set()


@pytest.mark.parametrize(
    ("english", "spanish_words"),
    [
        (
            "fact is number 1 of 5 in the mix; not posted here yet",
            "hecho: número 1 de 5 de la mezcla; todavía no se ha publicado aquí",
        ),
        (
            "it has waited longest (last on 2026-11-01, weight 2)",
            "es lo que más ha esperado (la última vez, 2026-11-01; peso 2)",
        ),
        ("chosen by ana", "lo eligió ana"),
        (
            "nothing to post: no fact, story may go out at this time",
            "nada que publicar: a esta hora no puede salir nada de tipo hecho, historia",
        ),
    ],
)
def test_each_is_a_sentence_of_its_own(spanish: None, english: str, spanish_words: str):
    assert reason(english) == spanish_words


@pytest.mark.parametrize("words", ["", "X says no: 403", "fact is number one of 5 in the mix", "; ;"])
def test_what_it_does_not_know_stays_as_it_is(spanish: None, words: str):
    assert reason(words) == words
