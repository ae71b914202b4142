"""Pictures that organizers bring: kept in media/ beside messages.yaml, under a safe name of our own.

It overwrites nothing and writes nowhere else; a file that no network would take is not kept.
"""

from __future__ import annotations

import os
import re
import unicodedata
from itertools import count
from pathlib import Path

from bot.core.pictures import USUAL_ENDING, Unusable
from bot.files.pictures import looked
from bot.office.people import NotSo

FOLDER = "media"
LONGEST = 60
"""Letters of a name, without its ending."""


def keep(beside: Path, name: str, data: bytes) -> str:
    """Where the picture stands, from the folder of messages.yaml on. The same picture is not kept twice
    under one name. Raises NotSo."""
    look = looked(plain(name), data)
    if isinstance(look, Unusable):
        raise NotSo("this picture was not taken: %(why)s", why=look.reason)
    folder = _folder(beside)
    for number in count(1):
        file = f"{plain(name)}{f'-{number}' if number > 1 else ''}{USUAL_ENDING[look.kind]}"
        if _is_kept(folder / file, data):
            return f"{FOLDER}/{file}"
    raise AssertionError("names do not end")


def plain(name: str, nameless: str = "picture") -> str:
    """`Zelte am Fluß.JPG` -> `zelte-am-flu`: letters that every system and address takes, no ending."""
    last = re.split(r"[/\\]", name)[-1].rpartition(".")
    letters = unicodedata.normalize("NFKD", last[0] or last[2]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST].strip("-") or nameless


def _folder(beside: Path) -> Path:
    folder = beside / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _unwritten(folder, error) from None
    if not folder.resolve().is_relative_to(beside.resolve()):
        raise NotSo(
            "the picture was not kept: %(folder)s leads out of the folder of messages.yaml", folder=folder
        )
    return folder


def _is_kept(path: Path, data: bytes) -> bool:
    """False where something else stands already. What is there is never touched."""
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritten(path, error) from None
    return True


def _unwritten(path: Path, error: OSError) -> NotSo:
    why = (error.strerror or "the system refused").lower()
    return NotSo("the picture was not kept: %(file)s cannot be written (%(why)s)", file=path, why=why)
