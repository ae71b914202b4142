"""A server on a port of this computer: where it is, who gets an answer, and that nothing is left of it."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from bot.web import ListenRefused, Server, create_app, serve
from bot.web.server import LARGEST_BODY
from tests.web.given import an_office, an_overview


def site() -> Server:
    return serve(create_app(an_office(an_overview)), "127.0.0.1:0")


def ask(server: Server, headers: dict[str, str] | None = None, path: str = "/") -> tuple[int, str]:
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)) as line:
        line.request("GET", path, headers=headers or {})
        answer = line.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(site()) as server:
        yield server


def test_the_page_is_served(server: Server):
    status, text = ask(server)
    assert status == 200
    assert "Stop MPP" in text


def test_port_0_takes_a_free_port_and_says_which(server: Server):
    assert urlsplit(server.url).port
    with closing(site()) as other:
        assert other.url != server.url


def test_a_given_port_is_used(free_port: int):
    with closing(serve(create_app(an_office(an_overview)), f"localhost:{free_port}")) as server:
        assert server.url == f"http://127.0.0.1:{free_port}"
        assert ask(server)[0] == 200


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as found:
            found.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", *(["[::1]"] if has_ipv6() else [])])
def test_every_name_of_this_computer_can_be_listened_at(host: str):
    with closing(serve(create_app(an_office(an_overview)), f"{host}:0")) as server:
        assert ask(server)[0] == 200


def test_a_taken_port_is_a_sentence_that_says_what_to_do(server: Server):
    taken = urlsplit(server.url).netloc
    with pytest.raises(
        OSError, match=f"cannot be shown at {taken}.*another program.*web.listen in config.yaml"
    ):
        serve(create_app(an_office(an_overview)), taken)


@pytest.mark.parametrize("listen", ["127.0.0.1:99999", "127.0.0.999:0"])
def test_a_port_or_host_that_does_not_exist_is_a_sentence(listen: str):
    with pytest.raises(OSError, match="this computer has no such address or port"):
        serve(create_app(an_office(an_overview)), listen)


@pytest.mark.parametrize(
    "listen", ["0.0.0.0:8080", "[::]:8080", "192.168.0.1:8080", "example.org:80", ":8080"]
)
def test_nothing_but_this_computer_is_listened_at(listen: str):
    with pytest.raises(ListenRefused, match=r"for this computer alone.*127\.0\.0\.1:8080"):
        serve(create_app(an_office(an_overview)), listen)
    assert ListenRefused.exit_code == 78


def test_where_people_sign_in_it_listens_wherever_it_is_told_to():
    with closing(serve(create_app(an_office(an_overview)), "0.0.0.0:0", anywhere=True)) as server:
        assert server.url.startswith("http://0.0.0.0:")
        assert ask(server)[0] == 403  # by that name nobody is answered, not even this computer


def test_a_body_beyond_all_bounds_is_not_read(server: Server):
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)) as line:
        line.putrequest("POST", "/language")
        line.putheader("Content-Length", str(LARGEST_BODY + 1))
        line.endheaders()
        assert line.getresponse().status == 413


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "Via"])
def test_the_server_does_not_hide_that_a_request_was_passed_on(server: Server, header: str):
    assert ask(server, {header: "for=192.0.2.1"})[0] == 403


def test_a_foreign_host_is_refused_by_the_server(server: Server):
    assert ask(server, {"Host": "evil.example.org"})[0] == 403


def test_the_server_does_not_say_what_it_is_made_of(server: Server):
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)) as line:
        line.request("GET", "/")
        answer = line.getresponse()
        answer.read()
    assert answer.getheader("Server") is None


def test_closing_leaves_no_thread_although_a_browser_keeps_its_line_open():
    before = set(threading.enumerate())
    server = site()
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)) as line:
        line.request("GET", "/healthz")
        line.getresponse().read()
        server.close()
        assert set(threading.enumerate()) <= before


def test_after_closing_the_port_is_free_and_closing_again_does_no_harm():
    server = site()
    server.close()
    server.close()
    with pytest.raises(ConnectionRefusedError):
        ask(server)
    with closing(serve(create_app(an_office(an_overview)), urlsplit(server.url).netloc)) as again:
        assert ask(again)[0] == 200


def test_many_may_look_at_once(server: Server):
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(server)[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 8
