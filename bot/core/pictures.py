"""What a picture must be like to go out, and how a too large one is made smaller. It opens none.

An animation is never made a still picture, and nothing goes out without a picture that belongs to it:
what cannot be sent as it was meant is said by `check`, and not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.core.cards import CARD, number_on, why_not
from bot.core.model import Limits, Picture
from bot.core.written import Media, Queue

ENDINGS = {".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".png": "PNG", ".gif": "GIF", ".webp": "WebP"}
USUAL_ENDING = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WebP": ".webp"}

LEAST_SIDE = 64
"""Pixels; nobody sees anything on a picture that had to be made smaller than this."""

QUALITY, LOWER_QUALITY = 90, 80
SMALLER = 0.8
"""Of width and height, from one attempt to the next."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture's file holds. Width and height in pixels as people see it, upright; `size` in bytes
    without what nobody sees; `opaque`: no part of it is transparent. `letters`: of a card, those that can be
    drawn."""

    kind: str
    width: int
    height: int
    frames: int
    size: int
    opaque: bool = True
    letters: frozenset[str] = frozenset()

    @property
    def animated(self) -> bool:
        return self.frames > 1


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a picture cannot go out anywhere: a clause that begins with the file."""

    reason: str


Looks = Mapping[str, Look | Unusable]
"""By the file as it is written in messages.yaml."""


def files(queue: Queue) -> list[str]:
    """The pictures of all messages, those of `per` included, each once."""
    messages = queue.messages
    media = [each for message in messages for each in message.media]
    media += [each for message in messages for layer in message.per.values() for each in layer.media or ()]
    return list(dict.fromkeys(each.file for each in media))


def mislabelled(file: str, kind: str) -> str | None:
    """Why the name of a picture is wrong for what is in it."""
    ending = PurePosixPath(file).suffix.lower()
    if not ending or ENDINGS.get(ending) == kind:
        return None
    right = PurePosixPath(file).with_suffix(USUAL_ENDING[kind])
    return f"{file} is in truth a {kind}: name it {right}"


def unfit(media: Sequence[Picture | Media], looks: Looks, limits: Limits) -> str | None:
    """Why these pictures cannot go out together within `limits`: a clause. Unknown ones are trusted."""
    if len(media) > limits.pictures:
        return f"has {len(media)} pictures, and {limits.pictures} are taken: leave some out"
    for place, each in enumerate(media):
        if any(each.file == other.file for other in media[:place]):
            return f"has {each.file} twice: take one of them out"
        if isinstance(each, Picture) and number_on(each.file) is not None:
            if why := _undrawn(each, looks.get(CARD)):
                return why
            continue
        look = looks.get(each.file)
        if isinstance(look, Unusable):
            return f"has a picture that cannot be used: {look.reason}"
        if look and (why := _unfit_alone(each.file, look, limits)):
            return why
        if look and look.animated and limits.animation_alone and len(media) > 1:
            return f"has the animated {each.file} among other pictures, and it must stand alone"
    return None


def _undrawn(picture: Picture, look: Look | Unusable | None) -> str | None:
    """Why a card cannot be drawn, as far as anybody looked at what can be."""
    why = why_not(picture.alt, look.letters) if isinstance(look, Look) else None
    return f"has a card that cannot be drawn: {why}" if why else None


def _unfit_alone(file: str, look: Look, limits: Limits) -> str | None:
    if not look.animated:
        return None  # too large ones are made smaller
    if not limits.animation_bytes:
        return f"has the animated {file}, which would stand still there: leave it out there (per)"
    if look.size > limits.animation_bytes:
        return (
            f"has the animated {file} of {megabytes(look.size)}, and {megabytes(limits.animation_bytes)} "
            "are taken: make it shorter or smaller"
        )
    return None


def lost(sent: int, shown: int) -> str:
    """What a post lacks that went out with `sent` pictures and shows so many; empty: nothing."""
    if shown >= sent:
        return ""
    which = (
        "its picture"
        if sent == 1
        else "its pictures"
        if not shown
        else f"{sent - shown} of its {sent} pictures"
    )
    return f"it stands without {which}, which the network lost: see whether to take it back"


def megabytes(size: int) -> str:
    """`8 MB`, `0.98 MB`."""
    return f"{size / 1e6:.3g} MB"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a still picture is drawn: JPEG (in `quality`) or PNG, in pixels."""

    kind: str
    width: int
    height: int
    quality: int = QUALITY


def attempts(look: Look, limits: Limits) -> Iterator[Attempt]:
    """Ways to draw a still picture, the best first; the first one that is small enough is taken."""
    scale = 1.0
    if limits.picture_pixels and look.width * look.height > limits.picture_pixels:
        scale = (limits.picture_pixels / (look.width * look.height)) ** 0.5
    kinds = ["JPEG"] if look.kind == "JPEG" or (look.kind == "WebP" and look.opaque) else ["PNG"]
    if look.opaque and kinds == ["PNG"]:
        kinds.append("JPEG")
    while True:
        width, height = max(int(look.width * scale), 1), max(int(look.height * scale), 1)
        yield from _of_size(kinds, width, height)
        scale *= SMALLER
        if max(look.width, look.height) * scale < LEAST_SIDE:
            return
        kinds = kinds[-1:]


def _of_size(kinds: Iterable[str], width: int, height: int) -> Iterator[Attempt]:
    for kind in kinds:
        yield Attempt(kind, width, height)
        if kind == "JPEG":
            yield Attempt(kind, width, height, LOWER_QUALITY)
