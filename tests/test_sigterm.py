"""A bot that is told to stop waits for nothing that hangs, and begins nothing more."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.model import State
from bot.sandbox import Fault, Sandbox
from tests.given import account, book, message, settings
from tests.processes import Place, wait_for
from tests.test_campaign import World


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start(x=False) as started:
        yield started


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.TIMEOUT_BEFORE], ids=["stands", "lost"])
def test_what_hangs_longer_is_left_and_looked_up_at_the_next_start(
    tmp_path: Path, box: Sandbox, fault: Fault
) -> None:
    """In a hurry: it waits for one second instead of 19."""
    place = Place(tmp_path, box, every="5s", timeout="4s", settle="5s")
    box.mastodon.fault("create", fault)
    with place.running(before="import bot.app; bot.app.LAST_LOOK = 1.0") as process:
        wait_for(lambda: box.mastodon.calls("create"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert process.stderr is not None
        assert "A post was still under way" in process.stderr.read()
    row = place.rows()[0]
    assert (row.state, row.remote_ids) == (State.SENDING, ())
    with place.running() as process:
        wait_for(lambda: place.rows()[0].state is State.POSTED, 40)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    rows = place.rows()
    assert {row.state for row in rows} <= {State.POSTED, State.MISSED}
    owned = [row.remote_ids[0] for row in rows if row.state is State.POSTED]
    assert sorted(owned) == sorted(post.id for post in box.mastodon.posts())
    texts = [row.post.words for row in rows if row.state is State.POSTED and row.post]
    assert len(texts) == len(set(texts))


def test_a_hanging_counter_holds_no_stopping_bot_up(tmp_path: Path, box: Sandbox) -> None:
    place = Place(tmp_path, box, every="6h", reads=True)
    box.petition.fault("count", Fault.TIMEOUT_BEFORE, times=9)
    with place.running() as process:
        wait_for(lambda: box.petition.calls("count"))
        process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert process.wait(15) == 0
        assert time.monotonic() - asked < 8


def test_a_server_that_hangs_at_the_start_holds_no_stopping_bot_up(tmp_path: Path, box: Sandbox) -> None:
    place = Place(tmp_path, box)
    box.mastodon.fault("verify", Fault.TIMEOUT_BEFORE, times=9)
    with place.running() as process:
        wait_for(lambda: box.mastodon.calls("verify"))
        process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        assert process.wait(15) == 0
        assert time.monotonic() - asked < 8


def test_what_cannot_begin_says_why(tmp_path: Path, box: Sandbox) -> None:
    place = Place(tmp_path, box)
    place.state.mkdir(parents=True)
    done = place.ran("run")
    assert done.returncode == 1
    assert "cannot be opened" in done.stderr


def test_a_stopping_bot_begins_no_further_post(tmp_path: Path) -> None:
    """Though a hundred are due, it ends after the one that is under way."""
    given = settings(
        account(server="http://127.0.0.1", schedule={"every": "6h"}), delivery={"catch_up": "all"}
    )
    here = World(
        book(*(message(f"m{n}") for n in range(20)), settings=given), f"sqlite:///{tmp_path}/state.db"
    )
    network = here.networks["mastodon"]
    for n in range(20):
        here.campaign.post(f"m{n}")
    sending, go_on = threading.Event(), threading.Event()

    def slow() -> object:
        sending.set()
        assert go_on.wait(20)
        return network._stand(network._text)

    network.will(slow)
    serving = threading.Thread(target=here.tick)
    serving.start()
    assert sending.wait(20)
    here.campaign.stop()
    go_on.set()
    serving.join(20)
    with closing(here.store):
        assert network.calls.count("publish") == 1
        assert here.states().count("posted") == 1
        assert here.states().count("due") == 19
