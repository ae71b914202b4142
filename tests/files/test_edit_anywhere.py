"""Edits of made-up files in every style: what was meant is there, and every byte outside the entry stays."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import edit, yaml
from tests.files.queues import NAMES, File, files, messages

DRAWN = settings(max_examples=60, deadline=None)


def said(text: str) -> Any:
    document = yaml.parse(text.encode(), "messages.yaml")
    assert [problem for problem in document.problems if problem.severity == "error"] == []
    return document.data


@DRAWN
@given(files(), st.data())
def test_a_new_message_changes_no_byte_of_what_stands_there(file: File, data: st.DataObject):
    fresh = data.draw(messages(st.just("new-one")))
    after = edit.add(file.text, fresh)
    assert said(after) == {"messages": [*file.data, fresh]}
    assert after.startswith(file.text.removesuffix(file.pieces[-1]))
    assert after.endswith(file.pieces[-1])
    assert said(edit.remove(after, "new-one")) == said(file.text)


@DRAWN
@given(files(), st.data())
def test_a_replaced_message_changes_no_byte_outside_it(file: File, data: st.DataObject):
    at = data.draw(st.integers(0, len(file.data) - 1))
    old = file.data[at]
    new = data.draw(messages(st.just(old["id"])))
    after = edit.replace(file.text, old["id"], new)
    assert said(after) == {"messages": [*file.data[:at], new, *file.data[at + 1 :]]}
    before, behind = file.around(at)
    assert after.startswith(before)
    assert after.endswith(behind)
    assert said(edit.replace(after, old["id"], old)) == said(file.text)


@DRAWN
@given(files(), st.data())
def test_one_field_changes_no_byte_of_the_others(file: File, data: st.DataObject):
    at = data.draw(st.integers(0, len(file.data) - 1))
    old = {key: value for key, value in file.data[at].items() if key != "draft"}
    text = edit.set_fields(file.text, old["id"], {"draft": None})
    after = edit.set_fields(text, old["id"], {"draft": True})
    assert said(after)["messages"][at] == {**old, "draft": True}
    assert edit.set_fields(after, old["id"], {"draft": None}) == text


@DRAWN
@given(files(least=2), st.data())
def test_a_moved_message_leaves_every_other_line_as_it_was(file: File, data: st.DataObject):
    ids = [message["id"] for message in file.data]
    moved = data.draw(st.sampled_from(ids))
    before = data.draw(st.sampled_from([*(each for each in ids if each != moved), None]))
    try:
        after = edit.move(file.text, moved, before)
    except edit.EditRefused:
        assert "|+" in file.text  # a text that would take the blank lines at its new place for its own
        return
    rest = [each for each in ids if each != moved]
    rest.insert(rest.index(before) if before else len(rest), moved)
    assert [message["id"] for message in said(after)["messages"]] == rest
    assert all(piece.strip("\r\n") in after for piece in file.pieces[1::2])
    assert sorted("".join(after.split())) == sorted("".join(file.text.split()))
    behind = ids[ids.index(moved) + 1] if moved != ids[-1] else None
    assert said(edit.move(after, moved, behind)) == said(file.text)


@DRAWN
@given(files(), st.sampled_from(NAMES))
def test_a_removed_message_leaves_every_other_line_as_it_was(file: File, name: str):
    ids = [message["id"] for message in file.data]
    if name not in ids:
        return
    at = ids.index(name)
    after = edit.remove(file.text, name)
    assert said(after) == {"messages": file.data[:at] + file.data[at + 1 :]}
    before, behind = map(words, file.around(at))
    assert words(after).startswith(before)
    assert words(after).endswith(behind)


def words(text: str) -> str:
    """Less what only separates: blanks, line breaks, commas, brackets."""
    return re.sub(r"[\s,\[\]]", "", text)
