"""`user`: who may sign in. No password is ever a word of a command, or shown."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import closing

import pytest
from click.testing import CliRunner, Result

from bot.cli import program
from bot.office.people import SHELL, People
from bot.ports import Deed
from tests.cli.conftest import CONFIG, TOP, Place
from tests.given import NOON
from tests.scripted import HandClock

PASSWORD = "correct horse battery"
WIDE = CONFIG.replace('"127.0.0.1:0"', '"0.0.0.0:0", url: "https://bot.example.org"')


def user(place: Place, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(program, ["user", *words], input=typed, env=place.environ)


def add(place: Place, name: str, role: str = "approver", password: str = PASSWORD) -> Result:
    return user(place, "add", name, "--role", role, "--password-stdin", typed=f"{password}\n")


def signs_in(place: Place, name: str, password: str) -> bool:
    with place.store() as store:
        return People(store, HandClock(NOON)).sign_in(name, password) is not None


def deeds(place: Place) -> list[Deed]:
    with place.store() as store:
        return store.deeds()


def test_who_was_added_may_sign_in(place: Place):
    done = add(place, "Ana María")
    assert done.output == (
        "Ana María may sign in as approver.\nFrom now on everybody has to sign in to the pages.\n"
    )
    assert signs_in(place, "Ana María", PASSWORD)
    assert not signs_in(place, "Ana María", PASSWORD[:-1])


def test_the_same_letters_are_the_same_name_and_password_whatever_they_were_typed_on(place: Place):
    add(place, "Jose\u0301", password="contrasen\u0303a larga")
    assert signs_in(place, "Jos\u00e9", "contrase\u00f1a larga")
    assert signs_in(place, "Jose\u0301", "contrasen\u0303a larga")
    assert "a user Jos\u00e9 already" in add(place, "Jos\u00e9").output


def test_no_password_is_in_the_state(place: Place):
    add(place, "ana")
    assert all(PASSWORD.encode() not in file.read_bytes() for file in place.state.parent.iterdir())


def test_the_list_says_who_may_sign_in_and_as_what(place: Place):
    assert user(place, "list").output == "Nobody has to sign in: the pages are for this computer alone.\n"
    assert not place.state.exists()
    add(place, "ana")
    add(place, "ben", "editor")
    assert user(place, "list").output == "ana  approver\nben  editor\n"
    known = place.json("user", "list")["users"]
    assert [set(each) for each in known] == [{"name", "role", "since"}] * 2


def test_who_was_removed_may_not_sign_in(place: Place):
    add(place, "ana")
    assert "no users left" in user(place, "remove", "ana").output
    assert not signs_in(place, "ana", PASSWORD)


def test_a_new_password_takes_the_place_of_the_old_one(place: Place):
    add(place, "ana")
    new = "another horse battery"
    assert user(place, "password", "ana", "--password-stdin", typed=f"{new}\r\n").exit_code == 0
    assert signs_in(place, "ana", new)
    assert not signs_in(place, "ana", PASSWORD)


def test_a_role_can_be_changed(place: Place):
    add(place, "ana")
    add(place, "ben", "editor")
    assert user(place, "role", "ben", "--role", "approver").output == "ben is an approver now.\n"
    assert "ben  approver" in user(place, "list").output


def test_every_deed_is_kept_with_its_doer_and_without_a_password(place: Place):
    add(place, "ana")
    add(place, "ben", "editor")
    user(place, "role", "ben", "--role", "approver")
    user(place, "password", "ben", "--password-stdin", typed="another horse battery\n")
    user(place, "remove", "ben")
    kept = [(each.who, each.verb, each.about, each.before, each.after) for each in reversed(deeds(place))]
    assert kept == [
        (SHELL, "add user", "ana", "", "approver"),
        (SHELL, "add user", "ben", "", "editor"),
        (SHELL, "change role", "ben", "editor", "approver"),
        (SHELL, "change password", "ben", "", ""),
        (SHELL, "remove user", "ben", "approver", ""),
    ]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["add", "ANA", "--role", "editor", "--password-stdin"], PASSWORD, "a user ana already"),
        (["add", "ben", "--role", "editor", "--password-stdin"], "short", "at least 12 characters"),
        (["add", "ben", "--role", "editor", "--password-stdin"], "", "at least 12 characters"),
        (["add", "a\tb", "--role", "editor", "--password-stdin"], PASSWORD, "a name has letters"),
        (["add", " ", "--role", "editor", "--password-stdin"], PASSWORD, "a name has letters"),
        (["add", SHELL, "--role", "editor", "--password-stdin"], PASSWORD, "nobody is called"),
        (["remove", "ben"], "", "there is no user ben; there are ana"),
        (["password", "ben", "--password-stdin"], PASSWORD, "there is no user ben"),
        (["role", "ben", "--role", "editor"], "", "there is no user ben"),
        (["role", "ana", "--role", "editor"], "", "somebody has to approve"),
    ],
)
def test_what_is_not_done_is_said_in_a_sentence(place: Place, words: list[str], typed: str, said: str):
    add(place, "ana")
    before = deeds(place)
    done = user(place, *words, typed=typed)
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.count("\n") == 1
    assert deeds(place) == before


def test_the_last_approver_stays_while_there_are_editors(place: Place):
    add(place, "ana")
    add(place, "ben", "editor")
    assert "another user an approver first" in user(place, "remove", "ana").output
    assert user(place, "remove", "ben").exit_code == user(place, "remove", "ana").exit_code == 0


def test_the_first_user_is_an_approver(place: Place):
    assert "the first user is an approver" in add(place, "ana", "editor").output
    assert "Nobody" in user(place, "list").output


@pytest.mark.parametrize("words", [["add", "ana"], ["add", "ana", "--role", "king"], ["remove"]])
def test_a_wrong_call_is_a_usage_error(place: Place, words: list[str]):
    assert user(place, *words).exit_code == 2


def test_a_password_is_neither_a_word_of_the_command_nor_piped_in_by_mistake(place: Place):
    assert user(place, "add", "ana", PASSWORD, "--role", "approver").exit_code == 2
    piped = user(place, "add", "ana", "--role", "approver", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert piped.exit_code == 2
    assert "--password-stdin" in piped.output


def test_on_a_terminal_it_is_typed_twice_and_not_shown(place: Place):
    leader, follower = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "user", "add", "ana", "--role", "approver"],
            env={**os.environ, **place.environ, "PYTHONPATH": str(TOP)},
            cwd=place.folder,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            start_new_session=True,
        )
        shown = b""
        for asked in (b"Password: ", b"The same again: "):
            while not shown.endswith(asked):
                shown += os.read(leader, 4096)
            os.write(leader, f"{PASSWORD}\n".encode())
        assert process.wait(20) == 0
        shown += os.read(leader, 4096)
    finally:
        os.close(leader)
        os.close(follower)
    assert b"ana may sign in" in shown
    assert PASSWORD.encode() not in shown
    assert signs_in(place, "ana", PASSWORD)


# --- pages that others can reach ----------------------------------------------------------------


def test_run_refuses_pages_that_others_reach_while_there_are_no_users(place: Place):
    place.write("config.yaml", WIDE)
    done = place.bot("run")
    assert done.exit_code == 78
    first = done.output.splitlines()[0]
    assert "config.yaml:10:15: error: web.listen: while there are no users" in first
    assert "petition-bot user add" in first


def test_check_warns_of_it_until_there_is_one(place: Place):
    place.write("config.yaml", WIDE)
    (problem,) = place.json("check")["problems"]
    assert (problem["severity"], problem["code"]) == ("warning", "open-to-others")
    assert not place.state.exists()
    add(place, "ana")
    assert place.json("check")["problems"] == []


def test_run_serves_them_once_there_is_one(place: Place):
    place.write("config.yaml", WIDE)
    add(place, "ana")
    process = place.start("run")
    assert process.stdout
    with closing(process.stdout), process:
        assert "page is at https://bot.example.org" in process.stdout.readline()
        process.terminate()
        assert process.stderr
        process.stderr.close()
