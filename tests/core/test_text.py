"""Lengths as each network counts them, and the form in which texts are counted, sent and compared."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Limits
from bot.core.text import LIMITS, length, near, normalized, same

X, MASTODON, BLUESKY = LIMITS["x"], LIMITS["mastodon"], LIMITS["bluesky"]

EMOJI = {
    "plain": "😀",
    "text by default": "❤",
    "as a picture": "❤️",
    "picture by default, with the selector": "⚡️",
    "copyright as a picture": "©️",
    "flag": "🇪🇸",
    "flag of three nations": "🇪🇺",
    "flag of a nation in a nation": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "rainbow flag": "🏳️‍🌈",
    "pirate flag": "🏴‍☠️",
    "transgender flag": "🏳️‍⚧️",
    "keycap": "1️⃣",
    "keycap without the selector": "1⃣",
    "keycap of a hash": "#️⃣",
    "skin": "💪🏽",
    "skin on a text character": "☝🏿",
    "work": "👩‍🚒",
    "work with skin": "👩🏽‍🚀",
    "health worker": "🧑🏾‍⚕️",
    "gender": "🤷‍♀️",
    "gender and skin": "🏃🏿‍♂️",
    "gender, skin and direction": "🏃🏿‍♂️‍➡️",
    "detective": "🕵️‍♀️",
    "hair": "👨🏻‍🦰",
    "family of four": "👨‍👩‍👧‍👦",
    "family of one parent": "👩‍👧",
    "family of new kind": "🧑‍🧑‍🧒‍🧒",
    "kiss": "👩‍❤️‍💋‍👨",
    "couple with skins": "🧑🏻‍❤️‍🧑🏿",
    "holding hands": "👩🏼‍🤝‍👩🏿",
    "handshake of two skins": "🫱🏻‍🫲🏿",
    "white stick and direction": "🧑🏽‍🦯‍➡️",
    "heart on fire": "❤️‍🔥",
    "eye in a bubble": "👁️‍🗨️",
    "face in clouds": "😶‍🌫️",
    "polar bear": "🐻‍❄️",
    "broken chain": "⛓️‍💥",
    "phoenix": "🐦‍🔥",
    "zombie": "🧟‍♂️",
}
every_emoji = pytest.mark.parametrize("emoji", EMOJI.values(), ids=EMOJI.keys())


# --- X ---------------------------------------------------------------------------------------


@every_emoji
def test_an_emoji_weighs_two_on_x_however_many_code_points_it_has(emoji: str) -> None:
    assert length(emoji, X) == 2
    assert length(f"a{emoji}b{emoji}", X) == 6


@every_emoji
def test_140_emoji_fit_on_x_and_141_do_not(emoji: str) -> None:
    assert length(emoji * 140, X) == X.length
    assert length(emoji * 141, X) == X.length + 2


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("🐶‍🚀", 5),  # joined as nobody joins them: two emoji and the joiner
        ("🏳‍🌈", 5),  # without its selector
        ("🇽🇽", 4),  # no country
        ("🇪", 2),
        ("🇪🇸🇫", 4),
        ("👨🏽‍👩🏽‍👧🏽", 8),  # families have no skin
        ("✅️", 4),  # a selector that no table knows
        ("❤︎", 4),  # shown as text
        ("😀🏽", 4),  # a face has no skin
        ("🏴󠁵󠁳󠁴󠁸󠁿", 12),  # Texas has no flag
    ],
)
def test_what_x_may_take_for_several_emoji_counts_as_several(text: str, weight: int) -> None:
    assert length(text, X) == weight


@pytest.mark.parametrize("character", [*"«»’‘“”—–‐¿¡ºªñÑçüßøþЖяΩاحשלו\u00a0\u200d\u2009′‷"])
def test_letters_of_europe_arabic_hebrew_and_typographic_marks_weigh_one(character: str) -> None:
    assert length(character, X) == 1


@pytest.mark.parametrize("character", [*"€•…→✅™‹›𝗙𝓐のカ漢한ﬁ！。、🤖\u202f\u2028"])
def test_what_looks_harmless_may_weigh_two(character: str) -> None:
    assert length(character, X) == 2


def test_141_kana_are_too_long_for_x() -> None:
    assert length("の" * 140, X) == 280
    assert length("の" * 141, X) == 282


def test_decomposed_letters_count_as_they_are_sent() -> None:
    decomposed = unicodedata.normalize("NFD", "ñ") * 280
    assert len(decomposed) == 560
    assert length(decomposed, X) == 280


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("https://example.org/a", 23),
        ("https://example.org/" + "a" * 300, 23),
        ("http://a.co", 23),
        ("ver https://example.org/a", 27),
        ("ver https://example.org/a.", 28),
        ("(https://example.org/a)", 25),
        ("a.co", 23),
        ("Hasta el final.No pares", 38),
        ("informe.pdf", 11),
        ("fin.Ya", 6),
        ("https://a.co https://b.co", 47),
        ("https://example.org/p…", 25),
        ("https://127.0.0.1:8080/p", 24),  # X links no bare addresses: in full
    ],
)
def test_every_link_weighs_23_on_x(text: str, weight: int) -> None:
    assert length(text, X) == weight


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("ver final.um", 27),  # .um was an ending once: 23, if X still links it
        ("https://example.movistar/" + "a" * 40, 65),  # 65, if it no longer does
        ("https://example.music/" + "a" * 40, 62),  # a new ending: the same doubt
    ],
)
def test_where_an_ending_may_or_may_not_be_linked_the_larger_value_counts(text: str, weight: int) -> None:
    assert length(text, X) == weight


def test_an_x_without_a_length_for_links_counts_them_in_full() -> None:
    assert length("https://example.org/a", Limits(280, "weighted", None)) == 21


# --- Mastodon and its kin --------------------------------------------------------------------


@every_emoji
def test_whatever_people_see_as_one_character_is_one_on_mastodon(emoji: str) -> None:
    assert length(emoji, MASTODON) == 1
    assert length(f"a{emoji}ñ", MASTODON) == 3


@pytest.mark.parametrize("text", ["€", "…", "の", "𝗙", "ñ", unicodedata.normalize("NFD", "ñ"), "한", "नि"])
def test_nothing_weighs_two_on_mastodon(text: str) -> None:
    assert length(text, MASTODON) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 477 + " https://example.org/a", 501),
        ("a" * 476 + " https://example.org/" + "b" * 280, 500),
        ("ver final.No y example.org", 26),  # bare domains are no links here
        ("(https://example.org/a)", 25),
        ("https://example.org/a https://example.org/b", 47),
        ("ftp://example.org/a", 19),
        ("https://localhost/a", 19),
        ("@user@example.social hola", 10),
        ("@user hola", 10),
        ("mail user@example.social", 24),
        ("https://example.social/@user@example.org", 23),
        ("@user@example.social y @other@example.org", 14),
    ],
)
def test_mastodon_counts_links_as_23_and_handles_without_their_server(text: str, count: int) -> None:
    assert length(text, MASTODON) == count


def test_a_server_may_give_links_another_length() -> None:
    assert length("https://example.org/a", Limits(500, "graphemes", 40)) == 40


def test_where_links_have_no_length_of_their_own_everything_counts_in_full() -> None:
    text = "https://example.org/a @user@example.social"
    assert length(text, Limits(300, "graphemes", None)) == len(text)


def test_a_text_may_have_so_many_letters_and_so_many_bytes() -> None:
    """A family is one letter of 25 bytes."""
    family = "👨‍👩‍👧‍👦"
    assert length("a" * 300, BLUESKY) == 300
    assert length(family * 120, BLUESKY) == 120
    assert length(family * 121, BLUESKY) == 303
    assert length(family * 301, BLUESKY) > 301


def test_the_content_warning_counts_where_it_goes_out_with_the_text() -> None:
    assert length("a" * 495, MASTODON, "avisos") == 501
    assert length("a" * 495, MASTODON, "aviso") == 500
    assert length("a" * 200, X, "avisos") == 200


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_line_break_joins_nothing_so_lengths_add_up(first: str, second: str) -> None:
    for limits in LIMITS.values():
        whole = length(f"{first}\n{second}", limits)
        parts = length(first, limits) + 1 + length(second, limits)
        assert whole == parts - (first.endswith("\r") and limits.counting != "weighted")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_nothing_is_free_and_nothing_weighs_more_than_two_or_a_link(text: str) -> None:
    weight, letters = length(text, X), len(unicodedata.normalize("NFC", text))
    assert len(regex.findall(r"\X", text.replace("\r", ""))) <= weight + text.count("\r")
    assert weight <= 2 * letters + 23 * text.count(".")


@given(st.text(max_size=60))
def test_a_text_weighs_the_same_in_either_form(text: str) -> None:
    assert length(text, X) == length(unicodedata.normalize("NFC", text), X)


# --- form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("  hola\n", "hola"),
        ("uno \r\ndos\t\rtres", "uno\ndos\ntres"),
        ("uno\n\n  dos", "uno\n\n  dos"),  # indentation is somebody's will
        (unicodedata.normalize("NFD", "más"), "más"),
        ("10\u202f000\u00a0firmas", "10\u202f000\u00a0firmas"),
        (" \n\t ", ""),
        ("R&amp;D &lt; salud", "R&amp;D &lt; salud"),
        ("וקע #זכויות", "וקע #זכויות"),
    ],
)
def test_a_text_is_sent_composed_and_without_blanks_at_its_ends(written: str, sent: str) -> None:
    assert normalized(written) == sent


@given(st.text())
def test_what_is_sent_stays_as_it_is(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("uno dos", "uno\n\n dos "),
        ("más", unicodedata.normalize("NFD", "más")),
        ("10\u202f000", "10 000"),
        ("", " \n"),
    ],
)
def test_the_form_of_letters_and_blanks_makes_no_other_text(a: str, b: str) -> None:
    assert same(a, b)
    assert not near(a, b)


@pytest.mark.parametrize(("a", "b"), [("uno", "Uno"), ("uno", "uno."), ("unodos", "uno dos"), ("a", "")])
def test_another_letter_makes_another_text(a: str, b: str) -> None:
    assert not same(a, b)


def test_a_text_with_a_slip_corrected_is_near_and_another_one_is_not() -> None:
    text = "By November 2019 more than 16,000 children under 18 had been sent back to Mexico to wait."
    assert near(text, text.replace("sent back", "sent bakc"))
    assert near(text, text + " #StopMPP")
    assert not near(text, "In November 2019 people were given papers, mostly in English, and a court date.")


def test_equal_texts_are_not_near() -> None:
    assert not near("uno dos", "uno  dos")
