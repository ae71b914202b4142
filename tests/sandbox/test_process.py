"""The sandbox as a process of its own, and its door for other processes."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.sandbox import Fault, Sandbox, read
from bot.sandbox.__main__ import main


@contextlib.contextmanager
def running(folder: Path, *more: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    ports = folder / "ports.json"
    ports.unlink(missing_ok=True)
    command = [sys.executable, "-W", "error", "-m", "bot.sandbox", "--state", str(folder / "state")]
    with subprocess.Popen([*command, "--ports-file", str(ports), *more], stderr=subprocess.PIPE) as process:
        try:
            while not ports.exists() and process.poll() is None:
                time.sleep(0.02)
            yield process, json.loads(ports.read_text(encoding="utf-8"))
        finally:
            process.kill()


def toot(told: dict[str, Any], text: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {told['mastodon']['secrets']['ACCESS_TOKEN']}"}
    page = told["mastodon"]["url"] + "/api/v1/statuses"
    return requests.post(page, json={"status": text}, headers=headers, timeout=5)


def test_a_killed_sandbox_has_forgotten_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as (process, told):
        assert toot(told, "before").ok
        process.kill()
    assert [post.text for post in read(tmp_path / "state" / "mastodon.jsonl")] == ["before"]
    with running(tmp_path) as (_, again):
        assert again == told
        assert toot(again, "after").ok
        posts = requests.get(again["mastodon"]["url"] + "/_sandbox/posts", timeout=5).json()
    assert [post["text"] for post in posts] == ["before", "after"]


def test_it_ends_well_on_sigterm(tmp_path: Path) -> None:
    with running(tmp_path, "--count", "990", "--grow", "1") as (process, told):
        count = requests.get(told["petition"]["url"] + "/petitions/1/count.json", timeout=5).json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert count["signature_count"] >= 990


def test_its_addresses_and_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    with running(tmp_path):
        assert (tmp_path / "ports.json").stat().st_mode & 0o777 == 0o600


def test_a_wrong_command_line_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "--ports-file" in capsys.readouterr().err


def door(box: Sandbox, method: str, name: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{box.mastodon.url}/_sandbox/{name}", json=body, timeout=5)


def described(box: Sandbox) -> dict[str, Any]:
    return box.described()


def test_another_process_can_order_faults(box: Sandbox) -> None:
    ordered = {"endpoint": "create", "fault": "S500_AFTER", "times": 2}
    assert door(box, "POST", "fault", ordered).json() == {"create": 2}
    assert door(box, "POST", "fault", ordered | {"fault": "s401", "times": 1}).json() == {"create": 3}
    statuses = [toot(described(box), f"number {number}").status_code for number in range(4)]
    assert statuses == [500, 500, 401, 200]
    assert len(box.mastodon.posts()) == 3


def test_another_process_can_take_faults_back(box: Sandbox) -> None:
    door(box, "POST", "fault", {"endpoint": "create", "fault": "reset_before", "times": 5})
    assert door(box, "DELETE", "fault").json() == {}
    assert toot(described(box), "goes out").ok


def test_another_process_can_close_the_port(box: Sandbox) -> None:
    box.mastodon.settings.refused = 0.3
    assert door(box, "POST", "fault", {"endpoint": "create", "fault": "REFUSED"}).ok
    time.sleep(0.1)
    with pytest.raises(requests.ConnectionError):
        toot(described(box), "nobody hears")
    time.sleep(0.4)
    assert toot(described(box), "open again").ok


def test_another_process_can_turn_the_knobs(box: Sandbox) -> None:
    told = door(box, "POST", "settings", {"ignores_keys": True, "hang": 1}).json()
    assert (told["ignores_keys"], box.mastodon.settings.ignores_keys) == (True, True)
    assert door(box, "GET", "settings").json() == told


def test_another_process_can_ask_what_came_and_what_stands(box: Sandbox) -> None:
    toot(described(box), "here")
    (post,) = door(box, "GET", "posts").json()
    assert (post["text"], post["deleted"], post["key"]) == ("here", False, None)
    assert len(door(box, "GET", "calls/create").json()) == 1


@pytest.mark.parametrize(
    ("method", "name", "body", "told"),
    [
        ("POST", "fault", {"endpoint": "tweet", "fault": "S401"}, "no endpoint 'tweet'"),
        ("POST", "fault", {"endpoint": "create", "fault": "gremlins"}, "gremlins"),
        ("POST", "fault", {"fault": "S401"}, "endpoint"),
        ("POST", "settings", {"colour": 1}, "no setting 'colour'"),
        ("POST", "settings", [1], ""),
    ],
)
def test_a_wrong_order_is_told_and_changes_nothing(
    box: Sandbox, method: str, name: str, body: object, told: str
) -> None:
    before = door(box, "GET", "settings").json()
    answer = door(box, method, name, body)
    assert answer.status_code == 400
    assert told in answer.json()["error"]
    assert door(box, "GET", "settings").json() == before
    assert box.mastodon.script.left() == {}


def test_the_door_has_no_other_rooms_and_is_not_counted(box: Sandbox) -> None:
    assert door(box, "GET", "secrets").status_code == 404
    assert box.mastodon.calls("unknown") == 0


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_can_be_ordered_by_name_or_value(box: Sandbox, fault: Fault) -> None:
    box.mastodon.fault("create", Fault.S401)  # so that a refusal waits behind it
    for written in (fault.name, fault.value):
        assert door(box, "POST", "fault", {"endpoint": "create", "fault": written}).ok
    assert box.mastodon.script.left() == {"create": 3}
