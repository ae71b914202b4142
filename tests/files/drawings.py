"""Pictures for tests, drawn on the spot."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

GPS, ORIENTATION = 0x8825, 0x0112
PLACE = {1: "N", 2: (32.0, 30.0, 12.0), 3: "W", 4: (97.0, 3.0, 40.0)}


def plain(width: int = 40, height: int = 20, mode: str = "RGB", colour: Any = "teal") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def noisy(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """One that no format makes small."""
    return Image.effect_noise((width, height), 90).convert(mode)


def encoded(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def animation(frames: int = 4, kind: str = "GIF", size: int = 20, **more: Any) -> bytes:
    shades = [noisy(size, size, "L").convert("P") for _ in range(frames)]
    return encoded(shades[0], kind, save_all=True, append_images=shades[1:], duration=80, **more)


def photo(orientation: int = 6, width: int = 400, height: int = 200, quality: int = 75) -> bytes:
    """A JPEG as a telephone takes it: sideways, and with the place where it was taken. Red is on its left."""
    image = plain(width, height)
    image.paste("red", (0, 0, width // 4, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "A telephone"
    exif.get_ifd(GPS).update(PLACE)
    return encoded(image, "JPEG", quality=quality, exif=exif, comment=b"taken at the shelter")


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def put(folder: Path, file: str, data: bytes) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
