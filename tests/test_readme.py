"""What README says is so: every command is named, and every command it shows can be called."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import program

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text("utf-8")


def names(group: click.Group) -> set[str]:
    return set(group.commands)


def shown() -> list[str]:
    """Every `petition-bot …` call in README, each once."""
    code = [*re.findall(r"```\n(.*?)```", README, re.S), *re.findall(r"`([^`\n]+)`", README)]
    calls = re.findall(r"petition-bot ([a-z][a-z-]*)", re.sub(r"#.*", "", "\n".join(code)))
    return sorted(set(calls))


@pytest.mark.parametrize("name", sorted(names(program)))
def test_readme_names_every_command(name: str):
    assert re.search(rf"`(petition-bot )?{name}[` ]", README), f"README does not name {name}"


@pytest.mark.parametrize("name", shown())
def test_every_command_that_readme_shows_exists(name: str):
    assert name in names(program)
    assert CliRunner().invoke(program, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize("option", ["--days", "--from", "--account"])
def test_preview_has_the_options_that_readme_shows(option: str):
    assert option in CliRunner().invoke(program, ["preview", "--help"]).output


def test_every_file_that_readme_links_is_there():
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (TOP / link).exists()] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", README, re.M))))
def test_every_make_target_that_readme_shows_is_there(target: tuple[str, str]):
    assert re.search(rf"^{''.join(target)}:", (TOP / "Makefile").read_text("utf-8"), re.M)
