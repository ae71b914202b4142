"""One life of the bot: the real one, with a strategy and perhaps a step to die at wrapped around it.

`fork` makes it out of a process that has the libraries loaded already, which is quicker than the real
command and just as mortal.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from bot import app, config
from bot.core.model import Event
from bot.ports import StoreUnusable
from bot.store import lock, open_store
from chaos.naive import STRATEGIES
from chaos.stage import Stage
from chaos.steps import Step


@dataclass(frozen=True)
class Life:
    """A bot that was started: its process, and a pipe that says when it is at work."""

    process: int
    pipe: int

    def begun(self, within: float = 30.0) -> bool:
        return bool(select.select([self.pipe], [], [], within)[0])

    def kill(self) -> int | None:
        """SIGKILL; gives minus its number, or the status of a bot that had ended by itself."""
        os.kill(self.process, signal.SIGKILL)
        return self.ended(10)

    def ended(self, within: float) -> int | None:
        """Its exit status, or minus the signal that ended it; None while it lives."""
        ends = time.monotonic() + within
        while True:
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                os.close(self.pipe)
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= ends:
                return None
            time.sleep(0.01)


def fork(stage: Stage, strategy: str, step: Step | None = None) -> Life:
    """Start the bot."""
    sys.stdout.flush()
    begun, say = os.pipe()
    child = os.fork()
    if child:
        os.close(say)
        return Life(child, begun)
    log = _log(stage)
    os.dup2(log, 1)
    os.dup2(log, 2)
    status = 70
    try:
        status = live(stage, strategy, step, lambda: os.close(say))
    except StoreUnusable as trouble:
        print(trouble, flush=True)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


def _log(stage: Stage) -> int:
    return os.open(stage.folder / "bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def live(
    stage: Stage, strategy: str, step: Step | None = None, begun: Callable[[], None] = lambda: None
) -> int:
    """Run until SIGTERM; 0 when everything under way could be finished."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    wrapped = STRATEGIES[strategy]
    environ = stage.environ()
    if step:
        step.arm()
    with lock(stage.state, "run"), closing(open_store(stage.state)) as store:
        made = wrapped.store(store)
        app.networks_of = wrapped.around(step, app.networks_of)
        loaded = wrapped.settings(config.load(stage.config, environ))
        bot = app.Bot(loaded, step.store(made) if step else made, environ, tell=_tell)
        alarm = bot.alarm
        bot.alarm = lambda *given: (begun(), alarm(*given))[1]  # type: ignore[method-assign]
        return 0 if bot.run(stop) else 1


def _tell(event: Event) -> None:
    key = event.delivery.key if event.delivery else ""
    print(f"{event.what} {event.account or ''} {key} {event.text}", flush=True)


def command(stage: Stage) -> Life:
    """Start the real command instead, as organizers do: `petition-bot run`, from nothing."""
    begun, say = os.pipe()
    log = _log(stage)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "--config", str(stage.config), "run"],
        env=os.environ | stage.environ(),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=(say,),
    )
    os.close(say)
    os.close(log)
    return Life(process.pid, begun)
