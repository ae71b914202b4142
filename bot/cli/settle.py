"""Commands by which a person has the last word, also beside a running bot: pause, resume, resolve."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli import typed
from bot.cli.call import Call, Command, account_option, known_account, pass_call
from bot.cli.faults import PROBLEMS

if TYPE_CHECKING:
    from bot.app import Bot


# --- pause and resume --------------------------------------------------------------------------


@click.command(cls=Command)
@account_option
@click.option("--until", metavar="ISO", help="Go on by itself then, such as 2026-12-10T18:00.")
@pass_call
def pause(call: Call, account_id: str | None, until: str | None) -> None:
    """Let nothing go out, at once, also beside a running bot."""
    with call.bot(make=True) as bot:
        settings = bot.campaign.book.settings
        known_account(settings, account_id)
        zone = settings.campaign.timezone
        ends = typed.moment(until, zone, "--until") if until else None
        if ends and ends <= bot.clock.now():
            raise click.BadParameter(f"{shown(ends, zone)} is past", param_hint="--until")
        bot.store.pause(account_id, ends)
        where = f"on {account_id}" if account_id else "on any account"
        again = call.command("resume", *(("--account", account_id) if account_id else ()))
        lasts = f"until {shown(ends, zone)}. To go on sooner" if ends else "from now on. To go on"
        click.echo(f"Nothing goes out {where} {lasts}: {again}")


def shown(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M} ({zone})"


@click.command(cls=Command)
@account_option
@pass_call
def resume(call: Call, account_id: str | None) -> None:
    """Go on after a pause, or with an account that the bot holds."""
    with call.bot(make=True) as bot:
        known_account(bot.campaign.book.settings, account_id)
        if account_id is None:
            _resume_all(call, bot)
        else:
            _resume_one(call, bot, account_id)


def _resume_all(call: Call, bot: Bot) -> None:
    bot.store.resume(None)
    click.echo("Posts go out again.")
    for account in bot.campaign.book.settings.accounts:
        why = bot.store.paused(bot.clock.now(), account.id)
        held = bot.store.account(account.id).held
        if held:
            click.echo(f"But {call.held(account.id, held)}")
        elif why:
            click.echo(f"But {account.id} stays {why}: {call.command('resume', '--account', account.id)}")


def _resume_one(call: Call, bot: Bot, account_id: str) -> None:
    held = bot.store.account(account_id).held
    bot.store.resume(account_id)
    if held:
        bot.store.hold(account_id, None)
        click.echo(f"{account_id} was held ({held}) and is let go.")
    still = bot.store.paused(bot.clock.now())
    if still:
        click.echo(f"All accounts are {still}, {account_id} too. To go on: {call.command('resume')}")
    else:
        click.echo(f"Posts go out on {account_id} again.")


# --- resolve -----------------------------------------------------------------------------------


@click.command(cls=Command)
@click.argument("number", metavar="ID", type=click.IntRange(1))
@click.argument("fate", type=click.Choice(["posted", "not-posted"]))
@pass_call
@click.pass_context
def resolve(context: click.Context, call: Call, number: int, fate: str) -> None:
    """Say whether an unconfirmed post is there or not. Nothing is sent by it."""
    from bot.core.model import State

    with call.bot(make=False) as bot:
        row = bot.store.delivery(number)
        if row is None:
            trouble = f"There is no delivery {number}: {call.command('history')} lists them all."
        elif row.state is not State.UNCONFIRMED:
            trouble = f"Delivery {number} is {row.state}: there is nothing to settle."
        elif not bot.campaign.resolve(row, posted=fate == "posted"):
            trouble = f"Delivery {number} has just been settled: see {call.command('history')}"
        else:
            click.echo(_settled(number, row.message_id or "it", row.account, fate))
            return
        click.echo(trouble, err=True)
        context.exit(PROBLEMS)


def _settled(number: int, message: str, account_id: str, fate: str) -> str:
    if fate == "posted":
        return f"Delivery {number} counts as posted: {message} has had its turn on {account_id}."
    return f"Delivery {number} counts as missed: nothing is sent, {message} keeps its turn on {account_id}."
