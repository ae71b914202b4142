"""The commands that README and docs/ show, as a reader would type them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

TOP = Path(__file__).parents[1]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]

STATE = "/var/lib/petition-bot"
"""Where the files stand in what docs/deploy.md shows; in a test it is the present folder."""

PLACEHOLDERS = {
    "ID": "1",
    "N": "12345",
    "FILE": "kept.db",
    "FILE.csv": "queue.csv",
    "NAME": "ana",
    "DIR": "folder",
    "MESSAGE_ID": "tents",
    "URL": "http://127.0.0.1:1/petition",
    "ISO": "2027-01-01T09:00",
}


def lines(text: str) -> list[str]:
    """Every line of a shell that a page shows: those of blocks without a language, comments left out."""
    return [bare for line in _blocks(text, "") if (bare := re.sub(r"(^|\s)#.*", "", line).strip())]


def _blocks(text: str, language: str | None) -> list[str]:
    """The lines of all blocks in `language`; None: the lines outside of blocks."""
    within: str | None = None
    found = []
    for line in text.splitlines():
        if fence := re.fullmatch(r"\s*```(\w*)", line):
            within = fence[1] if within is None else None
        elif within == language:
            found.append(line)
    return found


def calls(text: str) -> list[tuple[str, ...]]:
    """Every call of the program, as words; placeholders are filled in. Each once."""
    inline = re.findall(r"`([^`]+)`", " ".join(_blocks(text, None)))
    found = [_call(line) for line in [*lines(text), *inline]]
    return sorted({words for words in found if words})


def _call(line: str) -> tuple[str, ...]:
    """`docker compose run --rm bot` calls it as well."""
    typed = re.search(r"(?:^|/bin/|run --rm )(?:petition-)?bot (?=[a-z-])([^|>]*)", line)
    if typed is None or re.search(r"\[|…|COMMAND", typed[1]):
        return ()
    words = (PLACEHOLDERS.get(word, word) for word in shlex.split(typed[1]))
    return tuple(word.replace(STATE, ".") for word in words)
