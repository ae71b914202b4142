"""Figures in texts: `{signatures}` and the like, written as people of that language write numbers.

Plain replacement from a fixed table of names, never a template engine. A name that it does not know
stays in the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of the count; None: not known."""

    signatures: int | None = None
    goal: int | None = None
    milestone: int | None = None


FIELDS: Mapping[str, str] = {
    "signatures": "signatures so far; in a milestone's text never fewer than the milestone",
    "milestone": "the milestone that was passed",
    "goal": "the petition's goal",
    "to_go": "signatures that the goal still needs; 0 once it is reached",
    "percent": "signatures in percent of the goal, rounded down",
}
"""The names that may stand in braces, and what they mean."""

_FIELD = re.compile(r"\{([A-Za-z_]\w*)\}")

FROM_FIVE_DIGITS = frozenset(
    {"be", "bg", "es", "es-ES", "et", "hu", "hy", "it", "ka", "lv", "pl", "pt-PT", "sl", "sq"}
)
"""Languages that put no mark into four digits (CLDR's minimumGroupingDigits, which Babel ignores)."""

NO_BREAK = str.maketrans({" ": "\u00a0", "\u2009": "\u202f"})
"""Blanks that would let a line break inside a number."""


def fields(text: str) -> tuple[str, ...]:
    """The names of all `{name}` in a text, known or not, in order."""
    return tuple(_FIELD.findall(text)) if "{" in text else ()


def lacking(text: str, figures: Figures) -> str | None:
    """The first field of a text whose value is not known; None when all can be filled in."""
    names = (name for name in fields(text) if name in FIELDS)
    return next((name for name in names if figure(name, figures) is None), None)


def fill(text: str, figures: Figures, language: str) -> str | None:
    """The text with its figures in the way of `language`; None when one is needed that is not known."""
    if "{" not in text:
        return text
    if lacking(text, figures):
        return None
    return _FIELD.sub(lambda field: _shown(field, figures, language), text)


def _shown(field: re.Match[str], figures: Figures, language: str) -> str:
    value = figure(field[1], figures) if field[1] in FIELDS else None
    return field[0] if value is None else written(value, language)


def figure(name: str, figures: Figures) -> int | None:
    """The value of one of `FIELDS`; None where it is not known."""
    signatures, goal = figures.signatures, figures.goal
    if figures.milestone is not None:
        signatures = max(signatures or 0, figures.milestone)
    match name:
        case "signatures":
            return signatures
        case "milestone":
            return figures.milestone
        case "goal":
            return goal
    if signatures is None or not goal:
        return None
    return max(goal - signatures, 0) if name == "to_go" else signatures * 100 // goal


@lru_cache(maxsize=4096)
def written(number: int, language: str) -> str:
    """1234567 as people write it: 1,234,567 or 1.234.567 or, with blanks that never break, 1 234 567."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import format_decimal

    if abs(number) < 10_000 and language in FROM_FIVE_DIGITS:
        return str(number)
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_decimal(number, locale=locale).translate(NO_BREAK)
