"""YAML made strict: what is read, what is refused, and where it stands."""

from __future__ import annotations

import string
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import yaml
from bot.files.document import Document

BOTH_PARSERS = pytest.mark.parametrize("loader", [pyyaml.CSafeLoader, pyyaml.SafeLoader], ids=["c", "python"])


def read(text: str, **options: Any) -> Document:
    return yaml.parse(text.encode(), "messages.yaml", **options)


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


# --- types -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("100000", 100000),
        ("-3", -3),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("100.000", "100.000"),
        ("1.5", "1.5"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("9:30", "9:30"),
        ("10:30:00", "10:30:00"),
        ("2027-02-01", "2027-02-01"),
        ("2027-13-40", "2027-13-40"),
        ("=", "="),
        ('"12"', "12"),
        ("'true'", "true"),
        ("9" * 5000, "9" * 5000),
    ],
)
@BOTH_PARSERS
def test_only_the_core_types_of_yaml_1_2_are_more_than_text(written: str, value: object, loader: Any) -> None:
    document = read(f"key: {written}\n", loader=loader)
    assert document.data == {"key": value}
    assert type(document.data["key"]) is type(value)
    assert document.problems == []


@pytest.mark.parametrize("written", ["10:30", "09:30", "9:05", "10:30:00"])
def test_a_time_is_text_whether_its_hour_begins_with_0_or_not(written: str) -> None:
    assert read(f"at: {written}").data == {"at": written}


HOLDABLE = st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\ufffe\uffff")
WORDS = st.text(HOLDABLE, min_size=1, max_size=200).filter(lambda text: text.strip())


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from([None, '"', "'", "|", ">"]), st.booleans())
def test_texts_come_out_as_they_were_dumped(texts: list[str], style: str | None, unicode: bool) -> None:
    written = {"messages": [{"id": f"m{n}", "text": text} for n, text in enumerate(texts)]}
    dumped = pyyaml.safe_dump(written, default_style=style, allow_unicode=unicode, sort_keys=False)
    document = read(dumped)
    assert document.data == written
    assert [problem for problem in document.problems if problem.severity == "error"] == []


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_raise(raw: bytes) -> None:
    for problem in yaml.parse(raw, "f").problems:
        assert problem.line >= 1
        assert problem.column >= 1


YAMLISH = st.text("ab:-#\"'[]{},|>&*!%@\\?~ \n\t\r\u00a0\u200b\u2028\ufeff😀<=", max_size=60)


@settings(max_examples=500, deadline=None)
@given(YAMLISH)
def test_nothing_that_looks_like_yaml_raises_in_either_parser(text: str) -> None:
    for loader in (pyyaml.CSafeLoader, pyyaml.SafeLoader):
        document = yaml.parse(text.encode(), "f", loader=loader)
        lines = len(text.splitlines()) + 1
        assert all(1 <= problem.line <= lines for problem in document.problems)


# --- refusals --------------------------------------------------------------------------------

REFUSED = {
    "duplicate-key": ("a: 1\nb: 2\na: 3", (3, 1)),
    "anchor": ("a: &amp fact", (1, 4)),
    "alias": ("a: *amp", (1, 4)),
    "tag": ("a: !important read this", (1, 4)),
    "several-documents": ("a: 1\n---\nb: 2", (2, 1)),
    "merge-key": ("<<: {a: 1}", (1, 1)),
    "bad-key": ("? [a, b]\n: 1", (1, 3)),
    "key-without-value": ("a: {text: We asked, they refused}", (1, 21)),
    "text-became-map": ("- Fact: 16,000 children", (1, 3)),
    "colon-in-text": ("text: Fact: 16,000", (1, 11)),
    "dash-in-line": ("a: - b", (1, 4)),
    "special-start": ("a: @somebody said", (1, 4)),
    "after-quote": ('a: "No" is not an answer', (1, 9)),
    "open-quote": ('a: "No', (1, 7)),
    "open-bracket": ("a: [b, c", (1, 4)),
    "bad-escape": (r'file: "C:\Users\ana\foto.jpg"', (1, 12)),
    "lone-surrogate": (r'a: "\ud83d hola"', (1, 7)),
    "no-space": ("- id: a\n  kind:call\n  text: b", (2, 3)),
    "directive": ("%FOO\n---\na: 1", (1, 5)),
    "syntax": ("- a\nb: c", (2, 1)),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_surprises_people_is_refused_at_its_place(code: str) -> None:
    text, place = REFUSED[code]
    (problem,) = read(text).problems
    assert (problem.code, problem.severity) == (code, "error")
    assert (problem.line, problem.column) == place


@pytest.mark.parametrize("code", REFUSED)
def test_every_refusal_says_what_to_do(code: str) -> None:
    (problem,) = read(REFUSED[code][0]).problems
    verbs = ("needs", "quote", "write", "keep", "delete", "put", "add", "close", "check", "must", "cannot")
    assert any(verb in problem.message for verb in verbs)
    assert "\n" not in problem.message


UNSAFE = [
    "python/object/apply:os.system",
    "python/name:os.system",
    "binary",
    "timestamp",
    "set",
    "omap",
    "str",
    "int",
]


@pytest.mark.parametrize("tag", UNSAFE)
def test_no_tag_makes_anything(tag: str) -> None:
    document = read(f"a: !!{tag} 'echo'")
    assert codes(document) == ["tag"]
    assert document.data == {"a": "echo"}


@BOTH_PARSERS
def test_a_bomb_of_aliases_stays_small(loader: Any) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    document = read("\n".join(lines), loader=loader)
    assert set(codes(document)) == {"anchor", "alias"}
    assert document.data["a39"] == [None, None]


@BOTH_PARSERS
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(opening: str, loader: Any) -> None:
    assert codes(read(opening * 50, loader=loader)) == ["too-deep"]
    assert codes(read(opening * 5000, loader=loader)) == ["too-deep"]


def test_forty_levels_are_enough_for_everybody() -> None:
    assert read("[" * 40 + "]" * 40).problems == []


def test_more_than_a_mebibyte_is_refused_unread() -> None:
    full = b"a: " + b"x" * (yaml.LARGEST - 3)
    assert yaml.parse(full, "f").problems == []
    assert codes(yaml.parse(full + b"x", "f")) == ["too-large"]


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        (r'"\ud83d\ude00 hola"', "😀 hola"),
        (r'"\uD83D\uDE00"', "😀"),
        (r'"a \" b \ud83c\uddea\ud83c\uddf8"', 'a " b 🇪🇸'),
        (r'"\U0001F600"', "😀"),
    ],
)
def test_jsons_pairs_of_escapes_become_one_character(escaped: str, meant: str) -> None:
    assert read(f"text: {escaped}\nlist: [{escaped}, {escaped}]").data == {
        "text": meant,
        "list": [meant, meant],
    }


@BOTH_PARSERS
@pytest.mark.parametrize("half", [r"\ud83d", r"\ude00", r"\ude00\ud83d"])
def test_half_a_character_is_refused_by_either_parser(half: str, loader: Any) -> None:
    document = read(f'text: "{half} hola"', loader=loader)
    assert "lone-surrogate" in codes(document)


# --- forms of a text -------------------------------------------------------------------------

FORMS = {
    "literal": ("|\n  a\n  b\n", "a\nb\n"),
    "literal, stripped": ("|-\n  a\n  b\n", "a\nb"),
    "folded": (">\n  a\n  b\n", "a b\n"),
    "folded, stripped": (">-\n  a\n  b\n", "a b"),
    "plain": ("a\n  b\n", "a b"),
    "double": ('"a\\nb"\n', "a\nb"),
    "single": ("'a\\nb'\n", "a\\nb"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_a_text_is_the_same_whatever_ends_the_lines(form: str, newline: str) -> None:
    written, value = FORMS[form]
    document = yaml.parse(f"text: {written}more: 1\n".replace("\n", newline).encode(), "f")
    assert document.data == {"text": value, "more": 1}


# --- places ----------------------------------------------------------------------------------


def test_every_value_knows_its_line_and_column() -> None:
    """
    messages:
      - id: tents
        text:
          en: >-
            Two lines
            of text
          es: [Uno, "dos"]
        kind:   fact
      - id: other
        per:
          x: {text: shorter}
    """
    document = read(cleandoc(test_every_value_knows_its_line_and_column.__doc__ or ""))
    places = {
        ("messages",): (1, 1),
        ("messages", 0): (2, 5),
        ("messages", 0, "id"): (2, 9),
        ("messages", 0, "text"): (3, 5),
        ("messages", 0, "text", "en"): (4, 11),
        ("messages", 0, "text", "es", 1): (7, 17),
        ("messages", 0, "kind"): (8, 13),
        ("messages", 1, "per", "x", "text"): (11, 17),
    }
    assert {loc: document.at(loc) for loc in places} == places
    assert document.key(("messages", 1, "per", "x")) == (11, 7)


def test_what_is_missing_is_shown_at_what_should_hold_it() -> None:
    document = read("messages:\n  - id: tents\n    media:\n    - file: a.jpg\n")
    assert document.at(("messages", 0, "kind")) == (2, 5)
    assert document.at(("messages", 0, "media", 0, "alt", "es")) == (4, 7)
    assert document.at(("messages", 7, "id")) == (1, 1)
    assert document.at(("web", "listen")) == (1, 1)


def test_the_text_that_names_no_language_is_found_under_its_empty_name() -> None:
    document = read("messages:\n  - text: [one, two]\n  - text: one")
    assert document.at(("messages", 0, "text", "", 1)) == (2, 17)
    assert document.at(("messages", 1, "text", "", 0)) == (3, 11)


def test_columns_count_characters_and_not_bytes() -> None:
    assert read('{"ñandú😀": 1, b: *x}').problems[0].column == 18


# --- reading on ------------------------------------------------------------------------------


def test_an_entry_with_a_syntax_error_does_not_hide_the_others() -> None:
    """
    messages:
      - id: colon
        text: Fact: more than 16,000
      - id: quote
        text: "never closed
      - id: fine
        text: "quite right"
      - id: star
        text: **bold** words
      - id: alias
        text: *pointer
    """
    document = read(cleandoc(test_an_entry_with_a_syntax_error_does_not_hide_the_others.__doc__ or ""))
    assert [(problem.line, problem.code) for problem in document.problems] == [
        (3, "colon-in-text"),
        (5, "open-quote"),
        (9, "special-start"),
        (11, "alias"),
    ]
    assert [message["id"] for message in document.data["messages"]] == ["fine", "alias"]
    assert document.given_up


def test_a_file_full_of_syntax_errors_is_given_up_after_twenty() -> None:
    document = read("messages:\n" + "  - text: a: b\n" * 30)
    assert codes(document) == ["colon-in-text"] * 20


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a:\n  b: c: d\ne:\n  - f: 1\n", {"a": None, "e": [{"f": 1}]}),
        ("a: b: c\n  d: 1\ne: 2\n", {"e": 2}),
        ("a: 1\ne: [x, y\n", {"a": 1}),
        ("- a: b: c\n- d\n", None),
    ],
)
def test_a_section_with_a_syntax_error_does_not_hide_the_others(text: str, left: Any) -> None:
    document = read(text)
    assert document.data == left
    assert document.given_up
    assert len(document.problems) == 1


# --- files -----------------------------------------------------------------------------------


def test_a_missing_file_is_a_problem_and_not_a_traceback(tmp_path: Path) -> None:
    (problem,) = yaml.load(tmp_path / "config.yaml").problems
    assert (problem.code, problem.line, problem.column) == ("unreadable", 1, 1)
    assert "petition-bot init" in problem.message


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (problem,) = yaml.load(tmp_path).problems
    assert "is a folder" in problem.message


def test_a_loop_of_links_is_a_problem_and_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").symlink_to(tmp_path / "config.yaml")
    assert codes(yaml.load(tmp_path / "config.yaml")) == ["unreadable"]


def test_a_file_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "messages.yaml").write_text("a: *b\n")
    path = tmp_path / "messages.yaml"
    assert str(yaml.load(path).problems[0]).startswith(f"{path}:1:4: ")


def test_five_thousand_short_messages_fit_into_the_cap() -> None:
    entry = "  - id: m-{n}\n    kind: fact\n    text:\n      en: {words}\n      es: {words}\n"
    words = string.ascii_lowercase + " " + string.ascii_lowercase
    document = read("messages:\n" + "".join(entry.format(n=n, words=words) for n in range(5000)))
    assert document.problems == []
    assert len(document.data["messages"]) == 5000
