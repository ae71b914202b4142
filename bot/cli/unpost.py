"""The command that takes a post back. It works beside a running bot, and may be called again."""

from __future__ import annotations

import click

from bot.cli.call import Call, Command, pass_call
from bot.cli.faults import PROBLEMS


@click.command(cls=Command)
@click.argument("number", metavar="ID", type=click.IntRange(1))
@pass_call
@click.pass_context
def unpost(context: click.Context, call: Call, number: int) -> None:
    """Delete a post where it stands: all its parts, and its repost.

    ID is the number that history shows. What could not be deleted is said, and the command may be called
    again for it. The post has had its turn, and stays in the history.
    """
    with call.bot(make=False, speaks=True) as bot:
        left = bot.campaign.unpost(number)
        row = bot.store.delivery(number)
    for sentence in left:
        click.echo(f"{sentence[:1].upper()}{sentence[1:]}", err=True)
    if left:
        context.exit(PROBLEMS)
    where = row.account if row else "the account"
    click.echo(f"Delivery {number} is taken back: nothing of it stands on {where} any more.")
