"""What a fault says to a person, in one sentence, and to the shell, by its exit code."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import click

from bot.cli.log import aside

if TYPE_CHECKING:
    from bot.cli.call import Call
    from bot.files.problems import Problem
    from bot.files.secrets import ConfigRefused

PROBLEMS = 1
REFUSED = 78
INTERRUPTED = 130


def ended(error: BaseException, call: Call) -> int:
    """Say what ended the command, on stderr; returns the exit code."""
    from bot.files.secrets import ConfigRefused
    from bot.ports import StoreUnusable

    if isinstance(error, KeyboardInterrupt):
        click.echo("", err=True)
        return INTERRUPTED
    if isinstance(error, ConfigRefused):
        for line in _refusal(error, call):
            aside(line, "error")
        return error.exit_code
    if isinstance(error, StoreUnusable):
        return _said(str(error), error.exit_code)
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        raise error  # the reader of our output has gone, which click ends in silence
    return _surprise(error, call)


def _said(sentence: str, code: int = PROBLEMS) -> int:
    aside(f"petition-bot: {sentence}", "error")
    return code


def _refusal(refused: ConfigRefused, call: Call) -> list[str]:
    """The errors at their lines; one sentence where there is no configuration at all."""
    if not call.path.exists():
        return [
            f"petition-bot: there is no {call.path}: petition-bot init writes one, --config names another one"
        ]
    lines = [problem_line(problem) for problem in refused.problems]
    return [*lines, f"petition-bot: this configuration cannot be used: mend the {_errors(len(lines))} above"]


def _errors(number: int) -> str:
    return "error" if number == 1 else f"{number} errors"


def problem_line(problem: Problem) -> str:
    """`file:line:column: severity: sentence`, as editors read it."""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.severity}: {problem.message}"


def _surprise(error: BaseException, call: Call) -> int:
    """What nobody foresaw. Its words may hold anything, so they are only in the log, without secrets."""
    import logging

    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return _said(f"the system refused ({error.strerror}{where}); mend that and try again")
    logging.getLogger("bot").debug("what happened", exc_info=error)
    again = "" if call.verbose else "; the same command with -v shows where"
    return _said(f"something unforeseen happened ({type(error).__name__}){again}. Please report it")
