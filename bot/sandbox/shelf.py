"""Uploaded pictures, and how long they take to be ready: in memory only, as nothing of them is public."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

FOREVER = 10**9
_SIGNS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"\xff\xd8\xff": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """`waits` is how many more times somebody must ask before it is ready."""

    id: str
    owner: str
    kind: str
    data: bytes
    alt: str = ""
    waits: int = 0
    attached: bool = False


class Shelf:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[str, Picture] = {}

    def put(self, picture: Picture) -> Picture:
        with self._lock:
            self._pictures[picture.id] = picture
        return picture

    def get(self, picture_id: str, owner: str | None = None) -> Picture | None:
        """A picture, only if it is `owner`'s where one is named."""
        with self._lock:
            picture = self._pictures.get(picture_id)
        return picture if picture is None or owner in (None, picture.owner) else None

    def ask(self, picture_id: str, owner: str) -> Picture | None:
        """Look whether it is ready; each look brings it nearer."""
        picture = self.get(picture_id, owner)
        if picture is not None and picture.waits:
            self.put(replace(picture, waits=picture.waits - 1))
        return picture

    def attach(self, pictures: tuple[Picture, ...]) -> None:
        for picture in pictures:
            self.put(replace(picture, attached=True))

    def all(self) -> tuple[Picture, ...]:
        """Every picture, in the order of upload."""
        with self._lock:
            return tuple(self._pictures.values())


def kind_of(data: bytes) -> str | None:
    """The kind of picture by its first bytes, whatever its name says."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in _SIGNS.items() if data.startswith(sign)), None)
