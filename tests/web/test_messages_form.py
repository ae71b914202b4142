"""An entry becomes a form and the form an entry: whatever was not touched stays, to the letter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.written import Message
from bot.web.messages_fields import name_of
from bot.web.messages_form import Tongues, Unshowable, Values, entry_of, filled, local, with_picture
from tests.files.queues import TEXTS, messages

BOTH = Tongues("en", ("en", "es"))


def as_sent(values: Values) -> dict[str, str]:
    """As browsers send it."""
    return {name: value.replace("\n", "\r\n") for name, value in values.items()}


def tongues(*values: Values) -> Tongues:
    return Tongues.of("en", ["en", "es"], *values)


@given(messages())
def test_a_form_that_nobody_touched_is_the_entry(entry: dict[str, Any]):
    values = as_sent(filled(entry, "en"))
    assert entry_of(values, entry, tongues(values)) == entry


@given(messages())
def test_a_form_alone_says_what_the_entry_says_but_for_blanks_at_the_ends(entry: dict[str, Any]):
    """So it can be saved over a version that somebody else wrote."""
    values = as_sent(filled(entry, "en"))
    rebuilt = entry_of(values, None, tongues(values))
    assert filled(rebuilt, "en") == filled(entry, "en")
    told = {**entry, "per": entry.get("per"), "draft": None}
    assert set(rebuilt) == {key for key, value in told.items() if value is not None}
    Message.model_validate(rebuilt)


@given(messages(), messages())
def test_a_form_over_the_entry_of_somebody_else_says_what_was_typed(
    mine: dict[str, Any], theirs: dict[str, Any]
):
    values = as_sent(filled(mine, "en"))
    both = entry_of(values, theirs, tongues(values, filled(theirs, "en")))
    typed, kept = filled(mine, "en"), filled(both, "en")
    assert {name: value for name, value in kept.items() if not name.startswith("per.")} == {
        name: value for name, value in typed.items() if not name.startswith("per.")
    }


@given(messages(), TEXTS.filter(str.strip))
def test_one_text_that_is_changed_leaves_all_others_as_they_stand(entry: dict[str, Any], text: str):
    values = as_sent(filled(entry, "en"))
    first = next(name for name in values if name.startswith("text."))
    after = entry_of(values | {first: text}, entry, tongues(values))
    assert {key: value for key, value in after.items() if key != "text"} == {
        key: value for key, value in entry.items() if key != "text"
    }
    assert filled(after, "en") == filled(entry, "en") | {first: text.strip()}


@pytest.mark.parametrize(
    ("said", "raw", "written"),
    [
        ({"en": ["a"]}, None, "a"),
        ({"en": ["a", "b"]}, None, ["a", "b"]),
        ({"es": ["a"]}, None, {"es": "a"}),
        ({"en": ["a"], "es": ["b"]}, "a\n", {"en": "a\n", "es": "b"}),
        ({"en": ["a"]}, {"en": "x", "es": "y"}, {"en": "a"}),
        ({"en": ["a"]}, ["a"], ["a"]),
        ({"en": ["a", "c"]}, ["a\n", "b"], ["a\n", "c"]),
        ({"es": ["b"], "en": ["a"]}, {"es": "b", "en": "x"}, {"es": "b", "en": "a"}),
        ({}, "a", None),
    ],
)
def test_a_text_is_written_as_simply_as_it_can_be(said: Any, raw: Any, written: Any):
    assert local(said, raw, "en") == written


def test_what_the_form_does_not_know_stays():
    entry = {"id": "a", "kind": "fact", "text": "One", "colour": "red", "per": {"x": {"link": "y"}}}
    assert entry_of({**filled(entry, "en"), "text.en.0": "Two"}, entry, BOTH) == entry | {"text": "Two"}


@pytest.mark.parametrize(
    "broken",
    [{"text": 7}, {"text": [["a"]]}, {"source": ["a"]}, {"media": "all"}, {"per": []}, {"thread": "a"}],
)
def test_what_no_form_can_show_is_not_shown_as_something_else(broken: dict[str, Any]):
    with pytest.raises(Unshowable):
        filled({"id": "a", "kind": "fact", "text": "One"} | broken, "en")


@pytest.mark.parametrize(
    ("weight", "written"), [("2", 2), ("", None), ("two", "two"), ("02", "02"), ("2.5", "2.5"), (" 7 ", 7)]
)
def test_a_weight_is_a_number_and_anything_else_stays_to_be_complained_of(weight: str, written: Any):
    assert entry_of({"weight": weight}, None, BOTH).get("weight") == written


@given(st.dictionaries(st.sampled_from(["media.0.raw", "media.1.raw", "picture.alt.en.0"]), st.just("{}")))
def test_a_new_picture_comes_behind_the_others_with_its_words(values: dict[str, str]):
    after = with_picture(values, "media/a.png")
    number = next(at for at in range(3) if f"media.{at}.raw" not in values)
    assert after[f"media.{number}.raw"] == '{"file": "media/a.png"}'
    assert after.get(f"media.{number}.alt.en.0") == values.get("picture.alt.en.0")
    assert not [name for name in after if name.startswith("picture.")]


@pytest.mark.parametrize(
    ("way", "name"),
    [
        ((), ""),
        (("id",), "id"),
        (("text",), "text.en.0"),
        (("text", 1), "text.en.1"),
        (("text", "es", 1), "text.es.1"),
        (("content_warning", "es"), "content_warning.es.0"),
        (("thread", 0), "thread.0.en.0"),
        (("thread", 2, "es", 1), "thread.2.es.1"),
        (("media", 1, "file"), "media.1"),
        (("media", 1, "alt", "es"), "media.1.alt.es.0"),
        (("per", "x", "text", "es"), "per.x.text.es.0"),
        (("per", "x", "link"), "per.x"),
    ],
)
def test_what_is_said_of_a_value_stands_at_its_field(way: Any, name: str):
    assert name_of(way, "en") == name
