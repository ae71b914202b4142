"""What is recorded of a request: above all, whether a byte of it was written."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from bot.http import LARGEST, Exchange, Session, is_loopback, session
from tests.http.servers import answer, closed_port, read, reset, say, serving


@pytest.fixture
def asking() -> Iterator[Session]:
    with session(5) as opened:
        yield opened


def failing(asking: Session, url: str) -> Exchange:
    with pytest.raises(requests.RequestException) as caught:
        asking.post(url, json={"text": "hello"}, headers={"Authorization": "Bearer canary"})
    assert asking.last is not None
    assert str(caught.value) == asking.last.problem
    assert "canary" not in repr(asking.last)
    return asking.last


def test_a_refused_connection_wrote_nothing(asking: Session) -> None:
    exchange = failing(asking, f"http://127.0.0.1:{closed_port()}/")
    assert exchange == Exchange(False, problem="127.0.0.1 could not be reached (Connection refused)")


def test_an_unknown_name_wrote_nothing() -> None:
    def unknown(host: str, port: int) -> list:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with session(5, resolve=unknown) as asking:
        exchange = failing(asking, "https://social.example/")
    assert not exchange.connected
    assert exchange.problem == "the name social.example was not found (Name or service not known)"


@pytest.mark.parametrize("trouble", [UnicodeError("label too long"), OSError(), RuntimeError("surprise")])
def test_any_failure_of_the_look_up_wrote_nothing(trouble: Exception) -> None:
    def failing_look_up(host: str, port: int) -> list:
        raise trouble

    with session(5, resolve=failing_look_up) as asking:
        assert not failing(asking, "https://social.example/").connected


def test_a_name_without_addresses_wrote_nothing() -> None:
    with session(5, resolve=lambda host, port: []) as asking:
        assert not failing(asking, "https://social.example/").connected


def test_a_certificate_that_nobody_vouches_for_wrote_nothing(asking: Session, authority: tuple) -> None:
    with serving(read, answer(), tls=authority[1]) as server:
        exchange = failing(asking, server.url())
        assert not server.requests
    assert not exchange.connected
    assert exchange.problem is not None
    assert exchange.problem.startswith("no safe connection to 127.0.0.1 came about (")


def test_a_certificate_for_another_name_wrote_nothing(
    monkeypatch: pytest.MonkeyPatch, authority: tuple
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority[0])
    with serving(read, answer(), tls=authority[1]) as server, session(5) as asking:
        exchange = failing(asking, f"https://localhost:{server.port}/")
        assert not server.requests
    assert not exchange.connected


def test_a_server_without_tls_wrote_nothing(asking: Session) -> None:
    with serving(say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        assert not failing(asking, f"https://127.0.0.1:{server.port}/").connected


def test_a_trusted_certificate_is_enough(monkeypatch: pytest.MonkeyPatch, authority: tuple) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority[0])
    with serving(read, answer(body=b"safe"), tls=authority[1]) as server, session(5) as asking:
        assert asking.get(server.url()).content == b"safe"


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((read, reset), id="after the request"),
        pytest.param((read,), id="closed without an answer"),
        pytest.param((read, say(b"SSH-2.0-OpenSSH\r\n")), id="not HTTP"),
        pytest.param((read, say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")), id="half a body"),
    ],
)
def test_a_connection_that_breaks_may_have_carried_the_request(asking: Session, steps: tuple) -> None:
    with serving(*steps) as server:
        exchange = failing(asking, server.url())
        assert server.connections == 1
    assert exchange.connected
    assert exchange.problem == "the connection to 127.0.0.1 broke before a whole answer came"


def test_a_status_stands_although_its_body_broke(asking: Session) -> None:
    cut = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\nX-Asked: once\r\n\r\nhalf"
    with serving(read, say(cut)) as server:
        exchange = failing(asking, server.url())
    assert (exchange.status, exchange.headers["x-asked"], exchange.body) == (401, "once", b"")


def test_a_whole_answer_is_recorded_and_given(asking: Session) -> None:
    with serving(read, answer("201 Created", b'{"id": 1}', "X-Seen: yes")) as server:
        assert asking.post(server.url()).json() == {"id": 1}
    exchange = asking.last
    assert exchange is not None
    assert (exchange.connected, exchange.status, exchange.problem) == (True, 201, None)
    assert (exchange.body, exchange.headers["x-seen"]) == (b'{"id": 1}', "yes")


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
def test_a_redirect_is_an_answer_and_never_followed(asking: Session, status: str) -> None:
    with (
        serving(read, answer()) as elsewhere,
        serving(read, answer(status, b"", f"Location: {elsewhere.url()}")) as server,
    ):
        assert asking.post(server.url(), headers={"Authorization": "Bearer t"}).status_code == int(status[:3])
        assert (server.connections, elsewhere.connections) == (1, 0)


@pytest.mark.parametrize("status", ["429 Too Many", "500 Oops", "503 Busy"])
def test_nothing_is_retried(asking: Session, status: str) -> None:
    with serving(read, answer(status, b"", "Retry-After: 0")) as server:
        asking.post(server.url())
        assert server.connections == 1


def test_no_connection_and_no_cookie_is_kept(asking: Session) -> None:
    with serving(read, answer("200 OK", b"", "Set-Cookie: who=me")) as server:
        for _ in range(2):
            asking.get(server.url())
        assert server.connections == 2
        assert all(b"Cookie" not in request for request in server.requests)
        assert all(b"Connection: close" in request for request in server.requests)


@pytest.mark.parametrize("url", ["http://example.org/", "http://127.0.0.1.example.org/", "http://10.0.0.1/"])
def test_nothing_goes_unencrypted_to_another_machine(url: str) -> None:
    def never(host: str, port: int) -> list:
        raise AssertionError("looked up")

    with session(5, resolve=never) as asking:
        exchange = failing(asking, url)
    assert not exchange.connected
    assert exchange.problem is not None
    assert "its address must begin with https://" in exchange.problem


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        *[(host, True) for host in ("localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]")],
        *[(host, False) for host in ("127.example.org", "localhost.example.org", "10.0.0.1", "", "0.0.0.0")],
    ],
)
def test_only_loopback_is_our_own_machine(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours


def test_an_endless_answer_is_given_up(asking: Session) -> None:
    with serving(read, say(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST + 100_000))) as server:
        exchange = failing(asking, server.url())
    assert exchange.problem == "the answer of 127.0.0.1 is larger than 5 MB"


def test_who_wants_little_says_so() -> None:
    frugal = session(5, largest=1_000_000)
    with serving(read, say(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_100_000)) as server:
        assert failing(frugal, server.url()).problem == "the answer of 127.0.0.1 is larger than 1 MB"
    frugal.close()


def test_a_small_answer_that_unpacks_to_an_endless_one_is_given_up(asking: Session) -> None:
    bomb = gzip.compress(b"\0" * LARGEST * 4)
    with serving(read, answer("200 OK", bomb, "Content-Encoding: gzip")) as server:
        assert failing(asking, server.url()).problem == "the answer of 127.0.0.1 is larger than 5 MB"


def test_a_packed_answer_is_unpacked(asking: Session) -> None:
    with serving(read, answer("200 OK", gzip.compress(b"hello"), "Content-Encoding: gzip")) as server:
        assert asking.get(server.url()).text == "hello"


def test_each_thread_sees_its_own_exchange(asking: Session) -> None:
    seen: list[Exchange | None] = []
    with serving(read, answer()) as server:
        asking.get(server.url())
        other = threading.Thread(target=lambda: seen.append(asking.last))
        other.start()
        other.join()
    assert asking.last is not None
    assert seen == [None]


def test_a_call_begins_without_an_exchange(asking: Session) -> None:
    with serving(read, answer()) as server:
        asking.get(server.url())
        with asking.call():
            assert asking.last is None


def test_a_built_in_server_is_replaced_after_signing() -> None:
    signed: list[str] = []

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed.append(request.url or "")
        return request

    with serving(read, answer()) as server:
        with session(5, instead=("https://api.example.org", server.url("/base"))) as asking:
            asking.get("https://api.example.org/2/things", params={"a": "b"}, auth=sign)
        assert signed == ["https://api.example.org/2/things?a=b"]
        assert server.requests[0].startswith(b"GET /base/2/things?a=b HTTP/1.1\r\nHost: 127.0.0.1:")


def test_the_proxy_of_the_environment_is_used_but_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(read, answer("403 Forbidden")) as proxy, serving(read, answer()) as server:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.setenv("no_proxy", "")
        with session(5) as asking:
            asking.get(server.url())
            assert proxy.connections == 0
            exchange = failing(asking, "https://social.example/")
        assert proxy.requests[0].startswith(b"CONNECT social.example:443")
    assert not exchange.connected  # the proxy heard of us, the network did not


def test_an_address_that_is_none_is_an_error_and_writes_nothing(asking: Session) -> None:
    with asking.call(), pytest.raises(requests.RequestException):
        asking.get("https://")
    assert asking.last is None
