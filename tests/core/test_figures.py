"""Figures in texts: which are known, and how numbers are written in each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.figures import FIELDS, Figures, fields, fill, lacking, plurals, why_lacking, written
from bot.core.text import LIMITS, length, urls

FULL = Figures(signatures=12_345, goal=100_000, milestone=10_000, next_milestone=20_000)


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
        ("{to_go}", Figures(signatures=10, goal=10), "to_go"),
        ("{to_go|is|are}", Figures(signatures=11, goal=10), "to_go"),
        ("{to_next}", Figures(signatures=1, goal=10), "to_next"),
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
    ("signatures", "text"), [(99_999, "99"), (100_000, "100"), (123_456, "123"), (0, "0")]
)
def test_percent_is_rounded_down(signatures: int, text: str) -> None:
    assert fill("{percent}", Figures(signatures, 100_000), "en") == text


@pytest.mark.parametrize(
    ("signatures", "text"), [(0, "100,000"), (99_999, "1"), (100_000, None), (123_456, None)]
)
def test_nobody_is_told_that_nothing_is_missing(signatures: int, text: str | None) -> None:
    assert fill("{to_go}", Figures(signatures, 100_000), "en") == text


def test_a_progress_text_names_the_milestone_that_comes_next() -> None:
    coming = Figures(signatures=12_345, next_milestone=20_000)
    assert fill("{milestone}: {to_next} to go", coming, "en") == "20,000: 7,655 to go"


@pytest.mark.parametrize(
    ("name", "figures", "why"),
    [
        ("signatures", Figures(), "which is not known yet"),
        ("percent", Figures(unread="and it is old", goal=5), "and it is old"),
        ("goal", Figures(signatures=5), "and the petition has no goal"),
        ("to_go", Figures(signatures=5, goal=5), "and the goal is reached"),
        ("to_next", Figures(signatures=5, goal=5), "and no milestone is left"),
        ("milestone", Figures(signatures=5, goal=5), "and no milestone is left"),
    ],
)
def test_a_figure_that_lacks_says_why(name: str, figures: Figures, why: str) -> None:
    assert (lacking(f"{{{name}}}", figures), why_lacking(name, figures)) == (name, why)


# --- words that go with a number -----------------------------------------------------------------

PEOPLE = "{signatures} {signatures|person has|people have} signed"
PODPISY = "{signatures} {signatures|podpis|podpisy|podpisów}"
FALTAN = "{to_go|Falta|Faltan} {to_go} {to_go|firma|firmas}"


@pytest.mark.parametrize(
    ("language", "text", "number", "filled"),
    [
        ("en", PEOPLE, 1, "1 person has signed"),
        ("en", PEOPLE, 0, "0 people have signed"),
        ("en", PEOPLE, 1_234, "1,234 people have signed"),
        ("en", "signature{signatures||s}", 1, "signature"),
        ("es", FALTAN, 99, "Falta 1 firma"),
        ("es", FALTAN, 98, "Faltan 2 firmas"),
        ("es", "{signatures|persona|personas}", 1_000_000, "personas"),
        ("fr", "{signatures|personne|personnes}", 0, "personne"),
        ("pl", PODPISY, 1, "1 podpis"),
        ("pl", PODPISY, 3, "3 podpisy"),
        ("pl", PODPISY, 12, "12 podpisów"),
        ("pl", PODPISY, 22, "22 podpisy"),
        ("ja", "{signatures|人}", 5, "人"),
        ("ar", "{signatures|0|1|2|3|11|100}", 2, "2"),
        ("ar", "{signatures|0|1|2|3|11|100}", 111, "11"),
        ("pl", "{signatures|one|other}", 5, "other"),  # too few: the last one serves
    ],
)
def test_words_follow_their_number(language: str, text: str, number: int, filled: str) -> None:
    assert fill(text, Figures(number, 100), language) == filled


def test_the_forms_of_a_language_come_with_a_number_that_takes_each() -> None:
    assert plurals("en") == plurals("es") == {"one": 1, "other": 2}
    assert list(plurals("pl").values()) == [1, 2, 5]
    assert list(plurals("ja").values()) == [1]


@given(st.sampled_from(["en", "es", "fr", "pl", "ru", "ar", "cs", "ja", "lv"]), st.integers(0, 10**7))
def test_every_number_takes_one_of_the_forms(language: str, number: int) -> None:
    forms = [f"form {place}" for place in range(len(plurals(language)))]
    assert fill(f"{{signatures|{'|'.join(forms)}}}", Figures(number), language) in forms


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


def all_languages() -> list[str]:
    from babel import localedata

    return sorted(name.replace("_", "-") for name in localedata.locale_identifiers())


@pytest.mark.parametrize("number", [0, 1_000, 10_000, 1_234_567])
def test_no_language_breaks_a_number_over_two_lines(number: int) -> None:
    for language in all_languages():
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
