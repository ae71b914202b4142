"""The pictures beside messages.yaml: looked at for `check`, and drawn as they go out. Pillow only here and
in cards.py, where the pictures are drawn that have no file.

What leaves is drawn anew from what is seen: upright, in JPEG or PNG, without place, time or camera; an
animation stays as it is, less the same. It opens nothing outside the folder, and nothing that is no picture.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from bot.core.cards import HEIGHT, WIDTH, Card, Stationery, number_on
from bot.core.model import Limits, Picture
from bot.core.pictures import Attempt, Look, Unusable, attempts, mislabelled, unfit
from bot.core.scalars import did_you_mean
from bot.files import cards
from bot.files.gif import bare
from bot.ports import Drawn

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 50_000_000
MOST_PIXELS = 100_000_000
"""Of a file in bytes, and of a picture: more is a mistake, and would take the machine's memory."""

READ = ("JPEG", "PNG", "GIF", "WEBP")
KINDS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "GIF", "WEBP": "WebP"}
"""What we read, and what Pillow may find it to be: MPO is a JPEG with several pictures of one view."""

STRANGERS = (
    (b"ftyphei", "a HEIC picture, as iPhones take them"),
    (b"ftyphev", "a HEIC picture, as iPhones take them"),
    (b"ftypmif1", "a HEIC picture, as iPhones take them"),
    (b"ftypavif", "an AVIF picture"),
    (b"ftyp", "a film"),
    (b"%PDF", "a PDF"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an SVG drawing"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)
"""What people take for a picture of the web, by its first bytes (those of films begin after four)."""


class Album:
    """The pictures in and below one folder, and the cards that are made on `stationery`."""

    def __init__(self, folder: Path, stationery: Callable[[], Stationery] | None = None) -> None:
        self._folder, self._stationery = folder, stationery

    def look(self, file: str) -> Look | Unusable:
        """What is in the file, read whole; the same file is not read twice."""
        if number_on(file) is not None:
            return cards.look()
        path = self._find(file)
        if isinstance(path, Unusable):
            return path
        try:
            status = path.stat()
            return _seen(file, path, status.st_mtime_ns, status.st_size)
        except OSError as error:
            return _unreadable(file, error)

    def draw(self, picture: Picture, limits: Limits) -> Drawn | Unusable:
        """The picture as a network with these limits takes it, from the file as it is now."""
        if (number := number_on(picture.file)) is not None:
            return self._card(picture, number)
        path = self._find(picture.file)
        data = path if isinstance(path, Unusable) else _read(picture.file, path)
        if isinstance(data, Unusable):
            return data
        look = _look(picture.file, data)
        if isinstance(look, Unusable):
            return look
        if why := unfit([picture], {picture.file: look}, limits):
            return Unusable(f"{picture.file} cannot be sent: the post {why}")
        if look.animated:
            return Drawn(picture, bare(data), "image/gif", look.width, look.height)
        return _drawn(picture, data, look, limits)

    def _card(self, picture: Picture, number: str) -> Drawn | Unusable:
        """Its alt text is what stands on it."""
        if self._stationery is None:
            return Unusable("no card can be drawn: the campaign's colours are not known here")
        data = cards.draw(Card(picture.alt, self._stationery(), number))
        return data if isinstance(data, Unusable) else Drawn(picture, data, "image/png", WIDTH, HEIGHT)

    def _find(self, file: str) -> Path | Unusable:
        """The file, if it stands in the folder or below; also if a Mac wrote its name in other letters."""
        if PurePath(file).is_absolute() or ".." in PurePath(file).parts or "\\" in file:
            return Unusable(
                f"{file} must be named from the folder of messages.yaml on, with /, such as media/tents.jpg"
            )
        try:
            return self._there(file)
        except OSError as error:
            return _unreadable(file, error)

    def _there(self, file: str) -> Path | Unusable:
        forms = (self._folder / unicodedata.normalize(form, file) for form in ("NFC", "NFD"))
        path = next((each for each in forms if each.is_file()), None)
        if path is None:
            return Unusable(f"{file} is not there{did_you_mean(file, self._others())}")
        if not path.resolve().is_relative_to(self._folder.resolve()):
            return Unusable(f"{file} leads out of the folder of messages.yaml: copy the picture into it")
        return path

    def _others(self) -> list[str]:
        """What else there is, as it would be written."""
        found = (path for ending in ("jpg", "jpeg", "png", "gif", "webp") for path in self._like(ending))
        return [path.relative_to(self._folder).as_posix() for path in found]

    def _like(self, ending: str) -> Iterator[Path]:
        yield from self._folder.glob(f"*.{ending}")
        yield from self._folder.glob(f"*/*.{ending}")


@lru_cache(maxsize=1024)
def _seen(file: str, path: Path, _changed: int, _size: int) -> Look | Unusable:
    data = _read(file, path)
    return data if isinstance(data, Unusable) else _look(file, data)


def _read(file: str, path: Path) -> bytes | Unusable:
    try:
        if path.stat().st_size > LARGEST:
            return Unusable(f"{file} is larger than {LARGEST // 1_000_000} MB: make it smaller")
        return path.read_bytes()
    except OSError as error:
        return _unreadable(file, error)


def _unreadable(file: str, error: OSError) -> Unusable:
    return Unusable(f"{file} cannot be read ({(error.strerror or 'no reason is known').lower()})")


def looked(file: str, data: bytes) -> Look | Unusable:
    """What is in a picture that stands nowhere yet; `file` is what it would be called, without an ending."""
    if len(data) > LARGEST:
        return Unusable(f"{file} is larger than {LARGEST // 1_000_000} MB: make it smaller")
    return _look(file, data)


def _look(file: str, data: bytes) -> Look | Unusable:
    """What the bytes are. Every frame is read, since half a picture begins like a whole one."""
    if not data:
        return Unusable(f"{file} is empty: copy it again")
    try:
        return _measured(file, data)
    except Exception:  # whatever a broken file makes of the library
        return Unusable(f"{file} is damaged or not whole: copy or export it again")


def _measured(file: str, data: bytes) -> Look | Unusable:
    image = _opened(data)
    if image is None:
        return Unusable(_strange(file, data))
    kind = KINDS[str(image.format)]
    if wrong := mislabelled(file, kind):
        return Unusable(wrong)
    if image.width * image.height > MOST_PIXELS:
        return Unusable(f"{file} has {image.width} x {image.height} pixels: make it smaller")
    frames = 1 if kind == "JPEG" else _frames(image)
    if frames > 1 and kind != "GIF":
        return Unusable(
            f"{file} is an animated {kind}, which networks show as a still picture: make it a GIF"
        )
    upright = _upright(image)
    size = len(bare(data)) if kind == "GIF" else len(data)
    return Look(kind, upright.width, upright.height, frames, size, not _transparent(upright))


def _opened(data: bytes) -> Image | None:
    """None for what is no picture of ours."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves, and say it in a sentence
    try:
        return Image.open(BytesIO(data), formats=READ)
    except UnidentifiedImageError:
        return None


def _strange(file: str, data: bytes) -> str:
    start = data[:400].lstrip()
    signs = ((sign, start[4:] if sign.startswith(b"ftyp") else start, what) for sign, what in STRANGERS)
    found = (what for sign, place, what in signs if place.startswith(sign))
    what = next(found, "no picture that can be read")
    return f"{file} is {what}, and networks take JPEG, PNG and GIF: export it as JPEG"


def _frames(image: Any) -> int:
    """How many there are, each of them read."""
    frames = getattr(image, "n_frames", 1)
    for number in range(frames):
        image.seek(number)
        image.load()
    image.seek(0)
    return int(frames)


def _upright(image: Image) -> Image:
    from PIL import ImageOps

    return ImageOps.exif_transpose(image)


def _transparent(image: Image) -> bool:
    """Is any part of it really seen through?"""
    if not image.has_transparency_data:
        return False
    least, _ = image.convert("RGBA").getchannel("A").getextrema()
    return bool(least < 255)  # type: ignore[operator]


# --- drawing ---------------------------------------------------------------------------------


def _drawn(picture: Picture, data: bytes, look: Look, limits: Limits) -> Drawn | Unusable:
    image = _opened(data)
    assert image is not None, "it was looked at a moment ago"
    image = _upright(image)
    image.load()
    for attempt in attempts(look, limits):
        drawn = _encoded(image, attempt)
        if len(drawn) <= limits.picture_bytes:
            return Drawn(picture, drawn, f"image/{attempt.kind.lower()}", attempt.width, attempt.height)
    return Unusable(f"{picture.file} cannot be made small enough: draw it more simply")


def _encoded(image: Image, attempt: Attempt) -> bytes:
    from PIL.Image import Resampling

    target, colours = BytesIO(), image.info.get("icc_profile")
    image = _MODES[attempt.kind](image, (attempt.width, attempt.height) != image.size)
    if (attempt.width, attempt.height) != image.size:
        image = image.resize((attempt.width, attempt.height), Resampling.LANCZOS)
    image.info = {name: image.info[name] for name in ("transparency",) if name in image.info}
    more: dict[str, Any] = {"quality": attempt.quality} if attempt.kind == "JPEG" else {}
    if colours and image.mode in ("RGB", "RGBA"):
        more["icc_profile"] = colours
    image.save(target, attempt.kind, optimize=True, **more)
    return target.getvalue()


def _for_jpeg(image: Image, _resized: bool) -> Image:
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def _for_png(image: Image, resized: bool) -> Image:
    """Colours from a table, or of 16 bits, cannot be mixed as a smaller picture wants them."""
    if not resized or image.mode in ("RGB", "RGBA", "L", "LA"):
        return image.copy()
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


_MODES: dict[str, Callable[[Image, bool], Image]] = {"JPEG": _for_jpeg, "PNG": _for_png}
