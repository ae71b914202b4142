"""The composition root: real files, a real store, the dry network, and edits while it runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import config
from bot.app import Bot, SystemClock, book_of, findings, limits_file, store_of
from bot.core.model import Event
from bot.files.limits import read_limits
from bot.sandbox import Sandbox
from bot.store import open_store

CONFIG = """
campaign: {name: Test, timezone: UTC}
petition: {url: "https://petition.example.org/p"}
accounts:
  - {id: dry, network: dry, schedule: {every: 1s}}
"""
QUEUE = """
messages:
  - id: one
    kind: fact
    text: "%s"
    source: https://petition.example.org/
    as_of: 2026-01-01
"""


class Here:
    """A folder with both files, and a bot on them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.events = folder, []
        self.write(CONFIG, "config.yaml")
        self.write(QUEUE % "First words.")
        self.loaded = config.load(folder / "config.yaml", {})
        self.store = open_store(f"sqlite:///{folder}/state.db")
        self.bot = Bot(self.loaded, self.store, {}, self.events.append)

    def write(self, text: str, name: str = "messages.yaml") -> None:
        path = self.folder / name
        path.write_text(text, "utf-8")
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000 * (len(self.events) + 1)))

    def words(self) -> str:
        return self.bot.campaign.book.queue.messages[0].text[""][0]

    def said(self, what: str) -> list[Event]:
        return [event for event in self.events if event.what == what]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    made = Here(tmp_path)
    with closing(made.store):
        yield made


def test_an_edited_message_is_taken_up(here: Here):
    here.write(QUEUE % "Mended words.")
    here.bot.reread()
    assert here.words() == "Mended words."
    assert len(here.said("reloaded")) == 1


def test_without_an_edit_nothing_is_read_or_said(here: Here):
    here.bot.reread()
    assert here.events == []


def test_a_broken_edit_keeps_the_last_good_file_and_is_said_once(here: Here):
    here.write("messages: [")
    here.bot.reread()
    here.bot.reread()
    assert here.words() == "First words."
    assert len(here.said("reloaded")) == 1
    assert "messages.yaml" in here.said("reloaded")[0].text


def test_a_file_that_vanished_keeps_the_last_good_one(here: Here):
    (here.folder / "messages.yaml").unlink()
    here.bot.reread()
    assert here.words() == "First words."


def test_a_mended_edit_is_taken_up_again(here: Here):
    here.write("messages: [")
    here.bot.reread()
    here.write(QUEUE % "Mended words.")
    here.bot.reread()
    assert here.words() == "Mended words."


def test_a_new_account_gets_a_courier_and_one_without_keys_is_refused(here: Here):
    more = CONFIG + "  - {id: second, network: dry, schedule: {every: 1h}}\n"
    here.write(more, "config.yaml")
    here.bot.reread()
    assert set(here.bot.campaign.couriers) == {"dry", "second"}
    here.write(more + "  - {id: x, network: x, schedule: {every: 1h}}\n", "config.yaml")
    here.bot.reread()
    assert set(here.bot.campaign.couriers) == {"dry", "second"}
    assert "X_API_KEY" in here.said("reloaded")[-1].text


def test_a_bot_that_runs_posts_and_stops_when_told(here: Here):
    stop = threading.Event()

    def tell(event: Event) -> None:
        here.events.append(event)
        if event.what == "posted":
            stop.set()

    bot = Bot(here.loaded, here.store, {}, tell)
    threading.Timer(20, stop.set).start()
    assert bot.run(stop)
    assert here.store.history()[0].state == "posted"
    assert here.said("posted")


def test_once_does_everything_that_is_due_and_returns(here: Here):
    here.store.insert([], {"dry": SystemClock().now().replace(microsecond=0)})
    here.bot.once()
    here.bot.once()
    assert all(delivery.state in ("posted", "missed") for delivery in here.store.history())


def test_limits_that_servers_tell_are_kept_for_check(here: Here):
    here.bot.campaign.start()
    here.bot.learn_limits()
    assert set(read_limits(limits_file(here.loaded))) == {"dry"}


def test_a_message_with_an_error_of_its_own_is_barred_and_check_says_it(here: Here):
    here.write(QUEUE % "We ask\ufffd.")
    loaded = config.load(here.folder / "config.yaml", {})
    now = SystemClock().now()
    assert book_of(loaded, now).barred == {"one"}
    assert [problem.code for problem in findings(loaded, now)] == ["damaged"]


def test_looking_ahead_makes_no_state(here: Here, tmp_path: Path):
    with closing(store_of(here.loaded, {}, make=False)) as store:
        assert store.history() == []
    assert not (tmp_path / "state").exists()


def test_the_clock_is_aware_and_never_runs_backwards():
    clock = SystemClock()
    assert clock.now().tzinfo is not None
    assert clock.monotonic() <= clock.monotonic()


def test_an_edited_counter_is_asked_from_then_on(here: Here):
    with Sandbox.start() as box:
        box.petition.count = 12345
        counter = f'{{kind: uk_parliament, url: "{box.petition.url}/petitions/1"}}'
        here.write(CONFIG.replace('p"}', f'p", counter: {counter}}}'), "config.yaml")
        here.bot.reread()
        here.bot.watch()
    assert here.bot.campaign.signatures() == 12345


def test_a_counter_that_needs_a_key_is_not_taken_up_without_it(here: Here):
    wanted = '{kind: action_network, url: "https://actionnetwork.org/api/v2/petitions/d6"}'
    here.write(CONFIG.replace('p"}', f'p", counter: {wanted}}}'), "config.yaml")
    here.bot.reread()
    (told,) = here.said("reloaded")
    assert "petition.counter needs PETITION_OSDI_API_TOKEN" in told.text
    assert here.bot.campaign.book.settings.petition.counter.kind == "manual"
    edited = config.load(here.folder / "config.yaml", {})
    with pytest.raises(config.ConfigRefused):
        Bot(edited, here.store, {})
    Bot(edited, here.store, {}, speaks=False)  # to look only, no key is needed
    Bot(edited, here.store, {"PETITION_OSDI_API_TOKEN": "key"})
