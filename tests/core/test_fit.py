"""A message fitted for an account: words, hashtags, figures, thread, warning and pictures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.figures import Figures
from bot.core.fit import Misfit
from bot.core.model import Limits, Picture
from bot.core.text import LIMITS, hashtags, length, normalized
from tests.core.fitting import BLUESKY, MASTODON, PETITION, STORY, X, accounts, fitted, post, text, words

# --- hashtags --------------------------------------------------------------------------------

TAGS = {"hashtags": ["StopMPP", "#Asilo"]}


def test_the_campaigns_hashtags_follow_the_words_before_the_links() -> None:
    made = post({}, campaign=TAGS)
    assert made.parts == (f"Some words. #StopMPP #Asilo\n\n{PETITION}",)
    assert made.words == "Some words."


@pytest.mark.parametrize("written", ["#stopmpp now", "Now: #STOPMPP.", "(#StopMPP)"])
def test_a_hashtag_that_is_there_already_is_not_added(written: str) -> None:
    assert text({"text": written}, campaign=TAGS) == f"{written} #Asilo\n\n{PETITION}"


@pytest.mark.parametrize("written", ["StopMPP now", "#StopMPPnow", f"{STORY}/#StopMPP"])
def test_what_only_resembles_the_hashtag_does_not_count(written: str) -> None:
    assert "StopMPP" in hashtags(text({"text": written}, campaign=TAGS))


def test_hashtags_are_compared_composed() -> None:
    campaign = {"hashtags": ["Educacio\u0301n"]}
    assert text({"text": "#Educación"}, campaign=campaign) == f"#Educación\n\n{PETITION}"


@pytest.mark.parametrize(("room", "added"), [(16, 2), (15, 1), (9, 1), (8, 1), (7, 1), (6, 0)])
def test_a_hashtag_is_added_only_where_the_whole_still_fits(room: int, added: int) -> None:
    campaign = {"hashtags": ["StopMPP", "Asilo"]}
    made = post({"text": "a" * (280 - 25 - room)}, campaign=campaign)
    assert len(hashtags(made.parts[0])) == added
    assert made.length <= 280


def test_a_short_hashtag_may_fit_where_a_long_one_does_not() -> None:
    made = text({"text": "a" * (280 - 25 - 7)}, campaign={"hashtags": ["StopMPP", "Asilo"]})
    assert hashtags(made) == ("Asilo",)


# --- variants, languages, overrides ----------------------------------------------------------


def test_variants_are_taken_in_turn() -> None:
    message = {"text": ["one", "two", "three"]}
    words = [post(message, variant=variant).words for variant in range(5)]
    assert words == ["one", "two", "three", "one", "two"]


@pytest.mark.parametrize("written", ["Only the default", {"en": "Only English"}])
def test_a_message_without_a_text_in_the_language_does_not_fit(written: Any) -> None:
    assert fitted({"text": written}, language="es") == Misfit("a-fact has no text in es")


def test_a_thread_needs_every_part_in_the_language() -> None:
    message = {"text": {"en": "a", "es": "b"}, "thread": [{"en": "c", "es": "d"}, "only English"]}
    assert fitted(message, language="es") == Misfit("part 3 of the thread a-fact has no text in es")


def test_an_account_takes_its_own_values_before_those_of_its_network() -> None:
    message = {
        "text": "for all",
        "link": STORY,
        "per": {"x": {"text": "for X"}, "x2": {"text": "for x2", "link": "https://example.com/x2"}},
    }
    assert text(message) == f"for X\n\n{STORY}\n{PETITION}"
    assert text(message, {**X, "id": "x2"}) == f"for x2\n\nhttps://example.com/x2\n{PETITION}"
    assert text(message, MASTODON) == f"for all\n\n{STORY}\n{PETITION}"


# --- figures ---------------------------------------------------------------------------------


def test_figures_are_filled_in_as_the_language_writes_them() -> None:
    message = {"kind": "progress", "text": {"en": "{signatures} of {goal}", "es": "{signatures} de {goal}"}}
    figures = Figures(signatures=12_345, goal=100_000)
    assert post(message, figures=figures).words == "12,345 of 100,000"
    spanish = post(message, figures=figures, language="es")
    assert (spanish.words, spanish.template) == ("12.345 de 100.000", "{signatures} de {goal}")


def test_a_missing_figure_is_named() -> None:
    message = {"kind": "milestone", "text": "We are {signatures}, {milestone}!"}
    made = fitted(message, figures=Figures(signatures=5))
    assert made == Misfit("a-fact needs {milestone}, and no milestone is left")


def test_unknown_names_in_braces_stay() -> None:
    assert post({"text": "{n} and {name}"}).words == "{n} and {name}"


def test_the_length_is_that_of_the_filled_text() -> None:
    made = post({"kind": "progress", "text": "{signatures}"}, figures=Figures(1_000_000), language="en")
    assert made.length == len("1,000,000") + 25


# --- threads, warnings, pictures -------------------------------------------------------------

THREAD: dict[str, Any] = {"text": "first", "thread": ["second", "third"], "kind": "story", "link": STORY}


def test_the_links_stand_in_the_last_part_of_a_thread_and_hashtags_in_the_first() -> None:
    made = post(THREAD, campaign={"hashtags": ["StopMPP"]})
    assert made.parts == ("first #StopMPP", "second", f"third\n\n{STORY}\n{PETITION}")
    assert made.words == "first\n\nsecond\n\nthird"
    assert made.template == "first\n\n---\n\nsecond\n\n---\n\nthird"
    assert made.cost == 15_000 + 15_000 + 200_000


def test_a_thread_is_as_long_as_its_longest_part() -> None:
    assert post({**THREAD, "thread": ["b" * 290, "c"]}).length == 290


def test_a_hashtag_anywhere_in_a_thread_is_there_already() -> None:
    made = post({**THREAD, "thread": ["#stopmpp", "c"]}, campaign={"hashtags": ["StopMPP"]})
    assert made.parts[0] == "first"


def test_a_content_warning_goes_out_beside_the_text_and_counts_on_mastodon() -> None:
    made = post({"text": "a" * 470, "content_warning": "avisos"}, MASTODON)
    assert made.parts[0].startswith("aaa")
    assert (made.content_warning, made.length) == ("avisos", 470 + 25 + 6)


@pytest.mark.parametrize("account", [X, BLUESKY])
def test_where_there_are_no_content_warnings_it_is_the_first_line_and_counts(account: dict[str, Any]) -> None:
    made = post({"content_warning": "Violence", "thread": ["more"]}, account)
    assert made.parts[0] == "Violence\n\nSome words."
    assert made.content_warning is None
    assert made.words == "Some words.\n\nmore"
    assert made.length == length(f"more\n\n{PETITION}", LIMITS[account["network"]])


def test_a_content_warning_speaks_the_language_of_the_post() -> None:
    message = {"text": {"en": "a", "es": "b"}, "content_warning": {"en": "Violence", "es": "Violencia"}}
    assert post(message, MASTODON, language="es").content_warning == "Violencia"


def test_pictures_carry_the_description_in_the_language_of_the_post() -> None:
    media = [{"file": "tents.jpg", "alt": {"en": "Tents", "es": "Carpas"}}, {"file": "map.png"}]
    made = post({"text": {"en": "a", "es": "b"}, "media": media}, language="es")
    assert made.pictures == (Picture("tents.jpg", "Carpas"), Picture("map.png", ""))
    assert made.cost == 205_000


def test_a_post_says_whose_it_is() -> None:
    made = post({}, {**MASTODON, "visibility": "unlisted"})
    assert (made.account, made.network, made.message_id, made.kind) == (
        "mastodon",
        "mastodon",
        "a-fact",
        "fact",
    )
    assert (made.language, made.visibility, made.cost, made.limit) == ("en", "unlisted", 0, 500)


def test_the_limits_of_the_server_win() -> None:
    made = post({}, MASTODON, limits=Limits(5000, "graphemes", None))
    assert (made.limit, made.length) == (5000, len(made.parts[0]))


def test_texts_are_sent_composed_and_trimmed() -> None:
    assert text({"text": "  ma\u0301s \r\n  dos  \n"}, {**X, "links": "never"}) == "más\n  dos"


# --- properties ------------------------------------------------------------------------------


@given(words, accounts, st.booleans(), st.sampled_from(["", "aviso", "🏳️‍🌈"]))
def test_the_length_is_that_of_what_goes_out(words: str, account: Any, story: bool, warning: str) -> None:
    message = {"text": words, "content_warning": warning or None, "link": STORY if story else None}
    made = post(message, account, campaign=TAGS)
    limits = LIMITS[account["network"]]
    assert made.length == max(length(part, limits, made.content_warning or "") for part in made.parts)
    assert made.length <= 280


@given(words, accounts)
def test_the_words_go_out_whole_and_first(words: str, account: Any) -> None:
    made = post({"text": words}, account, campaign=TAGS)
    assert made.parts[0].startswith(normalized(words))
    assert made.words == normalized(words)


@given(words, accounts)
def test_the_same_message_makes_the_same_post(words: str, account: Any) -> None:
    assert post({"text": words}, account) == post({"text": words}, account)
