"""Cards as they are drawn: their size, their colours, every word on them, and what refuses to be drawn."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.core.cards import HEIGHT, MOST, WIDTH, Card, Colours, Stationery
from bot.core.model import Picture
from bot.core.pictures import Look, Unusable
from bot.core.text import LIMITS
from bot.files import cards
from bot.files.cards import MARGIN, draw
from bot.files.letters import letters
from bot.ports import Drawn
from tests.share.given import an_album

PAPER = Stationery("Stop MPP", "raicestexas.org", Colours())


def drawn(words: str, number: str = "", stationery: Stationery = PAPER) -> Image.Image:
    data = draw(Card(words, stationery, number))
    assert isinstance(data, bytes)
    image = Image.open(BytesIO(data))
    assert image.format == "PNG"
    return image.convert("RGB")


def inked(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels there are not of the ground."""
    part, ground = image.crop(box), image.getpixel((0, 0))
    return sum(count for count, colour in part.getcolors(part.width * part.height) or () if colour != ground)


WHOLE, ABOVE = (0, 0, WIDTH, HEIGHT), (0, 0, WIDTH, 480)


@pytest.mark.parametrize(
    "words", ["Sign.", "Tents. " * 40, "W" * 300, "a\n\nb", "", "¿Qué? Ñandú, ğ, ș, ż, ж, Ω €"]
)
def test_every_card_is_of_one_size_and_nothing_stands_in_its_margin(words: str):
    image = drawn(words, "10.000.000")
    assert image.size == (1200, 675)
    assert inked(image, WHOLE)
    for edge in ((0, 0, MARGIN - 4, HEIGHT), (WIDTH - MARGIN + 4, 0, WIDTH, HEIGHT), (0, 0, WIDTH, 40)):
        assert inked(image, edge) == 0


def test_a_card_has_the_campaigns_colours():
    colours = Colours(background="#ffffff", text="#111111", accent="#aa0000")
    image = drawn("Sign.", "5,000", Stationery("T", "t.org", colours))
    found = {colour for _, colour in image.getcolors(WIDTH * HEIGHT) or ()}
    assert {(255, 255, 255), (17, 17, 17), (170, 0, 0)} <= found


def test_the_longest_text_is_there_whole():
    """As much ink for twice as many letters of half the size: nothing is left out."""
    image = drawn("word " * (MOST // 5))
    assert inked(image, (0, 0, WIDTH, 520)) > 20_000
    assert inked(image, (0, 524, WIDTH, 531)) == 0, "it does not run into the line below"


def test_a_number_stands_large_above_the_words():
    without, with_number = drawn("Thank you."), drawn("Thank you.", "5,000")
    number = (0, 0, WIDTH, MARGIN + 150)
    assert inked(with_number, number) > 10 * max(inked(without, number), 1)


def test_other_words_make_another_card_and_the_same_the_same():
    assert draw(Card("One.", PAPER)) != draw(Card("Two.", PAPER))
    first = draw(Card("One.", PAPER))
    draw.cache_clear()
    assert draw(Card("One.", PAPER)) == first


@pytest.mark.parametrize(
    ("words", "why"), [("Sign 😀", "😀"), ("签名", "签 名"), ("a" * (MOST + 1), "shorten")]
)
def test_what_cannot_be_drawn_whole_is_not_drawn(words: str, why: str):
    found = draw(Card(words, PAPER))
    assert isinstance(found, Unusable)
    assert why in found.reason


def test_a_campaign_whose_name_cannot_be_drawn_has_cards_all_the_same():
    assert drawn("Sign.", "", Stationery("签名 😀", "例.example", Colours())).size == (WIDTH, HEIGHT)
    assert drawn("Sign.", "", Stationery("A very long name " * 9, "t.org", Colours())).size == (WIDTH, HEIGHT)


def test_a_card_is_small_enough_for_every_network():
    data = draw(Card("Sent back: more than 60,000 people. " * 8, PAPER))
    assert isinstance(data, bytes)
    assert len(data) < min(each.picture_bytes for each in LIMITS.values()) // 5


def test_the_font_has_the_letters_of_western_and_eastern_europe():
    assert set("áéíóúüñ¿¡àèìòùâêîôûäëïöüßçãõőűšžčćłąężźğışșțđœæ€“”‘’–—…×½©").issubset(letters())
    assert "😀" not in letters()


# --- as a picture of a message -------------------------------------------------------------------


def test_an_album_looks_at_a_card_without_drawing_it():
    before = draw.cache_info().misses
    look = an_album().look("card")
    assert isinstance(look, Look)
    assert (look.kind, look.width, look.height, look.animated) == ("PNG", 1200, 675, False)
    assert "ñ" in look.letters
    assert draw.cache_info().misses == before


def test_an_album_draws_a_card_from_its_alt_text():
    made = an_album().draw(Picture("card:5,000", "Five thousand people."), LIMITS["bluesky"])
    assert isinstance(made, Drawn)
    assert (made.kind, made.width, made.height) == ("image/png", 1200, 675)
    assert made.data.startswith(b"\x89PNG")


def test_who_does_not_know_the_colours_draws_no_card():
    from bot.files.pictures import Album

    found = Album(an_album()._folder).draw(Picture("card", "Sign."), LIMITS["x"])
    assert isinstance(found, Unusable)
    assert LIMITS["bluesky"].picture_bytes > cards.USUAL
