"""Share cards as PNG: 1200 x 675, the campaign's colours, the words as large as they fit. Beside pictures.py
the only home of Pillow.

It draws every word or nothing, and loads the library only when the first card is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from bot.core.cards import HEIGHT, WIDTH, Card, Colours, drawn_as, why_not
from bot.core.pictures import Look, Unusable
from bot.files.letters import BOLD, MEDIUM, SEMIBOLD, font_file, letters

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

DRAWING = "1"
"""Of this way to draw; another one makes other cards of the same words."""

MARGIN, FOOT = 80, 64
LARGEST, STEP = 92, 2
"""Pixels of the words, and how they are made smaller until they fit."""
NUMBER = 190
LEADING = 1.32
FULL = 127
"""The darkest of the shades in which words and accents are drawn, each on a sheet of its own: a card of few
colours is a small file, and no colour has to be guessed."""

USUAL = 60_000
"""Bytes of a card: less than any network takes."""


def look() -> Look:
    """What any card is like, before it is drawn."""
    return Look("PNG", WIDTH, HEIGHT, 1, USUAL, letters=letters())


class Pens(NamedTuple):
    """One for what has the words' colour, one for what has the accent."""

    words: ImageDraw
    accent: ImageDraw


@lru_cache(maxsize=256)
def draw(card: Card) -> bytes | Unusable:
    """The card as PNG. The same card is not drawn twice while it is remembered."""
    if why := why_not(f"{card.number}{card.words}", letters()):
        return Unusable(f"the card cannot be drawn: {why}")
    from PIL import Image, ImageChops, ImageDraw

    words, accents = (Image.new("L", (WIDTH, HEIGHT)) for _ in range(2))
    pens = Pens(ImageDraw.Draw(words), ImageDraw.Draw(accents))
    top = _number(pens, card)
    bottom = _foot(pens, card)
    _words(pens, card, top, bottom)
    image = ImageChops.add(words, accents.point(lambda shade: shade + FULL + 1 if shade else 0))
    image.putpalette(_palette(card.stationery.colours))
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _palette(colours: Colours) -> list[int]:
    """From the background to the words' colour, then from the background to the accent."""
    ground, *inks = (
        tuple(int(each[at : at + 2], 16) for at in (1, 3, 5))
        for each in (colours.background, colours.text, colours.accent)
    )
    return [
        round(low + (high - low) * shade / FULL)
        for ink in inks
        for shade in range(FULL + 1)
        for low, high in zip(ground, ink, strict=True)
    ]


def _number(pens: Pens, card: Card) -> int:
    """The large number, and where what follows it begins."""
    if not card.number:
        return MARGIN
    size = NUMBER
    while (font := _font(BOLD, size)).getlength(drawn_as(card.number)) > WIDTH - 2 * MARGIN:
        size -= STEP
    pens.accent.text((MARGIN, MARGIN), drawn_as(card.number), FULL, font, anchor="lt")
    return MARGIN + round(size * 0.98)


def _foot(pens: Pens, card: Card) -> int:
    """The line, who speaks and where people sign; and where what stands above has to end."""
    line = HEIGHT - MARGIN - FOOT
    pens.accent.rectangle((MARGIN, line, MARGIN + 96, line + 7), FULL)
    base, right = HEIGHT - MARGIN + 12, WIDTH - MARGIN
    font, small = _font(BOLD, 36), _font(MEDIUM, 28)
    name, host = _known(card.stationery.name), _known(card.stationery.host)
    room = right - MARGIN - small.getlength(host) - 40
    while name and font.getlength(name) > room:
        name = name[:-2] + "…" if len(name) > 2 else ""
    pens.words.text((MARGIN, base), name, FULL, font, anchor="ls")
    pens.words.text((right, base), host, FULL, small, anchor="rs")
    return line - 34


def _words(pens: Pens, card: Card, top: int, bottom: int) -> None:
    """As large as they fit between top and bottom; beside a number not larger than it."""
    largest = 54 if card.number else LARGEST
    for size in range(largest, 0, -STEP):
        font = _font(SEMIBOLD if size > 40 else MEDIUM, size)
        lines = [*_lines(drawn_as(card.words), font, WIDTH - 2 * MARGIN)]
        height = round(len(lines) * size * LEADING)
        if height <= bottom - top or size <= STEP:
            break
    begin = top if card.number else top + max(bottom - top - height, 0) // 2
    for number, line in enumerate(lines):
        place = (MARGIN, begin + round(number * size * LEADING))
        pens.words.text(place, line, FULL, font, anchor="la")


def _lines(words: str, font: FreeTypeFont, width: int) -> Iterator[str]:
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            wider = f"{line} {word}".strip(" ")
            if font.getlength(wider) <= width:
                line = wider
                continue
            if line:
                yield line
            *full, line = _pieces(word, font, width)
            yield from full
        yield line


def _pieces(word: str, font: FreeTypeFont, width: int) -> list[str]:
    """A word that is wider than the card, cut where it must be; most are one piece."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _known(text: str) -> str:
    """Names as far as the font has their letters: a card without a name is still a card."""
    return "".join(each for each in drawn_as(text) if each in letters() or each == " ").strip()


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(font_file(name)), size)
