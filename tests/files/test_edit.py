"""Edits as people see them: the file before, what is done, and the file after, to the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.files import edit, yaml

QUEUE = """\
# The queue.
messages:

  # --- Facts ---

  # Checked by Ana.
  - id: tents
    kind: fact          # what it is
    text: 'It''s cold in the tents'
    source: https://example.org/report
    weight: 2

  - id: sign
    kind: call
    text:
      en: Sign with us
      es: Firme con nosotros

# The end.
"""


def fact(message_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": message_id, "kind": "fact", "text": "Papers in English.", **fields}


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


# --- a new message ---------------------------------------------------------------------------------


def test_a_new_message_is_written_as_people_should_write_it():
    message = fact(
        "papers",
        text={
            "en": "Papers: mostly in English, whatever language you speak. " * 2 + "#StopMPP",
            "es": "Papeles",
        },
        as_of=date(2019, 11, 20),
        media=[{"file": "media/a.jpg", "alt": "A form, in English"}],
        thread=["Part two", "Line one\nLine two"],
        content_warning="It's: sad",
        weight=2,
        post_at="2026-12-10 18:00",
        draft=True,
        accounts=("x", "mastodon"),
        per={"x": {"text": "no"}},
    )
    assert edit.add(QUEUE, message) == QUEUE.replace("\n\n# The end.", f"\n{NEW}\n# The end.")


NEW = """
  - id: papers
    kind: fact
    text:
      en: >-
        Papers: mostly in English, whatever language you speak. Papers: mostly in English, whatever
        language you speak. #StopMPP
      es: >-
        Papeles
    as_of: 2019-11-20
    media:
      - file: media/a.jpg
        alt: A form, in English
    thread:
      - >-
        Part two
      - |-
        Line one
        Line two
    content_warning: "It's: sad"
    weight: 2
    post_at: 2026-12-10 18:00
    draft: true
    accounts: [x, mastodon]
    per:
      x:
        text: >-
          no
"""


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("Sad things", "Sad things"),
        ("no", "no"),
        ("12", '"12"'),
        ("true", '"true"'),
        ("~", '"~"'),
        ("- dash", '"- dash"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("ends with:", '"ends with:"'),
        ('say "no": never', "'say \"no\": never'"),
        ('\'tis "so": ok', '"\'tis \\"so\\": ok"'),
        (" space", '" space"'),
        ("tab\there", '"tab\\there"'),
        ("line\u2028separator", '"line\\u2028separator"'),
        ("\u200fright to left", '"\u200fright to left"'),
        ("a \\n b", '"a \\\\n b"'),
        ("👩🏽‍🚀 off we go", "👩🏽‍🚀 off we go"),
        ("", '""'),
    ],
)
def test_quotes_stand_only_where_yaml_needs_them(given: str, written: str):
    after = edit.add(QUEUE, fact("new", content_warning=given))
    assert f"    content_warning: {written}\n" in after


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One\nTwo\n", ["|", "      One", "      Two"]),
        ("One\n\nTwo", ["|-", "      One", "", "      Two"]),
        ("trailing \nspace", ['"trailing \\nspace"']),
        ("two  spaces " * 9 + "end", None),
    ],
)
def test_texts_keep_every_space_and_line_break(text: str, lines: list[str] | None):
    after = edit.add(QUEUE, fact("new", text=text))
    assert data(after)[-1]["text"] == text
    if lines:
        assert "    text: " + "\n".join(lines) + "\n" in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "messages:\n\n  - id: a\n    kind: call\n"),
        ("# to come\n", "# to come\nmessages:\n\n  - id: a\n    kind: call\n"),
        ("messages:\n", "messages:\n\n  - id: a\n    kind: call\n"),
        ("messages: []  # none\n", "messages:  # none\n\n  - id: a\n    kind: call\n"),
        ("messages: [\n  # none\n]\n", "messages: [{id: a, kind: call}\n  # none\n]\n"),
        ('{"messages": []}', '{"messages": [{"id": "a", "kind": "call"}]}'),
        ("messages: [{id: b}]", "messages: [{id: b}, {id: a, kind: call}]"),
        ("messages:\n- id: b\n", "messages:\n- id: b\n\n- id: a\n  kind: call\n"),
        ("messages:\n  - id: b", "messages:\n  - id: b\n\n  - id: a\n    kind: call"),
        (
            "messages:\n  -  id: b\n  -  id: c\n",
            "messages:\n  -  id: b\n  -  id: c\n  -  id: a\n     kind: call\n",
        ),
        (
            "\ufeffmessages:\r\n  - id: b\r\n",
            "\ufeffmessages:\r\n  - id: b\r\n\r\n  - id: a\r\n    kind: call\r\n",
        ),
        (
            "messages:\n  - id: b\n    # more\n# end\n",
            "messages:\n  - id: b\n    # more\n\n  - id: a\n    kind: call\n# end\n",
        ),
    ],
)
def test_a_new_message_is_laid_out_as_the_file_is(before: str, after: str):
    assert edit.add(before, {"id": "a", "kind": "call"}) == after


def test_lists_and_maps_are_as_far_in_as_elsewhere_in_the_file():
    before = "messages:\n- id: b\n  thread:\n  - One\n  text:\n      en: Two\n"
    after = edit.add(before, {"id": "a", "text": {"en": "Three"}, "thread": ["Four"]})
    assert changed(before, after)[1] == [
        "",
        *("- id: a", "  text:", "      en: >-", "          Three"),
        *("  thread:", "  - >-", "    Four"),
    ]


# --- a message changed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "went", "came"),
    [
        ({"draft": True}, [], ["    draft: true"]),
        ({"weight": 3}, ["    weight: 2"], ["    weight: 3"]),
        ({"weight": None}, ["    weight: 2"], []),
        (
            {"kind": "story"},
            ["    kind: fact          # what it is"],
            ["    kind: story          # what it is"],
        ),
        ({"as_of": "2019-11-20"}, [], ["    as_of: 2019-11-20"]),
        ({"source": None, "text": "A: b"}, None, ["    text: >-", "      A: b"]),
        ({"weight": 2}, [], []),
        ({"id": "tent"}, ["  - id: tents"], ["  - id: tent"]),
    ],
)
def test_only_the_lines_of_a_changed_field_change(fields: dict[str, Any], went: Any, came: list[str]):
    gone, new = changed(QUEUE, edit.set_fields(QUEUE, "tents", fields))
    assert new == came
    assert went is None or gone == went


def test_one_language_is_changed_and_the_other_keeps_its_bytes():
    after = edit.set_fields(
        QUEUE, "sign", {"text": {"en": "Sign with us", "es": "Firme: ahora", "pt": "Assine"}}
    )
    assert changed(QUEUE, after) == (
        ["      es: Firme con nosotros"],
        ["      es: >-", "        Firme: ahora", "      pt: >-", "        Assine"],
    )


def test_a_comment_behind_a_text_stays_on_its_line():
    before = "messages:\n  - id: a\n    text: Old  # Ana's\n    kind: call\n"
    after = edit.set_fields(before, "a", {"text": "New words"})
    assert after == "messages:\n  - id: a\n    text: >-  # Ana's\n      New words\n    kind: call\n"
    assert edit.set_fields(after, "a", {"text": ["One"]}) == before.replace(
        " Old  # Ana's", "  # Ana's\n      - >-\n        One"
    )


@pytest.mark.parametrize(
    ("entry", "fields", "after"),
    [
        ("{id: a, text: Old, draft: true}", {"text": "New"}, "{id: a, text: New, draft: true}"),
        ("{id: a, text: Old, draft: true}", {"draft": None}, "{id: a, text: Old}"),
        ("{id: a, text: Old, draft: true}", {"kind": "call"}, "{id: a, kind: call, text: Old, draft: true}"),
        ("{id: a, text: Old, }", {"text": "New: words, so"}, '{id: a, text: "New: words, so", }'),
        ('{"id":"a","text":"Old"}', {"text": "New", "weight": 2}, '{"id":"a","text":"New","weight": 2}'),
        (
            "{id: a, text: {en: Old, es: 'Viejo'}}",
            {"text": {"en": "New", "es": "Viejo"}},
            "{id: a, text: {en: New, es: 'Viejo'}}",
        ),
    ],
)
def test_an_entry_in_braces_stays_in_braces(entry: str, fields: dict[str, Any], after: str):
    before, behind = "messages:\n  - ", "  # in one line\n  - id: b\n"
    assert edit.set_fields(f"{before}{entry}{behind}", "a", fields) == f"{before}{after}{behind}"


def test_several_messages_are_changed_at_once():
    after = edit.revise(QUEUE, {"tents": fact("tents"), "sign": fact("sign")})
    assert data(after) == [fact("tents"), fact("sign")]


# --- a message moved or removed ----------------------------------------------------------------------


def test_a_moved_message_takes_its_own_comment_along_and_leaves_headings():
    after = edit.move(QUEUE, "tents", None)
    assert after == QUEUE.replace(TENTS, "").replace("# The end.", f"{TENTS}# The end.")
    assert edit.move(after, "tents", "sign") == QUEUE


TENTS = QUEUE[QUEUE.index("  # Checked") : QUEUE.index("  - id: sign")]


def test_a_message_that_stands_there_already_is_not_moved():
    assert edit.move(QUEUE, "tents", "sign") == QUEUE
    assert edit.move(QUEUE, "sign", None) == QUEUE
    assert edit.move(QUEUE, "sign", "sign") == QUEUE


def test_a_list_in_brackets_is_reordered_and_keeps_its_comments():
    before = "messages: [{id: a},  # first\n  {id: b}, {id: c}]\n"
    assert edit.move(before, "c", "a") == "messages: [{id: c},  # first\n  {id: a}, {id: b}]\n"
    assert edit.remove(before, "a") == "messages: [  # first\n  {id: b}, {id: c}]\n"
    assert edit.remove(before, "b") == "messages: [{id: a},  # first\n  {id: c}]\n"


def test_a_removed_message_leaves_the_comment_above_it():
    after = edit.remove(QUEUE, "tents")
    assert changed(QUEUE, after) == (TENTS.splitlines()[1:-1], [])
    assert "# Checked by Ana." in after


@pytest.mark.parametrize("text", [QUEUE, QUEUE.replace("\n", "\r\n"), f"\ufeff{QUEUE}", QUEUE.rstrip()])
def test_the_last_message_leaves_an_empty_list(text: str):
    after = edit.remove(edit.remove(text, "sign"), "tents")
    assert data(after) == []
    assert "messages: []" in after
    assert after.endswith(text[-5:])


# --- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("messages:\n  - id: a\n   kind: call\n", "messages.yaml:"),
        ("messages:\n  - &x id\n", "mend that line first"),
        ("messages: none\n", "no list of messages"),
        ("- id: a\n", "no list of messages"),
        ("{}", "no list of messages"),
        ('messages: [{id: b, text: "\\ud83d\\ude00"}]', "write the emoji themselves"),
        ("messages:\n  - id: b\n    text: |\n      no break", "does not end with a line break"),
        ("messages:\n  - id: new\n", "there is a message new already"),
    ],
)
def test_a_file_that_cannot_be_edited_safely_is_refused_with_the_reason(text: str, why: str):
    with pytest.raises(edit.EditRefused, match=why):
        edit.add(text, fact("new"))


@pytest.mark.parametrize("entry", ["? id\n    : a\n    ? kind", "? kind\n    ? id\n    : a\n    weight: 2"])
def test_a_way_of_writing_that_people_never_use_is_refused_rather_than_spoilt(entry: str):
    with pytest.raises(edit.EditRefused, match="do it in a text editor"):
        edit.set_fields(f"messages:\n  - {entry}\n", "a", {"kind": None, "text": "New", "weight": None})


def test_an_unknown_message_gets_did_you_mean():
    with pytest.raises(edit.EditRefused, match="there is no message tends; did you mean tents"):
        edit.remove(QUEUE, "tends")


def test_an_id_that_stands_twice_is_not_guessed():
    with pytest.raises(edit.EditRefused, match="two messages"):
        edit.remove("messages:\n  - id: a\n  - id: a\n", "a")


def test_an_id_is_not_given_to_a_second_message():
    with pytest.raises(edit.EditRefused, match="sign already"):
        edit.set_fields(QUEUE, "tents", {"id": "sign"})


def test_half_an_emoji_is_refused():
    with pytest.raises(edit.EditRefused, match="half an emoji"):
        edit.add(QUEUE, fact("new", text="\ud83d"))


def test_a_file_does_not_outgrow_what_can_be_read():
    with pytest.raises(edit.EditRefused, match="larger than 1 MiB"):
        edit.add(QUEUE, fact("new", text="words " * 200_000))


def data(text: str) -> Any:
    return yaml.parse(text.encode(), "messages.yaml").data["messages"]
