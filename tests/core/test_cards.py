"""Cards as values: colours that can be read, letters that can be drawn, and `media: card` in a post."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.cards import CARD, MOST, Colours, card_file, contrast, number_on, undrawable, why_not
from bot.core.figures import Figures
from bot.core.fit import fit
from bot.core.model import Picture, Post
from bot.core.pictures import Look, unfit
from bot.core.text import LIMITS
from bot.core.written import Media, Message
from tests.core.findings import check, codes, the
from tests.core.findings import message as written
from tests.given import an_account, message, settings

LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"{}|_áéíóúñ¿¡")
LOOKS = {CARD: Look("PNG", 1200, 675, 1, 1, letters=LATIN)}


# --- colours ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


def test_the_colours_that_nobody_chose_can_be_read():
    assert contrast(Colours().text, Colours().background) > 7


@pytest.mark.parametrize(
    ("colours", "said"),
    [
        (
            {"background": "#777777", "text": "#ffffff"},
            r"text #ffffff does not stand out.*4\.5 to 1 is needed",
        ),
        ({"background": "#0b3b36", "accent": "#0b6b5c"}, r"accent #0b6b5c does not stand out.*3 to 1"),
        ({"background": None}, "begins a comment; put it in quotes"),
        ({"background": "teal"}, 'write it as "#0b3b36", in quotes'),
        ({"background": "#fff"}, "is not a colour"),
    ],
)
def test_colours_that_cannot_be_read_are_refused_with_what_to_do(colours: dict[str, Any], said: str):
    with pytest.raises(ValidationError, match=said):
        Colours.model_validate(colours)


# --- letters ------------------------------------------------------------------------------------


def test_what_a_font_lacks_is_said_once_in_order():
    assert undrawable("Ja, ж und 😀 und ж\n\u00a0\u202f", LATIN) == "ж😀"


def test_joiners_and_narrow_blanks_need_no_letter():
    assert undrawable("1\u202f000 soft\u00adhyphen zero\u200bwidth", LATIN) == ""


def test_more_than_a_card_holds_is_said():
    assert why_not("a" * MOST, LATIN) is None
    assert "shorten" in str(why_not("a" * (MOST + 1), LATIN))


@pytest.mark.parametrize(
    ("file", "number"), [(CARD, ""), (card_file("5,000"), "5,000"), ("card.png", None), ("media/card", None)]
)
def test_a_card_is_told_from_a_file(file: str, number: str | None):
    assert number_on(file) == number


# --- as the post's own picture ------------------------------------------------------------------


def test_card_stands_for_a_list_of_one_picture():
    assert message("a", media="card").media == (Media(file=CARD),)
    assert message("a", per={"x": {"media": "card"}}).per["x"].media == (Media(file=CARD),)


def test_another_word_is_no_picture():
    with pytest.raises(ValidationError):
        message("a", media="crad")


def posted(said: Message, figures: Figures | None = None) -> Post:
    post = fit(said, an_account(), settings(), "en", figures=figures or Figures())
    assert isinstance(post, Post)
    return post


def test_the_alt_text_of_a_card_is_made_from_its_words():
    said = posted(message("a", media="card", text="Two  thousand tents.", thread=["More."]))
    assert said.pictures == (Picture(CARD, "Two  thousand tents."),)


def test_a_milestones_card_has_its_number_large():
    said = posted(
        message("a", "milestone", media="card", text="{milestone} people."), Figures(5321, None, 5000)
    )
    assert said.pictures == (Picture("card:5,000", "5,000 people."),)


def test_an_account_may_have_a_card_and_the_others_none():
    said = message("a", per={"mastodon": {"media": "card"}})
    assert posted(said).pictures
    on_x = fit(said, an_account(id="x", network="x", server=None), settings(), "en")
    assert isinstance(on_x, Post)
    assert on_x.pictures == ()


def test_a_card_that_cannot_be_drawn_keeps_its_post_at_home():
    assert "has no ж" in str(unfit([Picture(CARD, "ж")], LOOKS, LIMITS["x"]))
    assert unfit([Picture("card:5", "Drawn.")], LOOKS, LIMITS["x"]) is None
    assert unfit([Picture(CARD, "ж")], {}, LIMITS["x"]) is None, "nobody looked: it is trusted"


# --- what check says ----------------------------------------------------------------------------


def test_check_says_which_letters_a_card_lacks_and_in_which_language():
    said = the("card", written({"en": "Sign.", "es": "Firme 😀."}, media="card"), looks=LOOKS)
    assert said.loc == ("messages", 0, "media")
    assert said.severity == "error"
    assert said.message.startswith("message one (es) has a card that cannot be drawn: the font")
    assert "😀" in said.message


def test_check_looks_at_every_text_that_a_card_is_made_from():
    own = {"m": {"text": {"en": "Sign 😀.", "es": "Firme."}}}
    assert codes(written(["Sign.", "Sign ж."], media="card"), looks=LOOKS).count("card") == 1
    assert the("card", written(media="card", per=own), looks=LOOKS).loc == ("messages", 0, "per", "m", "text")
    assert "card" not in codes(written("Sign 😀."), looks=LOOKS)


def test_a_card_needs_no_alt_text_and_is_no_missing_file():
    assert not {"alt-missing", "picture", "card"} & {*codes(written(media="card"), looks=LOOKS)}


# --- where followers find the page --------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [{"share": {"links": "petition"}}, {"web": {"public_listen": "0.0.0.0:8081"}}]
)
def test_check_misses_the_address_of_a_page_that_is_shown(given: dict[str, Any]):
    (said,) = [each for each in check(written(), **given) if each.code == "share-address"]
    assert said.severity == "warning"
    assert "share.url is missing" in said.message


def test_check_wants_a_port_of_its_own_for_the_public_page():
    web = {"listen": "127.0.0.1:8080", "public_listen": "127.0.0.1:8080"}
    assert the("same-port", written(), web=web).loc == ("web", "public_listen")
    assert "same-port" not in codes(written(), web={**web, "public_listen": "127.0.0.1:8081"})


def test_check_is_content_without_a_share_page_and_with_its_address():
    assert "share-address" not in codes(written())
    assert "share-address" not in codes(written(), share={"url": "https://share.example.org"})
