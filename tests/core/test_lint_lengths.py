"""Room: what goes out is measured with all that the bot adds, and both numbers are said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.fit import fit
from bot.core.lint.lengths import _roomy
from bot.core.lint.passages import Desk
from bot.core.model import Limits, Post
from bot.core.text import LIMITS
from bot.core.written import Queue
from tests.core import findings
from tests.core.findings import MASTODON, NOW, X, codes, message, the

LINK = 23 + 2
"""The petition's link and the blank line before it."""

KANA = "の"
WORDS = "We sign. "


def letters(number: int, unit: str = "a") -> str:
    return unit * number


# --- the edge --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "unit", "most"),
    [
        (X, "a", 280 - LINK),
        (X, "’", 280 - LINK),
        (X, "n\u0303", 280 - LINK),
        (X, "é", 280 - LINK),
        (X, "ש", 280 - LINK),
        (X, KANA, (280 - LINK) // 2),
        (X, "€", (280 - LINK) // 2),
        (X, "🏳\ufe0f\u200d🌈", (280 - LINK) // 2),
        (MASTODON, "a", 500 - LINK),
        (MASTODON, KANA, 500 - LINK),
        (MASTODON, "🏳\ufe0f\u200d🌈", 500 - LINK),
    ],
)
def test_a_text_that_just_fits_is_right_and_one_more_is_not(
    account: dict[str, Any], unit: str, most: int
) -> None:
    assert codes(message(letters(most, unit)), accounts=[account]) == []
    assert codes(message(letters(most + 1, unit)), accounts=[account]) == ["too-long"]


def test_both_numbers_and_the_shares_are_said() -> None:
    found = the("too-long", message(letters(266)))
    assert found.severity == "error"
    assert found.message == (
        "message one (en) takes 291 of 280 on x (words 266, links and blank lines 25): shorten it by 11"
    )


def test_a_text_is_reported_once_for_all_accounts_of_a_network() -> None:
    three = [{**X, "id": each} for each in ("x", "x2", "x3")]
    assert "of 280 on x, x2, x3 (" in the("too-long", message(letters(300)), accounts=three).message


def test_accounts_with_other_terms_are_measured_by_their_own() -> None:
    bare = {**X, "id": "bare", "links": "never"}
    assert " on x (" in the("too-long", message(letters(270)), accounts=[X, bare]).message
    small = Limits(100, "graphemes", 23)
    assert "takes 175 of 100 on m (" in the("too-long", message(letters(150)), limits={"m": small}).message


def test_each_text_of_a_message_is_measured_in_its_language() -> None:
    long = letters(600)
    found = findings.check(message({"en": ["short", long], "es": long, "de": long}))
    assert [(each.loc[2:], each.message.split(" on ")[1][:2]) for each in found] == [
        (("text", "en", 1), "x "),
        (("text", "en", 1), "m "),
        (("text", "es"), "m "),
    ]


def test_a_text_for_one_network_is_measured_there_alone() -> None:
    given_ = message(letters(300), per={"x": {"text": letters(270)}, "m": {"text": letters(490)}})
    found = findings.check(given_)
    assert [(each.loc[2:], each.code) for each in found] == [
        (("per", "m", "text"), "too-long"),
        (("per", "x", "text"), "too-long"),
    ]


def test_a_link_in_the_text_counts_as_the_network_counts_it() -> None:
    long_link = "https://example.org/" + letters(300)
    assert codes(message(f"{letters(476 - LINK)} {long_link}"), accounts=[MASTODON]) == []
    assert codes(message(f"{letters(477 - LINK)} {long_link}"), accounts=[MASTODON]) == ["too-long"]
    in_full = {"m": Limits(500, "graphemes", None)}
    assert codes(message(f"{letters(200)} {long_link}"), accounts=[MASTODON], limits=in_full) == ["too-long"]


def test_an_accidental_link_counts_with_the_larger_value() -> None:
    text = letters(230 - LINK) + " fin.La noche de " + letters(30)
    assert "too-long" in codes(message(text), accounts=[X])


# --- what is added ---------------------------------------------------------------------------


def test_a_content_warning_counts_and_both_parts_are_named() -> None:
    bare = {**MASTODON, "links": "never"}
    assert (
        codes(
            message(letters(495), content_warning="aviso"),
            accounts=[{**bare, "language": "en"} | {"languages": []}],
        )
        == []
    )
    found = the(
        "too-long", message(letters(495), content_warning={"en": "avisos", "es": "avisos"}), accounts=[bare]
    )
    assert "takes 501 of 500 on m (words 495, content warning 6): shorten it by 1" in found.message


def test_on_x_a_content_warning_is_the_first_line_and_counts() -> None:
    bare = {**X, "links": "never"}
    assert codes(message(letters(272), content_warning="avisos"), accounts=[bare]) == ["warning-as-line"]
    found = the("too-long", message(letters(273), content_warning="avisos"), accounts=[bare])
    assert "takes 281 of 280 on x (words 273, content warning 6, links and blank lines 2)" in found.message


STORY = {"kind": "story", "link": "https://example.org/story"}


def test_a_story_needs_room_for_both_links() -> None:
    both = 2 + 23 + 1 + 23
    assert codes(message(letters(280 - both), **STORY), accounts=[X]) == []
    found = the("two-links", message(letters(281 - both), **STORY), accounts=[X])
    assert "takes 281 of 280 on x (words 232, links and blank lines 49)" in found.message
    assert "no room for its own link and the petition's; shorten the text by 1" in found.message
    assert codes(message(letters(281), **STORY), accounts=[X]) == ["too-long"]


def test_an_account_without_links_has_room_for_a_longer_story() -> None:
    assert codes(message(letters(280), **STORY), accounts=[{**X, "links": "never"}]) == []


def test_where_links_are_for_stories_the_petition_gives_way() -> None:
    account = {**X, "links": "story"}
    assert codes(message(letters(280 - LINK), **STORY), accounts=[account]) == []
    assert codes(message(letters(281 - LINK), **STORY), accounts=[account]) == ["too-long"]


def test_a_hashtag_that_does_not_fit_is_left_out_and_no_fault() -> None:
    assert codes(message(letters(280 - LINK)), accounts=[X], campaign={"hashtags": ["Library"]}) == []


@pytest.mark.parametrize("text", ["{signatures}", "{to_go}", "{goal}"])
def test_templates_are_measured_with_large_figures(text: str) -> None:
    room, figure = 280 - LINK, {"{signatures}": 9, "{to_go}": 6, "{goal}": 7}[text]
    petition = {"goal": 100_000, "milestones": {"progress_every": "7d"}}
    fits = message(letters(room - figure) + text, kind="progress")
    assert codes(fits, accounts=[X], petition=petition) == []
    over = message(letters(room - figure + 1) + text, kind="progress")
    assert codes(over, accounts=[X], petition=petition) == ["too-long"]


@pytest.mark.parametrize("text", ["{signatures|0123456789|x}", "{to_go|0123456789|x}"])
def test_the_longest_form_of_a_word_is_measured(text: str) -> None:
    room = 280 - LINK - 10
    petition = {"goal": 100_000, "milestones": {"progress_every": "7d"}}
    assert codes(message(letters(room) + text, kind="progress"), accounts=[X], petition=petition) == []
    over = message(letters(room + 1) + text, kind="progress")
    assert codes(over, accounts=[X], petition=petition) == ["too-long"]


# --- the quick look --------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        WORDS,
        "ñ",
        KANA,
        "€",
        "🏳\ufe0f\u200d🌈",
        "a.co",
        "fin.La ",
        "https://a.co/b ",
        "@ana ",
        "\u0958",
        "1\ufe0f\u20e3",
        "שׁ",
        "\ufb2c",
        "e\u0301",
        " #Tag",
        "例え.テスト ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, min_size=1, max_size=60), st.sampled_from(["x", "m"]), st.sampled_from(["call", "story"])
)
def test_the_quick_look_never_lets_a_long_text_pass(pieces: list[str], account_id: str, kind: str) -> None:
    text = "".join(pieces).strip() or "a"
    queue = Queue.model_validate({"messages": [message(text, kind=kind, link="https://example.org/story")]})
    desk = Desk(findings.settings(campaign={"hashtags": ["Library"]}), queue, {}, NOW)
    account = desk.settings.account(account_id)
    (passage,) = desk.passages
    post = fit(passage.message, account, desk.settings, "en")
    assert isinstance(post, Post)
    assert post.length <= post.limit or not _roomy(passage, LIMITS[account.network])


def test_the_quick_look_spares_most_texts() -> None:
    queue = Queue.model_validate({"messages": [message("Libraries are open to all. " * 8)]})
    (passage,) = Desk(findings.settings(), queue, {}, NOW).passages
    assert _roomy(passage, LIMITS["x"])
