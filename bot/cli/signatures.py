"""The signature count: as it is now, its history, told by hand, and how to read it somewhere."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli import typed
from bot.cli.call import Call, Family, json_option, pass_call
from bot.cli.faults import PROBLEMS
from bot.cli.settle import shown

if TYPE_CHECKING:
    from bot.core.model import Event, Reading
    from bot.core.written import Settings
    from bot.petitions.proposal import Proposal

WIDEST, NARROWEST = 100, 40
DEADLINE = 30.0
"""Seconds that a look at an address may take."""


@click.group(cls=Family, invoke_without_command=True)
@click.option("--history", "past", is_flag=True, help="Its chart, its pace, when the next milestone comes.")
@click.option("--try", "address", metavar="URL", help="Look at an address: how would its count be read?")
@json_option
@pass_call
@click.pass_context
def count(context: click.Context, call: Call, past: bool, address: str | None, as_json: bool) -> None:
    """Show the newest signature count; `count set N` tells one."""
    if context.invoked_subcommand is not None:
        return
    if address is not None:
        _try(context, call, address, as_json)
    elif past:
        _history(call, as_json)
    else:
        _newest(call, as_json)


def _newest(call: Call, as_json: bool) -> None:
    from bot.cli import shapes

    with call.bot(make=False) as bot:
        settings, newest = bot.campaign.book.settings, next(iter(bot.store.readings(limit=1)), None)
        told = shapes.count(newest, settings)
        if as_json:
            shapes.give(told)
        else:
            _show_count(told, settings.campaign.timezone)


def _show_count(told: dict[str, Any], zone: str) -> None:
    if told["signatures"] is None:
        click.echo("The signatures have not been counted yet. To tell the number: petition-bot count set N")
    else:
        at = shown(datetime.fromisoformat(told["at"]), zone)
        click.echo(f"{told['signatures']:,} signatures: {told['source']}, {at}.")
    for name, what in (("next_milestone", "Next milestone"), ("goal", "Goal")):
        if told[name]:
            click.echo(f"{what}: {told[name]:,}.")


@count.command(name="set")
@click.argument("number", metavar="N")
@pass_call
def set_count(call: Call, number: str) -> None:
    """Tell the count by hand, in plain digits; milestones it passes are announced."""
    from bot.core.model import Reading

    told: list[Event] = []
    signatures = typed.count(number)
    with call.bot(make=True, tell=told.append) as bot:
        bot.campaign.take(Reading(signatures, "set by hand", bot.clock.now()))
        click.echo(f"{signatures:,} signatures, set by hand.")
        for event in told:
            if event.what == "milestone":
                click.echo(f"A milestone, {event.text}: the bot announces it when it runs.")
            elif event.what == "asks":
                click.echo(event.text)
        if bot.campaign.book.settings.petition.counter.kind != "manual":
            click.echo("The counter in config.yaml reads its own number again at its next look.")


# --- history -----------------------------------------------------------------------------------


def _history(call: Call, as_json: bool) -> None:
    from bot.cli import shapes

    with call.bot(make=False) as bot:
        settings, readings = bot.campaign.book.settings, bot.store.readings()[::-1]
        told = shapes.count_history(readings, settings, bot.clock.now())
        if as_json:
            shapes.give(told)
        elif not readings:
            _show_count(told, settings.campaign.timezone)
        else:
            _draw(readings, told, settings)


def _draw(readings: list[Reading], told: dict[str, Any], settings: Settings) -> None:
    from bot.cli.chart import chart

    zone = ZoneInfo(settings.campaign.timezone)
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    lines = chart([(each.at, each.number) for each in readings], width)
    first, last = (f"{each.at.astimezone(zone):%Y-%m-%d}" for each in (readings[0], readings[-1]))
    margin = lines[0].index("┤") + 1
    for line in lines:
        click.echo(line)
    click.echo(f"{'':{margin}}{first}{last:>{max(width - margin - len(first), len(last) + 1)}}")
    for sentence in _pace(told):
        click.echo(sentence)


def _pace(told: dict[str, Any]) -> list[str]:
    """How fast people sign, and when the next milestone and the goal are expected."""
    rate = told["rate_per_day"]
    said = [f"{told['signatures']:,} signatures now."]
    if rate is not None:
        said[0] += f" In the last week {rate:,.1f} a day."
    for name, what in (("next_milestone", "The next milestone"), ("goal", "The goal")):
        wanted, expected = told[name], told[f"{name}_expected"]
        if wanted and wanted > told["signatures"]:
            when = f"about {expected[:10]}" if expected else "nobody knows when, at this pace"
            said.append(f"{what}, {wanted:,}: {when}.")
    return said


# --- try ---------------------------------------------------------------------------------------


def _try(context: click.Context, call: Call, address: str, as_json: bool) -> None:
    """Needs no campaign: the address alone."""
    from datetime import UTC

    from bot.cli import shapes
    from bot.core.addresses import web_address
    from bot.core.model import BadReading
    from bot.petitions.proposal import propose

    try:
        url = web_address(address)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--try") from None
    found = propose(url, DEADLINE, datetime.now(UTC), call.environ.get("PETITION_OSDI_API_TOKEN"))
    if isinstance(found, BadReading):
        click.echo(f"{found.reason[:1].upper()}{found.reason[1:]}.", err=True)
        context.exit(PROBLEMS)
    elif as_json:
        shapes.give([shapes.proposal(each) for each in found])
    else:
        _show_proposals(found)


def _show_proposals(found: list[Proposal]) -> None:
    """Each as lines to copy into config.yaml, the likeliest first."""
    click.echo(f"{found[0].number:,} signatures can be read there. In config.yaml, below petition, write:\n")
    _show_proposal(found[0])
    for each in found[1:]:
        click.echo(f"\nOr, if {each.number:,} is the count:\n")
        _show_proposal(each)


def _show_proposal(proposal: Proposal) -> None:
    import json

    from bot.cli import shapes

    click.echo("  counter:")
    for key, value in shapes.proposal(proposal)["counter"].items():
        click.echo(f"    {key}: {value if key in ('kind', 'url') else json.dumps(value, ensure_ascii=False)}")
