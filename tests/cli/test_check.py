"""`check` and `schema`: every problem at its line, the counts, and the exit code."""

from __future__ import annotations

import json

import pytest

from bot.files.schema import Name, schema_text
from tests.cli.conftest import CONFIG, MESSAGES, TOP, Place


def test_clean_files_are_said_to_be_clean(place: Place):
    done = place.bot("check")
    assert done.exit_code == 0
    assert done.output == "No problems in 5 messages and 1 account.\n"


def test_what_init_writes_and_what_is_shipped_has_no_error(place: Place):
    done = place.bot("check", "--config", str(TOP / "config.example.yaml"))
    assert done.exit_code == 0, done.output


def test_all_problems_of_both_files_stand_at_their_lines(place: Place):
    place.write("config.yaml", CONFIG.replace("goal: 100000", "gaol: 100000"))
    place.write("messages.yaml", MESSAGES.replace("kind: story", "kind: tale"))
    done = place.bot("check")
    assert done.exit_code == 1
    config, messages = done.stdout.split("\n\n")[:2]
    assert config.startswith(f"{place.folder}/config.yaml:4:3: error: ")
    assert messages.startswith(f"{place.folder}/messages.yaml:")
    assert done.stdout.endswith("\n2 errors.\n")


def test_warnings_alone_are_well_and_are_counted(place: Place):
    place.write(
        "messages.yaml",
        MESSAGES.replace(
            "source: https://example.org/court\n    as_of: 2019-11-20", "source: https://example.org/court"
        ),
    )
    done = place.bot("check")
    assert done.exit_code == 0
    assert ": warning: " in done.stdout
    assert done.stdout.endswith("1 warning in 5 messages and 1 account.\n")


def test_an_error_in_one_message_ends_with_1_although_the_rest_could_be_posted(place: Place):
    place.write("messages.yaml", MESSAGES.replace("Few of them", "Few of them" * 60))
    done = place.bot("check")
    assert done.exit_code == 1
    assert "1 error in 5 messages" in done.stdout


@pytest.mark.parametrize("name", ["config.yaml", "messages.yaml"])
def test_a_missing_file_is_a_problem_like_others(place: Place, name: str):
    (place.folder / name).unlink()
    done = place.bot("check")
    assert done.exit_code == 1
    assert f"{name}:1:1: error: " in done.stdout
    assert done.stdout.endswith("1 error.\n")


def test_json_gives_every_problem_with_these_keys(place: Place):
    place.write("config.yaml", CONFIG.replace("goal: 100000", "gaol: 100000"))
    done = place.bot("check", "--json")
    assert done.exit_code == 1
    (problem,) = json.loads(done.stdout)["problems"]
    assert list(problem) == ["file", "line", "column", "severity", "code", "message"]
    assert (problem["line"], problem["column"], problem["severity"]) == (4, 3, "error")
    assert problem["code"] == "unknown-key"


def test_json_of_clean_files_is_an_empty_list(place: Place):
    assert place.json("check") == {"problems": []}


def test_check_makes_nothing(place: Place):
    place.bot("check")
    assert sorted(path.name for path in place.folder.iterdir()) == ["config.yaml", "messages.yaml"]


@pytest.mark.parametrize("name", ["config", "messages"])
def test_schema_prints_what_editors_use(place: Place, name: Name):
    assert place.bot("schema", name).stdout == schema_text(name)
    assert json.loads(place.bot("schema", name).stdout)["$schema"]


def test_schema_without_a_name_prints_both(place: Place):
    assert list(json.loads(place.bot("schema").stdout)) == ["config", "messages"]
