"""A problem is a place in a file and one sentence about it; a margin collects those of one file.

It decides nothing: whether a file with problems may be used is the reader's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
Place = tuple[int, int]
"""Line and column, both counted from 1; columns in characters."""


@dataclass(frozen=True, order=True)
class Problem:
    """One sentence about one place. `code` is a stable kebab-case word that scripts may rely on."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass
class Margin:
    """The notes beside one file."""

    file: str
    notes: list[Problem] = field(default_factory=list)
    _wrong: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._wrong.update(note.line for note in self.notes if note.severity == "error")

    def error(self, place: Place, code: str, message: str) -> None:
        self.notes.append(Problem(self.file, *place, "error", code, message))
        self._wrong.add(place[0])

    def warn(self, place: Place, code: str, message: str) -> None:
        self.notes.append(Problem(self.file, *place, "warning", code, message))

    def errors_on(self, line: int) -> bool:
        return line in self._wrong

    def sorted(self) -> list[Problem]:
        """In reading order, each place and code once."""
        seen: set[tuple[int, int, str]] = set()
        kept = []
        for note in sorted(self.notes):
            mark = (note.line, note.column, note.code)
            if mark not in seen:
                seen.add(mark)
                kept.append(note)
        return kept
