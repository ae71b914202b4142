"""Commands about the files alone: check and schema. They speak to nobody, and make no state."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import click

from bot.cli.call import Call, Command, json_option, pass_call
from bot.cli.faults import PROBLEMS, problem_line

if TYPE_CHECKING:
    from bot.config import Loaded
    from bot.files.problems import Problem

COLOURS = {"error": "red", "warning": "yellow"}


@click.command(cls=Command)
@json_option
@pass_call
@click.pass_context
def check(context: click.Context, call: Call, as_json: bool) -> None:
    """Find every mistake in both files, with its line and what to do.

    Speaks to nobody. Ends with 1 when there is an error; warnings alone are well.
    """
    from bot.app import SystemClock, findings
    from bot.cli import shapes

    loaded = call.loaded()
    found = sorted([*findings(loaded, SystemClock().now()), *_unguarded(loaded, call)])
    if as_json:
        shapes.give(shapes.problems(found))
    else:
        _show(found, loaded)
    if any(problem.severity == "error" for problem in found):
        context.exit(PROBLEMS)


def _unguarded(loaded: Loaded, call: Call) -> list[Problem]:
    """That the pages would be open to others, where that is so; `run` refuses it."""
    from bot.app import store_of
    from bot.config import unguarded
    from bot.ports import StoreUnusable

    problems = unguarded(loaded) if loaded.settings and loaded.queue else []
    if not problems:
        return []
    try:
        with closing(store_of(loaded, call.environ, make=False)) as store:
            return [] if store.users() else [replace(each, severity="warning") for each in problems]
    except StoreUnusable:
        return []


def _show(found: list[Problem], loaded: Loaded) -> None:
    for _file, problems in groupby(found, key=lambda problem: problem.file):
        for problem in problems:
            word = click.style(problem.severity, fg=COLOURS[problem.severity], bold=True)
            click.echo(problem_line(problem).replace(f" {problem.severity}: ", f" {word}: ", 1))
        click.echo()
    click.echo(_summary(found, loaded))


def _summary(found: list[Problem], loaded: Loaded) -> str:
    errors = sum(problem.severity == "error" for problem in found)
    counts = [(errors, "error"), (len(found) - errors, "warning")]
    said = " and ".join(counted(number, noun) for number, noun in counts if number) or "No problems"
    sound = loaded.checkable()
    if sound is None or (errors and (loaded.settings is None or loaded.queue is None)):
        return f"{said}."
    settings, queue = sound
    messages, accounts = counted(len(queue.messages), "message"), counted(len(settings.accounts), "account")
    return f"{said} in {messages} and {accounts}."


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`, `no errors`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


@click.command(cls=Command)
@click.argument("file", type=click.Choice(["config", "messages"]), required=False)
def schema(file: Literal["config", "messages"] | None) -> None:
    """Print the JSON Schema of a file, for editors."""
    from bot.cli.shapes import give
    from bot.files.schema import schema as schema_of
    from bot.files.schema import schema_text

    if file is None:
        give(schema_of())
    else:
        click.echo(schema_text(file), nl=False)
