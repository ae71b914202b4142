"""Files that somebody else wrote do no harm: through the commands, as an organizer would meet them."""

from __future__ import annotations

import base64
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import MESSAGES, Place

SMALL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A PNG of one point."""

LAUGHS = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "laughs": LAUGHS,
    "deep": "messages: " + "[" * 100_000,
    "deep-maps": "\n".join(" " * n + "a:" for n in range(3000)),
    "deep-keys": "? " * 50_000,
    "long-key": f"{'a' * 500_000}: 1\n",
    "many": "messages:\n" + "- {id: a}\n" * 60_000,
    "merge": "a: &a {b: 1}\nmessages:\n- {<<: *a, <<: *a}\n",
    "documents": "--- a\n" * 50_000,
    "a-megabyte": "# " + "x" * 1024 * 1024,
    "quotes": 'messages: "' + '\\"' * 200_000,
}
"""Texts that make a careless reader use up memory or time."""

TAGS = [
    "!!python/object/apply:os.system [touch owned]",
    '!!python/object/new:os.system ["touch owned"]',
    "!!python/object/apply:subprocess.Popen [[touch, owned]]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object:bot.core.written.Message {id: owned}",
    "!!python/tuple [a, b]",
    "!!binary aGVsbG8=",
    "!!timestamp 2026-12-01",
    "!!set {a, b}",
    "!<tag:yaml.org,2002:python/object/apply:os.system> [touch owned]",
    "!include /etc/passwd",
]


def checked(place: Place, name: str, text: str) -> tuple[int, str]:
    """What `check` says of a file, within a few seconds."""
    place.write(name, text)
    began = time.monotonic()
    done = place.bot("check")
    assert time.monotonic() - began < 30
    assert "Traceback" not in done.output
    return done.exit_code, done.output


@pytest.mark.parametrize("name", ["messages.yaml", "config.yaml"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_a_problem_with_a_line_and_soon_over(place: Place, name: str, bomb: str):
    code, said = checked(place, name, BOMBS[bomb])
    assert code == 1
    assert f"{name}:" in said
    assert len(said) < 20_000_000


def test_just_under_a_megabyte_is_read_and_one_byte_more_is_not(place: Place):
    fits = MESSAGES + "# " + "x" * (1024 * 1024 - len(MESSAGES) - 3) + "\n"
    assert len(fits) == 1024 * 1024
    assert checked(place, "messages.yaml", fits)[0] == 0
    code, said = checked(place, "messages.yaml", fits + "#")
    assert (code, "the file is larger than 1 MiB" in said) == (1, True)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("name", ["messages.yaml", "config.yaml"])
def test_a_tag_is_named_and_never_obeyed(place: Place, name: str, tag: str):
    code, said = checked(place, name, f"messages:\n- id: one\n  kind: fact\n  text: {tag}\n")
    assert code == 1
    assert "is a tag in YAML" in said
    assert not (place.folder / "owned").exists()
    assert "root:" not in said


@pytest.mark.parametrize("words", [["run", "--once"], ["preview"], ["status"], ["post", "one"]], ids=" ".join)
def test_no_command_obeys_one_either(place: Place, words: list[str]):
    place.write("messages.yaml", f"messages:\n- {{id: one, kind: call, text: {TAGS[0]}}}\n")
    done = place.bot(*words)
    assert done.exit_code == 78
    assert not (place.folder / "owned").exists()


# --- fields --------------------------------------------------------------------------------------

FIELDS = [
    "{}",
    "{0}",
    "{signatures.__class__}",
    "{signatures.__class__.__mro__[1].__subclasses__()}",
    "{signatures[0]}",
    "{signatures!r}",
    "{signatures:>9999999}",
    "{settings}",
    "{campaign.name}",
    "{__import__('os').getcwd()}",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "${HOME}",
    "$(id)",
    "`id`",
    "%(signatures)s",
    "%s %n",
    "#{7*7}",
    "<%= 7*7 %>",
    "{SIGNATURES}",
]


@pytest.mark.parametrize("field", FIELDS)
def test_only_the_names_of_the_table_are_filled_in_and_nothing_is_worked_out(place: Place, field: str):
    """What is no field of ours goes out to the letter, or `check` holds it back; it is never evaluated."""
    quoted = field.replace("'", "''")
    place.write(
        "messages.yaml", f"messages:\n- id: one\n  kind: call\n  text: 'We say {quoted} and no more.'\n"
    )
    place.bot("count", "set", "4711")
    code = place.bot("check").exit_code
    shown = [part for row in place.json("preview", "--days", "2") for part in row["parts"]]
    assert all(f"We say {field} and no more." in part for part in shown)
    assert shown or code == 1
    told = "".join(shown)
    assert "4711" not in told
    assert "49" not in told
    assert os.environ.get("HOME", "/root") not in told


def test_the_names_of_the_table_are_filled_in(place: Place):
    place.write("messages.yaml", "messages:\n- {id: one, kind: call, text: 'We are {signatures} people.'}\n")
    place.bot("count", "set", "4711")
    assert "We are 4,711 people." in place.json("preview", "--days", "2")[0]["parts"][0]


# --- pictures ------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no message may show anything of."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "private.png").write_bytes(SMALL)
    return folder


def with_picture(place: Place, file: str) -> tuple[int, str]:
    media = f"media: [{{file: '{file}', alt: 'A point, in no colour at all'}}]"
    place.write("messages.yaml", f"messages:\n- {{id: one, kind: call, text: Look., {media}}}\n")
    done = place.bot("check")
    return done.exit_code, done.output


def test_a_picture_in_its_folder_is_fine(place: Place):
    (place.folder / "media").mkdir()
    (place.folder / "media" / "point.png").write_bytes(SMALL)
    assert with_picture(place, "media/point.png")[0] == 0


def test_a_path_that_leaves_the_folder_is_refused(place: Place, outside: Path):
    (place.folder / "media").mkdir()
    up = os.path.relpath(outside / "private.png", place.folder)
    for file in (
        str(outside / "private.png"),
        up,
        f"media/../{up}",
        f"./{up}",
        "/etc/passwd",
        "~/private.png",
    ):
        code, said = with_picture(place, file)
        assert code == 1, file
        assert "must be named from the folder of messages.yaml on" in said or "is not there" in said


def test_a_link_that_leaves_the_folder_is_refused(place: Place, outside: Path):
    (place.folder / "point.png").symlink_to(outside / "private.png")
    (place.folder / "media").symlink_to(outside)
    (place.folder / "again.png").symlink_to("point.png")
    for file in ("point.png", "media/private.png", "again.png"):
        code, said = with_picture(place, file)
        assert (code, "leads out of the folder of messages.yaml" in said) == (1, True), said


def test_a_link_within_the_folder_is_fine(place: Place):
    (place.folder / "point.png").write_bytes(SMALL)
    (place.folder / "same.png").symlink_to("point.png")
    assert with_picture(place, "same.png")[0] == 0


def test_what_is_no_file_is_not_waited_for(place: Place):
    os.mkfifo(place.folder / "pipe.png")
    (place.folder / "zero.png").symlink_to("/dev/zero")
    for file in ("pipe.png", "zero.png", "."):
        assert with_picture(place, file)[0] == 1


# --- secrets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o602, 0o666])
@pytest.mark.parametrize("words", [["run", "--once"], ["post", "tents"], ["status"]], ids=" ".join)
def test_a_file_of_keys_that_others_can_read_is_refused_with_what_to_do(
    live: Place, mode: int, words: list[str]
):
    env = live.folder / ".env"
    env.chmod(mode)
    done = live.bot(*words)
    assert done.exit_code == 78
    assert f"{env.name} can be read by others; close it with: chmod 600" in done.stderr
    env.chmod(0o600)
    assert live.bot("status").exit_code == 0


def test_what_init_writes_is_closed_whatever_the_umask(tmp_path: Path, place: Place):
    for umask in (0o000, 0o022):
        folder = tmp_path / f"made-{umask}"
        subprocess.run(
            ["sh", "-c", f'umask {umask:o}; exec "$0" "$@"', *init_at(folder)], check=True, env=env()
        )
        assert (folder / ".env").stat().st_mode & 0o077 == 0


def init_at(folder: Path) -> list[str]:
    import sys

    return [sys.executable, "-m", "bot", "init", str(folder)]


def env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
