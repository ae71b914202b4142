"""Where the entries of messages.yaml and their values stand, as offsets into its text.

It finds places and names pieces of text; what comes there, and whether it may, is edit.py's business. What
the file says and where is the strict reader's own document: nothing is parsed here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bot.files.document import Document, Node
from bot.files.pen import Behind, Style
from bot.files.problems import Place

Splice = tuple[int, int, str]
"""Start and end (exclusive) of what goes, and what comes there."""

_BREAK = re.compile("\r\n|\r|\n")
_HEADER = re.compile(r"[|>][-+0-9]*")


class Layout:
    """`text` as the document was read from, with its byte order mark if it has one."""

    def __init__(self, text: str, document: Document) -> None:
        self.text, self.root = text, document.root
        first = 1 if text.startswith("\ufeff") else 0
        self._lines = [first, *(found.end() for found in _BREAK.finditer(text))]
        found = _BREAK.search(text)
        self.newline = found[0] if found else "\n"

    # --- lines ---------------------------------------------------------------------------------

    def offset(self, place: Place) -> int:
        line, column = place
        return self._lines[line - 1] + column - 1 if line <= len(self._lines) else len(self.text)

    def line(self, offset: int) -> int:
        """Where the line around an offset begins."""
        return self._lines[bisect_right(self._lines, offset) - 1]

    def next_line(self, offset: int) -> int:
        """Where the line after it begins, or the text ends."""
        after = bisect_right(self._lines, offset)
        return self._lines[after] if after < len(self._lines) else len(self.text)

    def words(self, line: int) -> str:
        """A line, by its offset, without indentation and break."""
        return self.text[line : self.next_line(line)].strip()

    def indent(self, line: int) -> int:
        there = self.text[line : self.next_line(line)]
        return len(there) - len(there.lstrip(" "))

    def lines(self, start: int, end: int, lines: Sequence[str]) -> Splice:
        """Whole lines in place of whole lines; a last line without a break stays without one."""
        new = "".join(f"{line}{self.newline}" for line in lines)
        if lines and start == len(self.text) and self.line(start) != start:
            return start, end, f"{self.newline}{new.removesuffix(self.newline)}"
        if start < end == len(self.text) and self.line(end) != end:
            new = new.removesuffix(self.newline)
        return start, end, new

    # --- values --------------------------------------------------------------------------------

    def start(self, node: Node) -> int:
        return self.offset(node.value)

    def key(self, node: Node) -> int:
        return self.offset(node.key or node.value)

    def colon(self, node: Node) -> int:
        """One past the colon behind a key; of a key without one, past the key."""
        end = self.offset(node.key_end)
        return self.text.find(":", end) + 1 or end

    def dash(self, sequence: Node, at: int) -> int:
        """The dash of an entry of a list in block style."""
        if at == 0:
            return self.start(sequence)
        line = self.next_line(self.stop(sequence.below[at - 1]) - 1)
        while not self.words(line).startswith("-"):
            line = self.next_line(line)
        return line + sequence.value[1] - 1

    def is_flow(self, node: Node) -> bool:
        """In braces or brackets."""
        return self.text[self.start(node)] in "{[" if self.start(node) < len(self.text) else False

    def stop(self, node: Node) -> int:
        """One past a value's last character; blank lines below a text count only where they belong to it."""
        start, end = self.start(node), self.offset(node.end)
        if node.below and not self.is_flow(node):
            return self.stop(next(reversed(node.below.values())))
        header = _HEADER.match(self.text, start)
        if header and "+" not in header[0]:
            return start + len(self.text[start:end].rstrip(" \t\r\n"))
        return end

    def put(self, after: int, node: Node, behind: Behind) -> Iterator[Splice]:
        """A value in place of the one behind a colon or dash that ends at `after`; a comment behind the old
        one stays on its line."""
        head, body = behind
        start, stop, top, bottom = self._region(after, node)
        if not head:
            start = after
        elif start == after:
            head = f" {head}"
        yield start, stop, head
        yield self.lines(top, bottom, body)

    def _region(self, after: int, node: Node) -> tuple[int, int, int, int]:
        """What a value takes up on the line of its colon or dash, and the lines that it takes up below."""
        start, stop, below = self.start(node), self.stop(node), self.next_line(after)
        if start < after:  # there is none
            return after, after, below, below
        end = self.next_line(stop - 1)
        header = _HEADER.match(self.text, start)
        if start >= below:
            return after, after, below, end
        if header:
            return start, header.end(), below, end
        if node.below and not self.is_flow(node):
            return start, start + len(self.text[start:below].rstrip("\r\n")), below, end
        return start, stop, end, end

    # --- entries of a list in block style --------------------------------------------------------

    def unit(self, sequence: Node, at: int) -> tuple[int, int]:
        """The lines of one entry, from its dash to the last comment that stands further in than the dash."""
        column = sequence.value[1] - 1
        end = line = self.next_line(self.stop(sequence.below[at]) - 1)
        while line < len(self.text) and self._is_remark(line, column):
            line = self.next_line(line)
            if self.words(self.line(line - 1)):
                end = line
        return self.line(self.dash(sequence, at)), end

    def _is_remark(self, line: int, column: int) -> bool:
        words = self.words(line)
        return not words or (words.startswith("#") and self.indent(line) > column)

    def above(self, start: int, floor: int) -> int:
        """Where the comment begins that stands directly above a line; the line itself where there is none."""
        while start > floor and self.words(self.line(start - 1)).startswith("#"):
            start = self.line(start - 1)
        return start

    def is_blank_above(self, start: int, floor: int) -> bool:
        return start > floor and not self.words(self.line(start - 1))

    def blanks_below(self, end: int) -> int:
        """Where the blank lines end that begin at a line."""
        while end < len(self.text) and not self.words(end):
            end = self.next_line(end)
        return end

    def blanks_above(self, start: int, floor: int) -> int:
        while self.is_blank_above(start, floor):
            start = self.line(start - 1)
        return start


# --- habits ----------------------------------------------------------------------------------------


def style(layout: Layout, messages: Node) -> Style:
    """How this file is written, as far as its messages show it."""
    if not messages.below or layout.is_flow(messages):
        return Style(layout.newline)
    column = messages.value[1]
    entries = list(messages.below.values())
    nested = [node for entry in entries if not layout.is_flow(entry) for node in entry.below.values()]
    spaces = {
        type(next(iter(node.below))): node.value[1] - node.key[1]
        for node in nested
        if node.below and node.key and node.value[0] > node.key[0]
    }
    last = layout.start(entries[-1]) - layout.dash(messages, len(entries) - 1)
    return Style(
        layout.newline,
        maps=spaces.get(str, 2),
        lists=spaces.get(int, column - (messages.key or (1, 1))[1]),
        dash=entries[-1].value[1] - column if 1 < last < 10 else 2,
    )
