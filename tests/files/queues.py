"""Files of messages in all the styles that people and programs write, with the bytes of each entry known."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from bot.files import yaml

PHRASES = [
    *(
        "Sign",
        "We asked, they refused",
        "key: value",
        "#StopMPP",
        "a #tag",
        "'quoted'",
        '"so"',
        "it's",
        "- dash",
    ),
    *(
        "no",
        "12",
        "null",
        "~",
        "---",
        "{signatures}",
        "[x]",
        "50% off",
        "a \\ b",
        "\\n",
        "@RAICES",
        "* & !",
        "| >",
    ),
    *(
        "¿Cuándo?",
        "señal",
        "中文",
        "🏳️‍🌈",
        "👩🏽‍🚀 go",
        "a  b",
        "https://example.org/a?b#c",
        "x:",
        "? y",
        "…",
        "`z`",
    ),
]
WORDS = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3).map(" ".join)
LINES = st.lists(WORDS, min_size=2, max_size=3).map("\n".join)
LONG = WORDS.map(lambda words: " ".join([words] * 12))
TEXTS = st.one_of(
    WORDS, LINES, LONG, LINES.map(lambda text: f"{text}\n"), LINES.map(lambda text: f"{text}\n\n\n")
)
PLAIN = re.compile(r"[^\W\d_][\w ]*\w")
NAMES = [f"m-{number}" for number in range(9)]


@dataclass(frozen=True)
class File:
    """`pieces` make the text; those at odd places are the entries, the others stand between them."""

    pieces: tuple[str, ...]
    data: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def without_last_break(self) -> File:
        """The same without its last line break, where that belongs to no text."""
        last = next(at for at in reversed(range(len(self.pieces))) if self.pieces[at])
        bare = self.pieces[last].removesuffix("\n").removesuffix("\r")
        shorter = File((*self.pieces[:last], bare, *self.pieces[last + 1 :]), self.data)
        return shorter if shorter.is_as_meant() else self

    def is_as_meant(self) -> bool:
        return bool(yaml.parse(self.text.encode(), "made up").data == {"messages": self.data})

    def around(self, at: int) -> tuple[str, str]:
        """What stands before and behind an entry."""
        return "".join(self.pieces[: 2 * at + 1]), "".join(self.pieces[2 * at + 2 :])


def texts_of_all_kinds() -> SearchStrategy[Any]:
    lists = st.lists(TEXTS, min_size=1, max_size=3)
    languages = st.lists(st.sampled_from(["en", "es", "pt-BR"]), min_size=1, max_size=3, unique=True)
    by_language = languages.flatmap(
        lambda codes: st.fixed_dictionaries({code: st.one_of(TEXTS, lists) for code in codes})
    )
    return st.one_of(TEXTS, lists, by_language)


def messages(names: SearchStrategy[str] = st.sampled_from(NAMES)) -> SearchStrategy[dict[str, Any]]:
    per = st.dictionaries(
        st.sampled_from(["x", "mastodon"]), st.fixed_dictionaries({"text": TEXTS}), min_size=1
    )
    return st.fixed_dictionaries(
        {"id": names, "kind": st.sampled_from(["fact", "call"]), "text": texts_of_all_kinds()},
        optional={
            "link": st.just("https://example.org/a?b=c#d"),
            "thread": st.lists(texts_of_all_kinds(), min_size=1, max_size=2),
            "media": st.just([{"file": "a.jpg", "alt": "What it shows"}]),
            "content_warning": st.one_of(WORDS, texts_of_all_kinds()),
            "weight": st.integers(1, 9),
            "post_at": st.just("2026-12-10 18:00"),
            "draft": st.booleans(),
            "accounts": st.lists(st.sampled_from(["x", "mastodon"]), min_size=1, max_size=2, unique=True),
            "per": per,
        },
    )


# --- one value, in a style that can hold it ---------------------------------------------------------


@st.composite
def scalars(draw: DrawFn, value: Any, column: int, newline: str) -> str:
    """What stands behind a colon or dash; lines below it begin in `column`."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    folds = "\n" not in value
    styles = ["double", *["plain"] * bool(PLAIN.fullmatch(value)), *["single"] * folds]
    if not re.search(r"(?m)^ | $", value):
        styles += ["literal", *["folded"] * folds]
    style = draw(st.sampled_from(styles))
    if style == "literal":
        return newline.join(_literal(value, column))
    words = re.split(r"(?<=\S) (?=\S)", value) if folds and draw(st.booleans()) else [value]
    next_line = f"{newline}{' ' * column}"
    if style == "double":
        return f'"{next_line.join(json.dumps(word, ensure_ascii=False)[1:-1] for word in words)}"'
    lines = next_line.join(words)
    if style == "single":
        return "'" + lines.replace("'", "''") + "'"
    note = draw(st.sampled_from(["", "  # a note"]))
    return lines if style == "plain" else f">-{note}{next_line}{lines}"


def _literal(value: str, column: int) -> list[str]:
    """`|-`, `|` or `|+`, by the line breaks at the end."""
    lines = [" " * column + line if line else "" for line in value.split("\n")]
    if lines[-1]:
        return ["|-  # to the letter", *lines]
    return ["|+" if not lines[-2] else "|", *lines[:-1]]


@st.composite
def blocks(draw: DrawFn, value: Any, column: int, step: int, newline: str) -> str:
    """The same for lists and maps too; keys above stand in `column`."""
    if isinstance(value, list) and value:
        dash = column + draw(st.sampled_from([0, step]))
        pieces = [
            newline + " " * dash + "- " + draw(_dashed(each, dash + 2, step, newline)) for each in value
        ]
        return draw(st.sampled_from(["", "  # these"])) + "".join(pieces)
    if isinstance(value, dict):
        return "".join(
            newline + draw(fields(key, below, column + step, step, newline)) for key, below in value.items()
        )
    scalar = draw(scalars(value, column + step, newline))
    note = "" if scalar[0] in "|>" else draw(st.sampled_from(["", "", "  # so"]))
    return f" {scalar}{note}"


@st.composite
def _dashed(draw: DrawFn, value: Any, column: int, step: int, newline: str) -> str:
    if isinstance(value, dict):
        lines = [draw(fields(key, below, column, step, newline)) for key, below in value.items()]
        return newline.join(lines).lstrip(" ")
    return draw(scalars(value, column, newline))


@st.composite
def fields(draw: DrawFn, key: str, value: Any, column: int, step: int, newline: str) -> str:
    flow = isinstance(value, list | dict) and draw(st.integers(0, 3)) == 0
    written = (
        " " + json.dumps(value, ensure_ascii=False) if flow else draw(blocks(value, column, step, newline))
    )
    return f"{' ' * column}{key}:{written}"


# --- entries and files ------------------------------------------------------------------------------


@st.composite
def entries(draw: DrawFn, message: dict[str, Any], column: int, step: int, newline: str) -> str:
    if draw(st.integers(0, 4)) == 0:
        return f"{' ' * column}- {json.dumps(message, ensure_ascii=False)}{newline}"
    order = draw(st.permutations(list(message)))
    note = draw(st.sampled_from(["", "", f"{newline}{' ' * (column + 2)}# about the next line"]))
    lines = [draw(fields(key, message[key], column + 2, step, newline)) for key in order]
    lines.insert(draw(st.integers(1, len(lines))), note.removeprefix(newline))
    body = newline.join(filter(None, lines))
    return f"{' ' * column}-{draw(st.sampled_from([body[column + 1 :], newline + body]))}{newline}"


@st.composite
def in_block(draw: DrawFn, data: list[dict[str, Any]], newline: str) -> list[str]:
    column, step = draw(st.sampled_from([0, 2, 4])), draw(st.sampled_from([2, 4]))
    gap = draw(st.sampled_from(["", newline]))
    pieces = [draw(st.sampled_from(["", f"# the queue{newline}{newline}"])) + f"messages:  # all{newline}"]
    for message in data:
        remark = draw(st.sampled_from(["", "", f"{' ' * column}# --- a remark ---{newline}{gap}"]))
        pieces[-1] += gap + remark
        pieces += [draw(entries(message, column, step, newline)), ""]
    pieces[-1] = draw(st.sampled_from(["", f"{newline}# the end{newline}"]))
    return pieces


@st.composite
def in_brackets(draw: DrawFn, data: list[dict[str, Any]], newline: str) -> list[str]:
    between = draw(st.sampled_from([", ", f",{newline}  ", f",  # a note{newline}  "]))
    outer = draw(st.sampled_from([("messages: [", "]"), ('{"messages": [' + newline, newline + "]}")]))
    pieces = [outer[0]]
    for message in data:
        pieces += [json.dumps(message, ensure_ascii=False), between]
    pieces[-1] = outer[1] + newline
    return pieces


@st.composite
def files(draw: DrawFn, least: int = 1) -> File:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=least, max_size=4, unique=True))
    data = [draw(messages(st.just(name))) for name in names]
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    made = in_brackets if draw(st.integers(0, 4)) == 0 else in_block
    pieces = draw(made(data, newline))
    pieces[0] = draw(st.sampled_from(["", "", "\ufeff"])) + pieces[0]
    file = File(tuple(pieces), data)
    assume(file.is_as_meant())  # a text with blank lines at its end takes those below it, too
    return draw(st.sampled_from([file, file.without_last_break()]))
