"""`petition-bot` itself: the commands in the order in which people need them, and what a fault ends in."""

from __future__ import annotations

import os
import sys

import click

from bot.cli.alive import alive
from bot.cli.call import Call, Family, everywhere
from bot.cli.faults import ended
from bot.cli.keep import backup, restore
from bot.cli.log import listening
from bot.cli.look import check, schema
from bot.cli.past import history, status
from bot.cli.preview import preview
from bot.cli.settle import pause, resolve, resume
from bot.cli.setup import doctor, init
from bot.cli.share import share
from bot.cli.signatures import count
from bot.cli.speak import demo, post, run
from bot.cli.tables import export, import_
from bot.cli.unpost import unpost
from bot.cli.users import user

SECTIONS: dict[str, list[click.Command]] = {
    "To begin": [demo, init, check, preview, doctor],
    "To post": [run, post, pause, resume],
    "To see and settle": [status, alive, history, resolve, unpost, count, schema],
    "To be shared": [share],
    "To keep": [import_, export, backup, restore, user],
}


class Program(Family):
    """The commands in sections; every fault ends as one sentence and an exit code."""

    def invoke(self, context: click.Context) -> object:
        call = context.ensure_object(Call)
        if os.environ.get("NO_COLOR"):
            context.color = False
        with listening(call):
            try:
                return super().invoke(context)
            except (click.ClickException, click.exceptions.Exit):
                raise
            except (Exception, KeyboardInterrupt) as error:
                context.exit(ended(error, call))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in SECTIONS.items():
            rows = [(str(each.name), each.get_short_help_str(limit=66)) for each in commands]
            with formatter.section(title):
                formatter.write_dl(rows)


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"petition-bot {version('petition-bot')}")
        context.exit()


@click.command(
    cls=Program,
    name="petition-bot",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 well, 1 problems found, 2 usage, 75 another bot holds the state, "
    "78 configuration refused.",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version."
)
def program() -> None:
    """Keeps a petition in front of people: posts its facts and stories to X, Mastodon and Bluesky, once
    each, at a decent hour."""


program.params = [*everywhere(hidden=False), *program.params[:1]]
for _section in SECTIONS.values():
    for _command in _section:
        program.add_command(_command)


def main() -> None:
    """The way in from the shell."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter is no fault
    program(prog_name="petition-bot")
