"""One way to replace a file that people edit too: all of it or nothing, and never what was not seen.

It takes no side when somebody else wrote in the meantime: it says so, and hands over both.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class Changed(Exception):
    """Somebody wrote the file after it was read, and nothing was saved.

    `before` is what was read then, `found` what stands there now, `after` what was to be saved.
    """

    def __init__(self, path: Path, before: bytes, found: bytes, after: str) -> None:
        super().__init__(f"{path.name} was changed by somebody else in the meantime; nothing was saved")
        self.before, self.found, self.after = before, found, after


def save(path: Path, before: bytes, after: str) -> None:
    """Write `after` (UTF-8) in place of `before`; mode and owner stay. Durable on return.

    Raises Changed when the file no longer holds `before`, and OSError; then it is as it was.
    """
    target = Path(os.path.realpath(path))
    raw = after.encode("utf-8")
    with target.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # one saver after the other; who waited finds the file changed
        found = target.read_bytes()
        if found != before:
            raise Changed(path, before, found, after)
        if raw != before:
            _replace(target, raw, os.fstat(held.fileno()))


def _replace(target: Path, raw: bytes, status: os.stat_result) -> None:
    number, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(raw)
            with suppress(PermissionError):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        os.unlink(draft)
        raise
    _remember(target.parent)


def _remember(folder: Path) -> None:
    """The new name of the draft is on disk, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
