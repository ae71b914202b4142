"""How the campaign stands, in one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.model import Ledger, Planned
from bot.core.overview import AccountOverview, Overview, day_and_time, opening, sentence
from bot.core.plan import agenda, plan
from tests.given import at, book, message

NOW = at("2026-12-01 08:00")


def planned() -> Planned:
    given = book(message("m", text="A fact about the border."))
    slots = agenda(given, NOW, at("2026-12-02 00:00"))
    return next(plan(given, Ledger(), slots, given.figures(None)))


def overview(**fields: Any) -> Overview:
    first = AccountOverview("mastodon", "mastodon", None, None, planned(), 0)
    given = Overview(NOW, "Test", "UTC", "en", None, (first,), 9876, 10000, 50000, (), ())
    return replace(given, **fields)


def test_the_sentence_says_what_where_when_and_how_the_count_stands():
    assert sentence(overview()) == (
        "Next, “A fact about the border.” goes out on Mastodon today at 09:00. "
        "9,876 people have signed, 124 to go to 10,000."
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"paused": "paused until Monday"}, "Nothing goes out: paused until Monday."),
        ({"accounts": ()}, "Nothing is planned for the coming week."),
        ({"signatures": None}, "The signatures have not been counted yet."),
        ({"next_milestone": None}, "9,876 people have signed."),
    ],
)
def test_the_sentence_says_what_is_not(fields: dict[str, Any], says: str):
    assert says in sentence(overview(**fields))


@pytest.mark.parametrize("stopped", [{"held": "keys revoked"}, {"paused": "paused"}])
def test_what_is_stopped_is_not_next(stopped: dict[str, str]):
    account = replace(overview().accounts[0], **stopped)
    assert overview(accounts=(account,)).next is None
    assert "every account stands still" in sentence(overview(accounts=(account,)))


def test_the_cost_of_the_month_is_that_of_all_accounts():
    each = replace(overview().accounts[0], month_cost=200_000)
    assert overview(accounts=(each, each)).month_cost == 400_000


@pytest.mark.parametrize(
    ("when", "zone", "text"),
    [
        ("2026-12-01 18:30", "UTC", "today at 18:30"),
        ("2026-12-02 09:00", "UTC", "tomorrow at 09:00"),
        ("2026-12-04 09:00", "UTC", "on Friday 4 December at 09:00"),
        ("2026-12-02 03:00", "America/Chicago", "today at 21:00"),
        ("2026-12-01 08:00:30", "UTC", "today at 08:00:30"),
    ],
)
def test_times_are_those_of_the_campaigns_zone(when: str, zone: str, text: str):
    assert day_and_time(at(when), zone, NOW) == text


def test_an_opening_is_one_line_that_ends_with_a_word():
    assert opening("Short.") == "Short."
    assert opening("One line,\nand another " * 5, 30) == "One line, and another One …"
