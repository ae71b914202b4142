"""The heartbeat is there while the bot would post, and only then; /healthz has the same word for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.model import Event
from bot.ports import StoreUnusable
from bot.pulse import TOO_LONG, Heartbeat, Pulse
from tests.given import NOON
from tests.mailbox import Mailbox, mailbox
from tests.scripted import HandClock

PATH = "/ping/canary-7f3a"


class Patient:
    """A pulse whose bot looks at its calendar when a test says so."""

    def __init__(self) -> None:
        self.clock, self.trouble, self.events = HandClock(NOON), "", list[Event]()
        self.pulse = Pulse(self.clock, lambda: self.trouble)
        self.look = self.pulse.looking(lambda: ["x"])
        self.heart = Heartbeat(self.pulse, self.events.append)


@pytest.fixture
def site() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
def bot(site: Mailbox) -> Patient:
    made = Patient()
    made.heart.url = f"http://127.0.0.1:{site.port}{PATH}"
    return made


def test_a_bot_that_has_not_looked_yet_is_starting(bot: Patient, site: Mailbox):
    assert bot.pulse.ill() == "starting"
    bot.heart.beat()
    assert site.paths == []


def test_a_bot_that_looks_is_well_and_its_heart_beats(bot: Patient, site: Mailbox):
    assert bot.look() == ["x"]
    assert bot.pulse.ill() == ""
    bot.heart.beat()
    bot.heart.beat()
    assert site.paths == [PATH, PATH]


def test_a_bot_that_hangs_is_stuck_and_its_heart_stands_still(bot: Patient, site: Mailbox):
    bot.look()
    bot.clock.forward(timedelta(seconds=TOO_LONG))
    assert bot.pulse.ill() == ""
    bot.clock.forward(timedelta(seconds=1))
    assert bot.pulse.ill() == "stuck"
    bot.heart.beat()
    assert site.paths == []


def test_a_clock_that_somebody_sets_makes_nobody_ill(bot: Patient):
    bot.look()
    bot.clock.set(NOON + timedelta(days=1))
    assert bot.pulse.ill() == ""


def test_a_look_that_fails_is_no_beat(bot: Patient):
    def failing() -> list[str]:
        raise StoreUnusable("the disk is full")

    with pytest.raises(StoreUnusable):
        bot.pulse.looking(failing)()
    assert bot.pulse.ill() == "starting"


@pytest.mark.parametrize("trouble", ["state", "clock"])
def test_a_bot_that_cannot_post_has_no_heartbeat(bot: Patient, site: Mailbox, trouble: str):
    bot.look()
    bot.trouble = trouble
    assert bot.pulse.ill() == trouble
    bot.heart.beat()
    assert site.paths == []


@pytest.mark.parametrize(
    ("status", "said"), [(500, "answers 500"), (404, "answers 404"), (302, "answers 302")]
)
def test_a_site_that_does_not_take_it_is_said_once_without_the_address(
    bot: Patient, site: Mailbox, status: int, said: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    bot.look()
    site.status = status
    for _ in range(3):
        bot.heart.beat()
    (event,) = bot.events
    assert said in event.text
    assert "canary" not in event.text + caplog.text
    assert site.paths == [PATH] * 3, "a redirect is not followed"
    site.status = 200
    bot.heart.beat()
    site.status = status
    bot.heart.beat()
    assert len(bot.events) == 2


@pytest.mark.parametrize(
    "url", ["http://ping.example.org/canary-7f3a", "canary-7f3a", "ftp://ping.example.org/canary"]
)
def test_an_address_that_is_not_safe_is_not_asked_and_not_shown(
    bot: Patient, url: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    bot.look()
    bot.heart.url = url
    bot.heart.beat()
    (event,) = bot.events
    assert "canary" not in event.text + caplog.text


def test_without_an_address_nobody_is_asked(bot: Patient, site: Mailbox):
    bot.look()
    bot.heart.url = None
    bot.heart.beat()
    assert (site.paths, bot.events) == ([], [])
