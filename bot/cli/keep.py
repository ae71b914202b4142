"""Commands that keep what the bot remembers: backup and restore. They post nothing and delete nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.call import Call, Command, pass_call

if TYPE_CHECKING:
    from bot.aftermath import Restored

FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.command(cls=Command)
@FILE
@pass_call
def backup(call: Call, file: Path) -> None:
    """Write a whole, checked copy of the state, also while it runs."""
    from bot.app import state_of
    from bot.ports import StoreUnusable
    from bot.store.place import sqlite_path

    path = sqlite_path(state_of(call.usable(), call.environ))
    if path and not path.exists():
        raise StoreUnusable(f"there is no state at {path} yet: the bot makes it when it first runs")
    with call.bot(make=True) as bot:
        bot.store.backup(file)
        click.echo(f"{file} holds the whole state: {sum(bot.store.count().values())} deliveries, checked.")


@click.command(cls=Command)
@FILE
@pass_call
def restore(call: Call, file: Path) -> None:
    """Put a backup in the place of the state; posts nothing twice.

    The replaced state is kept beside it. What was due since the backup was made is looked up on the
    accounts, and not posted again.
    """
    from bot.aftermath import restored
    from bot.app import SystemClock, book_of, state_of

    loaded, now = call.usable(), SystemClock().now()
    done = restored(book_of(loaded, now), state_of(loaded, call.environ), file, now)
    click.echo(f"{file} is the state now.")
    if done.kept:
        click.echo(f"The one it replaces is kept as {done.kept}")
    for line in _what_follows(call, done):
        click.echo(line)


def _what_follows(call: Call, done: Restored) -> list[str]:
    lines = []
    if done.doubts:
        lines.append(
            f"{done.doubts} posts may have gone out since the backup was made: "
            "the bot looks them up at its next start, before it sends anything."
        )
    if done.paused:
        lines.append(f"It stays paused, as the replaced one was. To go on: {call.command('resume')}")
    for account_id in done.stopped:
        resume = call.command("resume", "--account", account_id)
        lines.append(f"{account_id} stays stopped, as in the replaced one. To go on: {resume}")
    return lines
