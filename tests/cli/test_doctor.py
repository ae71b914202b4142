"""`doctor`: what is in order and what is not, with what to do, and never a key."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.core.model import Identity
from bot.doctor.on_call import NOBODY, TEST
from bot.sandbox import Fault, Sandbox
from bot.store import lock
from tests.cli.conftest import CONFIG, MESSAGES, Place
from tests.mailbox import Mailbox, mailbox

CANARY = "canary-7f3a9c-canary"


def findings(place: Place, exit_code: int = 0, *options: str) -> dict[str, list[str]]:
    """The lines by their verdict."""
    done = place.bot("doctor", *options)
    assert done.exit_code == exit_code, done.output
    lines: dict[str, list[str]] = {"ok": [], "note": [], "warn": [], "fail": []}
    for line in done.stdout.partition("\n\n")[0].splitlines():
        lines[line[:4].strip()].append(line[6:])
    return lines


def about(lines: list[str], subject: str) -> list[str]:
    return [line.removeprefix(f"{subject}: ") for line in lines if line.startswith(f"{subject}: ")]


def test_all_in_order_says_so_and_ends_with_0(live: Place, box: Sandbox):
    box.petition.count = 1234
    said = findings(live)
    assert said["warn"] == said["fail"] == []
    assert about(said["ok"], "x")[0] == "X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET found"
    assert about(said["ok"], "x")[1] == f"posts on X as campaign on 127.0.0.1 (id {box.x.accounts.first.id})"
    assert about(said["ok"], "mastodon")[2] == "a post takes 500; a link counts 23"
    assert about(said["ok"], "clock") == ["agrees with the server of x", "agrees with the server of mastodon"]
    assert about(said["ok"], "count") == [f"1,234 signatures ({box.petition.url}/petitions/1.json)"]
    assert live.bot("doctor").stdout.endswith("\nAll is in order.\n")


def test_it_posts_nothing_and_makes_nothing(live: Place, box: Sandbox):
    before = sorted(live.folder.rglob("*"))
    findings(live)
    assert sorted(live.folder.rglob("*")) == before
    assert not box.x.posts() + box.mastodon.posts()


def test_it_reminds_of_the_label_for_bots(live: Place):
    (reminder,) = about(findings(live)["note"], "x")
    assert "Automation" in reminder


def test_a_missing_key_is_named_with_where_to_find_it(live: Place):
    live.write(".env", "X_API_KEY=abcdefgh\n", 0o600)
    said = findings(live, 1)
    assert len(about(said["fail"], "x")) == 3
    (missing,) = about(said["fail"], "mastodon")
    assert missing.startswith("account mastodon needs MASTODON_ACCESS_TOKEN: find it at ")


def test_keys_that_others_can_read_are_a_failure_with_the_remedy(live: Place):
    (live.folder / ".env").chmod(0o644)
    (failed,) = about(findings(live, 1)["fail"], ".env")
    assert "chmod 600" in failed


def test_keys_that_are_worth_nothing_are_a_failure_and_the_rest_is_still_looked_at(live: Place, box: Sandbox):
    box.x.accounts.revoke()
    said = findings(live, 1)
    assert "401" in about(said["fail"], "x")[0]
    assert len(about(said["ok"], "mastodon")) == 3


def test_an_unreachable_server_is_a_failure(live: Place, box: Sandbox):
    box.mastodon.stop()
    (failed,) = about(findings(live, 1)["fail"], "mastodon")
    assert "127.0.0.1" in failed


def test_keys_of_another_account_than_so_far_are_a_failure(live: Place, box: Sandbox):
    with live.store() as store:
        store.pin("x", Identity("127.0.0.1", "42", "another"))
    (failed,) = about(findings(live, 1)["fail"], "x")
    assert "so far" in failed
    assert "42" in failed


@pytest.mark.parametrize(("seconds", "direction"), [(-600.0, "ahead of"), (600.0, "behind")])
def test_a_clock_that_is_wrong_is_a_failure(live: Place, box: Sandbox, seconds: float, direction: str):
    box.x.settings.clock_offset = seconds
    (failed,) = about(findings(live, 1)["fail"], "clock")
    assert f"seconds {direction} the server of x: set it" in failed


def test_a_count_that_cannot_be_read_is_a_failure(live: Place, box: Sandbox):
    box.petition.fault("count", Fault.COUNT_MISSING)
    assert len(about(findings(live, 1)["fail"], "count")) == 1


def test_limits_that_cannot_be_read_are_a_warning(live: Place, box: Sandbox):
    box.mastodon.fault("limits", Fault.S404, times=2)
    (warned,) = about(findings(live)["warn"], "mastodon")
    assert warned.startswith("its limits cannot be read (")


# --- who is on call -----------------------------------------------------------------------------------


@pytest.fixture
def team() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def on_call(place: Place, team: Mailbox, address: str = "") -> None:
    config = place.folder / "config.yaml"
    config.write_text(f"{config.read_text()}alerts: {{to: [team]}}\nheartbeat: true\n")
    addresses = {
        "ALERT_TEAM_URL": address or f"json://127.0.0.1:{team.port}/{CANARY}",
        "HEARTBEAT_URL": f"http://127.0.0.1:{team.port}/ping/{CANARY}",
    }
    place.write(".env", "".join(f"{name}={value}\n" for name, value in addresses.items()), 0o600)


def test_who_is_on_call_is_told_only_when_that_is_asked_for(place: Place, team: Mailbox):
    on_call(place, team)
    said = findings(place)
    assert about(said["ok"], "alerts") == ["ALERT_TEAM_URL found; doctor --alert sends a test"]
    assert about(said["ok"], "heartbeat") == ["HEARTBEAT_URL found; doctor --alert asks it"]
    assert team.paths == []
    said = findings(place, 0, "--alert")
    assert about(said["ok"], "alerts") == ["team was told"]
    assert about(said["ok"], "heartbeat") == ["arrived"]
    assert team.texts == [TEST]
    assert len(team.paths) == 2


def test_an_address_that_does_not_take_the_test_is_a_failure_without_the_address(place: Place, team: Mailbox):
    on_call(place, team)
    team.status = 500
    said = findings(place, 1, "--alert")
    assert about(said["fail"], "alerts") == ["team cannot be told: it did not take the message"]
    assert about(said["fail"], "heartbeat") == ["the site answers 500"]
    assert "canary" not in place.bot("-v", "doctor", "--alert").output


def test_an_address_that_nobody_understands_is_a_failure(place: Place, team: Mailbox):
    on_call(place, team, f"carrier-pigeon-{CANARY}")
    (failed,) = about(findings(place, 1)["fail"], "alerts")
    assert failed.startswith("ALERT_TEAM_URL is no address that Apprise knows")


def test_an_address_that_is_missing_is_named(place: Place, team: Mailbox):
    on_call(place, team)
    place.write(".env", "", 0o600)
    failed = about(findings(place, 1)["fail"], "alerts")
    assert [line.partition(": ")[0] for line in failed] == [
        "alerts.to names team, and ALERT_TEAM_URL is not set",
    ]
    assert place.bot("run", "--once").exit_code == 78


def test_where_nobody_is_on_call_it_says_so(place: Place):
    assert about(findings(place)["note"], "alerts") == [NOBODY]


# --- for programs --------------------------------------------------------------------------------------


def test_for_programs_it_is_one_object(place: Place):
    found = place.json("doctor")["findings"]
    assert {tuple(each) for each in found} == {("verdict", "subject", "text")}
    assert {"program", "files", "disk", "here", "count"} <= {each["subject"] for each in found}


# --- files and state -------------------------------------------------------------------------------


def test_files_that_cannot_be_used_are_a_failure_that_names_check(place: Place):
    place.write("config.yaml", CONFIG.replace("goal:", "gaol:"))
    (failed,) = about(findings(place, 1)["fail"], "files")
    assert "gaol" in failed
    assert "petition-bot check" in failed


def test_messages_that_are_kept_back_are_a_warning(place: Place):
    place.write("messages.yaml", MESSAGES.replace("Few of them", "Few of them" * 60))
    (warned,) = about(findings(place)["warn"], "files")
    assert warned == "errors keep messages back (1): see petition-bot check"


def test_a_state_that_cannot_be_used_is_a_failure_and_the_rest_is_still_looked_at(place: Place):
    place.state.parent.mkdir()
    place.state.write_bytes(b"not a database at all, but a text of some length")
    said = findings(place, 1)
    assert len(about(said["fail"], "state")) == 1
    assert about(said["ok"], "here")


def test_the_database_is_named_and_looked_at(place: Place):
    place.bot("run", "--once")
    (said,) = about(findings(place)["ok"], "database")
    assert re.fullmatch(r"SQLite 3\.\d+\.\d+, tables \d{4}, undamaged", said)


def test_a_damaged_database_is_a_failure_that_names_the_backup(place: Place):
    place.unconfirmed()
    damaged = bytearray(place.state.read_bytes())
    for page in range(5, len(damaged) // 4096):
        damaged[page * 4096 : page * 4096 + 60] = b"\xff" * 60
    place.state.write_bytes(damaged)
    done = place.bot("doctor")
    assert done.exit_code == 1
    assert "restore" in done.output


def test_a_disk_that_keeps_is_said_to(place: Place):
    kept = about(findings(place)["ok"], "disk")
    assert kept[0].endswith("GB are free")
    assert re.fullmatch(r"keeps what it is given within \d+ ms", kept[1])


def test_who_holds_the_state_is_said(place: Place):
    assert about(findings(place)["note"], "bot") == ["has not been started yet"]
    place.bot("run", "--once")
    assert about(findings(place)["note"], "bot") == ["is not running now"]
    with lock(f"sqlite:///{place.state}", "run"):
        (busy,) = about(findings(place)["ok"], "bot")
    assert "petition-bot run (process " in busy
    assert "stop" not in busy


def test_what_waits_for_a_person_is_a_warning(place: Place):
    place.unconfirmed()
    with place.store() as store:
        store.hold("here", "the keys are worth nothing")
    place.bot("pause")
    said = findings(place)
    assert about(said["warn"], "posts") == ["a person is waited for (1): see petition-bot status"]
    assert about(said["warn"], "here") == [
        "is held: the keys are worth nothing, then petition-bot resume --account here",
        "is paused",
    ]


# --- keys ----------------------------------------------------------------------------------------


def test_what_it_prints_can_be_pasted_anywhere(live: Place, box: Sandbox):
    keys = "".join(f"{name}={CANARY}-{name}\n" for name in ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN"))
    (live.folder / "token").write_text(f"{CANARY}-in-a-file\n")
    keys += f"X_ACCESS_TOKEN_SECRET={CANARY}\nMASTODON_ACCESS_TOKEN_FILE=token\n"
    live.write(".env", keys, 0o600)
    for words in (["doctor"], ["-v", "doctor"], ["-v", "run", "--once"], ["-v", "post", "tents"], ["status"]):
        assert "canary" not in live.bot(*words).output, words


def test_the_password_of_a_database_is_shown_nowhere(place: Place):
    url = f"postgresql://me:{CANARY}@127.0.0.1:1/nowhere"
    for words in (["doctor"], ["-v", "status"], ["run"], ["preview"]):
        done = place.bot(*words, DATABASE_URL=url)
        assert done.exit_code == 1, done.output
        assert "canary" not in done.output


def test_links_that_lead_nowhere_are_found_and_let_go_when_they_answer_again(live: Place, box: Sandbox):
    page = f"{box.petition.url}/petitions/1"
    config = live.folder / "config.yaml"
    text = config.read_text().replace("https://petition.example.org/p", page)
    config.write_text(text.replace("every: 1s", "every: 6h"))
    live.bot("run", "--once")
    assert about(findings(live)["ok"], "links") == ["1 links of the next posts answer"]
    box.petition.fault("page", Fault.S404, times=4)  # HEAD and GET, twice
    assert about(findings(live)["warn"], "links") == [
        f"{page} answers 404: its posts are held if that stays so"
    ]
    assert about(findings(live, 1)["fail"], "links")[0].startswith(f"{page} answers 404 since ")
    assert live.json("status")["next"] is None
    [asked] = live.needs_a_person()
    assert asked["reason"].startswith(f"{page} answers 404 since ")
    findings(live)
    assert live.json("status")["next"]["link"] == page
    assert live.needs_a_person() == []
