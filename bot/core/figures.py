"""Figures in texts: `{signatures}` and the like, written as people of that language write numbers.

`{signatures|person has|people have}` chooses words by a number, as the language's plural forms want it.
Plain replacement from a fixed table of names, never a template engine. A name that it does not know
stays in the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the count; None: not known. `unread` says why the signatures are not."""

    signatures: int | None = None
    goal: int | None = None
    milestone: int | None = None
    next_milestone: int | None = None
    unread: str = "which is not known yet"


FIELDS: Mapping[str, str] = {
    "signatures": "signatures so far; in a milestone's text never fewer than the milestone",
    "milestone": "the milestone that was passed; in a progress text the one that comes next",
    "goal": "the petition's goal",
    "to_go": "signatures that the goal still needs; once it is reached, such a text does not go out",
    "percent": "signatures in percent of the goal, rounded down",
    "to_next": "signatures that the next milestone still needs",
}
"""The names that may stand in braces, and what they mean."""

COUNTED = frozenset(FIELDS) - {"milestone", "goal"}
"""Those that a reading of the count is needed for."""

FIELD = re.compile(r"\{([A-Za-z_]\w*)(?:\|([^{}]*))?\}")
"""`{name}`, or `{name|form|form}`: group 1 is the name, 2 the forms (None: the number itself)."""

FROM_FIVE_DIGITS = frozenset(
    {"be", "bg", "es", "es-ES", "et", "hu", "hy", "it", "ka", "lv", "pl", "pt-PT", "sl", "sq"}
)
"""Languages that put no mark into four digits (CLDR's minimumGroupingDigits, which Babel ignores)."""

NO_BREAK = str.maketrans({" ": "\u00a0", "\u2009": "\u202f"})
"""Blanks that would let a line break inside a number."""

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""CLDR's names of plural forms, in its order."""


def fields(text: str) -> tuple[str, ...]:
    """The names of all `{name}` and `{name|…}` in a text, known or not, in order."""
    return tuple(found[1] for found in FIELD.finditer(text)) if "{" in text else ()


def lacking(text: str, figures: Figures) -> str | None:
    """The first field of a text whose value is not known; None when all can be filled in."""
    names = (name for name in fields(text) if name in FIELDS)
    return next((name for name in names if figure(name, figures) is None), None)


def why_lacking(name: str, figures: Figures) -> str:
    """Why a field has no value: the end of a sentence that begins with its name."""
    if name in ("goal", "to_go", "percent") and not figures.goal:
        return "and the petition has no goal"
    if figures.signatures is None and figures.milestone is None:
        return figures.unread
    return "and the goal is reached" if name == "to_go" else "and no milestone is left"


def fill(text: str, figures: Figures, language: str) -> str | None:
    """The text with its figures in the way of `language`; None when one is needed that is not known."""
    if "{" not in text:
        return text
    if lacking(text, figures):
        return None
    return FIELD.sub(lambda field: _shown(field, figures, language), text)


def _shown(field: re.Match[str], figures: Figures, language: str) -> str:
    value = figure(field[1], figures) if field[1] in FIELDS else None
    if value is None:
        return field[0]
    return written(value, language) if field[2] is None else form(field[2].split("|"), value, language)


def figure(name: str, figures: Figures) -> int | None:
    """The value of one of `FIELDS`; None where it is not known, or is none."""
    signatures, goal, following = figures.signatures, figures.goal, figures.next_milestone
    if figures.milestone is not None:
        signatures = max(signatures or 0, figures.milestone)
    match name:
        case "signatures":
            return signatures
        case "milestone":
            return following if figures.milestone is None else figures.milestone
        case "goal":
            return goal
        case "to_next":
            return _missing(following, signatures)
        case "to_go":
            return _missing(goal, signatures)
    return signatures * 100 // goal if signatures is not None and goal else None


def _missing(wanted: int | None, signatures: int | None) -> int | None:
    """How many are missing to what is wanted; None once nothing is."""
    return wanted - signatures if wanted and signatures is not None and signatures < wanted else None


@lru_cache(maxsize=4096)
def written(number: int, language: str) -> str:
    """1234567 as people write it: 1,234,567 or 1.234.567 or, with blanks that never break, 1 234 567."""
    from babel.numbers import format_decimal

    if abs(number) < 10_000 and language in FROM_FIVE_DIGITS:
        return str(number)
    return format_decimal(number, locale=_locale(language)).translate(NO_BREAK)


# --- plural forms ----------------------------------------------------------------------------


def form(forms: list[str], number: int, language: str) -> str:
    """The form that goes with a number; the last one where too few are given.

    Forms stand in the order of `plurals`: in English and Spanish for 1 and for all others, in Polish
    for 1, for 2 and for 5.
    """
    known = list(plurals(language))
    category = _locale(language).plural_form(number)
    place = known.index(category) if category in known else len(forms) - 1
    return forms[min(place, len(forms) - 1)]


@lru_cache(maxsize=256)
def plurals(language: str) -> Mapping[str, int]:
    """The plural forms of whole numbers in a language, each with the first number that takes it.

    A form for millions alone (French, Spanish) is left out: there the last one serves.
    """
    rule = _locale(language).plural_form
    numbers = (*range(1, 201), 0)
    first = {category: number for number in reversed(numbers) for category in [rule(number)]}
    return {category: first[category] for category in CATEGORIES if category in first}


@lru_cache(maxsize=256)
def _locale(language: str) -> Locale:
    """Babel's locale of a language; English for one that it does not know."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
