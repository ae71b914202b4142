"""Messages as a table that spreadsheets open and save: CSV, read strictly and written harmlessly.

It takes commas, semicolons and tabs, by the line of column names, and UTF-8 alone. A cell that a spreadsheet
would run as a formula is written with an apostrophe before it, which reading takes away. What a row says is
not judged here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.scalars import did_you_mean, quoted
from bot.files import columns, source
from bot.files.document import Loc
from bot.files.problems import Margin, Place

LARGEST = 8 * 1024 * 1024
DELIMITERS = ",;\t"
ALWAYS = ("id", "kind", "link", "source", "as_of", "weight", "not_before", "expires", "draft", "accounts")
"""Columns of every table that is written: what people look for."""

HOW = (
    "in Excel, save it as CSV UTF-8 (Comma delimited); in LibreOffice, as Text CSV with the character set "
    "Unicode (UTF-8)"
)
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx, .ods and .xls begin."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its number in the file (from 1), and its cells by column, empty ones too."""

    line: int
    cells: Mapping[str, str]


@dataclass
class Table:
    """`head`: the line of the names; `places`: for each column its number, from 1. What is wrong with the
    file stands in the margin."""

    margin: Margin
    head: int = 1
    places: dict[str, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def place(self, line: int, column: str = "") -> Place:
        return line, self.places.get(column, 1)


# --- reading -----------------------------------------------------------------------------------


def read(raw: bytes, file: str, owners: Collection[str]) -> Table:
    """`owners`: the networks and accounts that columns such as `x:text` may begin with."""
    table = Table(Margin(file))
    text = _decoded(raw, table.margin)
    if text is None:
        return table
    lines = _records(text, table.margin)
    head = next(lines, None)
    if head is None:
        table.margin.error(
            (1, 1), "empty", "the table is empty; begin it with a line of columns: id,kind,text"
        )
        return table
    table.head = head[0]
    names = _columns(table, head[1], owners)
    for line, record in lines:
        _take(table, names, line, record)
    return table


def _decoded(raw: bytes, margin: Margin) -> str | None:
    if raw.startswith(_WORKBOOKS):
        margin.error((1, 1), "not-csv", f"this is a spreadsheet's own file and no CSV; {HOW}")
    elif len(raw) > LARGEST:
        margin.error((1, 1), "too-large", "the table is larger than 8 MiB; import it in parts")
    elif raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw[:200]:
        margin.error((1, 1), "not-utf-8", f"the table is in UTF-16; {HOW}")
    else:
        try:
            return raw.removeprefix(source.BOM).decode("utf-8")
        except UnicodeDecodeError as problem:
            place = raw.count(b"\n", 0, problem.start) + 1, 1
            around = (
                re.split(rb"[\s,;\"]", raw[: problem.start])[-1] + raw[problem.start : problem.start + 12]
            )
            shown = quoted(re.split(r"[\s,;\"]", around.decode("cp1252", "replace"))[0])
            margin.error(place, "not-utf-8", f"the table is in an older encoding (see {shown}); {HOW}")
    return None


def _records(text: str, margin: Margin) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of all records that say something."""
    hint = re.match(r'"?sep=(.)"?\r?\n', text)  # Excel's own way to name the delimiter
    body = text[hint.end() :] if hint else text
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=hint[1] if hint else _delimiter(body), strict=True
    )
    before = 1 if hint else 0
    while True:
        line = before + reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            margin.error((line, 1), "bad-quotes", _meant(str(problem)))
            return
        if any(cell.strip() for cell in record):
            yield line, record


def _meant(problem: str) -> str:
    if "end of data" in problem:
        return 'the row has a quote that is never closed; add the closing "'
    if "expected after" in problem:
        return 'something follows a closing quote in this row; write a quote inside a cell as ""'
    return f"the row cannot be read ({problem}); save the table once more from the spreadsheet"


def _delimiter(text: str) -> str:
    """The one that gives the most columns that are known; guessing from whole files is often wrong."""
    head = source.split(text.lstrip("\r\n"))[0]

    def known(delimiter: str) -> int:
        return sum(columns.way(word.strip(' "')) is not None for word in head.split(delimiter))

    return max(DELIMITERS, key=known)


def _columns(table: Table, record: list[str], owners: Collection[str]) -> list[str]:
    """The names of all columns; empty ones for those that are not taken."""
    names: list[str] = []
    for number, word in enumerate(map(str.strip, record), 1):
        loc = columns.way(word)
        name = columns.name(loc) if loc else word
        problem = _wrong(name, loc, table.places, owners) if word else None
        if problem:
            table.margin.error((table.head, number), *problem)
        elif word:
            table.places[name] = number
        names.append("" if problem else name)
    return names


def _wrong(
    word: str, loc: Loc | None, known: Mapping[str, int], owners: Collection[str]
) -> tuple[str, str] | None:
    if loc is None:
        guess = columns.meant(word) or "; take it out, or see the README for the columns that there are"
        return "unknown-column", f"column {quoted(word)} is not one that the bot knows{guess}"
    if word in known:
        return "duplicate-column", f"column {word} stands twice; take one out"
    if loc[0] == "per" and loc[1] not in owners:
        guess = did_you_mean(str(loc[1]), owners) or f"; there are {', '.join(owners)}"
        return "unknown-column", f"column {word}: no network or account is called {loc[1]}{guess}"
    return None


def _take(table: Table, names: list[str], line: int, record: list[str]) -> None:
    for number, cell in enumerate(record, 1):
        if cell.strip() and (number > len(names) or not names[number - 1]) and not _refused(table, number):
            message = f"the cell in column {number} has no column name above it; name it, or empty it"
            table.margin.error((line, number), "no-column", message)
    padded = [*record, *[""] * len(names)]
    row = {name: _unescaped(columns.clean(cell)) for name, cell in zip(names, padded, strict=False) if name}
    table.rows.append(Row(line, row))


def _refused(table: Table, number: int) -> bool:
    """Is the column's name itself a problem already?"""
    return any(note.column == number and note.code.endswith("-column") for note in table.margin.notes)


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# --- writing -----------------------------------------------------------------------------------


def write(messages: Iterable[Mapping[str, Any]], delimiter: str = ",") -> bytes:
    """All messages, as they stand in the file, as a table that also Excel opens well."""
    rows = [columns.cells(message) for message in messages]
    names = sorted({*ALWAYS, *(name for row in rows for name in row)}, key=columns.rank)
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([harmless(row.get(name, "")) for name in names] for row in rows)
    return source.BOM + written.getvalue().encode("utf-8")


def harmless(cell: str) -> str:
    """What no spreadsheet runs as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
