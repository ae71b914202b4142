"""`alive`, and what a running bot answers to machines."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import CONFIG, Place

TOKEN = "canary-7f3a-token"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def port(place: Place) -> int:
    chosen = free_port()
    place.write("config.yaml", CONFIG.replace("127.0.0.1:0", f"127.0.0.1:{chosen}"))
    return chosen


def soon(happened: Callable[[], bool]) -> bool:
    ends = time.monotonic() + 20
    while not happened() and time.monotonic() < ends:
        time.sleep(0.1)
    return happened()


def test_a_running_bot_is_alive_and_shows_its_figures_to_whoever_has_the_token(place: Place, port: int):
    running = place.start("run", environ={"METRICS_TOKEN": TOKEN})
    try:
        assert soon(lambda: place.bot("alive").exit_code == 0)
        assert place.bot("alive").stdout == "ok\n"
        headers = {"Host": "elsewhere", "Authorization": f"Bearer {TOKEN}"}
        with urlopen(Request(f"http://127.0.0.1:{port}/metrics", headers=headers)) as answer:
            figures = answer.read().decode()
    finally:
        running.terminate()
        said = running.communicate(timeout=30)
    assert "petition_bot_healthy 1.0" in figures
    assert "petition_bot_next_slot_seconds" in figures
    assert "canary" not in figures + "".join(said)


def test_where_no_bot_runs_none_is_alive(place: Place, port: int):
    done = place.bot("alive")
    assert done.exit_code == 1
    assert "127.0.0.1 could not be reached" in done.stdout


def test_a_port_that_nobody_knows_is_said(place: Place):
    done = place.bot("alive")
    assert done.exit_code == 1
    assert "name a port" in done.stdout
