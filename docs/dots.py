"""Draws media/one-square-one-person.png: 60,000 squares, and among them those of the children.

Run it in the repository's folder: python docs/dots.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

COLUMNS, ROWS, STEP, SIDE, MARGIN = 300, 200, 5, 4, 30
BANDS = [(500, "#7f1d1d"), (4_000, "#c2410c"), (16_000, "#f59e0b"), (60_000, "#94a3b8")]
"""Up to which square a colour goes: under 12 months, under 5, under 18, everybody."""


def colour(number: int) -> str:
    return next(colour for most, colour in BANDS if number < most)


def drawing() -> Image.Image:
    """Column by column from the left, so that each group is a band."""
    size = (COLUMNS * STEP + 2 * MARGIN, ROWS * STEP + 2 * MARGIN)
    image = Image.new("RGB", size, "#f8fafc")
    pen = ImageDraw.Draw(image)
    for number in range(COLUMNS * ROWS):
        column, row = divmod(number, ROWS)
        x, y = MARGIN + column * STEP, MARGIN + row * STEP
        pen.rectangle((x, y, x + SIDE - 2, y + SIDE - 2), fill=colour(number))
    return image.quantize(8)


if __name__ == "__main__":
    target = Path(__file__).parents[1] / "media" / "one-square-one-person.png"
    target.parent.mkdir(exist_ok=True)
    drawing().save(target, optimize=True)
