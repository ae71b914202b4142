"""What a running bot tells: a card for each post on a terminal, else one line of key=value an event."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.log import ERRORS, clean, json_line, line
from bot.core.delivery import needs_person
from bot.core.model import Event, State

if TYPE_CHECKING:
    from rich.console import Console

    from bot.cli.call import Call
    from bot.core.written import Settings

TROUBLE = frozenset(ERRORS)
"""Events that a person should look at."""


class Teller:
    """Give it events, from any thread. `troubled` tells whether one of them was bad news."""

    def __init__(self, call: Call, settings: Settings, now: Callable[[], datetime]) -> None:
        self._call, self._now, self._lock = call, now, threading.Lock()
        self._networks: Mapping[str, str] = {each.id: each.network for each in settings.accounts}
        self._zone = ZoneInfo(settings.campaign.timezone)
        self.draws = sys.stdout.isatty() and not call.logs_json
        self._line = json_line if call.logs_json else line
        self.troubled = False

    def __call__(self, event: Event) -> None:
        with self._lock:
            self.troubled |= event.what in TROUBLE
            if not self.draws:
                click.echo(self._line(event, self._networks, self._now()))
            elif event.what != "dry":  # its card has the text
                self._draw(event)

    def say(self, text: str) -> None:
        """How a run begins: in words on a terminal, else as a line of the log."""
        if self.draws:
            click.echo(f"{text}\n")
        else:
            self(Event("started", text))

    def _draw(self, event: Event) -> None:
        from rich.text import Text

        from bot.cli.draw import card

        row = event.delivery
        at = self._now().astimezone(self._zone)
        if row and event.what == State.POSTED:
            self._console.print(card(row, self._networks.get(row.account, ""), at))
        else:
            look = "bold yellow" if event.what in (*TROUBLE, "asks") else ""
            self._console.print(Text(f"{at:%H:%M:%S}  {clean(sentence(event, self._call))}", look))

    @cached_property
    def _console(self) -> Console:
        from bot.cli.draw import console

        return console()


def sentence(event: Event, call: Call) -> str:
    """An event in words. `call` makes the commands that are named in it."""
    row = event.delivery
    what = f"{event.account}: {row.message_id or 'a post'}" if row else event.account
    match event.what:
        case "held":
            return call.held(event.account or "", event.text)
        case State.DUE:
            return f"{what} is not out yet: {event.text}"
        case State.UNCONFIRMED if row and needs_person(row):
            return f"{what} needs you: {event.text}. See {call.command('status')}"
        case State.UNCONFIRMED:
            return f"{what} may be out or not: {event.text}. The bot looks it up."
        case State.REFUSED | State.MISSED | State.CANCELLED:
            return f"{what} does not go out ({event.what}): {event.text}"
        case "milestone":
            return f"Milestone: {event.text}"
    return f"{what}: {event.text}" if what else event.text
