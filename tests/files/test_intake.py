"""What a table would change in the queue, row by row, and every reason why a row cannot be taken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import edit, table, yaml
from bot.files.intake import Intake, compare
from tests.files.queues import NAMES, File, files, messages

OWNERS = ("x", "mastodon")
TENTS = {"id": "tents", "kind": "fact", "text": "Cold nights.", "weight": 2, "source": "https://example.org/"}
SIGN = {
    "id": "sign",
    "kind": "call",
    "text": {"en": "Sign", "es": "Firme"},
    "media": [{"file": "a.jpg", "alt": "A"}],
}


def taken(text: str, *entries: dict[str, Any], update: bool = False) -> Intake:
    """What `text` brings to `entries`, without a problem."""
    sheet = table.read(text.encode(), "queue.csv", OWNERS)
    intake = compare(sheet, entries, "en", update=update)
    assert sheet.margin.notes == []
    return intake


def problems(text: str, *entries: dict[str, Any], update: bool = False) -> list[str]:
    sheet = table.read(text.encode(), "queue.csv", OWNERS)
    compare(sheet, entries, "en", update=update)
    return [f"{note.line}:{note.column} {note.message}" for note in sheet.margin.sorted()]


# --- new messages ----------------------------------------------------------------------------------


def test_a_row_with_a_new_id_is_a_new_message():
    brought = taken(
        "id,kind,text:en,text:es,as_of,weight,draft,accounts,x:text\n"
        "court,fact,One,Uno,2019-11-20,3,TRUE,x mastodon,Short\n",
        TENTS,
    )
    assert brought.added == {
        "court": {
            "id": "court",
            "kind": "fact",
            "text": {"en": "One", "es": "Uno"},
            "as_of": "2019-11-20",
            "weight": 3,
            "draft": True,
            "accounts": ["x", "mastodon"],
            "per": {"x": {"text": "Short"}},
        }
    }


def test_what_is_usual_is_not_written():
    (entry,) = taken("id,kind,text,weight,draft\na,call,One,1,FALSE\n").added.values()
    assert entry == {"id": "a", "kind": "call", "text": "One"}


@pytest.mark.parametrize(
    ("text", "message_id"),
    [
        ("When did the tents burn?", "when-did-the-tents-burn"),
        ("It's 5 o'clock: ¿Cuándo? ¡Ñandú!", "its-5-oclock-cuando-nandu"),
        ("https://example.org/x {signatures} signed #StopMPP", "signed-stopmpp"),
        ("Straße, Łódź und Ærø", "strasse-lodz-und-aero"),
        ("Internationalization counterrevolutionaries everywhere", "internationalization"),
        ("一二三", "message-ff5c5a5c"),
    ],
)
def test_an_id_is_made_from_the_first_words(text: str, message_id: str):
    (made,) = taken(f'kind,text\ncall,"{text}"\n').added
    assert made == message_id or (made.startswith("message-") and message_id.startswith("message-"))


def test_the_same_row_gets_the_same_id_each_time_and_is_added_once():
    text = "kind,text:es,text:en\ncall,Firme ya,Sign now\ncall,Firme ya!,Sign now!\n"
    added = taken(text).added
    assert list(added) == ["sign-now", "sign-now-2"]
    assert taken(text, *added.values()).unchanged == ["sign-now", "sign-now-2"]


def test_an_id_that_would_be_made_is_not_taken_from_a_message_that_says_something_else():
    (problem,) = problems("kind,text\ncall,Sign\n", SIGN, update=True)
    assert problem.startswith("2:2 column text: message sign would be the id of this row, and it says")


# --- known messages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "id\ntents\n",
        "id,kind,text\ntents,fact,Cold nights.\n",
        "id,text,weight,draft,link\ntents, Cold nights. ,2,FALSE,\n",
    ],
)
def test_a_message_that_says_the_same_is_left_alone(text: str):
    brought = taken(text, TENTS, update=True)
    assert (brought.unchanged, brought.added, brought.updated) == (["tents"], {}, {})


def test_a_known_message_with_other_words_is_a_problem_without_update():
    said = "message tents is in messages.yaml with other words (text, weight); with --update the table's"
    (problem,) = problems("id,kind,text,weight\ntents,fact,Warm days.,\n", TENTS)
    assert problem.startswith(f"2:3 column text: {said}")


def test_an_update_changes_what_the_table_has_and_nothing_else():
    assert taken("id,text:es,weight\nsign,Firme ya,3\n", SIGN, update=True).updated == {
        "sign": {**SIGN, "text": {"en": "Sign", "es": "Firme ya"}, "weight": 3}
    }


def test_an_emptied_cell_takes_the_field_away():
    updated = taken("id,source,weight\ntents,,\n", TENTS, update=True).updated
    assert updated["tents"] == {"id": "tents", "kind": "fact", "text": "Cold nights."}


def test_fields_that_say_the_same_stay_as_they_were_written():
    old = {"id": "a", "kind": "call", "text": ["One"], "per": {"x": {}}, "thread": []}
    assert taken("id,text,weight\na,One,2\n", old, update=True).updated == {"a": {**old, "weight": 2}}


@settings(max_examples=60, deadline=None)
@given(files())
def test_what_is_written_as_a_table_changes_nothing_when_it_comes_back(file: File):
    entries = yaml.parse(file.text.encode(), "messages.yaml").data["messages"]
    sheet = table.read(table.write(entries), "queue.csv", OWNERS)
    brought = compare(sheet, entries, "en", update=True)
    assert sheet.margin.notes == []
    assert (brought.added, brought.updated) == ({}, {})
    assert brought.unchanged == [entry["id"] for entry in entries]


@settings(max_examples=40, deadline=None)
@given(files(), st.data())
def test_a_table_of_another_queue_makes_this_one_say_the_same(file: File, data: st.DataObject):
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    wanted = [data.draw(messages(st.just(name))) for name in names]
    sheet = table.read(table.write([*wanted, *file.data]), "queue.csv", OWNERS)
    sheet.rows = sheet.rows[: len(wanted)]
    brought = compare(sheet, file.data, "en", update=True)
    if sheet.margin.notes:
        assert {note.code for note in sheet.margin.notes} <= {"two-languages"}
        return
    after = edit.revise(edit.extend(file.text, list(brought.added.values())), brought.updated)
    entries = yaml.parse(after.encode(), "messages.yaml").data["messages"]
    again = compare(sheet, entries, "en", update=False)
    assert (again.added, again.updated, sorted(again.unchanged)) == ({}, {}, sorted(names))


# --- what cannot be taken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,kind,text\na,fcat,One\n", "2:2 message a, column kind: 'fcat' is not one of fact, story, call"),
        ("id,kind,text\na b,call,One\n", "2:1 message 'a b', column id: 'a b' cannot be the id of a message"),
        ("id,kind,text,weight\na,call,One,2.5\n", "2:4 message a, column weight: '2.5' is not a plain whole"),
        (
            "id,kind,text,as_of\na,call,One,20/11/2019\n",
            "2:4 message a, column as_of: '20/11/2019' is not a day",
        ),
        ("id,kind,text,link\na,call,One,example\n", "2:4 message a, column link: 'example'"),
        (
            "id,kind,text,draft\na,call,One,maybe\n",
            "2:4 message a, column draft: 'maybe' is neither true nor",
        ),
        ("id,kind,text,x:link\na,call,One,example\n", "2:4 message a, column x:link: 'example'"),
        ("id,kind,text:en,text:es\na,call,,\n", "2:3 message a, column text:en: text is missing; add it"),
        ("id,kind,text\na,,One\n", "2:2 message a, column kind: kind is missing; add it"),
        ("id,text\na,One\nb,Two\n", "1:1 the table has no column kind, which new messages need; add it"),
        ("id,kind\na,call\n", "1:1 the table has no column text, which new messages need; add it"),
        ("id,kind,text\n,call,\n", "2:1 the row has no id and no text to make one from; write an id"),
        (
            "id,kind,text\na,call,One\na,call,Two\n",
            "3:1 column id: a stands in line 2 already; rename one",
        ),
        (
            "id,kind,text,text:en\na,call,One,Two\n",
            "2:3 message a, column text: its words also stand in columns",
        ),
    ],
)
def test_every_problem_names_its_line_and_column(text: str, said: str):
    (problem,) = problems(text)
    assert problem.startswith(said)


def test_all_problems_are_said_at_once():
    assert len(problems("id,kind,text,weight\na,fcat,One,x\ntents,fact,Other,2\n,call,,\n", TENTS)) == 4
