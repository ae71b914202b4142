"""Commands about how things stand and what has been: status and history. They only look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from bot.cli import shapes
from bot.cli.call import Call, Command, json_option, pass_call

if TYPE_CHECKING:
    from rich.console import Console

    from bot.core.model import State
    from bot.core.overview import AccountOverview, Overview
    from bot.core.written import Settings


@click.command(cls=Command)
@json_option
@pass_call
def status(call: Call, as_json: bool) -> None:
    """Say what goes out next, how the count stands, and what needs you."""
    with call.bot(make=False) as bot:
        overview, settings = bot.campaign.overview(), bot.campaign.book.settings
        if as_json:
            shapes.give(shapes.status(overview, settings, bot.campaign.coming_cost()))
        else:
            _show(call, overview, settings, bot.store.count(), bot.campaign.coming_cost())


def _show(
    call: Call, overview: Overview, settings: Settings, count: Mapping[State, int], coming: int
) -> None:
    from bot.cli.draw import console
    from bot.core.budget import dollars
    from bot.core.overview import sentence

    out = console()
    out.print(sentence(overview), style="bold")
    if overview.paused:
        out.print(f"To go on: {call.command('resume')}")
    _needs_person(out, call, overview, settings)
    out.print("\nAccounts", style="bold")
    widest = max(len(each.id) for each in overview.accounts)
    for each in overview.accounts:
        out.print(f"  {each.id:{widest}}  {_account(each, overview, settings)}")
    said = ", ".join(f"{number} {state}" for state, number in count.items() if number)
    money = f"Spent this month (UTC): {dollars(overview.month_cost)}"
    money += f"; the next 30 days cost {dollars(coming)}" if coming else ""
    out.print(f"\nSo far: {said or 'nothing yet'}. {money}.")


def _needs_person(out: Console, call: Call, overview: Overview, settings: Settings) -> None:
    """What only a person can settle, each with the commands that do it."""
    from bot.cli.draw import Rows

    held = [each for each in overview.accounts if each.held]
    if not (overview.needs_person or held or overview.asks or overview.chores):
        return
    out.print("\nNeeds you", style="bold yellow")
    rows = Rows(out, settings, [row.message_id or "" for row in overview.needs_person], overview.at.year)
    for row in overview.needs_person:
        rows.delivery(row)
        out.print(f"       If it is there:      {call.command('resolve', str(row.id), 'posted')}")
        out.print(f"       If it is not there:  {call.command('resolve', str(row.id), 'not-posted')}")
    for ask in overview.asks:
        out.print(f"  {ask}")
    for each in held:
        out.print(f"  {call.held(each.id, each.held or '')}")
    for chore in overview.chores:
        out.print(f"  {chore.sentence}")


def _account(each: AccountOverview, overview: Overview, settings: Settings) -> str:
    from bot.cli.draw import local_time
    from bot.core.budget import dollars

    limit = settings.account(each.id).budget.usd_per_month
    money = f"; {dollars(each.month_cost)} of ${limit:.2f} spent" if limit is not None else ""
    if each.held or each.paused:
        return f"{'held' if each.held else each.paused}{money}"
    if each.next is None:
        return f"nothing planned for the coming week{money}"
    return f"next {local_time(each.next.slot.due, settings, each.id, overview.at.year)}{money}"


@click.command(cls=Command)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the newest N.")
@json_option
@pass_call
def history(call: Call, limit: int | None, as_json: bool) -> None:
    """List all that was posted, missed or refused, newest first."""
    with call.bot(make=False) as bot:
        settings, found = bot.campaign.book.settings, bot.store.history(limit)
        if as_json:
            shapes.give([shapes.delivery(row, settings) for row in found])
            return
        if not found:
            click.echo("Nothing has been posted yet.")
            return
        from bot.cli.draw import Rows, console

        ids = [row.message_id or "" for row in found]
        rows = Rows(console(), settings, ids, bot.clock.now().year)
        for row in found:
            rows.delivery(row)
