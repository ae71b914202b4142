"""backup and restore: the state is never lost, and nothing is posted twice by it."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from bot.store import lock
from tests.cli.conftest import CONFIG, Place


def posted(place: Place) -> list[str]:
    return [row["remote_id"] for row in place.json("history") if row["state"] == "posted"]


@pytest.fixture
def lived(live: Place, box: Sandbox) -> Place:
    """A folder whose bot has posted on both networks, with a backup from before the last post."""
    live.bot("run", "--once")
    time.sleep(1.1)
    assert live.bot("run", "--once").exit_code == 0
    done = live.bot("backup", "backup.db")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "backup.db holds the whole state: " in done.stdout
    time.sleep(1.1)
    assert live.bot("run", "--once").exit_code == 0
    return live


def test_a_restored_backup_posts_nothing_again_and_finds_what_it_lacks(lived: Place, box: Sandbox):
    ids = {post.id for network in ("x", "mastodon") for post in box.sites[network].posts()}
    assert len(ids) == 4
    done = lived.bot("restore", "backup.db")
    assert (done.exit_code, done.stderr) == (0, "")
    first, second, third = done.stdout.splitlines()
    assert first == "backup.db is the state now."
    assert Path(second.removeprefix("The one it replaces is kept as ")).exists()
    assert "posts may have gone out since the backup was made" in third
    lived.write("config.yaml", (lived.folder / "config.yaml").read_text().replace("every: 1s", "every: 6h"))
    lived.bot("run", "--once")
    assert set(posted(lived)) == ids
    assert {post.id for network in ("x", "mastodon") for post in box.sites[network].posts()} == ids


def test_a_backup_of_nothing_says_so(place: Place):
    done = place.bot("backup", "backup.db")
    assert done.exit_code == 1
    assert "there is no state at" in done.stderr
    assert not (place.folder / "backup.db").exists()
    assert not place.state.exists()


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("nowhere.db", "there is no backup nowhere.db"),
        ("messages.yaml", "the backup messages.yaml cannot be read"),
        ("state/petition-bot.db", "is the state itself"),
        ("newer.db", "is of a newer petition-bot (tables 9999"),
    ],
)
def test_what_is_no_backup_is_refused_in_one_sentence_and_changes_nothing(place: Place, file: str, says: str):
    number = place.unconfirmed()
    assert place.bot("backup", "newer.db").exit_code == 0
    with sqlite3.connect("newer.db") as opened:
        opened.execute("UPDATE petition_bot_version SET version_num = '9999'")
    opened.close()
    done = place.bot("restore", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [row["id"] for row in place.json("history")] == [number]


def test_beside_a_running_bot_a_restore_is_refused(place: Place):
    place.unconfirmed()
    place.bot("backup", "backup.db")
    with lock(f"sqlite:///{place.state}", "run"):
        done = place.bot("restore", "backup.db")
    assert done.exit_code == 75
    assert "is in use by petition-bot run" in done.stderr


def test_a_backup_beside_a_running_bot_is_made(place: Place):
    place.unconfirmed()
    with lock(f"sqlite:///{place.state}", "run"):
        assert place.bot("backup", "backup.db").exit_code == 0


def test_what_a_person_has_paused_since_stays_paused_and_it_says_so(place: Place):
    place.unconfirmed(waits=False)
    place.bot("backup", "backup.db")
    place.bot("pause")
    place.bot("pause", "--account", "here")
    done = place.bot("restore", "backup.db")
    assert "It stays paused, as the replaced one was. To go on: petition-bot resume" in done.stdout
    assert "here stays stopped" in done.stdout
    assert place.json("status")["paused"] == "paused"


def test_a_damaged_state_says_what_to_do_and_is_replaced(place: Place):
    place.unconfirmed()
    place.bot("backup", "backup.db")
    place.state.write_bytes(place.state.read_bytes()[:5000])
    broken = place.bot("status")
    assert broken.exit_code == 1
    assert "is damaged: keep a copy of it, then restore a backup (petition-bot restore FILE)" in broken.stderr
    assert place.bot("restore", "backup.db").exit_code == 0
    assert place.bot("status").exit_code == 0


# --- a state that cannot be used --------------------------------------------------------------------


def cut(state: Path) -> None:
    state.write_bytes(state.read_bytes()[:3000])


def emptied(state: Path) -> None:
    state.write_bytes(b"")


def newer(state: Path) -> None:
    with sqlite3.connect(state) as opened:
        opened.execute("UPDATE petition_bot_version SET version_num = '9999'")
    opened.close()


def of_another(state: Path) -> None:
    state.unlink()
    with sqlite3.connect(state) as opened:
        opened.execute("CREATE TABLE places (id)")
    opened.close()


def a_folder(state: Path) -> None:
    state.unlink()
    state.mkdir()


UNUSABLE = {
    cut: "is damaged",
    emptied: "is empty (0 bytes)",
    newer: "is of a newer petition-bot",
    of_another: "holds tables of another program (places)",
    a_folder: "cannot be opened",
}
COMMANDS = [
    ["status"],
    ["history", "--json"],
    ["run", "--once"],
    ["pause"],
    ["post", "tents"],
    ["backup", "b.db"],
]


@pytest.mark.parametrize("spoil", UNUSABLE, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_state_that_cannot_be_used_is_one_sentence_and_exit_1(place: Place, spoil, words: list[str]):
    place.unconfirmed()
    spoil(place.state)
    done = place.bot(*words)
    assert (done.exit_code, done.stdout) == (1, "")
    [sentence] = done.stderr.splitlines()
    assert UNUSABLE[spoil] in sentence
    assert sentence.startswith("petition-bot: the state ")


def test_a_second_bot_is_told_who_holds_the_state_and_ends_with_75(place: Place):
    place.unconfirmed()
    with lock(f"sqlite:///{place.state}", "run"):
        done = place.bot("run", "--once")
    assert done.exit_code == 75
    assert "stop that bot first" in done.stderr


def test_a_state_locked_by_another_program_is_one_sentence(place: Place, monkeypatch: pytest.MonkeyPatch):
    from bot.store import engine

    monkeypatch.setattr(engine, "PATIENCE", 0.05)
    place.write("config.yaml", CONFIG.replace('at: ["09:00", "18:30"]', "every: 1s"))
    place.unconfirmed()
    other = sqlite3.connect(place.state, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = place.bot("run", "--once")
    other.close()
    assert done.exit_code == 1
    assert "is locked by another program" in done.stderr
    assert len(done.stderr.splitlines()) == 1
