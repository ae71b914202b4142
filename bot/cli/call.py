"""One call of the program: which files it is about, how talkative it is, and what it opens.

It opens the state and the bot for a command and closes them after it; it shows nothing.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.log import talk

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.config import Loaded
    from bot.core.model import Event
    from bot.core.written import Account, Settings


@dataclass
class Call:
    """`option` is `--config` as it was typed; None: the environment or the present folder says which."""

    option: str | None = None
    verbose: bool = False
    logs_json: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def path(self) -> Path:
        from bot.config import path_from

        return path_from(self.option, self.environ)

    def loaded(self) -> Loaded:
        """Both files, whatever stands in them."""
        from bot.config import load

        return load(self.path, self.environ)

    def usable(self) -> Loaded:
        """Both files. Raises ConfigRefused when one has an error."""
        loaded = self.loaded()
        loaded.usable()
        return loaded

    @contextmanager
    def bot(
        self, *, make: bool, speaks: bool = False, tell: Callable[[Event], None] = lambda event: None
    ) -> Iterator[Bot]:
        """A bot on the state. `make` False: for commands that only look, where there may be none yet.

        Raises ConfigRefused and StoreUnusable.
        """
        from bot.app import Bot, store_of

        loaded = self.usable()
        with closing(store_of(loaded, self.environ, make=make)) as store:
            yield Bot(loaded, store, self.environ, tell, speaks=speaks)

    def command(self, *words: str) -> str:
        """What to type for another command about the same campaign."""
        about = ("--config", self.option) if self.option else ()
        return shlex.join(["petition-bot", *about, *words])

    def held(self, account_id: str, reason: str) -> str:
        """Why an account is held, and what to type when that is mended, where the reason does not say it."""
        then = f". When that is mended: {self.command('resume', '--account', account_id)}"
        return f"{account_id} is held: {reason}{'' if 'petition-bot resume' in reason else then}"


def known_account(settings: Settings, account_id: str | None) -> Account | None:
    """The account of that id; None for none. A usage error where no account has it."""
    from bot.core.scalars import did_you_mean

    if account_id is None:
        return None
    ids = [account.id for account in settings.accounts]
    if account_id not in ids:
        guess = did_you_mean(account_id, ids) or f"; there are {', '.join(ids)}"
        raise click.BadParameter(f"no account has the id {account_id}{guess}", param_hint="--account")
    return settings.account(account_id)


# --- options of every command --------------------------------------------------------------------


def _config(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value:
        context.ensure_object(Call).option = value


def _verbose(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Call).verbose = True
        talk()


def _log(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value:
        context.ensure_object(Call).logs_json = value == "json"


def everywhere(*, hidden: bool = True) -> list[click.Parameter]:
    """`--config`, `-v` and `--log`: taken before the name of a command and after it."""
    about: dict[str, Any] = {"expose_value": False, "is_eager": True, "hidden": hidden}
    return [
        click.Option(
            ["--config"],
            metavar="PATH",
            callback=_config,
            help="config.yaml, or the folder that holds it. Else $PETITION_BOT_CONFIG, else ./config.yaml.",
            **about,
        ),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            callback=_verbose,
            help="Tell on stderr what happens, in detail; never a key.",
            **about,
        ),
        click.Option(
            ["--log"],
            type=click.Choice(["text", "json"]),
            callback=_log,
            help="How the log is written where it goes to no terminal; json: wherever it goes.",
            **about,
        ),
    ]


class Command(click.Command):
    """A command that takes the options of every command."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params += everywhere()


class Family(click.Group):
    """A command with commands below it; they all take the options of every command."""

    command_class = Command

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params += everywhere()


pass_call = click.make_pass_decorator(Call, ensure=True)
account_option = click.option("--account", "account_id", metavar="ID", help="Only this account.")
json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")
