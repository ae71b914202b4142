"""`run` and `demo`: the bot posts, tells what it does, holds its state alone, and ends when asked to."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from urllib.request import urlopen

import pytest

from bot.core.model import State
from bot.sandbox import Fault, Sandbox
from bot.store import lock
from tests.cli.conftest import CONFIG, MESSAGES, Place, Terminal, bare

OFTEN = CONFIG.replace('at: ["09:00", "18:30"]', "every: 1s")


def pairs(line: str) -> dict[str, str]:
    """A line of the log as its keys and values."""
    return dict(word.split("=", 1) for word in shlex.split(line))


@pytest.fixture
def started(place: Place) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts commands and ends those that a test leaves behind."""
    processes: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        processes.append(place.start(*words))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str], event: str) -> dict[str, str]:
    """The next line of the log that tells of such an event."""
    assert process.stdout
    for line in process.stdout:
        if (found := pairs(line))["event"] == event:
            return found
    raise AssertionError(process.communicate()[1])


# --- once ----------------------------------------------------------------------------------------


def test_the_first_run_makes_the_state_and_posts_nothing_of_before(place: Place):
    done = place.bot("run", "--once")
    assert (done.exit_code, done.output) == (0, "")
    assert place.state.exists()
    assert place.json("history") == []


def test_once_posts_on_x_and_mastodon_through_their_real_libraries(live: Place, box: Sandbox):
    assert live.bot("run", "--once").exit_code == 0
    time.sleep(1.1)
    done = live.bot("run", "--once")
    assert done.exit_code == 0, done.output
    assert [len(box.x.posts()), len(box.mastodon.posts())] == [1, 1]
    rows = {row["account"]: row for row in live.json("history") if row["state"] == "posted"}
    assert rows["x"]["text"] == box.x.posts()[0].text
    assert rows["mastodon"]["remote_id"] == box.mastodon.posts()[0].id
    lines = [pairs(line) for line in done.stdout.splitlines()]
    posted = {line["account"]: line for line in lines if line["event"] == "posted"}
    assert posted["x"]["network"] == "x"
    assert posted["mastodon"]["url"] == rows["mastodon"]["remote_url"]


def test_once_reads_the_count_and_announces_what_it_passed(live: Place, box: Sandbox):
    box.petition.count = 990
    assert live.bot("run", "--once").exit_code == 0
    box.petition.count = 1010
    assert live.bot("run", "--once").exit_code == 0
    assert [post.text for post in box.mastodon.posts() if "have signed" in post.text] == [
        "1,000 have signed.\n\nhttps://petition.example.org/p"
    ]
    assert live.json("count")["signatures"] == 1010


def test_once_ends_with_1_when_somebody_should_look(live: Place, box: Sandbox):
    box.x.accounts.revoke()
    done = live.bot("run", "--once")
    assert done.exit_code == 1
    held = next(line for line in map(pairs, done.stdout.splitlines()) if line["event"] == "held")
    assert held["account"] == "x"
    assert "resume --account x" in held["reason"]


def test_one_accounts_trouble_does_not_stop_the_other(live: Place, box: Sandbox):
    assert live.bot("run", "--once").exit_code == 0
    time.sleep(1.1)
    box.x.fault("create", Fault.S401)
    live.bot("run", "--once")
    assert [len(box.x.posts()), len(box.mastodon.posts())] == [0, 1]


def test_no_key_is_in_what_a_run_says_also_with_v(live: Place, box: Sandbox):
    live.bot("run", "--once")
    time.sleep(1.1)
    box.x.fault("create", Fault.S401)
    box.mastodon.fault("create", Fault.S422)
    said = live.bot("-v", "run", "--once").output
    assert "event=held" in said
    assert not [key for key in (*box.x.secrets.values(), *box.mastodon.secrets.values()) if key in said]


def test_a_missing_key_is_refused_and_named_before_anything_is_made(live: Place):
    live.write(".env", "", 0o600)
    done = live.bot("run", "--once")
    assert done.exit_code == 78
    assert "X_API_KEY" in done.stderr


def test_messages_that_stay_at_home_are_named(place: Place):
    place.write("messages.yaml", MESSAGES.replace("Ana tells how it was.", "\ufffd\ufffd"))
    done = place.bot("run", "--once")
    assert done.exit_code == 0
    assert done.stderr == "Not posted, since they have errors: a-story. See petition-bot check\n"


# --- until it is ended -------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_running_bot_posts_shows_its_page_and_ends_cleanly(place: Place, started, ending: signal.Signals):
    place.write("config.yaml", OFTEN)
    process = started("run")
    address = re.search(r"http://\S+", told(process, "started")["reason"])
    assert address
    with urlopen(address[0], timeout=5) as page:
        assert page.status == 200
    assert told(process, "posted")["message"] == "tents"
    process.send_signal(ending)
    _, errors = process.communicate(timeout=15)
    assert (process.returncode, errors) == (0, "")


def test_what_status_shows_as_next_is_what_goes_out(place: Place, started):
    place.write("config.yaml", OFTEN)
    expected = place.json("status")["next"]["parts"]
    told(started("run"), "posted")
    assert [row["text"] for row in place.json("history") if row["state"] == "posted"][-1:] == expected


def test_a_second_bot_ends_with_75_and_says_who_holds_the_state(place: Place, started):
    process = started("run")
    told(process, "started")
    for words in (["run"], ["run", "--once"]):
        done = place.bot(*words)
        assert done.exit_code == 75
        assert f"petition-bot run (process {process.pid} on " in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_port_that_is_taken_stops_no_post(place: Place, started):
    place.write("config.yaml", OFTEN)
    first = started("run")
    port = re.search(r":(\d+)$", told(first, "started")["reason"])
    assert port
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    other = Place(elsewhere)
    other.write("config.yaml", OFTEN.replace("127.0.0.1:0", f"127.0.0.1:{port[1]}"))
    second = started("run", "--config", str(elsewhere))
    assert told(second, "posted")["account"] == "here"
    second.send_signal(signal.SIGTERM)
    _, errors = second.communicate(timeout=15)
    assert "another program is using that port" in errors
    assert errors.endswith("The bot posts all the same.\n")


def test_a_pause_beside_a_running_bot_holds_at_once(place: Place, started):
    place.write("config.yaml", OFTEN)
    process = started("run")
    told(process, "posted")
    assert place.bot("pause").exit_code == 0
    before = sum(row["state"] == "posted" for row in place.json("history"))
    time.sleep(2.2)
    after = sum(row["state"] == "posted" for row in place.json("history"))
    assert after - before <= 1  # one may have been claimed when the pause came


def test_a_post_that_hangs_does_not_keep_the_bot_from_ending(live: Place, box: Sandbox, started):
    box.x.settings.hang = 60
    box.x.fault("create", Fault.TIMEOUT_AFTER)
    live.write(
        "config.yaml",
        live.folder.joinpath("config.yaml").read_text() + "delivery: {timeout: 3s, settle: 9s}\n",
    )
    process = started("run")
    while not box.x.arrivals("create"):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=25)
    assert process.returncode == 0
    assert [row["state"] for row in live.json("history") if row["account"] == "x"][-1] in (
        "unconfirmed",
        "sending",
    )


# --- on a terminal -------------------------------------------------------------------------------


def test_on_a_terminal_every_post_is_a_card(place: Place):
    place.write("config.yaml", OFTEN)
    terminal = Terminal(place, "run", width=70)
    shown = bare(terminal.until("tents · ")).splitlines()
    terminal.process.send_signal(signal.SIGINT)
    terminal.rest()
    assert shown[0].startswith("Next, “In November 2019")
    assert re.fullmatch(r"The page is at http://127\.0\.0\.1:\d+ Ctrl-C ends the bot\.", shown[1])
    card = next(place for place, line in enumerate(shown) if line.startswith("╭"))
    assert "Only printed · here · " in shown[card]
    text = "In November 2019 families slept in tents by the bridge, and waited"
    assert shown[card + 1].strip("│ ") == text
    assert "[sic] for a :date:. #KeepIt" in shown[card + 2]
    assert "https://petition.example.org/p" in shown[card + 4]


def test_once_on_a_terminal_says_what_comes_next(place: Place):
    assert bare(Terminal(place, "run", "--once").rest()).startswith("Next, “In November 2019")


# --- demo ------------------------------------------------------------------------------------------


def test_the_demo_posts_on_both_networks_without_any_key(place: Place, started):
    place.write("config.yaml", CONFIG.replace("network: dry", "network: x"))
    process = started("demo")
    posted = told(process, "posted")
    assert posted["network"] == "x"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=25)
    assert process.returncode == 0


def test_a_demo_with_nothing_to_show_says_so(place: Place):
    done = place.bot("demo")
    assert done.exit_code == 1
    assert "has no account that a demo can show" in done.stderr


def test_json_of_history_after_a_run_has_these_keys(place: Place):
    place.bot("post", "tents")
    (row,) = json.loads(place.bot("history", "--json").stdout)
    assert list(row) == [
        *("id", "key", "account", "slot", "message_id", "kind", "state", "attempts"),
        *("remote_id", "remote_url", "text", "reason", "posted_at"),
    ]


def test_the_lock_is_free_again_after_a_run(place: Place):
    place.bot("run", "--once")
    with lock(f"sqlite:///{place.state}", "test"):
        assert State.POSTED not in [row["state"] for row in place.json("history")]


def test_a_second_ctrl_c_does_not_wait(live: Place, box: Sandbox, started):
    box.x.settings.hang = 60
    box.x.fault("create", Fault.TIMEOUT_AFTER)
    process = started("run")
    while not box.x.arrivals("create"):
        time.sleep(0.05)
    began = time.monotonic()
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    assert process.returncode == 130
    assert time.monotonic() - began < 5
