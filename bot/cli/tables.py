"""Commands for people who write in spreadsheets: import adds a table to messages.yaml, export writes one.

What stands in messages.yaml keeps every byte, and nothing at all is written while one error is left.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click

from bot.cli.call import Call, Command, json_option, pass_call
from bot.cli.faults import PROBLEMS, problem_line
from bot.cli.look import counted

if TYPE_CHECKING:
    from bot.config import Loaded
    from bot.files.document import Document
    from bot.files.intake import Intake
    from bot.files.problems import Problem
    from bot.files.table import Table

NAMED = 8
"""How many ids a sentence names."""


# --- import ------------------------------------------------------------------------------------


@click.command(name="import", cls=Command)
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--update", is_flag=True, help="Where a message is known, let the table's words replace its own."
)
@click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing.")
@json_option
@pass_call
@click.pass_context
def import_(
    context: click.Context, call: Call, file: Path, update: bool, dry_run: bool, as_json: bool
) -> None:
    """Add the messages of a CSV table to messages.yaml.

    What stands there keeps every byte. Nothing is written while one row has an error. `petition-bot export`
    shows what the columns are called.
    """
    from bot.files.edit import Changed, EditRefused, save

    path = call.usable().messages_path
    before = path.read_bytes()
    try:
        intake, after, found = _looked_at(call, file, before.decode("utf-8"), update=update)
        wrong = any(problem.severity == "error" for problem in found)
        if not wrong and not dry_run:
            save(path, before, after)
    except (EditRefused, Changed) as refused:
        click.echo(f"petition-bot: {refused}", err=True)
        context.exit(PROBLEMS)
    _tell(intake, found, path, written=not wrong and not dry_run, as_json=as_json)
    if wrong:
        context.exit(PROBLEMS)


def _looked_at(call: Call, file: Path, text: str, *, update: bool) -> tuple[Intake, str, list[Problem]]:
    """What the table brings, the text that messages.yaml would have, and all problems of both."""
    from bot.config import load
    from bot.files import edit, table
    from bot.files.intake import compare
    from bot.files.pairs import NETWORKS

    loaded = load(call.path, call.environ, text)
    settings = loaded.usable()[0]
    owners = dict.fromkeys([*(account.id for account in settings.accounts), *NETWORKS])
    sheet = table.read(file.read_bytes(), str(file), owners)
    intake = compare(sheet, _entries(loaded), settings.campaign.language, update=update)
    found = sheet.margin.sorted()
    if any(problem.line <= sheet.head for problem in found):  # without a column, rows are not what they seem
        return intake, text, found
    after = edit.revise(edit.extend(text, list(intake.added.values())), intake.updated)
    brought = _brought(loaded, load(call.path, call.environ, after), sheet, intake)
    return intake, after, sorted([*found, *brought])


def _entries(loaded: Loaded) -> list[dict[str, Any]]:
    return list((loaded.messages.document.data or {}).get("messages") or ())


def _brought(before: Loaded, after: Loaded, sheet: Table, intake: Intake) -> list[Problem]:
    """The problems that `check` would find and does not find now, at the rows that bring them."""
    from bot.app import SystemClock, findings

    now = SystemClock().now()
    known = {(problem.file, problem.message) for problem in findings(before, now)}
    fresh = [each for each in findings(after, now) if (each.file, each.message) not in known]
    places = _Places(after.messages.document, sheet, intake)
    return [places.in_table(each) if each.file == str(after.messages_path) else each for each in fresh]


class _Places:
    """From a line of messages.yaml, as it would be, to the row that it comes from."""

    def __init__(self, document: Document, sheet: Table, intake: Intake) -> None:
        self._nodes = list(document.root.below["messages"].below.values())
        self._ids = [entry["id"] for entry in document.data["messages"]]
        self._sheet, self._intake = sheet, intake

    def in_table(self, problem: Problem) -> Problem:
        above = [at for at, node in enumerate(self._nodes) if node.value[0] <= problem.line]
        row = self._intake.rows.get(self._ids[above[-1]]) if above else None
        if row is None:
            return problem
        fields = self._nodes[above[-1]].below.items()
        field = [key for key, node in fields if (node.key or node.value)[0] <= problem.line][-1:]
        near = (name for name in self._sheet.places if field and name.split(":")[0] == field[0])
        line, column = self._sheet.place(row.line, next(near, ""))
        return replace(problem, file=self._sheet.margin.file, line=line, column=column)


# --- what came of it ---------------------------------------------------------------------------


def _tell(intake: Intake, found: Sequence[Problem], path: Path, *, written: bool, as_json: bool) -> None:
    errors = sum(problem.severity == "error" for problem in found)
    if as_json:
        from bot.cli import shapes

        ids = {"added": list(intake.added), "updated": list(intake.updated), "unchanged": intake.unchanged}
        shapes.give({**ids, "written": written, **shapes.problems(found)})
        return
    for problem in found:
        click.echo(problem_line(problem), err=True)
    if errors:
        said = f"nothing was imported: mend the {'error' if errors == 1 else f'{errors} errors'} above"
        click.echo(f"petition-bot: {said}", err=True)
    else:
        for line in _summary(intake, path, written=written):
            click.echo(line)


def _summary(intake: Intake, path: Path, *, written: bool) -> Iterator[str]:
    added, updated = ("Added", "Updated") if written else ("Would add", "Would update")
    if intake.added:
        yield f"{added} {_messages(intake.added)} to {path}: {_some(intake.added)}."
    if intake.updated:
        yield f"{updated} {_messages(intake.updated)} of {path}: {_some(intake.updated)}."
    if not written:
        yield from (_sketch(entry) for entry in (*intake.added.values(), *intake.updated.values()))
    if intake.unchanged:
        stand = "stands" if len(intake.unchanged) == 1 else "stand"
        yield f"{_messages(intake.unchanged)} of the table {stand} there already, unchanged."
    if not intake.rows:
        yield "The table has no messages."


def _messages(ids: Collection[str]) -> str:
    return counted(len(ids), "message")


def _some(ids: Collection[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{', '.join(list(ids)[:NAMED])}{more}"


def _sketch(entry: Mapping[str, Any]) -> str:
    """One line of a message: enough to know it again."""
    from bot.cli.log import clean
    from bot.files.columns import cells

    words = next(text for name, text in cells(entry).items() if name.startswith("text"))
    return f"  {entry['id']} ({entry['kind']})  {clean(shorten(words, 80, placeholder=' …'))}"


# --- export ------------------------------------------------------------------------------------


@click.command(cls=Command)
@click.argument("file", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--semicolons", is_flag=True, help="For a spreadsheet that expects ; between cells.")
@pass_call
@click.pass_context
def export(context: click.Context, call: Call, file: Path, semicolons: bool) -> None:
    """Write all messages into a CSV table, for a spreadsheet.

    `petition-bot import` takes it back.
    """
    from bot.files import table

    entries = _entries(call.usable())
    if (
        file.exists()
        and file.stat().st_size
        and "id" not in table.read(file.read_bytes(), str(file), ()).places
    ):
        click.echo(f"petition-bot: {file} stands already and is no table of messages; name another", err=True)
        context.exit(PROBLEMS)
    _write(file, table.write(entries, ";" if semicolons else ","))
    back = call.command("import", str(file), "--update")
    click.echo(f"{file} has {counted(len(entries), 'message')}. To take changes in it back: {back}")


def _write(path: Path, raw: bytes) -> None:
    """All of it or nothing."""
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(raw)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
