"""Who may sign in to the organizers' pages. A password is typed twice, or read from stdin; it is never a word
of the command, which others could see.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.call import Call, Family, json_option, pass_call

if TYPE_CHECKING:
    from bot.office.people import People

role_option = click.option(
    "--role",
    type=click.Choice(["editor", "approver"]),
    required=True,
    help="An editor writes drafts; an approver lets them out.",
)
stdin_option = click.option("--password-stdin", "piped", is_flag=True, help="Read it from stdin, one line.")
name_argument = click.argument("name", metavar="NAME")


@click.group(cls=Family)
def user() -> None:
    """Who may sign in to the organizers' pages."""


@user.command()
@name_argument
@role_option
@stdin_option
@pass_call
def add(call: Call, name: str, role: str, piped: bool) -> None:
    """Let somebody sign in; the password is asked for."""
    with _people(call) as people:
        first = not people.all()
        people.add(_who(), name, role, _password(piped))
        click.echo(f"{name} may sign in as {role}.")
        if first:
            click.echo("From now on everybody has to sign in to the pages.")


@user.command("list")
@json_option
@pass_call
def list_(call: Call, as_json: bool) -> None:
    """Show who may sign in, and as what."""
    from bot.cli import shapes

    with _people(call, make=False) as people:
        known = people.all()
    if as_json:
        shapes.give(shapes.users(known))
    elif known:
        for each in known:
            click.echo(f"{each.name}  {each.role}")
    else:
        click.echo("Nobody has to sign in: the pages are for this computer alone.")


@user.command()
@name_argument
@pass_call
def remove(call: Call, name: str) -> None:
    """Let somebody in no longer, from now on."""
    with _people(call) as people:
        people.remove(_who(), name)
        click.echo(f"{name} may not sign in any more.")
        if not people.all():
            click.echo("There are no users left: the pages are for this computer alone.")


@user.command()
@name_argument
@stdin_option
@pass_call
def password(call: Call, name: str, piped: bool) -> None:
    """Give somebody another password; who is signed in by the old one is signed out."""
    with _people(call) as people:
        people.known(name)
        people.set_password(_who(), name, _password(piped))
        click.echo(f"{name} has a new password.")


@user.command()
@name_argument
@role_option
@pass_call
def role(call: Call, name: str, role: str) -> None:
    """Make somebody an editor or an approver."""
    with _people(call) as people:
        people.set_role(_who(), name, role)
        click.echo(f"{name} is an {role} now.")


def _who() -> str:
    """Whose name stands in the audit log."""
    from bot.office.people import SHELL

    return SHELL


@contextmanager
def _people(call: Call, *, make: bool = True) -> Iterator[People]:
    """Those of the campaign; what is not done is said in a sentence."""
    from bot.office.people import NotSo

    with call.bot(make=make) as bot:
        try:
            yield bot.office().people
        except NotSo as why:
            raise click.ClickException(f"{why}.") from None


def _password(piped: bool) -> str:
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("a password is typed on a terminal; to pipe one in, use --password-stdin")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return typed
