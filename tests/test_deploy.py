"""What the bot is installed with: image, compose file, unit and workflow hold what docs/deploy.md promises.

Where hadolint or systemd-analyze is there, it looks as well.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.app import LAST_LOOK
from bot.cli import program
from bot.cli.faults import REFUSED, problem_line
from bot.files.problems import Problem
from bot.files.secrets import REQUIRED
from bot.ports import StateLocked
from tests.shown import TOP

DOCKERFILE = (TOP / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((TOP / "compose.yaml").read_text("utf-8"))
UNIT = (TOP / "deploy" / "petition-bot.service").read_text("utf-8")
WORKFLOW: dict[str, Any] = yaml.safe_load((TOP / ".github/workflows/messages.yaml").read_text("utf-8"))


def found(tool: str) -> str:
    """Where a tool is, beside this Python or on the path; empty: nowhere, and then it has no test."""
    beside = Path(sys.executable).with_name(tool)
    return str(beside) if beside.exists() else shutil.which(tool) or ""


HADOLINT, ANALYZE = found("hadolint"), found("systemd-analyze")


# --- the image -------------------------------------------------------------------------------------


def instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return [line.partition(" ")[2].strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


if HADOLINT:

    def test_hadolint_has_nothing_to_say():
        ran = subprocess.run([HADOLINT, TOP / "Dockerfile"], capture_output=True, text=True)
        assert (ran.returncode, ran.stdout) == (0, "")


def test_it_runs_as_a_user_without_rights():
    assert instructions("USER") == ["10001:10001"]


def test_all_that_is_copied_is_there_and_reaches_the_builder():
    kept = {line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert copied
    assert [name for name in copied if not (TOP / name).exists() or name not in kept] == []


def test_what_it_starts_is_a_command_of_ours():
    (entry,), (command,) = instructions("ENTRYPOINT"), instructions("CMD")
    health = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    assert json.loads(entry) == ["petition-bot"]
    for words in (json.loads(command), health[1:]):
        assert CliRunner().invoke(program, [*words, "--help"]).exit_code == 0


def blocks(name: str) -> set[str]:
    text = re.sub(r" \\\n\s+", " ", (TOP / name).read_text("utf-8"))
    return {line for line in text.splitlines() if line}


def test_every_package_of_the_image_is_locked_like_those_that_are_tested():
    ours, image, tested = map(
        blocks, ("requirements.txt", "requirements-postgres.txt", "requirements-dev.txt")
    )
    assert ours <= image
    assert {line.partition("=")[0] for line in image - ours} == {"psycopg", "psycopg-binary"}
    assert image - ours <= tested
    assert all("--hash=sha256:" in line for line in image)


# --- compose ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_has_only_the_rights_that_it_needs(name: str):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_bot_has_the_time_to_bring_to_its_end_what_is_under_way():
    grace = COMPOSE["services"]["bot"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) >= 30 > LAST_LOOK


def test_the_bot_waits_for_a_database_that_answers():
    assert COMPOSE["services"]["bot"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert COMPOSE["services"]["postgres"]["healthcheck"]["test"][1] == "pg_isready"


def test_every_secret_is_a_file_that_git_does_not_know():
    secrets = COMPOSE["secrets"]
    for service in COMPOSE["services"].values():
        files = {value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert files == {f"/run/secrets/{name}" for name in service["secrets"]}
        assert set(service["secrets"]) <= secrets.keys()
    assert {each["file"].split("/")[1] for each in secrets.values()} == {"secrets"}
    assert {"secrets/", "data/"} <= set((TOP / ".gitignore").read_text().splitlines())


def test_the_variables_are_those_that_the_bot_reads():
    names = {name.removesuffix("_FILE") for name in COMPOSE["services"]["bot"]["environment"]}
    keys = {f"MASTODON_{field}" for field in REQUIRED["mastodon"]}
    assert names == {"DATABASE_URL"} | keys


def test_the_pages_are_published_on_this_computer_alone():
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["bot"]["ports"])


# --- systemd ---------------------------------------------------------------------------------------


def option(name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", UNIT, re.M)
    return str(value)


if ANALYZE:

    def test_systemd_understands_the_unit(tmp_path: Path):
        unit = tmp_path / "petition-bot.service"
        unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT, flags=re.M))
        ran = subprocess.run([ANALYZE, "verify", "--man=no", unit], capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (0, "")

    def test_systemd_finds_the_unit_well_shut_in():
        """Of 100, where 100 is a program that may do everything."""
        command = [ANALYZE, "security", "--offline=true", "--no-pager", "--threshold=20"]
        unit = TOP / "deploy" / "petition-bot.service"
        ran = subprocess.run([*command, unit], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout[-300:]


def test_what_cannot_be_mended_by_starting_again_is_not_started_again():
    given_up = {int(code) for code in option("RestartPreventExitStatus").split()}
    assert given_up == {2, StateLocked.exit_code, REFUSED}


def test_it_is_given_the_time_to_end():
    assert int(option("TimeoutStopSec")) > LAST_LOOK


def test_it_starts_a_command_of_ours():
    words = shlex.split(option("ExecStart"))
    assert CliRunner().invoke(program, [*words[1:], "--help"]).exit_code == 0


# --- the workflow -----------------------------------------------------------------------------------


def steps() -> str:
    return "\n".join(step.get("run", "") for step in WORKFLOW["jobs"]["check"]["steps"])


def test_the_workflow_checks_and_shows_what_would_go_out(tmp_path: Path):
    called = [shlex.split(each) for each in re.findall(r"petition-bot ((?:check|preview)[^|\n]*)", steps())]
    assert {words[0] for words in called} == {"check", "preview"}
    config = {"PETITION_BOT_CONFIG": str(TOP / "config.example.yaml")}
    for words in called:
        done = CliRunner().invoke(program, words, env=config)
        assert done.exit_code == 0, done.output


def test_the_workflow_runs_on_every_change_of_the_messages_and_may_write_nothing():
    for event in ("push", "pull_request"):
        assert "messages.yaml" in WORKFLOW[True][event]["paths"]  # YAML 1.1 reads `on` as true
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_each_mistake_is_shown_at_its_line():
    (name,) = re.findall(r"::add-matcher::(\S+?)\"", steps())
    (pattern,) = json.loads((TOP / name).read_text("utf-8"))["problemMatcher"][0]["pattern"]
    problem = Problem("messages.yaml", 3, 5, "error", "too-long", "a text: too long")
    said = re.fullmatch(pattern["regexp"], problem_line(problem))
    assert said
    keys = ("file", "line", "column", "severity", "message")
    assert [said[pattern[key]] for key in keys] == ["messages.yaml", "3", "5", "error", "a text: too long"]
