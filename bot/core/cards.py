"""Share cards as values: what stands on one, in which colours, and what cannot be drawn. It draws nothing.

A card shows the words of a message whole, or is not drawn: it never shortens them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from bot.core.scalars import Written, quoted, text_like

CARD = "card"
"""As a message's `media`: its picture is a card made from its text. As a picture's file, a number to be
drawn large may follow after a colon: `card:5,000`."""

WIDTH, HEIGHT = 1200, 675
"""Pixels of every card: https://developer.x.com/en/docs/x-for-websites/cards (summary_large_image is 2:1 at
the widest; 16:9 is shown whole in timelines)."""

MOST = 700
"""Letters on a card; more cannot be read on a phone."""

TEXT_CONTRAST, ACCENT_CONTRAST = 4.5, 3.0
"""Of letters, and of large numbers and lines, to what is behind them: WCAG 2.2, 1.4.3 and 1.4.11."""


# --- colours ---------------------------------------------------------------------------------


def colour(value: Any) -> str:
    if value is None:
        raise ValueError('the colour is empty: # begins a comment; put it in quotes, such as "#0b3b36"')
    text = str(value).strip().lower()
    if not re.fullmatch(r"#[0-9a-f]{6}", text):
        raise ValueError(f'{quoted(value)} is not a colour; write it as "#0b3b36", in quotes')
    return text


Colour = Annotated[str, BeforeValidator(colour), text_like(r"^#[0-9A-Fa-f]{6}$", "#0b3b36")]


class Colours(Written):
    """The campaign's colours, on cards and at the head of the share page."""

    background: Colour = Field("#0b3b36", description="Behind everything")
    text: Colour = Field("#ffffff", description="Of the words; must stand out from the background")
    accent: Colour = Field("#ffc46b", description="Of large numbers and lines")

    @model_validator(mode="after")
    def _can_be_read(self) -> Colours:
        for name, least in (("text", TEXT_CONTRAST), ("accent", ACCENT_CONTRAST)):
            found = contrast(getattr(self, name), self.background)
            if found < least:
                raise ValueError(
                    f"{name} {getattr(self, name)} does not stand out from background {self.background} "
                    f"({found:.2f} to 1, and {least:g} to 1 is needed): make one of them lighter or darker"
                )
        return self


def contrast(one: str, other: str) -> float:
    """1 to 21, as WCAG counts it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


# --- what stands on a card -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all cards of a campaign have in common; `host` is where people sign."""

    name: str
    host: str
    colours: Colours


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `number` stands large above the words (empty: none). What is drawn and `words` are the
    same, so that `words` is its alt text as well."""

    words: str
    stationery: Stationery
    number: str = ""


def card_file(number: str = "") -> str:
    """How a picture that is a card names its file."""
    return f"{CARD}:{number}" if number else CARD


def number_on(file: str) -> str | None:
    """The large number of a card that a picture names (empty: it has none); None: it is a file."""
    head, _, number = file.partition(":")
    return number if head == CARD else None


def undrawable(text: str, letters: Iterable[str]) -> str:
    """The letters of a text that a font lacks, each once; blanks and line breaks need none."""
    wanted = dict.fromkeys(each for each in drawn_as(text) if not each.isspace())
    return "".join(each for each in wanted if each not in frozenset(letters))


def drawn_as(text: str) -> str:
    """A text with what shows nothing of itself put into what a font has: narrow blanks become wide ones,
    joiners and variation selectors go."""
    text = re.sub("[\u2000-\u200a\u202f]", "\u00a0", text)
    return re.sub("[\u200b-\u200d\u2060\ufe0e\ufe0f\u00ad]", "", text)


def why_not(words: str, letters: Iterable[str]) -> str | None:
    """Why no card can be made of these words: a clause; None where it can."""
    if missing := undrawable(words, letters):
        shown = " ".join(missing[:8]) + (" …" if len(missing) > 8 else "")
        return f"the font of cards has no {shown}: take it out, or give the message a picture of its own"
    if len(words) > MOST:
        return f"a card holds {MOST} letters, and there are {len(words)}: shorten the text"
    return None
