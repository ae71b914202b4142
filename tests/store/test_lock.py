"""One bot for one SQLite state; the kernel frees the lock of a dead one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.ports import StateLocked, StoreUnusable
from bot.store import lock, open_store

HOLD = """
import sys
from bot.store import lock
with lock(sys.argv[1], "run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def state(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/state/bot.db"


def test_a_second_one_is_told_who_holds_it(state: str, tmp_path: Path) -> None:
    with lock(state, "run"), pytest.raises(StateLocked) as told, lock(state, "restore"):
        pass
    sentence = str(told.value)
    assert f"{tmp_path}/state/bot.db is in use by petition-bot run" in sentence
    assert f"process {os.getpid()} on {socket.gethostname()}, since 20" in sentence
    assert "\n" not in sentence
    assert told.value.exit_code == 75


def test_a_lock_given_back_can_be_taken_again(state: str) -> None:
    for purpose in ("run", "restore"):
        with lock(state, purpose):
            pass


def test_a_lock_is_given_back_when_its_work_fails(state: str) -> None:
    with pytest.raises(ZeroDivisionError), lock(state, "run"):
        raise ZeroDivisionError
    with lock(state, "run"):
        pass


def test_the_lock_of_a_killed_process_is_free(state: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(StateLocked, match=f"process {process.pid} "), lock(state, "run"):
            pass
        process.send_signal(signal.SIGKILL)
    with lock(state, "run"):
        pass


def test_other_commands_work_beside_the_holder(state: str) -> None:
    with lock(state, "run"):
        store = open_store(state)
        store.pause(None, None)
        store.close()


def test_two_states_have_two_locks(tmp_path: Path) -> None:
    with lock(f"sqlite:///{tmp_path}/a.db", "run"), lock(f"sqlite:///{tmp_path}/b.db", "run"):
        pass


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://host/state"])
def test_what_is_no_file_is_not_locked(url: str) -> None:
    with lock(url, "run"), lock(url, "run"):
        pass


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StoreUnusable, match="cannot be made") as told,
        lock(f"sqlite:///{tmp_path}/file/a.db", "run"),
    ):
        pass
    assert told.value.exit_code == 1
