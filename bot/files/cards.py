"""Share cards as PNG: 1200 x 675, the campaign's colours, the words as large as they fit. Beside pictures.py
the only home of Pillow.

It draws every word or nothing, and loads the library only when the first card is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.core.cards import HEIGHT, WIDTH, Card, drawn_as, why_not
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
SHADES = 48
"""Colours of the file: letters on one ground need few, and a card is then a tenth as large."""

USUAL = 60_000
"""Bytes of a card: less than any network takes."""


def look() -> Look:
    """What any card is like, before it is drawn."""
    return Look("PNG", WIDTH, HEIGHT, 1, USUAL, letters=letters())


@lru_cache(maxsize=256)
def draw(card: Card) -> bytes | Unusable:
    """The card as PNG. The same card is not drawn twice while it is remembered."""
    if why := why_not(f"{card.number}{card.words}", letters()):
        return Unusable(f"the card cannot be drawn: {why}")
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), card.stationery.colours.background)
    pen = ImageDraw.Draw(image)
    top = _number(pen, card)
    bottom = _foot(pen, card)
    _words(pen, card, top, bottom)
    target = BytesIO()
    image.quantize(SHADES).save(target, "PNG", optimize=True)
    return target.getvalue()


def _number(pen: ImageDraw, card: Card) -> int:
    """The large number, and where what follows it begins."""
    if not card.number:
        return MARGIN
    size = NUMBER
    while (font := _font(BOLD, size)).getlength(drawn_as(card.number)) > WIDTH - 2 * MARGIN:
        size -= STEP
    pen.text((MARGIN, MARGIN), drawn_as(card.number), card.stationery.colours.accent, font, anchor="lt")
    return MARGIN + round(size * 0.98)


def _foot(pen: ImageDraw, card: Card) -> int:
    """The line, who speaks and where people sign; and where what stands above has to end."""
    colours, line = card.stationery.colours, HEIGHT - MARGIN - FOOT
    pen.rectangle((MARGIN, line, MARGIN + 96, line + 7), colours.accent)
    base, right = HEIGHT - MARGIN + 12, WIDTH - MARGIN
    font, small = _font(BOLD, 36), _font(MEDIUM, 28)
    name, host = _known(card.stationery.name), _known(card.stationery.host)
    room = right - MARGIN - small.getlength(host) - 40
    while name and font.getlength(name) > room:
        name = name[:-2] + "…" if len(name) > 2 else ""
    pen.text((MARGIN, base), name, colours.text, font, anchor="ls")
    pen.text((right, base), host, colours.text, small, anchor="rs")
    return line - 34


def _words(pen: ImageDraw, card: Card, top: int, bottom: int) -> None:
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
        pen.text(place, line, card.stationery.colours.text, font, anchor="la")


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
