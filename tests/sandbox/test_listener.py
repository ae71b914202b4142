"""A port of loopback: connections kept alive, ended badly, refused, and all gone after a stop."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import requests
import trustme

from bot.sandbox import Fault, Sandbox
from bot.sandbox.listener import HOST, Listener
from bot.sandbox.wire import Answer, Request, Wire

HELLO = b"GET /2/users/me HTTP/1.1\r\nHost: x\r\n\r\n"


def connect(box: Sandbox) -> socket.socket:
    return socket.create_connection((HOST, box.x.port), timeout=5)


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def test_one_connection_carries_many_requests(box: Sandbox) -> None:
    with connect(box) as connection:
        for _ in range(3):
            connection.sendall(HELLO)
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 Unauthorized\r\n")
    assert box.x.calls("verify") == 3


def test_requests_may_come_in_one_breath(box: Sandbox) -> None:
    with connect(box) as connection:
        connection.sendall(HELLO + HELLO.replace(b"Host: x", b"Connection: close"))
        assert read_all(connection).count(b"HTTP/1.1 401") == 2


def test_a_body_may_come_in_chunks(box: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {box.mastodon.secrets['ACCESS_TOKEN']}"}
    page = box.mastodon.url + "/api/v1/statuses"
    with requests.Session() as session:
        for text in (b"first", b"second"):
            assert session.post(page, data=iter([b"status=", text]), headers=headers, timeout=5).ok
    assert [post.text for post in box.mastodon.posts()] == ["first", "second"]


def test_every_answer_has_a_date_and_its_length(box: Sandbox) -> None:
    answer = requests.get(box.x.url + "/nowhere", timeout=5)
    assert answer.status_code == 404
    assert answer.headers["Date"].endswith(" GMT")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert box.x.calls("unknown") == 1


def test_a_head_request_has_no_body(box: Sandbox) -> None:
    answer = requests.head(box.petition.url + "/petitions/1.json", timeout=5)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_a_reset_is_seen_as_one(box: Sandbox) -> None:
    box.x.fault("verify", Fault.RESET_BEFORE)
    with connect(box) as connection:
        connection.sendall(HELLO)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_cut_answer_is_shorter_than_it_says(box: Sandbox) -> None:
    box.x.fault("verify", Fault.CUT_AFTER)
    with connect(box) as connection:
        connection.sendall(HELLO)
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    told = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert 0 < len(body) < told


def test_a_drip_comes_byte_by_byte(box: Sandbox) -> None:
    box.x.fault("verify", Fault.DRIP)
    with connect(box) as connection:
        connection.sendall(HELLO)
        time.sleep(0.1)
        assert 1 <= len(connection.recv(65536)) < 40


def test_a_client_that_hangs_up_ends_the_wait(box: Sandbox) -> None:
    box.x.settings.hang = 60
    box.x.fault("verify", Fault.TIMEOUT_BEFORE)
    with connect(box) as connection:
        connection.sendall(HELLO)
        time.sleep(0.05)
    began = time.monotonic()
    box.stop()
    assert time.monotonic() - began < 2


def test_stopping_ends_idle_held_and_half_sent_requests() -> None:
    before = set(threading.enumerate())
    box = Sandbox.start()
    box.x.fault("verify", Fault.TIMEOUT_BEFORE)
    idle, held, half = connect(box), connect(box), connect(box)
    held.sendall(HELLO)
    half.sendall(b"POST /2/tweets HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.1)
    began = time.monotonic()
    box.stop()
    assert time.monotonic() - began < 2
    assert set(threading.enumerate()) <= before
    for connection in (idle, held, half):
        connection.close()


def test_stopping_twice_or_without_a_start_is_harmless() -> None:
    box = Sandbox.start(petition=False)
    box.petition.clear()
    box.stop()
    box.stop()
    box.x.clear()


def test_stopping_while_the_port_is_closed(box: Sandbox) -> None:
    box.x.settings.refused = 60
    box.x.fault("create", Fault.REFUSED)
    began = time.monotonic()
    box.stop()
    assert time.monotonic() - began < 2


def test_a_closed_port_closes_kept_connections_too(box: Sandbox) -> None:
    with connect(box) as connection:
        connection.sendall(HELLO)
        assert connection.recv(65536)
        box.x.fault("create", Fault.REFUSED)
        assert read_all(connection) == b""
        with pytest.raises(ConnectionRefusedError):
            connect(box)
    box.x.clear()
    connect(box).close()


def test_a_very_short_refusal_is_one_all_the_same(box: Sandbox) -> None:
    box.x.settings.refused = 0.0
    box.x.fault("create", Fault.REFUSED, times=3)
    box.x.clear()
    connect(box).close()


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    def serve(request: Request, wire: Wire) -> None:
        wire.send(Answer(204))

    first, second = Listener(serve), Listener(serve)
    first.start()
    second.start(first.port)
    assert first.port != second.port
    answer = requests.get(f"http://{HOST}:{second.port}/", timeout=5)
    assert (answer.status_code, "Content-Length" in answer.headers) == (204, False)
    second.stop()
    first.stop()


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(authority: trustme.CA, name: str, folder: Path) -> Path:
    file = folder / "server.pem"
    authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(str(file))
    return file


def test_tls_holds_for_who_knows_the_authority(authority: trustme.CA, tmp_path: Path) -> None:
    known = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(known))
    with Sandbox.start(certificate=certificate(authority, "127.0.0.1", tmp_path)) as box:
        page = box.petition.url + "/petitions/1.json"
        assert page.startswith("https://")
        assert requests.get(page, verify=str(known), timeout=5).ok
        box.petition.settings.drip = 0.0
        box.petition.faults("count", Fault.DRIP, Fault.RESET_BEFORE)
        assert requests.get(page, verify=str(known), timeout=5).ok
        with pytest.raises(requests.ConnectionError):
            requests.get(page, verify=str(known), timeout=5)


@pytest.mark.parametrize("name", ["127.0.0.1", "example.org"])
def test_tls_fails_for_a_stranger_or_a_wrong_name(authority: trustme.CA, tmp_path: Path, name: str) -> None:
    context = ssl.create_default_context()
    if name == "example.org":
        authority.configure_trust(context)
    with (
        Sandbox.start(x=False, mastodon=False, certificate=certificate(authority, name, tmp_path)) as box,
        socket.create_connection((HOST, box.petition.port), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname=HOST)
