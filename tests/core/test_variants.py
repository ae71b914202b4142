"""What followers and networks get to see of variants, languages and scripts, over whole rounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Ledger, Post
from bot.core.plan import agenda, plan
from bot.core.written import Message
from tests.given import PETITION, account, at, book, message, settings

START = at("2026-12-01 00:00")
X = account("x", network="x", schedule={"every": "1h"})
ARABIC = "الحقوق لكل الأطفال"
HEBREW = "זכויות לכל הילדים"


def posts(*messages: Message, accounts: tuple[dict[str, Any], ...] = (X,), hours: int = 24) -> list[Post]:
    """What goes out in so many hours."""
    whole = book(*messages, settings=settings(*accounts))
    slots = agenda(whole, START, START + timedelta(hours=hours))
    return [row.post for row in plan(whole, Ledger(), slots, whole.figures(None)) if row.post]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_x_sees_no_text_again_before_all_texts_of_the_message_were_out(variants: list[int]) -> None:
    messages = [
        message(f"m{n}", text=[f"Text {text} of message {n}." for text in range(number)])
        for n, number in enumerate(variants)
    ]
    out = posts(*messages, hours=len(variants) * max(variants) * 2)
    for n, number in enumerate(variants):
        words = [post.words for post in out if post.message_id == f"m{n}"]
        for begin in range(0, len(words) - number + 1, number):
            assert len(set(words[begin : begin + number])) == number


def test_the_parts_of_a_thread_turn_with_its_first() -> None:
    turning = message("m", text=["One.", "Two."], thread=[["One more.", "Two more."], "The end."])
    out = [post.parts for post in posts(turning, hours=3)]
    assert [parts[:2] for parts in out] == [
        ("One.", "One more."),
        ("Two.", "Two more."),
        ("One.", "One more."),
    ]
    assert {parts[2] for parts in out} == {f"The end.\n\n{PETITION}"}


def test_each_account_speaks_its_own_languages_in_turn() -> None:
    both = {"en": "English.", "es": "Español.", "ar": ARABIC}
    accounts = (
        account("x", network="x", language="ar", schedule={"every": "1h"}),
        account("m", languages=["en", "es"], schedule={"every": "1h"}),
    )
    out = posts(message("m", text=both), accounts=accounts, hours=4)
    assert [post.language for post in out if post.account == "x"] == ["ar"] * 4
    assert [post.language for post in out if post.account == "m"] == ["en", "es", "en", "es"]


@pytest.mark.parametrize("words", [ARABIC, HEBREW, f"{ARABIC} (MPP) 16,000", f"MPP: {HEBREW}"])
@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky"])
def test_in_a_text_from_right_to_left_each_link_has_a_line_of_its_own(words: str, network: str) -> None:
    """Signs between a link and the words would jump to its other end."""
    speaker = account("a", network=network, language="ar", schedule={"every": "1h"})
    story = message("s", "story", text={"ar": words}, link="https://example.org/s")
    (post,) = posts(story, accounts=(speaker,), hours=1)
    assert post.parts == (f"{words}\n\nhttps://example.org/s\n{PETITION}",)
    assert post.language == "ar"


def test_a_warning_is_said_in_the_language_of_the_post_and_counted_where_it_stands() -> None:
    warned = message("m", text={"en": "A.", "es": "B."}, content_warning={"en": "Loss", "es": "Pérdida"})
    accounts = (
        account("m", languages=["en", "es"], schedule={"every": "1h"}),
        account("b", network="bluesky", language="es", schedule={"every": "1h"}),
    )
    out = posts(warned, accounts=accounts, hours=2)
    folded = [(post.content_warning, post.length) for post in out if post.account == "m"]
    assert folded == [("Loss", len("LossA.") + 25), ("Pérdida", len("PérdidaB.") + 25)]
    assert {post.parts[0].split("\n")[0] for post in out if post.account == "b"} == {"Pérdida"}
