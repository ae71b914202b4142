"""The alarm clock: it wakes in time, serves no account twice at once, and ends without a word."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot import scheduler
from bot.scheduler import Alarm


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is overdue is looked at again and again, without a pause."""
    monkeypatch.setattr(scheduler, "SOONEST", timedelta(0))


def test_a_bot_that_is_stopped_while_it_wakes_shows_no_fault(restless: None) -> None:
    """APScheduler takes a job off its list that has had its date, and breaks if it is stopped meanwhile."""
    broken: list[object] = []
    before, threading.excepthook = threading.excepthook, broken.append
    try:
        for number in range(40):
            alarm = Alarm(lambda: [], lambda _: None, lambda: datetime.now(UTC))
            alarm.start()
            time.sleep(0.005 + number % 10 / 1000)
            assert alarm.stop(5)
    finally:
        threading.excepthook = before
    assert not broken


def test_an_alarm_goes_off_at_its_time_and_sets_the_next_one() -> None:
    due = [datetime.now(UTC) + timedelta(milliseconds=each) for each in (150, 300)]
    woken, both = list[datetime](), threading.Event()

    def tick() -> list[str]:
        while due and due[0] <= datetime.now(UTC):
            woken.append(due.pop(0))
            both.set() if not due else None
        return []

    alarm = Alarm(tick, lambda _: None, lambda: due[0] if due else None)
    alarm.start()
    assert both.wait(10)
    assert alarm.stop(5)
    assert len(woken) == 2


def test_an_account_is_never_served_twice_at_once(restless: None) -> None:
    at_work, most, served = 0, 0, 0
    lock, enough = threading.Lock(), threading.Event()

    def serve(_: str) -> None:
        nonlocal at_work, most, served
        with lock:
            at_work, served = at_work + 1, served + 1
            most = max(most, at_work)
        time.sleep(0.01)
        with lock:
            at_work -= 1
        enough.set() if served >= 5 else None

    alarm = Alarm(lambda: ["x"], serve, lambda: datetime.now(UTC))
    alarm.start()
    assert enough.wait(10)
    assert alarm.stop(5)
    assert most == 1
