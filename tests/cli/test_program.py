"""The way in: help, options before and after a command, what is loaded, and how every fault ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli import program
from bot.cli.program import SECTIONS
from tests.cli.conftest import TOP, Place

HEAVY = {"tweepy", "mastodon", "flask", "sqlalchemy"}
LOADED = """
import sys
from bot.cli import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(place: Place, *words: str) -> set[str]:
    """The modules that a command loads, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        cwd=place.folder,
        env={"PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.split())


def test_help_loads_nothing_heavy(place: Place):
    assert (
        loaded(place, "--help") & (HEAVY | {"apscheduler", "alembic", "babel", "pydantic", "rich"}) == set()
    )


def test_check_loads_no_network_no_database_and_no_page(place: Place):
    assert loaded(place, "check") & (HEAVY | {"apscheduler", "alembic", "rich"}) == set()


def test_what_is_for_programs_is_not_drawn(place: Place):
    assert "rich" not in loaded(place, "preview", "--json")
    assert "rich" in loaded(place, "preview")


def test_help_names_every_command_in_a_section(place: Place):
    said = place.bot("--help").output.partition("To begin:")[2]
    assert {each.name for row in SECTIONS.values() for each in row} == set(program.commands)
    assert all(f"\n  {name} " in said for name in program.commands)
    assert "..." not in said, "a summary is too long for its line"


@pytest.mark.parametrize("name", sorted(program.commands))
def test_every_command_explains_itself(place: Place, name: str):
    done = place.bot(name, "--help")
    assert done.exit_code == 0
    assert program.commands[name].help


@pytest.mark.parametrize("listing", ["check", "preview", "status", "history", "count"])
def test_every_listing_takes_json(listing: str):
    assert any(option.name == "as_json" for option in program.commands[listing].params)


def test_the_configuration_is_named_before_a_command_or_after_it(place: Place, tmp_path: Path):
    elsewhere = Place(tmp_path)
    elsewhere.write("config.yaml", "campaign: {nam: Test}\n")
    for words in (["--config", str(tmp_path), "check"], ["check", "--config", str(tmp_path)]):
        assert "nam" in place.bot(*words).output


def test_version_is_said(place: Place):
    assert place.bot("--version").output == "petition-bot 0.1.0\n"


@pytest.mark.parametrize(
    "words",
    [["prevew"], ["preview", "--days", "many"], ["preview", "--days", "0"], ["resolve", "1"], ["--nope"]],
)
def test_what_cannot_be_understood_ends_with_2(place: Place, words: list[str]):
    assert place.bot(*words).exit_code == 2


# --- faults --------------------------------------------------------------------------------------

NEEDS_A_CONFIGURATION = [
    ["preview"], ["status"], ["history"], ["run"], ["run", "--once"], ["post", "tents"], ["pause"],
    ["resume"], ["resolve", "1", "posted"], ["count"], ["count", "set", "5"], ["demo"],
]  # fmt: skip


@pytest.mark.parametrize("words", NEEDS_A_CONFIGURATION, ids=" ".join)
def test_a_broken_configuration_is_refused_with_its_lines_and_78(place: Place, words: list[str]):
    path = place.write("config.yaml", "campaign: {nam: Test}\n")
    done = place.bot(*words)
    assert done.exit_code == 78
    assert done.stdout == ""
    assert f"{path}:1:12: error: " in done.stderr
    assert "did you mean name?" in done.stderr
    assert not place.state.exists()


@pytest.mark.parametrize("words", NEEDS_A_CONFIGURATION, ids=" ".join)
def test_without_a_configuration_one_sentence_says_how_to_get_one(place: Place, words: list[str]):
    (place.folder / "config.yaml").unlink()
    done = place.bot(*words)
    assert done.exit_code == 78
    assert done.stderr.count("\n") == 1
    assert "petition-bot init" in done.stderr


@pytest.mark.parametrize("words", [["status"], ["run", "--once"], ["pause"], ["preview"]], ids=" ".join)
def test_a_state_that_is_none_is_one_sentence_and_stays_as_it_is(place: Place, words: list[str]):
    place.state.parent.mkdir()
    place.state.write_bytes(b"this is not a database, and somebody may want it")
    done = place.bot(*words)
    assert done.exit_code == 1
    assert str(place.state) in done.stderr
    assert done.stderr.count("\n") == 1
    assert place.state.read_bytes().startswith(b"this is not")


@pytest.fixture
def surprising():
    """A command in which something happens that nobody foresaw."""

    @click.command()
    def surprise() -> None:
        raise RuntimeError("the token was canary-4711-canary")

    program.add_command(surprise)
    yield surprise.name
    program.commands.pop(str(surprise.name))


def test_a_surprise_is_one_sentence_without_its_words(place: Place, surprising: str):
    done = place.bot(surprising)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "RuntimeError" in done.output
    assert "canary" not in done.output


def test_with_v_a_surprise_says_where_but_no_secret(place: Place, surprising: str):
    place.write(".env", "MASTODON_ACCESS_TOKEN=canary-4711-canary\n", 0o600)
    done = place.bot("-v", surprising)
    assert "Traceback" in done.stderr
    assert "the token was ***" in done.stderr
    assert "canary" not in done.output
