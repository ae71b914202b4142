"""Lines for machines: one event a line, readable by a shell's rules, and never a secret."""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.call import Call
from bot.cli.log import blinds, clean, json_line, line, listening, talk
from bot.cli.tell import sentence
from bot.core.model import Event, State
from bot.ports import StoreUnusable
from bot.sandbox import Sandbox
from tests.cli.conftest import TOP, Place
from tests.given import NOON, delivery

ROW = delivery(state=State.POSTED, message_id="tents", remote_url="https://example.org/1")


def test_an_event_is_one_line_with_its_keys_in_order():
    told = line(Event("posted", "at last", "mastodon", ROW), {"mastodon": "mastodon"}, NOON)
    assert told == (
        "time=2026-12-01T12:00:00Z event=posted account=mastodon message=tents network=mastodon "
        'state=posted delivery=1 reason="at last" url=https://example.org/1'
    )


def test_keys_without_a_value_are_left_out():
    assert (
        line(Event("milestone", "1,000"), {}, NOON)
        == "time=2026-12-01T12:00:00Z event=milestone reason=1,000"
    )


@given(st.text(min_size=1))
def test_whatever_a_server_says_stays_on_one_line_and_within_its_value(text: str):
    told = line(Event("trouble", text), {}, NOON)
    assert len(told.splitlines()) == 1
    assert told.startswith("time=2026-12-01T12:00:00Z event=trouble reason=")
    assert len(clean(told)) == len(told)


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1).filter(
        lambda text: "\\" not in text
    )
)
def test_a_value_can_be_read_back_by_a_shell(text: str):
    words = shlex.split(line(Event("trouble", text.replace('"', "'")), {}, NOON))
    assert words[2] == f"reason={text.replace(chr(34), chr(39))}"


# --- JSON ------------------------------------------------------------------------------------------


def test_an_event_as_json_has_the_same_keys_and_how_bad_it_is():
    told = json.loads(json_line(Event("posted", "at last", "mastodon", ROW), {"mastodon": "mastodon"}, NOON))
    assert list(told)[:2] == ["time", "level"]
    assert told == {
        "time": "2026-12-01T12:00:00Z",
        "level": "info",
        "event": "posted",
        "account": "mastodon",
        "message": "tents",
        "network": "mastodon",
        "state": "posted",
        "delivery": 1,
        "reason": "at last",
        "url": "https://example.org/1",
    }


@pytest.mark.parametrize(
    ("what", "level"),
    [
        ("held", "error"),
        ("trouble", "error"),
        ("missed", "warning"),
        ("unconfirmed", "warning"),
        ("mended", "info"),
    ],
)
def test_how_bad_an_event_is(what: str, level: str):
    assert json.loads(json_line(Event(what, "so it is"), {}, NOON))["level"] == level


@given(st.text(min_size=1))
def test_whatever_a_server_says_is_one_line_of_json(text: str):
    told = json_line(Event("trouble", text), {}, NOON)
    assert len(told.splitlines()) == 1
    assert json.loads(told)["reason"] == clean(text)


def test_what_libraries_say_is_json_too_and_has_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    secret = 'canary"\\canary'
    about = replace(call(tmp_path, X_API_KEY=secret), logs_json=True, verbose=True)
    said = json.loads(logged(capsys, about, RuntimeError(secret)))
    assert (said["level"], said["event"], said["logger"]) == ("error", "log", "library")
    assert said["reason"] == "Job failed (RuntimeError)"
    assert said["traceback"].endswith("RuntimeError: ***")


def test_every_line_of_a_run_is_json(live: Place, box: Sandbox):
    box.x.accounts.revoke()
    done = live.bot("--log", "json", "run", "--once")
    events = [json.loads(line) for line in (done.stdout + done.stderr).splitlines()]
    assert {"held"} <= {event["event"] for event in events}
    assert all({"time", "level", "event"} <= event.keys() for event in events)


def test_what_ends_a_command_is_json_as_well(place: Place):
    place.write("config.yaml", "campaign: [")
    done = place.bot("run", "--once", "--log", "json")
    assert done.exit_code == 78
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["level"] for line in lines} == {"error"}


# --- words -----------------------------------------------------------------------------------------

DOUBT = replace(ROW, state=State.UNCONFIRMED, remote_url=None)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            Event("held", "bad keys", "x"),
            "x is held: bad keys. When that is mended: petition-bot --config my.yaml resume --account x",
        ),
        (
            Event("held", "bad keys, then run petition-bot resume --account x", "x"),
            "x is held: bad keys, then run petition-bot resume --account x",
        ),
        (Event("due", "503", "x", replace(ROW, state=State.DUE)), "x: tents is not out yet: 503"),
        (
            Event("unconfirmed", "a reset", "x", replace(DOUBT, next_at=NOON)),
            "x: tents may be out or not: a reset. The bot looks it up.",
        ),
        (
            Event("unconfirmed", "a reset", "x", DOUBT),
            "x: tents needs you: a reset. See petition-bot --config my.yaml status",
        ),
        (Event("missed", "late", "x", ROW), "x: tents does not go out (missed): late"),
        (Event("milestone", "1,000 signatures"), "Milestone: 1,000 signatures"),
        (Event("reloaded", "the edited files are in use"), "the edited files are in use"),
        (Event("trouble", "no answer", "x"), "x: no answer"),
    ],
)
def test_an_event_in_words(event: Event, said: str):
    assert sentence(event, Call("my.yaml")) == said


# --- secrets ---------------------------------------------------------------------------------------


def call(folder: Path, **environ: str) -> Call:
    return Call(str(folder / "config.yaml"), environ=environ)


def test_secrets_of_any_account_are_left_out_wherever_they_come_from(tmp_path: Path):
    (tmp_path / ".env").write_text("OUR_X_API_KEY=from-dot-env\n")
    (tmp_path / ".env").chmod(0o600)
    (tmp_path / "token").write_text("from-a-file\n")
    blind = blinds(call(tmp_path, X_API_SECRET="from-environ", M_ACCESS_TOKEN_FILE="token"))
    assert blind("from-dot-env from-environ from-a-file other") == "*** *** *** other"


@pytest.mark.parametrize("shown", ["p%40ssword", "p@ssword"])
def test_the_password_in_an_address_is_left_out_in_both_its_forms(tmp_path: Path, shown: str):
    blind = blinds(call(tmp_path, DATABASE_URL="postgresql://me:p%40ssword@host/db"))
    assert blind(f"cannot log in with {shown}") == "cannot log in with ***"


def test_a_secret_within_another_leaves_nothing_of_it(tmp_path: Path):
    blind = blinds(call(tmp_path, X_API_KEY="abcdef", X_API_SECRET="abcdef-and-more"))
    assert blind("abcdef-and-more") == "***"


def test_a_value_too_short_to_be_a_key_does_not_garble_every_line(tmp_path: Path):
    assert blinds(call(tmp_path, X_API_KEY="a"))("a plan") == "a plan"


# --- what libraries say ------------------------------------------------------------------------------


def logged(capsys: pytest.CaptureFixture[str], about: Call, error: Exception) -> str:
    with listening(about):
        try:
            raise error
        except Exception:
            logging.getLogger("library").exception("Job failed")
    return capsys.readouterr().err


def test_a_fault_in_a_thread_is_one_line_and_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    said = logged(capsys, call(tmp_path), RuntimeError("with words that may hold anything"))
    assert said.count("\n") == 1
    assert said.endswith(
        'event=log level=error logger=library reason="Job failed (RuntimeError; -v shows where)"\n'
    )


def test_a_full_disk_says_its_own_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    said = logged(capsys, call(tmp_path), StoreUnusable("the state has no room on its disk"))
    assert said.endswith('reason="the state has no room on its disk"\n')


def test_with_v_the_traceback_is_shown_without_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    about = replace(call(tmp_path, X_API_KEY="canary-canary"), verbose=True)
    said = logged(capsys, about, RuntimeError("canary-canary"))
    assert "Traceback" in said
    assert "RuntimeError: ***" in said


def test_details_are_logged_only_where_somebody_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    detail = logging.getLogger("library")
    with listening(call(tmp_path)):
        detail.debug("quiet")
        talk()
        detail.debug("loud")
    detail.debug("over")
    assert [word in capsys.readouterr().err for word in ("quiet",)] == [False]
    assert logging.getLogger().level == logging.WARNING


# --- the end -----------------------------------------------------------------------------------------

LEFT_BEHIND = """
import threading, time
from bot.cli.speak import leave
threading.Thread(target=time.sleep, args=(60,)).start()
print("told before", end="")
leave(False)
"""


def test_a_post_that_never_ends_does_not_hold_the_program_and_nothing_that_was_said_is_lost():
    began = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", LEFT_BEHIND], cwd=TOP, capture_output=True, text=True)
    assert time.monotonic() - began < 20
    assert (ran.returncode, ran.stdout) == (0, "told before")
    assert ran.stderr == "A post was still under way. Whether it is out is looked up at the next start.\n"
