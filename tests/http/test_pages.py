"""Whether a page is there: asked with as little as possible, and never anywhere it should not be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.http.pages import Pages


class Site:
    """`answers` has (status, headers) per path and method, or a function that does something else."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.asked: list[str] = []
        self.url = ""


@pytest.fixture
def site() -> Iterator[Site]:
    state = Site()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            state.asked.append(f"{self.command} {self.path}")
            found = state.answers.get(f"{self.command} {self.path}", state.answers.get(self.path, 200))
            if callable(found):
                found(self)
                return
            status, headers = found if isinstance(found, tuple) else (found, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_HEAD = answer

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()
        thread.join()


def test_a_page_that_is_there_is_asked_by_head_alone(site: Site) -> None:
    assert Pages().status(f"{site.url}/p?a=b") == 200
    assert site.asked == ["HEAD /p?a=b"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 500, 501, 503])
def test_only_a_second_question_by_get_makes_a_page_bad(site: Site, status: int) -> None:
    site.answers = {"HEAD /p": status, "GET /p": 200}
    assert Pages().status(f"{site.url}/p") == 200
    site.answers = {"/p": status}
    assert Pages().status(f"{site.url}/p") == status
    assert site.asked[-2:] == ["HEAD /p", "GET /p"]


def test_the_end_of_a_redirect_counts(site: Site) -> None:
    site.answers = {"/p": (301, {"Location": "/q"}), "/q": (302, {"Location": f"{site.url}/r"}), "/r": 404}
    assert Pages().status(f"{site.url}/p") == 404
    site.answers["/r"] = 200
    assert Pages().status(f"{site.url}/p") == 200


def test_a_circle_is_no_page(site: Site) -> None:
    site.answers = {"/p": (302, {"Location": "/p"})}
    assert Pages().status(f"{site.url}/p") == "it redirects without end"


@pytest.mark.parametrize(
    "target", ["http://petition.site/p", "ftp://petition.site/p", "https://petition.site/p"]
)
def test_from_this_computer_nothing_leads_outside(site: Site, target: str) -> None:
    site.answers = {"/p": (302, {"Location": target})}
    assert Pages().status(f"{site.url}/p") == 302


def test_nothing_is_asked_unencrypted_elsewhere() -> None:
    assert "must begin with https://" in str(Pages().status("http://petition.site/p"))


def test_a_port_where_nobody_is_says_so() -> None:
    assert "could not be reached" in str(Pages().status("http://127.0.0.1:9/p"))


def hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.0)


def large(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"x" * 3_000_000)


@pytest.mark.parametrize(("act", "answer"), [(hang, "no whole answer came"), (large, "200")])
def test_one_look_is_bounded(site: Site, act: Callable[..., None], answer: str) -> None:
    site.answers = {"HEAD /p": 405, "GET /p": act}
    began = time.monotonic()
    assert answer in str(Pages(0.4).status(f"{site.url}/p"))
    assert time.monotonic() - began < 8
