"""`init`: a campaign to begin with, that is sound and overwrites nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.files.secrets import REQUIRED
from tests.cli.conftest import Place

WRITTEN = [".env", "config.yaml", "messages.yaml", "schema/config.schema.json", "schema/messages.schema.json"]


@pytest.fixture
def fresh(place: Place) -> Place:
    """A folder of its own that does not exist yet."""
    place.folder = place.folder / "our campaign"
    return place


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_init_writes_its_files_and_says_what_comes_next(fresh: Place):
    done = fresh.bot("init", str(fresh.folder))
    assert done.exit_code == 0
    assert files(fresh.folder) == WRITTEN
    assert done.stdout.count(": written\n") == 5
    next_steps = done.stdout.partition("Next:\n")[2].splitlines()
    assert [line.split("#")[0].strip() for line in next_steps if line] == [
        f"cd '{fresh.folder}'",
        "petition-bot check",
        "petition-bot preview",
        "petition-bot run",
    ]


def test_the_present_folder_is_the_default(place: Place, tmp_path_factory: pytest.TempPathFactory):
    here = tmp_path_factory.mktemp("here")
    os.chdir(here)
    assert "\n  cd " not in place.bot("init").stdout
    assert files(here) == WRITTEN


def test_what_init_writes_has_no_problem_and_runs_at_once_without_keys(fresh: Place):
    fresh.bot("init", str(fresh.folder))
    assert fresh.bot("check").stdout == "No problems in 5 messages and 1 account.\n"
    assert fresh.bot("run", "--once").exit_code == 0
    assert fresh.bot("post", "who-comes").stdout == "dry: posted\n"


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky"])
def test_the_accounts_that_are_commented_out_are_sound(fresh: Place, network: str):
    fresh.bot("init", str(fresh.folder))
    config = fresh.folder / "config.yaml"
    head, rest = config.read_text().split("  - id: dry\n")
    rest = rest.replace("  # - id: ", "  - id: ").replace("  #   ", "    ")
    config.write_text(head + rest[rest.index("  - id: x") :])
    assert fresh.bot("check").stdout == "No problems in 5 messages and 3 accounts.\n"
    assert network in {row["network"] for row in fresh.json("preview")}


def test_keys_are_for_the_owners_eyes_from_the_first_byte_on(fresh: Place):
    before = os.umask(0)
    try:
        fresh.bot("init", str(fresh.folder))
    finally:
        os.umask(before)
    assert stat.S_IMODE((fresh.folder / ".env").stat().st_mode) == 0o600


def test_every_key_is_there_empty_and_explained(fresh: Place):
    fresh.bot("init", str(fresh.folder))
    lines = (fresh.folder / ".env").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert names == {f"{network.upper()}_{key}" for network in REQUIRED for key in REQUIRED[network]}
    assert all(line.startswith("#") or line == "" or line.endswith("=") for line in lines)
    assert "https://console.x.com" in "\n".join(lines)


@pytest.mark.parametrize("name", ["config.yaml", "messages.yaml", ".env"])
def test_what_stands_already_is_never_overwritten_and_is_named(fresh: Place, name: str):
    fresh.folder.mkdir()
    fresh.write(name, "mine\n", 0o600)
    done = fresh.bot("init", str(fresh.folder))
    assert done.exit_code == 0
    assert (fresh.folder / name).read_text() == "mine\n"
    assert f"{fresh.folder / name}: stands already, and was left alone\n" in done.stdout
    assert done.stdout.count(": written\n") == 4


def test_a_link_that_leads_nowhere_is_not_followed(fresh: Place, tmp_path: Path):
    fresh.folder.mkdir()
    (fresh.folder / ".env").symlink_to(tmp_path / "elsewhere")
    fresh.bot("init", str(fresh.folder))
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_in_the_place_of_the_folder_is_a_usage_error(fresh: Place):
    fresh.folder.write_text("a file")
    assert fresh.bot("init", str(fresh.folder)).exit_code == 2
