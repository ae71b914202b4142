"""A file is replaced whole or not at all, and never when somebody else wrote it in the meantime."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bot.files.save import Changed, save


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "messages.yaml"
    path.write_bytes(b"before\r\n")
    return path


def test_what_is_saved_stands_there_to_the_byte(path: Path):
    save(path, b"before\r\n", "después 😀\r\n")
    assert path.read_bytes() == "después 😀\r\n".encode()
    assert [each.name for each in path.parent.iterdir()] == ["messages.yaml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_mode_and_owner_stay(path: Path, mode: int):
    path.chmod(mode)
    owner = path.stat().st_uid, path.stat().st_gid
    save(path, b"before\r\n", "after")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert (path.stat().st_uid, path.stat().st_gid) == owner


def test_an_edit_by_somebody_else_is_not_overwritten(path: Path):
    path.write_bytes(b"theirs")
    with pytest.raises(Changed, match="changed by somebody else") as refused:
        save(path, b"before\r\n", "ours")
    assert path.read_bytes() == b"theirs"
    assert (refused.value.before, refused.value.found, refused.value.after) == (
        b"before\r\n",
        b"theirs",
        "ours",
    )


def test_of_two_savers_at_once_one_is_told(path: Path):
    told: list[Changed] = []
    start = threading.Barrier(4)

    def one(number: int) -> None:
        start.wait()
        try:
            save(path, b"before\r\n", f"saved by {number}")
        except Changed as changed:
            told.append(changed)

    savers = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert len(told) == 3
    assert {each.found for each in told} == {path.read_bytes()}


def test_a_link_stays_a_link(path: Path):
    link = path.parent / "link.yaml"
    link.symlink_to(path)
    save(link, b"before\r\n", "after")
    assert link.is_symlink()
    assert path.read_bytes() == b"after"


def test_nothing_new_leaves_the_file_alone(path: Path):
    before = path.stat()
    save(path, b"before\r\n", "before\r\n")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_save_that_fails_leaves_the_old_file_and_no_draft(path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(source: object, target: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        save(path, b"before\r\n", "after")
    assert path.read_bytes() == b"before\r\n"
    assert [each.name for each in path.parent.iterdir()] == ["messages.yaml"]


def test_a_file_that_is_gone_is_not_made_anew(path: Path):
    path.unlink()
    with pytest.raises(FileNotFoundError):
        save(path, b"before\r\n", "after")
