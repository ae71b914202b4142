"""The alarm clock: it wakes the bot at most 30 seconds late, and lets accounts work side by side.

APScheduler (only here) is the alarm clock and not the calendar: when something goes out is computed
by core/slots.py and kept in the outbox, so a missed alarm loses nothing and a second one posts nothing.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns of an alarm that found us awake
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
"""It warns of an alarm that goes off while the last one is still looked after, which sets the next itself."""

TICK = 30
"""Seconds between two looks at the calendar when nothing is known to be due earlier."""

SOONEST = timedelta(milliseconds=100)
"""An alarm for what is overdue goes off so much later, so that no fault makes a hot loop."""

ALWAYS_RUN = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""However late: APScheduler's default is to drop what is one second late."""


def begun(verb: Callable[[], None], stop: threading.Event) -> bool:
    """Do `verb`, and raise what it raises; False where `stop` was set before it was done. Then it is left
    alone: a network that lets us wait must not keep the program alive."""
    done: Future[None] = Future()

    def act() -> None:
        try:
            verb()
        except BaseException as error:  # handed over to the thread that asked
            done.set_exception(error)
        else:
            done.set_result(None)

    threading.Thread(target=act, daemon=True).start()
    while not done.done():
        if stop.wait(0.02):
            return False
    done.result()
    return True


WORKERS = 128
"""Accounts that are served at once, at most: they wait for networks. A thread is begun when it is needed."""


class _Threads(BaseExecutor):  # type: ignore[misc]
    """A thread for each alarm that goes off. None of them keeps the program alive: they look and read, and
    what must be brought to its end is in the pool."""

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
        threading.Thread(target=self._run, args=(job, run_times), daemon=True).start()

    def _run(self, job: Any, run_times: Any) -> None:
        try:
            events = run_job(job, job._jobstore_alias, run_times, self._logger.name)
        except BaseException:
            self._run_job_error(job.id, *sys.exc_info()[1:])
        else:
            self._run_job_success(job.id, events)


class Alarm:
    """Calls `tick` in time, and `serve` for every account that `tick` names, never twice at once for one."""

    def __init__(
        self,
        tick: Callable[[], list[str]],
        serve: Callable[[str], None],
        next_at: Callable[[], datetime | None],
        workers: int = WORKERS,
    ) -> None:
        self._tick, self._serve, self._next_at = tick, serve, next_at
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="bot")
        self._scheduler: Any = BackgroundScheduler(
            timezone=UTC, executors={"default": _Threads()}, job_defaults=ALWAYS_RUN
        )
        self._busy: dict[str, Future[None]] = {}
        self._lock, self._stopped = threading.Lock(), False

    def every(self, seconds: float, verb: Callable[[], object], first: float = 0) -> None:
        """Call `verb` now, or in `first` seconds, and then every so many seconds."""
        start = datetime.now(UTC) + timedelta(seconds=first)
        self._scheduler.add_job(verb, "interval", seconds=seconds, next_run_time=start)

    def start(self) -> None:
        self.every(TICK, self.wake)
        self._scheduler.start()

    def wake(self) -> None:
        """Look what is to be done now, hand it out, and set the alarm for what comes next."""
        with self._lock:
            for account_id in [] if self._stopped else self._tick():
                if account_id not in self._busy:
                    self._hand_out(account_id)
            self._set()

    def _hand_out(self, account_id: str) -> None:
        with suppress(RuntimeError):  # stopped in the meantime: the pool takes nothing more
            self._busy[account_id] = self._pool.submit(self._serve, account_id)
            self._busy[account_id].add_done_callback(partial(self._done, account_id))

    def _done(self, account_id: str, served: Future[None]) -> None:
        self._busy.pop(account_id, None)
        if not served.cancelled() and (error := served.exception()):
            log.error("serving %s ended in a fault", account_id, exc_info=error)
        self._set()

    def _set(self) -> None:
        """The alarm for the next thing to do; the tick catches what this one cannot know. It would come
        again in a year: a job that never comes again is taken out of the list by APScheduler, which
        breaks when it is stopped in that moment."""
        at = self._next_at()
        if at is None or self._stopped or not self._scheduler.running:
            return
        soonest = datetime.now(UTC) + SOONEST
        once = {"days": 365, "next_run_time": max(at, soonest), "id": "next", "replace_existing": True}
        self._scheduler.add_job(self.wake, "interval", **once, **ALWAYS_RUN)

    def once(self) -> None:
        """One look, and everything it finds done before this returns. No alarm is set.

        Raises what the first of the accounts met, once all are done.
        """
        served = [self._pool.submit(self._serve, account_id) for account_id in self._tick()]
        wait(served)
        for each in served:
            each.result()

    def stop(self, seconds: float) -> bool:
        """Start nothing more; True when all that was under way ended within `seconds`."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not wait(list(self._busy.values()), timeout=seconds).not_done
