"""What messages want from a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.chores import Chore, chores
from bot.core.written import Message
from tests.given import NOON, at, book, message, settings

TODAY = NOON.date()


def wanted(*messages: Message, **fields: Any) -> list[Chore]:
    return list(chores(book(*messages, settings=settings(**fields)), NOON))


def test_nothing_is_wanted_of_messages_that_are_well():
    assert wanted(message("m"), message("n", review_by="2026-12-31")) == []


@pytest.mark.parametrize(("days", "asked"), [(15, False), (14, True), (0, True), (-1, True), (-400, True)])
def test_a_fact_is_to_be_looked_at_two_weeks_before_its_last_day_and_after_it(days: int, asked: bool):
    by = TODAY + timedelta(days=days)
    assert bool(wanted(message("m", review_by=by.isoformat()))) is asked


def test_what_is_past_is_not_posted_any_more_and_what_is_not_still_is():
    late, soon = wanted(message("a", review_by="2026-12-01"), message("b", review_by="2026-11-30"))
    assert (late.message_id, late.past, soon.message_id, soon.past) == ("b", True, "a", False)
    assert "is not posted any more" in late.sentence
    assert "later it is not posted" in soon.sentence


def test_the_day_is_the_campaigns():
    fact = message("m", review_by="2026-11-30")
    early = at("2026-12-01 03:00")
    for zone, past in (("America/Chicago", False), ("Europe/Madrid", True)):
        given = book(fact, settings=settings(campaign={"timezone": zone}))
        (chore,) = chores(given, early)
        assert chore.past is past


def test_a_draft_waits_for_approval_and_wants_no_review_before():
    (chore,) = wanted(message("m", draft=True, review_by="2026-11-01"))
    assert chore.kind == "draft"
    assert chore.sentence == "m is a draft: it is not posted before somebody approves it."


def test_an_error_comes_before_all_else():
    given = book(message("d", draft=True), message("r", review_by="2026-12-02"), message("bad"))
    found = chores(replace(given, barred=frozenset({"bad"})), NOON)
    assert [(each.kind, each.message_id) for each in found] == [
        ("error", "bad"),
        ("review", "r"),
        ("draft", "d"),
    ]
    assert "petition-bot check" in found[0].sentence
