"""Every field of a message has a column, every column a name, and rows say what messages say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from bot.core.written import Message, texts
from bot.files import columns
from tests.files.queues import messages

WAYS = {
    "id": ("id",),
    "weight": ("weight",),
    "text": ("text", "", 0),
    "text:2": ("text", "", 1),
    "text:en": ("text", "en", 0),
    "text:pt-BR:12": ("text", "pt-BR", 11),
    "content_warning:es": ("content_warning", "es", 0),
    "thread:1": ("thread", 0, "", 0),
    "thread:2:en:3": ("thread", 1, "en", 2),
    "media": ("media",),
    "media:1:file": ("media", 0, "file"),
    "media:1:alt": ("media", 0, "alt", "", 0),
    "media:2:alt:es": ("media", 1, "alt", "es", 0),
    "x:text": ("per", "x", "text", "", 0),
    "my-page:text:en:2": ("per", "my-page", "text", "en", 1),
    "x:media:1:file": ("per", "x", "media", 0, "file"),
    "x:media": ("per", "x", "media"),
    "text:text": ("per", "text", "text", "", 0),
    "link:link": ("per", "link", "link"),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_column_and_its_name_belong_together(name: str):
    assert columns.way(name) == WAYS[name]
    assert columns.name(WAYS[name]) == name


@pytest.mark.parametrize(
    "name",
    *[
        [
            "",
            "Text",
            "texts",
            "text:",
            ":text",
            "text:0",
            "text:en:0",
            "text:1:en",
            "text:EN",
            "id:en",
            "thread",
        ]
    ],
)
def test_other_words_are_no_columns(name: str):
    assert columns.way(name) is None


@pytest.mark.parametrize(
    "name", ["thread:x", "media:1", "media:1:file:en", "x:id", "x:kind", "x:draft", "a:b:text", "per"]
)
def test_fields_that_a_place_does_not_have_are_no_columns(name: str):
    assert columns.way(name) is None


def test_a_name_with_number_one_is_the_same_column():
    assert columns.name(columns.way("text:en:1") or ()) == "text:en"


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        ("txt", "text"),
        ("Text", "text"),
        ("txt:en", "text:en"),
        ("wieght", "weight"),
        ("x:txt", "x:text"),
        ("asof", "as_of"),
        ("content-warning:es", "content_warning:es"),
    ],
)
def test_a_misspelt_column_gets_did_you_mean(word: str, guess: str):
    assert columns.meant(word) == f"; did you mean {guess}?"


def test_what_is_like_no_column_gets_no_guess():
    assert columns.meant("Anmerkungen") == ""


def test_every_field_of_a_message_has_a_column():
    heads = {str((columns.way(name) or ("",))[0]) for name in WAYS}
    assert heads | set(columns.SIMPLE) == set(Message.model_fields)


def test_columns_stand_in_the_order_in_which_fields_are_documented():
    names = [
        "x:text",
        "weight",
        "text:es",
        "media:1:alt",
        "media:1:file",
        "text:en:2",
        "kind",
        "text:en",
        "text",
        "id",
    ]
    wanted = [
        "id",
        "kind",
        "text",
        "text:en",
        "text:en:2",
        "text:es",
        "media:1:file",
        "media:1:alt",
        "weight",
        "x:text",
    ]
    assert sorted(names, key=columns.rank) == wanted


# --- rows ------------------------------------------------------------------------------------------


def plain(entry: Any) -> Any:
    """A message with its texts as they are meant: in each language a list, less what no post has."""
    if not isinstance(entry, dict):
        return entry
    spelt = {key: plain(value) for key, value in entry.items()}
    for key in ("text", "content_warning", "alt"):
        if key in spelt:
            spelt[key] = _meant(entry[key])
    if "thread" in entry:
        spelt["thread"] = [_meant(part) for part in entry["thread"]]
    if "media" in entry:
        spelt["media"] = [plain(picture) for picture in entry["media"]]
    if "per" in entry:
        spelt["per"] = {owner: plain(below) for owner, below in entry["per"].items()}
    return spelt


def _meant(value: Any) -> dict[str, list[str]]:
    return {
        language: [columns.clean(each) for each in variants] for language, variants in texts(value).items()
    }


@settings(max_examples=200, deadline=None)
@given(messages())
def test_a_message_comes_back_from_its_row(message: dict[str, Any]):
    assert plain(columns.message(columns.cells(message))) == plain(message)


def test_a_card_is_a_word_in_the_column_of_all_pictures():
    message = {"id": "a", "media": "card", "per": {"x": {"media": "card"}}}
    row = columns.cells(message)
    assert row == {"id": "a", "media": "card", "x:media": "card"}
    assert columns.message(row) == message


@pytest.mark.parametrize("order", [1, -1])
def test_pictures_that_are_named_go_before_the_word_for_all(order: int):
    row = {"id": "a", "media": "card", "media:1:file": "a.png"}
    assert columns.message(dict([*row.items()][::order])) == {"id": "a", "media": [{"file": "a.png"}]}


def test_what_an_account_goes_without_is_said_in_its_column():
    message = {"id": "a", "per": {"x": {"media": [], "thread": [], "content_warning": None, "link": None}}}
    row = columns.cells(message)
    assert row == {
        "id": "a",
        **dict.fromkeys(("x:media", "x:thread", "x:content_warning", "x:link"), "(none)"),
    }
    assert columns.message(row) == message


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("draft", "TRUE", True),
        ("draft", "WAHR", True),
        ("draft", "falso", False),
        ("draft", "maybe", "maybe"),
        ("weight", "3", 3),
        ("weight", "2.5", "2.5"),
        ("accounts", "x mastodon", ["x", "mastodon"]),
        ("accounts", "x, mastodon", ["x", "mastodon"]),
        ("as_of", "2019-11-20", "2019-11-20"),
        ("text:2", "Only this", "Only this"),
    ],
)
def test_cells_become_values(column: str, cell: str, value: Any):
    assert columns.message({column: cell}) == {column.split(":")[0]: value}
