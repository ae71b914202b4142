"""What a parser's complaint means, and where to read on."""

from __future__ import annotations

from inspect import cleandoc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import yaml
from bot.files.problems import Margin, Problem
from bot.files.syntax import join_surrogates, without_entry


def refusal(text: str) -> Problem:
    (problem,) = yaml.parse(text.encode(), "f").problems
    return problem


@pytest.mark.parametrize("mark", list("{[&*!|>%@`"))
def test_a_text_that_begins_with_a_mark_of_yaml_is_told_to_be_quoted(mark: str) -> None:
    problem = refusal(f"messages:\n  - id: a\n    text: {mark} x y]}} z\n")
    assert problem.line == 3
    assert "quote" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('text: "Sign", she said', 1, "after-quote"),
        ("text: 'It's time'", 1, "after-quote"),
        ('a: 1\ntext: "never closed\nb: 2\n', 2, "open-quote"),
        ("days: [mon, tue\njitter: 5m", 1, "open-bracket"),
        ("a: {b: 1\nc: 2", 1, "special-start"),
        ("kind:fact\ntext: hola", 1, "no-space"),
        ("- id: a\n-id: b", 2, "no-space"),
        ("a: 1\n  b: 2", 2, "colon-in-text"),
        ("a:\n    b: 1\n  c: 2", 3, "syntax"),
        ("text: |\n  hola\nmundo\n", 3, "syntax"),
        ('text: "50\\% more"', 1, "bad-escape"),
    ],
)
def test_the_line_that_has_to_be_changed_is_named(text: str, line: int, code: str) -> None:
    problem = refusal(text)
    assert (problem.line, problem.code) == (line, code)


@given(st.text("ab\\ud83e0\"' :-\n", max_size=40))
def test_joining_changes_nothing_but_pairs_in_double_quotes(text: str) -> None:
    joined = join_surrogates(text)
    assert joined == text or ('"' in text and "\\ud8" in text.lower())
    assert join_surrogates(joined) == joined


def test_pairs_outside_of_double_quotes_stay_as_they_are() -> None:
    text = r"""a: \ud83d\ude00 and '\ud83d\ude00'"""
    assert join_surrogates(text) == text


QUEUE = cleandoc(
    """
    # a comment
    before: 1
    messages:
      # about one
      - id: one
        media:
          - file: a.jpg
        text: x

      - id: two
        text: y
    after:
      z: 1
    """
).split("\n")


@pytest.mark.parametrize(
    ("origin", "gone"),
    [
        (5, range(5, 10)),
        (7, range(5, 10)),
        (11, range(10, 12)),
        (13, range(13, 14)),
        (2, range(2, 3)),
        (12, range(12, 14)),
        (99, range(13, 14)),
        (1, range(0)),
    ],
)
def test_only_what_lies_around_a_syntax_error_is_left_out(origin: int, gone: range) -> None:
    rest = without_entry(QUEUE, origin)
    expected = ["" if number in gone else line for number, line in enumerate(QUEUE, 1)]
    assert rest == (expected if gone else None)


def test_leaving_out_always_comes_to_an_end() -> None:
    lines: list[str] | None = QUEUE
    rounds = 0
    while lines is not None:
        lines = without_entry(lines, len(QUEUE))
        rounds += 1
    assert rounds < len(QUEUE)


def test_a_margin_keeps_each_place_and_code_once_in_reading_order() -> None:
    margin = Margin("f")
    margin.warn((3, 1), "b", "later")
    margin.error((1, 5), "a", "first")
    margin.error((1, 5), "a", "said twice")
    margin.error((1, 5), "c", "of another kind")
    assert [(note.line, note.code) for note in margin.sorted()] == [(1, "a"), (1, "c"), (3, "b")]
    assert margin.errors_on(1)
    assert not margin.errors_on(3)


def test_a_problem_is_shown_as_compilers_show_theirs() -> None:
    assert str(Problem("messages.yaml", 3, 5, "error", "a", "said")) == "messages.yaml:3:5: said"
