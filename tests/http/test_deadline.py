"""A request ends when its time is up, however the other side spends it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator

import pytest
import requests

from bot.http import Session, session
from tests.http.servers import answer, drip, read, say, serving, wait

DEADLINE = 0.3
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"


@pytest.fixture
def quick() -> Iterator[Session]:
    with session(DEADLINE) as opened:
        yield opened


def timed(asking: Session, url: str) -> float:
    start = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        asking.get(url)
    return time.monotonic() - start


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((read, wait(3)), id="no answer"),
        pytest.param((wait(3),), id="nothing read"),
        pytest.param((read, drip(HEAD, 0.1)), id="dripping status line"),
        pytest.param((read, say(HEAD[:17]), drip(b"X-Slow: yes\r\n" * 50, 0.1)), id="dripping headers"),
        pytest.param((read, say(HEAD), drip(b"x" * 500, 0.1)), id="dripping body"),
        pytest.param(
            (read, say(b"HTTP/1.1 200 OK\r\n\r\n"), drip(b"x" * 500, 0.1)), id="dripping, no length"
        ),
        pytest.param((read, *(say(b"HTTP/1.1 100 Continue\r\n\r\n") for _ in range(50)), wait(3)), id="100s"),
    ],
)
def test_a_slow_answer_is_cut_at_the_deadline(quick: Session, steps: tuple) -> None:
    with serving(*steps) as server:
        assert timed(quick, server.url()) < DEADLINE * 2
    assert quick.last is not None
    assert quick.last.connected
    assert quick.last.problem == "no whole answer came from 127.0.0.1 within 0.3 s"


def test_a_handshake_that_never_ends_is_cut_and_nothing_was_written(quick: Session) -> None:
    with serving(wait(3)) as server:
        assert timed(quick, f"https://127.0.0.1:{server.port}/") < DEADLINE * 2
    assert quick.last is not None
    assert not quick.last.connected
    assert quick.last.problem == "no safe connection to 127.0.0.1 came about within 0.3 s"


def test_a_name_look_up_that_never_ends_is_cut() -> None:
    def stuck(host: str, port: int) -> list:
        time.sleep(1)
        return []

    with session(DEADLINE, resolve=stuck) as asking:
        assert timed(asking, "https://example.org/") < DEADLINE * 2
        assert asking.last is not None
        assert not asking.last.connected
        assert asking.last.problem == "the name example.org was not found within 0.3 s"


def test_a_dead_first_address_leaves_time_for_the_next() -> None:
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    filler = [socket.create_connection(full.getsockname()) for _ in range(1)]
    with serving(read, answer(body=b"here")) as server:

        def both(host: str, port: int) -> list:
            dead, alive = full.getsockname(), ("127.0.0.1", server.port)
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in (dead, alive)]

        with session(1.0, resolve=both) as asking:
            assert asking.get("http://localhost/").content == b"here"
    for opened in (full, *filler):
        opened.close()


def test_all_requests_of_one_call_share_one_deadline(quick: Session) -> None:
    start = time.monotonic()
    with serving(read, wait(0.2), answer()) as server, quick.call():
        quick.get(server.url())
        with pytest.raises(requests.ConnectionError):
            quick.get(server.url())
    assert time.monotonic() - start < DEADLINE * 2


def test_after_a_call_the_next_request_has_its_whole_time_again(quick: Session) -> None:
    with serving(read, wait(0.2), answer()) as server:
        with quick.call():
            quick.get(server.url())
        assert quick.get(server.url()).status_code == 200


def test_a_call_within_a_call_does_not_prolong_it(quick: Session) -> None:
    start = time.monotonic()
    with serving(read, wait(0.2), answer()) as server, quick.call():
        quick.get(server.url())
        with quick.call(), pytest.raises(requests.ConnectionError):
            quick.get(server.url())
    assert time.monotonic() - start < DEADLINE * 2


def test_an_answer_in_time_is_whole_and_leaves_no_thread_behind() -> None:
    import threading

    before = set(threading.enumerate())
    with session(30) as asking:
        with serving(read, answer(body=b"fine")) as server:
            assert asking.get(server.url()).text == "fine"
        end = time.monotonic() + 2
        while set(threading.enumerate()) - before and time.monotonic() < end:
            time.sleep(0.01)
    assert set(threading.enumerate()) <= before


def test_tls_is_cut_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch, authority: tuple) -> None:
    file, context = authority
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", file)
    assert isinstance(context, ssl.SSLContext)
    with serving(read, say(HEAD), drip(b"x" * 500, 0.1), tls=context) as server, session(DEADLINE) as asking:
        assert timed(asking, server.url()) < DEADLINE * 2
        assert asking.last is not None
        assert asking.last.connected
        assert asking.last.status == 200
