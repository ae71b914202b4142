"""The command that a container's health check calls: does the running bot say that it is well?"""

from __future__ import annotations

import click

from bot.cli.call import Call, Command, pass_call
from bot.cli.faults import PROBLEMS

WHOLE = 10.0
"""Seconds for the answer."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - looked for, not listened at
"""How a server that listens everywhere is reached from its own computer."""


@click.command(cls=Command)
@pass_call
@click.pass_context
def alive(context: click.Context, call: Call) -> None:
    """Ask the running bot whether it is well: for health checks.

    Prints its word and ends with 0 if it is, else with 1.
    """
    word, well = _asked(call.usable().usable()[0].web.listen)
    click.echo(word)
    if not well:
        context.exit(PROBLEMS)


def _asked(listen: str) -> tuple[str, bool]:
    from bot.http import RequestException, session

    host, _, port = listen.rpartition(":")
    if port == "0":
        return "web.listen has port 0, which is another one at each start: name a port", False
    asking = session(WHOLE, largest=1000)
    with asking.call():
        try:
            answer = asking.get(f"http://{EVERYWHERE.get(host, host)}:{port}/healthz")
        except RequestException:
            return (asking.last and asking.last.problem) or "no answer", False
    return answer.text.strip()[:100], answer.status_code == 200
