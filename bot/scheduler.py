"""The alarm clock: it wakes the bot at most 30 seconds late, and lets accounts work side by side.

APScheduler (only here) is the alarm clock and not the calendar: when something goes out is computed
by core/slots.py and kept in the outbox, so a missed alarm loses nothing and a second one posts nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

TICK = 30
"""Seconds between two looks at the calendar when nothing is known to be due earlier."""

SOONEST = timedelta(milliseconds=100)
"""An alarm for what is overdue goes off so much later, so that no fault makes a hot loop."""

ALWAYS_RUN = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""However late: APScheduler's default is to drop what is one second late."""


class _Pool(BasePoolExecutor):  # type: ignore[misc]
    def __init__(self, pool: ThreadPoolExecutor) -> None:
        super().__init__(pool)


class Alarm:
    """Calls `tick` in time, and `serve` for every account that `tick` names, never twice at once for one."""

    def __init__(
        self,
        tick: Callable[[], list[str]],
        serve: Callable[[str], None],
        next_at: Callable[[], datetime | None],
        workers: int = 16,
    ) -> None:
        self._tick, self._serve, self._next_at = tick, serve, next_at
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="bot")
        self._scheduler: Any = BackgroundScheduler(
            timezone=UTC, executors={"default": _Pool(self._pool)}, job_defaults=ALWAYS_RUN
        )
        self._busy: dict[str, Future[None]] = {}
        self._lock = threading.Lock()

    def every(self, seconds: float, verb: Callable[[], object]) -> None:
        """Call `verb` now and then every so many seconds."""
        self._scheduler.add_job(verb, "interval", seconds=seconds, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        self.every(TICK, self.wake)
        self._scheduler.start()

    def wake(self) -> None:
        """Look what is to be done now, hand it out, and set the alarm for what comes next."""
        with self._lock:
            for account_id in self._tick():
                if account_id not in self._busy:
                    self._busy[account_id] = self._pool.submit(self._serve, account_id)
                    self._busy[account_id].add_done_callback(partial(self._done, account_id))
            self._set()

    def _done(self, account_id: str, _served: Future[None]) -> None:
        self._busy.pop(account_id, None)
        self._set()

    def _set(self) -> None:
        """The date trigger for the next thing to do; the tick catches what this one cannot know."""
        at = self._next_at()
        if at is None or not self._scheduler.running:
            return
        soonest = datetime.now(UTC) + SOONEST
        self._scheduler.add_job(
            self.wake, "date", run_date=max(at, soonest), id="next", replace_existing=True, **ALWAYS_RUN
        )

    def once(self) -> None:
        """One look, and everything it finds done before this returns. No alarm is set."""
        wait([self._pool.submit(self._serve, account_id) for account_id in self._tick()])

    def stop(self, seconds: float) -> bool:
        """Start nothing more; True when all that was under way ended within `seconds`."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not wait(list(self._busy.values()), timeout=seconds).not_done
