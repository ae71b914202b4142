"""What README and docs/ show is so: calls of the program are made, other commands name what is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import program
from tests.cli.conftest import Place
from tests.shown import PAGES, TOP, calls, lines

CALLS = sorted({call for page in PAGES for call in calls(page.read_text("utf-8"))})
GO_ON = [call for call in CALLS if call[0] in ("run", "demo") and "--once" not in call]
"""They end when somebody says so: what they do has tests of its own."""

LINES = [(page.name, line) for page in PAGES for line in lines(page.read_text("utf-8"))]
SERVICES = set(yaml.safe_load((TOP / "compose.yaml").read_text("utf-8"))["services"])
TYPED = {
    "cd",
    "chmod",
    "chown",
    "cp",
    "docker",
    "echo",
    "git",
    "install",
    "journalctl",
    "make",
    "mkdir",
    "petition-bot",
}
TYPED |= {"printf", "python3", "source", "sudo", "systemctl", "useradd", "The"}
"""What a line may begin with; “The” begins a line that the program prints."""

COMPOSE = {"build", "exec", "logs", "ps", "run", "up"}


NOTHING_HERE = {("post", "1"), ("count", "--try"), ("alive",)}
"""No message of that name, no petition site, no bot that runs."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    made = Place(tmp_path)
    made.unconfirmed()
    made.bot("backup", "kept.db")
    made.bot("backup", "before.db")
    made.bot("export", "queue.csv")
    return made


def test_the_pages_show_calls():
    assert len(CALLS) > 25
    assert ("run", "--once") in CALLS


@pytest.mark.parametrize("words", [call for call in CALLS if call not in GO_ON], ids=shlex.join)
def test_every_call_that_is_shown_can_be_made(place: Place, words: tuple[str, ...]):
    """It does what it says; what there is nothing to do about here says so with 1."""
    piped = ("--password-stdin",) if words[0] == "user" else ()
    given = {"input": "a long enough password\n", "env": place.environ, "prog_name": "petition-bot"}
    done = CliRunner().invoke(program, [*words, *piped], **given)
    assert done.exit_code == (words[:2] in NOTHING_HERE or words in NOTHING_HERE), done.output
    assert "unforeseen" not in done.output


@pytest.mark.parametrize("words", GO_ON, ids=shlex.join)
def test_every_call_that_goes_on_knows_its_options(words: tuple[str, ...]):
    assert CliRunner().invoke(program, [*words, "--help"]).exit_code == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_is_there(page: Path):
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


# --- what needs root, Docker or systemd: its form -----------------------------------------------------


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{page}: {line}" for page, line in LINES])
def test_every_line_begins_with_a_command(page: str, line: str):
    first = re.sub(r"^sudo (-u petition-bot )?", "", re.sub(r"^\*/10( \*){4} ", "", line)).split()[0]
    assert first.rpartition("/")[2] in TYPED


SHOWN = "\n".join(line for _, line in LINES)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"/opt/petition-bot/((?!\.venv)[\w./-]+)", SHOWN))))
def test_every_file_of_ours_that_a_line_names_is_there(path: str):
    assert (TOP / path).exists()


@pytest.mark.parametrize("call", sorted(set(re.findall(r"docker compose ([a-z]+.*)", SHOWN))))
def test_docker_compose_is_asked_for_services_that_there_are(call: str):
    verb, *rest = call.split()
    assert verb in COMPOSE
    named = [word for word in rest if re.fullmatch(r"bot|postgres|bot=\d+", word)]
    assert named or verb in ("build", "ps", "up")
    assert {word.partition("=")[0] for word in named} <= SERVICES


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make (?:-C \S+ )?([.\w/-]+)$", SHOWN, re.M))))
def test_every_make_target_that_is_shown_is_there(target: str):
    assert re.search(rf"^{re.escape(target)}:", (TOP / "Makefile").read_text("utf-8"), re.M)


@pytest.mark.parametrize(
    "unit", sorted(set(re.findall(r"systemctl (?:[a-z]+ )?(?:--now )?(\S+)$", SHOWN, re.M)))
)
def test_systemd_is_asked_for_a_unit_that_there_is(unit: str):
    assert unit == "daemon-reload" or (TOP / "deploy" / f"{unit}.service").exists()


def test_every_variable_that_docs_name_is_one_that_the_program_reads():
    named = {
        name for page in PAGES for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", page.read_text("utf-8"))
    }
    source = "\n".join(path.read_text("utf-8") for path in sorted((TOP / "bot").rglob("*.py")))
    known = re.compile(r"(X|MASTODON|BLUESKY|STOP_MPP|PETITION|ALERT)_[A-Z_]+")
    assert [name for name in sorted(named) if not known.fullmatch(name) and name not in source] == []
