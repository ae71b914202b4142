"""`preview`: what goes out, when, where, why and at what price, from the same plan that the bot follows.

It makes no state and needs no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli import shapes, typed
from bot.cli.call import Call, Command, account_option, json_option, known_account, pass_call
from bot.cli.look import counted

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.core.model import Planned
    from bot.core.written import Account, Settings

DAYS = 7
MOST_DAYS = 3660
SHOWN = 60
"""So many slots are shown where nobody said how many days they want to see."""
A_MONTH = 30
LINK_RULES = ("always", "story", "every 3 posts")
"""What is compared when somebody looks at a month."""


@click.command(cls=Command)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), metavar="N", help=f"How far to look; {DAYS} if not said."
)
@click.option("--from", "start", metavar="ISO", help="From when, such as 2026-12-10 or 2026-12-10T18:00.")
@account_option
@json_option
@pass_call
def preview(call: Call, days: int | None, start: str | None, account_id: str | None, as_json: bool) -> None:
    """Show exactly what goes out, when, where, why and at what price.

    It is the plan that the bot follows, as long as nobody edits anything.
    """
    with call.bot(make=False) as bot:
        settings = bot.campaign.book.settings
        account = known_account(settings, account_id)
        begins, ends = _span(settings.campaign.timezone, days or DAYS, start, bot.clock.now())
        rows = bot.campaign.preview(begins, ends)  # of all accounts, since they mind each other
        if account:
            rows = (row for row in rows if row.slot.account == account.id)
        if as_json:
            shapes.give([shapes.planned(row, settings) for row in rows])
        else:
            _show(bot, rows, account, begins, days)
            if days and days >= A_MONTH:
                _compare(bot, account, begins, ends)


def _span(zone: str, days: int, start: str | None, now: datetime) -> tuple[datetime, datetime]:
    """From when until when: so many days of the calendar in the campaign's zone."""
    begins = typed.moment(start, zone, "--from") if start else now
    return begins, (begins.astimezone(ZoneInfo(zone)) + timedelta(days)).astimezone(UTC)


def _show(
    bot: Bot, rows: Iterator[Planned], account: Account | None, begins: datetime, days: int | None
) -> None:
    from bot.cli.draw import Rows, console

    book = bot.campaign.book
    shown = (account,) if account else book.settings.accounts
    out, sums = console(), Sums(shown)
    lines = Rows(out, book.settings, [message.id for message in book.messages()], begins.year)
    out.print(_zones(book.settings, shown), style="dim")
    out.print()
    for row in rows:
        sums.add(row)
        if days or sums.slots <= SHOWN:
            lines.planned(row)
    if not days and sums.slots > SHOWN:
        out.print(f"… and {sums.slots - SHOWN:,} more in {DAYS} days: --days {DAYS} shows them all.\n")
    out.print(sums.said(days or DAYS))


def _compare(bot: Bot, account: Account | None, begins: datetime, ends: datetime) -> None:
    """What the same span would cost with other rules for the petition's link, whatever the budget."""
    from bot.cli.draw import console, price
    from bot.core.plan import linking
    from bot.core.terms import link_rule

    costs: dict[str, int] = {}
    for rule in LINK_RULES:
        rows = bot.campaign.preview(begins, ends, linking(bot.campaign.book, link_rule(rule)))
        mine = (row.post for row in rows if account is None or row.slot.account == account.id)
        costs[rule] = sum(post.cost for post in mine if post)
    if any(costs.values()):
        said = ", ".join(f"{rule} {price(cost)}" for rule, cost in costs.items())
        console().print(f"The same span by the rule for links: {said}.")


def _zones(settings: Settings, shown: tuple[Account, ...]) -> str:
    zones: dict[str, list[str]] = {}
    for account in shown:
        zones.setdefault(settings.zone(account), []).append(account.id)
    if len(zones) == 1:
        return f"Times are those of {next(iter(zones))}."
    named = [f"{zone} for {' and '.join(ids)}" for zone, ids in zones.items()]
    return f"Times are those of {', '.join(named)}."


class Sums:
    """Posts and money of the span that is shown, per account."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self._accounts, self.slots = accounts, 0
        self._posts = dict.fromkeys((account.id for account in accounts), 0)
        self._cost = dict(self._posts)

    def add(self, row: Planned) -> None:
        self.slots += 1
        if row.post:
            self._posts[row.slot.account] += 1
            self._cost[row.slot.account] += row.post.cost

    def said(self, days: int) -> str:
        """`x: 21 posts, $4.20. 7 days cost $4.20; a month of 30 days would cost $18.00.`"""
        from bot.cli.draw import price

        each = " ".join(
            f"{account_id}: {counted(posts, 'post')}, {price(self._cost[account_id])}."
            for account_id, posts in self._posts.items()
        )
        total = sum(self._cost.values())
        if not total:
            return each
        month = price(sum(self._month(account, days) for account in self._accounts))
        return f"{each}\n{counted(days, 'day')} cost {price(total)}; {A_MONTH} days like these cost {month}."

    def _month(self, account: Account, days: int) -> int:
        """A month at this pace, to the cent, but never more than the budget lets through."""
        pace = round(self._cost[account.id] * A_MONTH / days, -4)
        limit = account.budget.usd_per_month
        return int(pace if limit is None else min(pace, limit * 1_000_000))
