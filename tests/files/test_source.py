"""Encodings and characters that nobody can see."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import source, yaml
from bot.files.problems import Margin, Problem

TEXT = "text: mañana 😀 “sí”\n"


def problems(raw: bytes) -> list[Problem]:
    return yaml.parse(raw, "messages.yaml").problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_with_and_without_its_mark(encoding: str) -> None:
    document = yaml.parse(TEXT.encode(encoding), "f")
    assert document.data == {"text": "mañana 😀 “sí”"}
    assert document.problems == []
    assert document.at(("text",)) == (1, 7)


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_the_locale_does_not_matter(locale: dict[str, str], tmp_path: os.PathLike[str]) -> None:
    path = os.path.join(tmp_path, "messages.yaml")
    with open(path, "wb") as file:
        file.write(TEXT.encode())
    program = (
        "import sys; from pathlib import Path; from bot.files import yaml;"
        "print(ascii(yaml.load(Path(sys.argv[1])).data['text']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], env={**os.environ, **locale}, capture_output=True, text=True
    )
    assert done.stdout.strip() == ascii("mañana 😀 “sí”"), done.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused(encoding: str) -> None:
    (problem,) = problems(TEXT.encode(encoding))
    assert problem.code == "not-utf-8"
    assert "UTF-16" in problem.message
    assert "save as UTF-8" in problem.message


@pytest.mark.parametrize(
    ("raw", "place", "guess"),
    [
        ("a: 1\r\ntext: Hasta mañana\r\n".encode("latin-1"), (2, 15), "mañana"),
        ("a: 1\rtext: Hasta mañana\r".encode("latin-1"), (2, 15), "mañana"),
        ("text: “sí”\n".encode("cp1252"), (1, 7), "“sí”"),
        ("a: ñ\nb: ".encode() + "é".encode("latin-1"), (2, 4), "é"),
        (b"a: \xed\xa0\xbd\xed\xb8\x80", (1, 4), "í"),
    ],
)
def test_other_encodings_are_refused_at_their_line(raw: bytes, place: tuple[int, int], guess: str) -> None:
    (problem,) = problems(raw)
    assert problem.code == "not-utf-8"
    assert (problem.line, problem.column) == place
    assert guess in problem.message
    assert "save as UTF-8" in problem.message


@given(st.binary(max_size=60))
def test_nothing_is_guessed(raw: bytes) -> None:
    margin = Margin("f")
    text = source.decode(raw, margin)
    assert (text is None) == any(note.code == "not-utf-8" for note in margin.notes)
    if text is not None and not margin.notes:
        assert text.encode() == raw.removeprefix(source.BOM)


# --- invisible characters --------------------------------------------------------------------

UNSEEN = {
    "no-break indentation": ("messages:\n\u00a0\u00a0- text: hola", 2, 1, "no-break space"),
    "no-break in the middle": ("a:\n  b: c\n \u00a0d: e", 3, 2, "no-break space"),
    "no-break after the colon": ("- text:\u00a0hola", 1, 8, "no-break space"),
    "no-break after the dash": ("-\u00a0text: hola", 1, 2, "no-break space"),
    "tab after the colon": ("text:\thola", 1, 6, "tab"),
    "tab after the dash": ("-\thola", 1, 2, "tab"),
    "tab indentation": ("a:\n\tb: c", 2, 1, "tab"),
    "tab at the end": ("text: hola\t", 1, 11, "tab"),
    "tab after a quote": ('text: "hola"\t', 1, 13, "tab"),
    "zero width in a key": ("te\u200bxt: hola", 1, 3, "zero width space"),
    "ideographic space": ("a:\n\u3000b: c", 2, 1, "ideographic space"),
    "mark in the middle of a file": ("a: b\n\ufeffc: d", 2, 1, "byte order mark"),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_what_only_looks_like_a_space_is_named_at_its_place(case: str) -> None:
    text, line, column, called = UNSEEN[case]
    (problem,) = problems(text.encode())
    assert problem.code == "invisible-character"
    assert (problem.line, problem.column) == (line, column)
    assert f"({called})" in problem.message


KEPT = {
    "in a sentence": "text: 16\u00a0000 personas",
    "in quotes": 'text: "hola\u00a0a\u200btodas"',
    "in an indented block": "text: |\n  \u00a0hola\n  mundo\n  \u00a0\tfin",
    "in the lines of a quoted text": 'text: "hola\n  \u00a0mundo"',
    "in the lines of a plain text": "text: hola\n  a\u00a0todas",
    "in a comment": "#\u00a0a comment\na: b",
    "an emoji sequence": "text: 👩\u200d👩\u200d👧 ❤\ufe0f",
}


@pytest.mark.parametrize("case", KEPT)
def test_a_text_may_hold_any_space(case: str) -> None:
    document = yaml.parse(KEPT[case].encode(), "f")
    assert document.problems == []
    assert not {"\u00a0", "\u200d"}.isdisjoint("".join(document.data.values())) or "comment" in case


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x93", "\u2028", "\u2029", "\uffff"]
)
def test_a_control_character_is_refused_and_the_rest_still_read(character: str) -> None:
    document = yaml.parse(f"a: 12345\nb: x{character}y\nc: *z".encode(), "f")
    assert [(each.line, each.column, each.code) for each in document.problems] == [
        (2, 5, "control-character"),
        (3, 4, "alias"),
    ]
    assert f"U+{ord(character):04X}" in document.problems[0].message
