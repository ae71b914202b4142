"""Figures in texts: which are known, and how numbers are written in each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.figures import FIELDS, Figures, fields, fill, lacking, written
from bot.core.text import LIMITS, length, urls

FULL = Figures(signatures=12_345, goal=100_000, milestone=10_000)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{signatures} people", "12,345 people"),
        ("{milestone} of {goal}: {percent}%", "10,000 of 100,000: 12%"),
        ("{to_go} to go, {to_go}!", "87,655 to go, 87,655!"),
        ("no field", "no field"),
        ("{n} {Signatures} { signatures } {}", "{n} {Signatures} { signatures } {}"),
        ("{signatures.__class__} {signatures!r} {signatures:,}",) * 2,
        ("{{signatures}}", "{12,345}"),
        ("100% {percent} %s %(signatures)s $signatures", "100% 12 %s %(signatures)s $signatures"),
        ("", ""),
    ],
)
def test_fields_are_replaced_plainly_and_nothing_else_is_touched(text: str, filled: str) -> None:
    assert fill(text, FULL, "en") == filled


def test_a_name_in_braces_is_a_field_known_or_not() -> None:
    assert fields("{signatures} {n} {to_go} {1} {a b} {signatures}") == (
        "signatures",
        "n",
        "to_go",
        "signatures",
    )
    assert fields("none") == ()


@pytest.mark.parametrize(
    ("text", "figures", "field"),
    [
        ("{signatures}", Figures(goal=10), "signatures"),
        ("{goal}", Figures(signatures=1), "goal"),
        ("{milestone}", Figures(signatures=1, goal=10), "milestone"),
        ("{to_go}", Figures(signatures=1), "to_go"),
        ("{percent}", Figures(goal=10), "percent"),
        ("{percent}", Figures(signatures=1, goal=0), "percent"),
        ("{n} {goal} {signatures}", Figures(), "goal"),
    ],
)
def test_a_text_whose_figure_is_unknown_is_not_filled_in(text: str, figures: Figures, field: str) -> None:
    assert fill(text, figures, "en") is None
    assert lacking(text, figures) == field


@pytest.mark.parametrize("text", ["no field", "{n}", "{signatures}"])
def test_nothing_lacks_where_all_is_known(text: str) -> None:
    assert lacking(text, Figures(signatures=0)) is None
    assert fill(text, Figures(signatures=0), "en") is not None


def test_every_field_of_the_table_can_be_filled_in() -> None:
    assert "{" not in (fill(" ".join(f"{{{name}}}" for name in FIELDS), FULL, "en") or "{")


@pytest.mark.parametrize(
    ("signatures", "shown"),
    [(10_240, "10,240"), (10_000, "10,000"), (9_997, "10,000"), (None, "10,000")],
)
def test_a_milestone_never_shows_fewer_signatures_than_it_announces(
    signatures: int | None, shown: str
) -> None:
    assert fill("{signatures}", Figures(signatures, 100_000, milestone=10_000), "en") == shown


def test_a_fallen_count_makes_no_milestone_of_its_own() -> None:
    fallen = Figures(signatures=9_997, goal=20_000, milestone=10_000)
    assert fill("{to_go} {percent}", fallen, "en") == "10,000 50"


@pytest.mark.parametrize(
    ("signatures", "text"), [(99_999, "1 99"), (100_000, "0 100"), (123_456, "0 123"), (0, "100,000 0")]
)
def test_percent_is_rounded_down_and_nothing_is_missing_beyond_the_goal(signatures: int, text: str) -> None:
    assert fill("{to_go} {percent}", Figures(signatures, 100_000), "en") == text


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ("999", "1,000", "9,999", "10,000", "1,234,567")),
        ("en-GB", ("999", "1,000", "9,999", "10,000", "1,234,567")),
        ("es", ("999", "1000", "9999", "10.000", "1.234.567")),
        ("es-MX", ("999", "1,000", "9,999", "10,000", "1,234,567")),
        ("ca", ("999", "1.000", "9.999", "10.000", "1.234.567")),
        ("de", ("999", "1.000", "9.999", "10.000", "1.234.567")),
        ("pt-BR", ("999", "1.000", "9.999", "10.000", "1.234.567")),
        ("pt-PT", ("999", "1000", "9999", "10\u00a0000", "1\u00a0234\u00a0567")),
        ("fr", ("999", "1\u202f000", "9\u202f999", "10\u202f000", "1\u202f234\u202f567")),
        ("pl", ("999", "1000", "9999", "10\u00a0000", "1\u00a0234\u00a0567")),
        ("hi", ("999", "1,000", "9,999", "10,000", "12,34,567")),
        ("ar", ("999", "1,000", "9,999", "10,000", "1,234,567")),
        ("tlh", ("999", "1,000", "9,999", "10,000", "1,234,567")),  # no such locale: as in English
        ("x-nonsense", ("999", "1,000", "9,999", "10,000", "1,234,567")),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language: str, numbers: tuple[str, ...]) -> None:
    assert tuple(written(number, language) for number in (999, 1000, 9999, 10_000, 1_234_567)) == numbers


def languages() -> list[str]:
    from babel import localedata

    return sorted(name.replace("_", "-") for name in localedata.locale_identifiers())


@pytest.mark.parametrize("number", [0, 1_000, 10_000, 1_234_567])
def test_no_language_breaks_a_number_over_two_lines(number: int) -> None:
    for language in languages():
        text = written(number, language)
        assert not set(text) & set(" \t\n\u2009\u2002\u2003"), (language, text)
        assert sum(character.isdigit() for character in text) == len(str(number)), (language, text)


@given(
    st.integers(0, 10**9),
    st.sampled_from(["en", "es", "de", "fr", "pl", "hi", "pt-PT"]),
    st.sampled_from(
        ["{} firmas", "Ya somos {}.", "¡{}!", "({})", "{}…", "más de {}, y", "{}. Es hora", "#{}", "{}%"]
    ),
)
def test_a_number_is_never_a_link(number: int, language: str, text: str) -> None:
    filled = text.format(written(number, language))
    assert urls(filled, "x") == urls(filled, "mastodon") == ()


@given(
    st.integers(0, 10**7),
    st.sampled_from(["en", "es", "de", "hi"]),
    st.sampled_from(["{}.Es", "x{}.No", "{}-a.org"]),
)
def test_marks_in_a_number_link_nothing_that_its_digits_would_not(
    number: int, language: str, text: str
) -> None:
    grouped, plain = text.format(written(number, language)), text.format(number)
    assert len(urls(grouped, "x")) <= len(urls(plain, "x"))


def test_the_mark_of_a_number_takes_one_character() -> None:
    for language in ("en", "es", "pl", "fr"):
        assert length(written(10_000, language), LIMITS["mastodon"]) == 6
    assert length(written(10_000, "es"), LIMITS["x"]) == 6
