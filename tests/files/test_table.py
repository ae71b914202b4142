"""Tables as spreadsheets save them are read to the letter or refused, and written harmlessly."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import table
from tests.files.queues import messages

OWNERS = ("x", "mastodon", "main")


def read(text: str | bytes) -> table.Table:
    raw = text.encode() if isinstance(text, str) else text
    return table.read(raw, "queue.csv", OWNERS)


def rows(text: str | bytes) -> list[dict[str, str]]:
    got = read(text)
    assert got.margin.notes == []
    return [dict(row.cells) for row in got.rows]


def problems(text: str | bytes) -> list[str]:
    return [f"{note.line}:{note.column} {note.message}" for note in read(text).margin.sorted()]


# --- what spreadsheets write -----------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_delimiter_line_break_and_mark_are_read(delimiter: str, line_break: str, mark: str):
    lines = [["id", "kind", "text"], ["a", "call", '"One, two; ""three""\tfour"']]
    text = mark + "".join(delimiter.join(line) + line_break for line in lines)
    assert rows(text) == [{"id": "a", "kind": "call", "text": 'One, two; "three"\tfour'}]


def test_the_delimiter_is_read_from_the_names_and_not_from_the_texts():
    assert rows("id;text\na;One, two, three, four\n") == [{"id": "a", "text": "One, two, three, four"}]
    assert rows("id,text\na,One; two; three; four\n") == [{"id": "a", "text": "One; two; three; four"}]
    assert rows('"id"\t"text"\na\tb\n') == [{"id": "a", "text": "b"}]
    assert rows("text\nOne; two\n") == [{"text": "One; two"}]


def test_excels_own_line_for_the_delimiter_is_taken():
    got = read("sep=;\r\nid;text\r\na;One\r\n")
    assert (got.head, got.rows[0].line, got.rows[0].cells["text"]) == (2, 3, "One")


def test_line_breaks_within_a_cell_stay_and_lines_are_counted_in_the_file():
    got = read('id,text\r\na,"One\r\n\r\ntwo"\r\n\r\n,,\r\nb,Three\r\n')
    assert [(row.line, row.cells["text"]) for row in got.rows] == [(2, "One\n\ntwo"), (7, "Three")]


def test_space_around_a_cell_is_not_part_of_it():
    assert rows("id , text \n a , One \n") == [{"id": "a", "text": "One"}]


def test_short_rows_and_empty_columns_are_what_spreadsheets_leave():
    assert rows("id,text,link,,\na,One\n") == [{"id": "a", "text": "One", "link": ""}]


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("id,text\na,Señal\n".encode("utf-16"), "1:1 the table is in UTF-16; in Excel, save it as CSV UTF-8"),
        (
            "id,text\na,Señal\n".encode("utf-16-le"),
            "1:1 the table is in UTF-16; in Excel, save it as CSV UTF-8",
        ),
        (
            "id,text\nb,ok\na,Una Señal\n".encode("latin-1"),
            "3:1 the table is in an older encoding (see 'Señal'); in Excel",
        ),
        (
            "id,text\na,“so”\n".encode("cp1252"),
            "2:1 the table is in an older encoding (see '“so”'); in Excel",
        ),
        (b"PK\x03\x04...", "1:1 this is a spreadsheet's own file and no CSV; in Excel, save it as CSV UTF-8"),
        (b"", "1:1 the table is empty; begin it with a line of columns"),
        (b"\xef\xbb\xbf\r\n", "1:1 the table is empty"),
        (b'id,text\na,"open\n', "2:1 the row has a quote that is never closed"),
        (b'id,text\nb,c\na,"x" y\n', "3:1 something follows a closing quote in this row"),
        (b"id,text\na," + b"x" * 200_000, "2:1 the row cannot be read (field larger than field limit"),
        (b"x" * 9_000_000, "1:1 the table is larger than 8 MiB"),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(raw: bytes, said: str):
    assert len(problems(raw)) == 1
    assert problems(raw)[0].startswith(said)
    assert "\n" not in problems(raw)[0]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("id,txt:en", "1:2 column 'txt:en' is not one that the bot knows; did you mean text:en?"),
        ("id,Notes", "1:2 column 'Notes' is not one that the bot knows; take it out"),
        ("id,text,text:1", "1:3 column text stands twice; take one out"),
        (
            "id,mastodn:text",
            "1:2 column mastodn:text: no network or account is called mastodn; did you mean mastodon?",
        ),
    ],
)
def test_unknown_columns_are_errors_with_did_you_mean(head: str, said: str):
    (problem,) = problems(f"{head}\na,One,Two\n" if head.count(",") > 1 else f"{head}\na,One\n")
    assert problem.startswith(said)


def test_a_cell_without_a_column_is_not_dropped_in_silence():
    said = "the cell in column {} has no column name above it; name it, or empty it"
    assert problems("id,,text\na,lost,b\nc,,d,lost\n") == [f"2:2 {said.format(2)}", f"3:4 {said.format(4)}"]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_is_in_the_file_it_is_read_or_refused(raw: bytes):
    got = read(raw)
    assert got.rows or got.margin.notes or got.places


# --- what is written -------------------------------------------------------------------------------


def written(*entries: dict[str, Any], delimiter: str = ",") -> list[list[str]]:
    raw = table.write(entries, delimiter)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_a_table_has_the_usual_columns_and_those_that_are_used():
    head, row = written({"id": "a", "kind": "call", "text": {"en": ["One", "Two"]}, "draft": True})
    used = {name: cell for name, cell in zip(head, row, strict=True) if cell}
    assert used == {"id": "a", "kind": "call", "text:en": "One", "text:en:2": "Two", "draft": "true"}
    assert head[:4] == ["id", "kind", "text:en", "text:en:2"]
    assert {"link", "source", "as_of", "weight", "expires", "accounts"} <= set(head)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1 for all",
        "-5 degrees",
        "@RAICES",
        '=HYPERLINK("x")',
        "＝1",
        "'=1",
        "''@a",
        "'quoted'",
        "'tis",
        "a=b",
        "'",
    ],
)
def test_no_spreadsheet_runs_a_text_and_it_reads_back_unchanged(text: str):
    raw = table.write([{"id": "a", "text": text}])
    (_, row) = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "＝", "\t")) for cell in row)
    assert rows(raw)[0]["text"] == text


@pytest.mark.parametrize("delimiter", [",", ";"])
@settings(max_examples=60, deadline=None)
@given(entries=st.lists(messages(), max_size=3))
def test_every_cell_reads_back_as_it_was_written(delimiter: str, entries: list[dict[str, Any]]):
    used = [
        {name: cell for name, cell in row.items() if cell} for row in rows(table.write(entries, delimiter))
    ]
    assert used == [
        {name: cell for name, cell in table.columns.cells(entry).items() if cell} for entry in entries
    ]
