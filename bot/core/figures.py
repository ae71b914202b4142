"""Figures in texts: `{signatures}` and the like, written as people of that language write numbers.

Plain replacement from a fixed table, never a template engine. What it does not know stays as it is.
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
    "signatures": "signatures so far",
    "milestone": "the milestone that was passed",
    "goal": "the petition's goal",
    "to_go": "signatures still missing to the goal",
    "percent": "signatures in percent of the goal, rounded down",
}

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def fields(text: str) -> tuple[str, ...]:
    """The names of all `{name}` in a text, known or not."""
    return tuple(_FIELD.findall(text)) if "{" in text else ()


def fill(text: str, figures: Figures, language: str) -> str | None:
    """The text with its figures; None when one is needed that is not known."""
    for name in dict.fromkeys(fields(text)):
        if name not in FIELDS:
            continue
        value = figure(name, figures)
        if value is None:
            return None
        text = text.replace("{" + name + "}", written(value, language))
    return text


def figure(name: str, figures: Figures) -> int | None:
    """The value of one field, None where it is not known."""
    now, goal, milestone = figures.signatures, figures.goal, figures.milestone
    if milestone is not None:
        now = max(now or 0, milestone)
    if name in ("signatures", "milestone", "goal"):
        return {"signatures": now, "milestone": milestone, "goal": goal}[name]
    if now is None or not goal:
        return None
    return max(goal - now, 0) if name == "to_go" else now * 100 // goal


@lru_cache(maxsize=4096)
def written(number: int, language: str) -> str:
    """1234567 as people write it: 1,234,567 or 1.234.567; a blank in it never breaks."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import format_decimal

    if abs(number) < 10_000 and language.split("-")[0] in ("es", "pl", "pt"):
        return str(number)
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_decimal(number, locale=locale)
