"""What a table would change in messages.yaml: new messages, other words for known ones, and problems.

It compares and writes nothing. A known message is changed only in the columns that the table has, and only
where its id stands in the row.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import Any

from pydantic import ValidationError

from bot.core.scalars import named
from bot.core.written import Message
from bot.files import columns
from bot.files.columns import Cells
from bot.files.document import Loc
from bot.files.sentences import Error, sentence
from bot.files.table import Row, Table

Entry = dict[str, Any]

LONGEST_ID = 40
USUAL = frozenset({("draft", "false"), ("weight", "1")})
_NO_WORDS = re.compile(r"https?://\S+|\{\w+\}")
_SPELT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""})


@dataclass
class Intake:
    """Messages as they would stand in the file, by id, in the order of the table.

    `rows` says where in the table each of them stands, and each that is `unchanged`.
    """

    added: dict[str, Entry] = field(default_factory=dict)
    updated: dict[str, Entry] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)


def compare(table: Table, entries: Sequence[Mapping[str, Any]], language: str, *, update: bool) -> Intake:
    """`entries` as they stand in messages.yaml; `language` is that of texts that name none.

    What cannot be taken goes into the table's margin; without `update` that is also a known message with
    other words.
    """
    desk = _Desk(table, {str(entry["id"]): dict(entry) for entry in entries}, language, update)
    for row in table.rows:
        desk.take(row)
    return desk.intake


@dataclass
class _Desk:
    table: Table
    known: Mapping[str, Entry]
    language: str
    update: bool
    intake: Intake = field(default_factory=Intake)

    def take(self, row: Row) -> None:
        given = row.cells.get("id", "")
        message_id = given or self._made(row)
        if message_id is None:
            self._wrong(row, "id", "missing", "the row has no id and no text to make one from; write an id")
        elif message_id in self.intake.rows:
            line = self.intake.rows[message_id].line
            said = f"column id: {named(message_id)} stands in line {line} already; rename one of the two"
            self._wrong(row, "id", "duplicate-id", said)
        elif message_id in self.known:
            self.intake.rows[message_id] = row
            self._compare(row, message_id, by_id=bool(given))
        else:
            self.intake.rows[message_id] = row
            cells = {**row.cells, "id": message_id}
            if self._is_sound(row, message_id, cells):
                self.intake.added[message_id] = columns.message(_cells(columns.message(cells)))

    def _compare(self, row: Row, message_id: str, *, by_id: bool) -> None:
        old = self.known[message_id]
        before, after = _cells(old), self._laid_over(row, message_id)
        differs = [name for name in row.cells if before.get(name, "") != after.get(name, "")]
        if not differs:
            self.intake.unchanged.append(message_id)
        elif not by_id:
            self._wrong(row, differs[0], "exists", f"column {differs[0]}: {_named(message_id)} {MADE}")
        elif not self.update:
            said = f"column {differs[0]}: {_named(message_id)} {OTHERWISE.format(', '.join(differs))}"
            self._wrong(row, differs[0], "exists", said)
        elif self._is_sound(row, message_id, after):
            self.intake.updated[message_id] = _changed(old, columns.message(after))

    def _laid_over(self, row: Row, message_id: str) -> dict[str, str]:
        """The cells of a known message with those of a row laid over them, as they will be read again."""
        merged = {**_cells(self.known[message_id]), **row.cells, "id": message_id}
        return _cells(columns.message(merged))

    # --- ids -----------------------------------------------------------------------------------

    def _made(self, row: Row) -> str | None:
        """An id from the first words: the same for the same row each time; None where there are none."""
        words = self._words(row.cells)
        if not words:
            return None
        slug = _slug(words) or f"message-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
        return next(each for each in _numbered(slug) if each not in self.intake.rows)

    def _words(self, cells: Cells) -> str:
        texts = sorted(name for name in cells if name.startswith("text") and cells[name])
        first = [name for name in ("text", f"text:{self.language}") if cells.get(name)]
        return cells[(first or texts)[0]] if texts else ""

    # --- problems ------------------------------------------------------------------------------

    def _wrong(self, row: Row, column: str, code: str, message: str) -> None:
        self.table.margin.error(self.table.place(row.line, column), code, message)

    def _is_sound(self, row: Row, message_id: str, cells: Cells) -> bool:
        mixed = _mixed(cells)
        if mixed:
            self._wrong(row, mixed, "two-languages", f"{_named(message_id)}, column {mixed}: {MIXED}")
            return False
        try:
            Message.model_validate(columns.message(cells))
        except ValidationError as problem:
            for error in problem.errors(include_url=False):
                self._note(row, message_id, cells, error)
            return False
        return True

    def _note(self, row: Row, message_id: str, cells: Cells, error: Error) -> None:
        loc: Loc = error["loc"]
        missing = error["type"] == "missing"
        column = self._column(str(loc[0])) if missing else _nearest(loc, cells)
        if column is None:
            said = f"the table has no column {loc[0]}, which new messages need; add it"
            self.table.margin.error((self.table.head, 1), f"no-{loc[0]}", said)
            return
        code, said = sentence(error, Message, "", loc if missing else ())
        self._wrong(row, column, code, f"{_named(message_id)}, column {column}: {said}")

    def _column(self, field: str) -> str | None:
        """The first column of a field."""
        return next((name for name in self.table.places if (columns.way(name) or ("",))[0] == field), None)


MADE = "would be the id of this row, and it says something else; write an id into the row"
OTHERWISE = "is in messages.yaml with other words ({}); with --update the table's take their place"
MIXED = "its words also stand in columns with a language; leave either this one or those empty"


def _named(message_id: str) -> str:
    return f"message {named(message_id)}"


def _cells(entry: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a message, less what it would be without saying so."""
    return {
        name: words for name, words in columns.cells(entry).items() if words and (name, words) not in USUAL
    }


def _changed(old: Entry, new: Entry) -> Entry:
    """The new message, with the fields that say the same as they stood."""
    kept: Entry = {}
    for key in {**old, **new}:
        same = _cells({key: old.get(key)}) == _cells({key: new.get(key)})
        if same and key in old:
            kept[key] = old[key]
        elif not same and key in new:
            kept[key] = new[key]
    return kept


def _mixed(cells: Cells) -> str | None:
    """A column of a text that names no language, beside one that names some."""
    languages: dict[Loc, set[Any]] = {}
    for name, words in cells.items():
        loc = columns.way(name)
        if loc and words and len(loc) > 2:
            languages.setdefault(loc[:-2], set()).add(loc[-2])
    return next(
        (
            columns.name((*loc, "", 0))
            for loc, spoken in languages.items()
            if "" in spoken and len(spoken) > 1
        ),
        None,
    )


def _nearest(loc: Loc, cells: Cells) -> str:
    """The column that an error is about."""

    def shared(name: str) -> int:
        pairs = zip(columns.way(name) or (), loc, strict=False)
        return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

    return max((name for name in cells if cells[name]), key=shared)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def _slug(text: str) -> str:
    """`When did the tents burn? …` -> when-did-the-tents-burn."""
    plain = _NO_WORDS.sub(" ", text).casefold().translate(_SPELT)
    ascii_ = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    slug = ""
    for word in re.findall("[a-z0-9]+", ascii_)[:6]:
        if len(slug) + 1 + len(word) > LONGEST_ID:
            break
        slug += f"-{word}" if slug else word
    return slug
