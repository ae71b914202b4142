"""The fields of a message's form, with what stands in them and what `check` says of each.

Values in, values out: it asks nobody, and makes no HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.settings import Settings
from bot.files.document import Loc
from bot.office.people import NotSo
from bot.office.words import Complaint
from bot.web.language import _, tongue
from bot.web.messages_form import MOST, Tongues, Values
from bot.web.messages_list import account_names
from bot.web.now import label, sentence_case


@dataclass(frozen=True, slots=True)
class Box:
    """One field for words: its name, what stands in it, and what is wrong with it."""

    name: str
    value: str
    wrong: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """The fields for a text in one language: several are used in turn."""

    language: str
    called: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class PictureField:
    """A picture of the message: its file, its description in each language. `number` from 0."""

    number: int
    file: str
    raw: str
    texts: list[Texts]
    wrong: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What one network or account has of its own: its text, and the rest as YAML has it."""

    name: str
    called: str
    texts: list[Texts]
    rest: str
    wrong: tuple[Complaint, ...]


@dataclass(frozen=True)
class Form:
    """All fields, with what is wrong at each: `wrong` by their names, "" for the message as a whole."""

    values: Values
    tongues: Tongues
    settings: Settings
    old: Mapping[str, Any]
    complaints: Sequence[Complaint] = ()
    wrong: Mapping[str, tuple[Complaint, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, tuple[Complaint, ...]] = {}
        for each in self.complaints:
            name = name_of(each.way, self.tongues.default)
            found[name] = (*found.get(name, ()), each)
        object.__setattr__(self, "wrong", found)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def at(self, *names: str) -> tuple[Complaint, ...]:
        return tuple(each for name in names for each in self.wrong.get(name, ()))

    def troubled(self, *names: str) -> bool:
        """Is anything wrong at one of these fields, or below it?"""
        return any(name == each or name.startswith(f"{each}.") for name in self.wrong for each in names)

    def said(self, prefix: str) -> bool:
        """Does anything stand in the fields whose names begin so?"""
        return any(value.strip() for name, value in self.values.items() if name.startswith(prefix))

    def texts(self, prefix: str, spare: int = 0) -> list[Texts]:
        """The fields for a text, language by language: one at least, and `spare` empty ones behind."""
        return [Texts(code, tongue(code), self._boxes(prefix, code, spare)) for code in self.tongues.all]

    def _boxes(self, prefix: str, code: str, spare: int) -> tuple[Box, ...]:
        name = f"{prefix}.{code}"
        there = [value for at in range(MOST) if (value := self[f"{name}.{at}"]).strip()]
        texts = [*there, *[""] * max(spare, 0 if there else 1)]
        return tuple(Box(f"{name}.{at}", text, self.at(f"{name}.{at}")) for at, text in enumerate(texts))

    def parts(self) -> list[list[Texts]]:
        """The parts of the thread, and an empty one behind."""
        numbers = [int(name.split(".")[1]) for name, value in self.values.items() if _is_part(name, value)]
        return [self.texts(f"thread.{part}") for part in range(min(max(numbers, default=-1) + 2, MOST))]

    def pictures(self) -> list[PictureField]:
        known = [at for at in range(MOST) if f"media.{at}.raw" in self.values]
        return [self._picture(at) for at in known if not self.values.get(f"media.{at}.out")]

    def _picture(self, at: int) -> PictureField:
        raw = self.values[f"media.{at}.raw"]
        texts = self.texts(f"media.{at}.alt")
        return PictureField(at, _file(raw), raw, texts, self.at(f"media.{at}"))

    def own(self) -> list[Own]:
        """A place for each network with several accounts, for each account, and for whatever stands there."""
        accounts = self.settings.accounts
        networks = [account.network for account in accounts]
        names = [each for each in networks if networks.count(each) > 1] + [each.id for each in accounts]
        per = self.old.get("per")
        there = per if isinstance(per, dict) else {}
        return [self._own(name, there.get(name)) for name in dict.fromkeys([*names, *there])]

    def _own(self, name: str, there: Any) -> Own:
        rest = (
            {key: value for key, value in there.items() if key != "text"} if isinstance(there, dict) else {}
        )
        called = account_names(self.settings).get(name) or label(name, name)
        shown = json.dumps(rest, ensure_ascii=False, indent=1) if rest else ""
        return Own(name, called, self.texts(f"per.{name}.text"), shown, self.at(f"per.{name}"))


def _is_part(name: str, value: str) -> bool:
    return name.startswith("thread.") and bool(value.strip())


def _file(raw: str) -> str:
    try:
        return str(json.loads(raw).get("file") or "")
    except (ValueError, AttributeError):
        return ""


def name_of(way: Loc, default: str) -> str:
    """The field that is meant by the way to a value: ("text", "es", 1) -> `text.es.1`."""
    match [str(step) for step in way]:
        case ["text" | "content_warning" as name, *rest]:
            return f"{name}.{_box(rest, default)}"
        case ["thread", part, *rest]:
            return f"thread.{part}.{_box(rest, default)}"
        case ["media", place, "alt", *rest]:
            return f"media.{place}.alt.{_box(rest, default)}"
        case ["media", place, *_rest]:
            return f"media.{place}"
        case ["per", name, "text", *rest]:
            return f"per.{name}.text.{_box(rest, default)}"
        case ["per", name, *_rest]:
            return f"per.{name}"
        case [name, *_rest]:
            return name
    return ""


def _box(rest: list[str], default: str) -> str:
    named = [step for step in rest if not step.isdigit()]
    number = next((step for step in rest if step.isdigit()), "0")
    return f"{named[0] if named else default}.{number}"


# --- how they are written -------------------------------------------------------------------------


def marked(text: str, other: str) -> list[tuple[str, bool]]:
    """Its lines, and whether the other lacks each."""
    known = set(other.splitlines())
    return [(line, line not in known) for line in text.splitlines()]


def told(refused: NotSo) -> str:
    """Why it was not done, in the language of the page."""
    return sentence_case(_(refused.sentence, **refused.fields))


def reason(sentence: str) -> str:
    """What `check` says, without naming the message and its field: the page shows both."""
    if named := re.match(r"message \S+( [\w.-]+)?: ", sentence):
        return sentence_case(sentence[named.end() :])
    if named := re.match(r"message \S+ (\(.+?\) )?", sentence):
        return sentence_case(f"{f'the text {named[1]}' if named[1] else 'it '}{sentence[named.end() :]}")
    return sentence_case(sentence)


def _type(pattern: str, type: str) -> Callable[[Form, str], str]:
    """The type of an input: the browser's own where it can show what stands there."""
    return lambda form, name: type if re.fullmatch(pattern, form[name]) else "text"


FILTERS = {
    "reason": reason,
    "tongue": tongue,
    "day_type": _type(r"(\d{4}-\d{2}-\d{2})?", "date"),
    "moment_type": _type(r"(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2})?", "datetime-local"),
    "number_type": _type(r"\d*", "number"),
}
