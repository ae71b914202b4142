"""Legal YAML that is probably not what was meant."""

from __future__ import annotations

from inspect import cleandoc

import pytest

from bot.files import yaml
from bot.files.problems import Problem


def warnings(text: str) -> list[Problem]:
    found = yaml.parse(text.encode(), "messages.yaml").problems
    return [problem for problem in found if problem.severity == "warning"]


def codes(text: str) -> list[str]:
    return [problem.code for problem in warnings(text)]


@pytest.mark.parametrize(
    ("text", "place", "tag"),
    [
        ("text: Firma ya #Sanidad", (1, 16), "#Sanidad"),
        ("text: #Sanidad para todas", (1, 7), "#Sanidad"),
        ("- #Sanidad", (1, 3), "#Sanidad"),
        ("text: https://example.org/ #firma", (1, 28), "#firma"),
        ("text: Firma ya  #Sanidad # comment", (1, 17), "#Sanidad"),
        ("text:\n  #Sanidad para todas\nkind: call", (2, 3), "#Sanidad"),
        ("text: >-\n  Firma ya.\n#Sanidad\nkind: call", (3, 1), "#Sanidad"),
        ("text: | #Sanidad\n  Firma ya.\n", (1, 9), "#Sanidad"),
        ("text:\n  Firma ya\n  hoy #Sanidad\nkind: call", (3, 7), "#Sanidad"),
        ("hashtags: [StopMPP] #Other", None, ""),
        ("hashtags: [StopMPP\n  , A #Other\n  ]", (2, 7), "#Other"),
        ("text: Sign #1 now", (1, 12), "#1"),
    ],
)
def test_a_hashtag_that_became_a_comment_is_found(text: str, place: tuple[int, int] | None, tag: str) -> None:
    found = warnings(text)
    assert [(each.line, each.column) for each in found] == ([place] if place else [])
    assert all(each.message.startswith(tag) and "quotes" in each.message for each in found)


@pytest.mark.parametrize(
    "text",
    [
        'text: "Firma ya"   # control',
        "text: Firma ya   # a comment for the next editor",
        "text: Firma ya#Sanidad",
        'text: "Firma ya #Sanidad"',
        "text: 'Firma ya #Sanidad'",
        "text: >-\n  Firma ya #Sanidad\n  #Sanidad\nkind: call",
        "goal: 100000 #signatures",
        "messages: # the queue\n  - id: a",
        "messages:\n  # --- facts ---\n  - id: a",
        "messages: #queue\n  - id: a",
        "text: >-\n  Firma ya.\n#draft: true\nkind: call",
        "text: >-\n  Firma ya.\n#kind:call\n",
        "text: >-\n  Firma ya.\n  # not a comment\n",
        "text: Firma ya ## a heading",
        "#Sanidad\ntext: Firma ya",
        "counter:\n  # kind: json\n  kind: manual",
        "text:  # here\n  en: hola",
    ],
)
def test_an_ordinary_comment_is_left_alone(text: str) -> None:
    assert codes(text) == []


def test_a_hashtag_that_breaks_a_list_is_explained() -> None:
    (problem,) = yaml.parse(b"hashtags: [StopMPP, #Other]\n", "f").problems
    assert problem.code == "hashtag-lost"
    assert "quotes" in problem.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("text: [We asked, they refused]", ["split-at-commas"]),
        ("text: [No, we will not go]", ["split-at-commas"]),
        ("text: [We asked,\n  they refused]", ["split-at-commas"]),
        ("thread: [We asked]", []),
        ('text: ["We asked, they refused", "second"]', []),
        ("days: [mon, wed, fri]", []),
        ("dates: [2026-12-10 18:00, 2026-12-11 18:00]", []),
        ("text:\n  - We asked, they refused", []),
    ],
)
def test_prose_that_commas_split_is_doubted(text: str, found: list[str]) -> None:
    assert codes(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"text: one\ntwo", ["literal-escape"]),
        (r"text: 'one\ntwo'", ["literal-escape"]),
        (r"text: \U0001F600 hola", ["literal-escape"]),
        (r"text: hola \ud83d\ude00", ["literal-escape"]),
        ("text: |\n  one\\ntwo\n", ["literal-escape"]),
        (r'text: "one\ntwo"', []),
        (r"file: C:\new\tents.jpg", []),
        (r"text: ¯\_(ツ)_/¯", []),
    ],
)
def test_an_escape_that_would_be_posted_literally_is_doubted(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_an_escape_is_shown_at_its_own_line() -> None:
    """
    text: >-
      first line
      second\\nline
    """
    text = cleandoc(test_an_escape_is_shown_at_its_own_line.__doc__ or "")
    (problem,) = warnings(text)
    assert (problem.line, problem.column) == (3, 9)


@pytest.mark.parametrize(
    "text",
    ["text: {signatures}", "text: {text: We asked, they refused}", "x: {We asked, they refused}"],
)
def test_braces_around_words_are_no_map(text: str) -> None:
    found = {problem.code for problem in yaml.parse(text.encode(), "f").problems}
    assert found == {"key-without-value"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- Fact: 16,000 children", ["text-became-map"]),
        ("text:\n  - In November 2019: 60,000 people", ["text-became-map"]),
        ("messages:\n  - id: tents", []),
        ("thread:\n  - es: hola", []),
        ("media:\n  - file: a.jpg\n    Alt: b", []),
    ],
)
def test_a_text_that_its_colon_made_a_map_is_refused(text: str, found: list[str]) -> None:
    assert [problem.code for problem in yaml.parse(text.encode(), "f").problems] == found
