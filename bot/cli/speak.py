"""Commands that speak to networks: run, post, demo. Each holds the state alone while it does."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from bot.cli.call import Call, Command, account_option, known_account, pass_call
from bot.cli.faults import INTERRUPTED, PROBLEMS
from bot.cli.log import aside

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.cli.tell import Teller
    from bot.core.model import Delivery
    from bot.office import Office
    from bot.web import Site


# --- run ---------------------------------------------------------------------------------------


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Do what is due now and end: for cron.")
@pass_call
@click.pass_context
def run(context: click.Context, call: Call, once: bool) -> None:
    """Post by the schedule until Ctrl-C; shows each post as it goes out."""
    from bot.app import SystemClock, state_of
    from bot.cli.tell import Teller
    from bot.core.overview import sentence
    from bot.store import lock

    loaded = call.usable()
    teller = Teller(call, loaded.usable()[0], SystemClock().now)
    with lock(state_of(loaded, call.environ), "run"):
        with call.bot(make=True, speaks=True, tell=teller) as bot:
            _barred(bot, call)
            if once:
                bot.once()
                if teller.draws:
                    click.echo(sentence(bot.campaign.overview()))
                context.exit(PROBLEMS if teller.troubled else 0)
            with signals() as stop, page(bot) as where, public(bot) as also:
                _introduce(bot, teller, f"{where} {also}".strip())
                finished = bot.run(stop)
        leave(finished)


def _barred(bot: Bot, call: Call) -> None:
    barred = bot.campaign.book.barred
    if barred:
        names = ", ".join(sorted(barred))
        aside(f"Not posted, since they have errors: {names}. See {call.command('check')}")


def _introduce(bot: Bot, teller: Teller, where: str) -> None:
    """Who begins, and what comes next."""
    from bot.core.overview import sentence

    if teller.draws:
        teller.say(f"{sentence(bot.campaign.overview())}\n{f'{where} Ctrl-C ends the bot.'.strip()}")
    else:
        names = ", ".join(account.id for account in bot.campaign.book.settings.accounts)
        teller.say(f"posts for {names}. {where}".strip())


@contextmanager
def page(bot: Bot) -> Iterator[str]:
    """The organizers' page while the block runs; gives where it is, in words.

    A port that is taken stops no post. Raises ConfigRefused where others could reach it and nobody has to
    sign in.
    """
    from bot.config import ConfigRefused, unguarded
    from bot.web import serve

    office, listen = bot.office(), bot.campaign.book.settings.web.listen
    guarded = bool(office.people.all())
    if not guarded and (problems := unguarded(bot.loaded)):
        raise ConfigRefused(problems)
    try:
        served = serve(site(bot, office), listen, anywhere=guarded)
    except OSError as problem:
        aside(f"{problem.strerror or problem}. The bot posts all the same.")
        yield ""
        return
    with closing(served):
        yield f"The page is at {bot.campaign.book.settings.web.url or served.url}"


def site(bot: Bot, office: Office) -> Site:
    """All pages, and what machines ask. Raises ConfigRefused for a METRICS_TOKEN that cannot be read."""
    from bot.web import create_app

    return create_app(office, sharing=bot.sharing(), watch=bot.watcher, token=bot.metrics_token())


@contextmanager
def public(bot: Bot) -> Iterator[str]:
    """The share page alone, for everybody, where web.public_listen wants it; gives where it is, in words.

    A port that is taken stops no post.
    """
    from bot.web import create_public_app, serve

    settings = bot.campaign.book.settings
    if settings.web.public_listen is None:
        yield ""
        return
    try:
        served = serve(create_public_app(bot.sharing()), settings.web.public_listen, anywhere=True)
    except OSError as problem:
        why = str(problem.strerror or problem).replace("web.listen", "web.public_listen")
        aside(f"{why}. The bot posts all the same.")
        yield ""
        return
    with closing(served):
        yield f"Followers find the share page at {settings.share.url or f'{served.url}/share/'}"


# --- the end -----------------------------------------------------------------------------------


ENDS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


@contextmanager
def signals() -> Iterator[threading.Event]:
    """An event that SIGTERM, Ctrl-C and a closed terminal set; a second one ends the program at once."""
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            vanish(INTERRUPTED)
        stop.set()
        if sys.stderr.isatty():
            click.echo("\nStopping: what is under way is brought to its end (at most 20 seconds) …", err=True)

    before = {number: signal.signal(number, asked) for number in ENDS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave(finished: bool) -> None:
    """After a clean end nothing; else leave the threads that still wait for a network, at once."""
    if not finished:
        aside("A post was still under way. Whether it is out is looked up at the next start.")
        vanish(0)


def vanish(code: int) -> None:
    """End without waiting for any thread. What they did not finish stands in the state as it is."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


# --- post --------------------------------------------------------------------------------------


@click.command(cls=Command)
@click.argument("message_id", metavar="MESSAGE_ID")
@account_option
@pass_call
@click.pass_context
def post(context: click.Context, call: Call, message_id: str, account_id: str | None) -> None:
    """Post one message now, on every account that may carry it."""
    from bot.app import state_of
    from bot.ports import StateLocked
    from bot.store import lock

    loaded = call.usable()
    known_account(loaded.usable()[0], account_id)
    state = state_of(loaded, call.environ)
    try:
        with lock(state, "post"), call.bot(make=True, speaks=True) as bot:
            well = _deliver(call, bot, _laid(bot, message_id, account_id))
    except StateLocked:
        with call.bot(make=True) as bot:
            well = _hand_over(_laid(bot, message_id, account_id))
    context.exit(0 if well else PROBLEMS)


def _laid(bot: Bot, message_id: str, account_id: str | None) -> list[Delivery | str]:
    """Rows for the accounts that may carry the message, and why not for those that were asked for."""
    from bot.core.rotation import carried
    from bot.core.scalars import did_you_mean

    book = bot.campaign.book
    message = book.message(message_id)
    if message is None:
        guess = did_you_mean(message_id, [each.id for each in book.queue.messages])
        return [f"there is no message {message_id}{guess or ' in messages.yaml'}"]
    may = [each.id for each in book.settings.accounts if carried(message, each, book.settings)]
    wanted = [account_id] if account_id else may
    rows = [row for each in wanted for row in bot.campaign.post(message_id, each)]
    return rows or bot.campaign.post(message_id)


def _deliver(call: Call, bot: Bot, rows: list[Delivery | str]) -> bool:
    """One attempt for each row; what another bot serves is left to it. True when all stand or are its."""
    if accounts := [row.account for row in rows if not isinstance(row, str)]:
        bot.campaign.start(accounts)
    try:
        return [_attempted(call, bot, row) for row in rows].count(False) == 0
    finally:
        bot.campaign.leave()


def _attempted(call: Call, bot: Bot, row: Delivery | str) -> bool:
    if isinstance(row, str):
        return _say(row, call)
    if not bot.campaign.serves(row.account):
        return _hand_over([row])
    bot.campaign.serve(row.account)
    return _say(bot.store.delivery(row.id) or row, call)


def _say(row: Delivery | str, call: Call) -> bool:
    """What became of one row, in a sentence. True when it stands."""
    from bot.core.model import State

    if isinstance(row, str):
        click.echo(f"Not posted: {row}", err=True)
        return False
    goes_on = call.command("run")
    said = {
        State.POSTED: f"posted{f': {row.remote_url}' if row.remote_url else ''}",
        State.DUE: f"not out yet ({row.reason}). {goes_on} goes on with it",
        State.SENDING: f"under way. {goes_on} looks what became of it",
        State.UNCONFIRMED: f"out or not, that is not certain ({row.reason}). {goes_on} looks it up",
    }
    click.echo(f"{row.account}: {said.get(row.state, f'not posted ({row.state}): {row.reason}')}")
    return row.state is State.POSTED


def _hand_over(rows: list[Delivery | str]) -> bool:
    """For the bot that is running beside this command. True when it has all of them."""
    for row in rows:
        if isinstance(row, str):
            click.echo(f"Not posted: {row}", err=True)
        else:
            click.echo(
                f"{row.account}: handed to the bot that is running, which posts it within half a minute."
            )
    return not any(isinstance(row, str) for row in rows)


# --- demo --------------------------------------------------------------------------------------


@click.command(cls=Command)
@pass_call
def demo(call: Call) -> None:
    """See it all at work on this computer: no keys, nothing leaves it."""
    from bot.app import SystemClock
    from bot.cli.tell import Teller
    from bot.config import load
    from bot.demo import EVERY
    from bot.demo import demo as play

    path = _shown_off(call)
    settings = load(path, {}).usable()[0]
    if not any(account.network in EVERY for account in settings.accounts):
        networks = ", ".join(EVERY)
        raise click.ClickException(f"{path} has no account that a demo can show ({networks}; no keys needed)")
    teller = Teller(call, settings, SystemClock().now)
    with signals() as stop:
        finished = play(path, teller, teller.say, stop)
    leave(finished)


def _shown_off(call: Call) -> Path:
    """The configuration that the demo plays: the one that was named, else the shipped one, else one's own."""
    if call.option or call.environ.get("PETITION_BOT_CONFIG"):
        return call.path
    shipped = Path("config.example.yaml")
    return shipped if shipped.exists() else call.path
