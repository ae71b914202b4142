"""Commands for the first day and the bad day: init writes the files, doctor looks whether all is in order."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click

from bot.cli.call import Call, Command, json_option, pass_call
from bot.cli.faults import PROBLEMS

# --- init --------------------------------------------------------------------------------------


@click.command(cls=Command)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=".")
def init(folder: Path) -> None:
    """Write config.yaml, messages.yaml and an empty .env to begin with. Overwrites nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in starters():
        said = "written" if _written(folder / name, text) else "stands already, and was left alone"
        click.echo(f"  {folder / name}: {said}")
    place = "" if folder.resolve() == Path.cwd() else f"\n  cd {shlex.quote(str(folder))}"
    click.echo(f"\nNothing is posted yet: the account in config.yaml only prints. Next:\n{place}\n{NEXT}")


NEXT = """\
  petition-bot check      # every mistake in the files, with its line
  petition-bot preview    # what would go out, when, where and at what price
  petition-bot run        # from now on; Ctrl-C ends it"""


def starters() -> Iterator[tuple[str, str]]:
    """Name and text of every file that a campaign begins with."""
    from bot.files.schema import schema_text

    shipped = files("bot") / "starter"
    for name, source in (("config.yaml", "config.yaml"), ("messages.yaml", "messages.yaml"), (".env", "env")):
        yield name, (shipped / source).read_text("utf-8")
    yield "schema/config.schema.json", schema_text("config")
    yield "schema/messages.schema.json", schema_text("messages")


def _written(path: Path, text: str) -> bool:
    """False when the file stands already. `.env` is for this user's eyes alone from its first byte on."""
    path.parent.mkdir(exist_ok=True)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if path.name == ".env" else 0o666)
    except FileExistsError:
        return False
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
    return True


# --- doctor ------------------------------------------------------------------------------------

COLOURS = {"ok": "green", "note": "cyan", "warn": "yellow", "fail": "red"}


@click.command(cls=Command)
@click.option("--alert", is_flag=True, help="Also tell everybody on call that this is a test.")
@json_option
@pass_call
@click.pass_context
def doctor(context: click.Context, call: Call, alert: bool, as_json: bool) -> None:
    """Look whether keys, servers, clock, count and state are in order. Posts nothing.

    What it prints holds no key and can be pasted into a report; the handles of the accounts stand in it.
    """
    from bot.cli.log import blinds, clean
    from bot.cli.shapes import give
    from bot.doctor import examine

    blind, failed, told = blinds(call), 0, []
    for finding in examine(call.path, call.environ, alert=alert):
        failed += finding.verdict == "fail"
        text = blind(clean(finding.text))
        told.append({"verdict": finding.verdict, "subject": finding.subject, "text": text})
        if not as_json:
            mark = click.style(f"{finding.verdict:4}", fg=COLOURS[finding.verdict], bold=True)
            click.echo(f"{mark}  {clean(finding.subject)}: {text}")
    if as_json:
        give({"findings": told})
    else:
        click.echo("\nAll is in order." if not failed else f"\n{failed} to mend.")
    if failed:
        context.exit(PROBLEMS)
