"""The share page as a folder, for any static host: what changed is written, what is gone is removed.

A list of what it made lies in the folder; a file that is not on it is never touched, nor written over.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.web.share.site import Site

MANIFEST = ".petition-bot-share.json"


@dataclass
class Built:
    """What a build did, by paths from the folder on. `without`: cards that could not be drawn."""

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


class NotOurs(Exception):
    """A file stands in the way that this program did not make; the sentence says which."""


def build(site: Site, folder: Path) -> Built:
    """Bring the folder up to date. Raises NotOurs, and OSError with the name of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    before, now, done = _made_before(folder), dict[str, str](), Built()
    for path in site.paths():
        name = f"{path}index.html" if not path or path.endswith("/") else path
        leaf = site.leaf(path)
        assert leaf is not None, "the site has what it lists"
        if before.get(name) == leaf.stamp and (folder / name).is_file():
            done.kept.append(name)
        elif (data := leaf.make()) is None:
            done.without.append(name)
            continue
        else:
            _put(folder, name, data, done, ours=name in before)
        now[name] = leaf.stamp
    for name in sorted(set(before) - set(now)):
        _remove(folder, name, done)
    if now != before:
        _write(folder / MANIFEST, json.dumps(now, indent=0, sort_keys=True).encode())
    return done


def _made_before(folder: Path) -> dict[str, str]:
    """What earlier builds made, with its stamps; a list that cannot be read is none."""
    try:
        known = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    fine = isinstance(known, dict) and all(isinstance(each, str) for each in known.values())
    return {name: stamp for name, stamp in known.items() if _inside(name)} if fine else {}


def _inside(name: str) -> bool:
    """Only below the folder: the list may have been edited by anybody."""
    return not name.startswith("/") and ".." not in name.split("/") and "\\" not in name


def _put(folder: Path, name: str, data: bytes, done: Built, *, ours: bool) -> None:
    path = folder / name
    there = path.read_bytes() if path.is_file() else None
    if there == data:
        done.kept.append(name)
        return
    if there is not None and not ours:
        raise NotOurs(f"{path} was not made by share build: take it away, or build into an empty folder")
    _write(path, data)
    done.written.append(name)


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: whoever reads it meanwhile has the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data)
    os.replace(beside, path)


def _remove(folder: Path, name: str, done: Built) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    done.removed.append(name)
    for above in path.parents:
        if above == folder:
            return
        with suppress(OSError):  # something else is in it
            above.rmdir()
