"""`post`: one message now, through the outbox, on every account that may carry it."""

from __future__ import annotations

import pytest

from bot.sandbox import Fault, Sandbox
from bot.store import lock
from tests.cli.conftest import MESSAGES, Place


def test_it_is_posted_on_every_account_and_its_addresses_are_said(live: Place, box: Sandbox):
    done = live.bot("post", "tents")
    assert done.exit_code == 0
    assert [len(box.x.posts()), len(box.mastodon.posts())] == [1, 1]
    addresses = [row["remote_url"] for row in reversed(live.json("history"))]
    assert done.stdout == f"x: posted: {addresses[0]}\nmastodon: posted: {addresses[1]}\n"


def test_account_posts_on_that_one_alone(live: Place, box: Sandbox):
    assert live.bot("post", "tents", "--account", "mastodon").exit_code == 0
    assert [len(box.x.posts()), len(box.mastodon.posts())] == [0, 1]


def test_an_account_that_does_not_carry_it_is_no_problem_unless_it_was_asked_for(live: Place, box: Sandbox):
    live.write("messages.yaml", MESSAGES.replace("kind: story", "kind: story\n    accounts: [mastodon]"))
    assert live.bot("post", "a-story").exit_code == 0
    asked = live.bot("post", "a-story", "--account", "x")
    assert asked.exit_code == 1
    assert asked.stderr == "Not posted: a-story is not for x\n"
    assert [len(box.x.posts()), len(box.mastodon.posts())] == [0, 1]


def test_a_message_that_nobody_has_gets_a_guess(place: Place):
    done = place.bot("post", "tent")
    assert done.exit_code == 1
    assert done.stderr == "Not posted: there is no message tent; did you mean tents?\n"
    assert place.json("history") == []


def test_a_draft_is_not_posted_and_that_is_said(place: Place):
    done = place.bot("post", "later")
    assert done.exit_code == 1
    assert "later is a draft" in done.stderr


def test_an_unknown_account_is_a_usage_error(place: Place):
    assert place.bot("post", "tents", "--account", "nobody").exit_code == 2


def test_what_was_refused_is_said_and_ends_with_1(live: Place, box: Sandbox):
    box.mastodon.fault("create", Fault.S422)
    done = live.bot("post", "tents")
    assert done.exit_code == 1
    assert "mastodon: not posted (refused): " in done.stdout
    assert "x: posted: " in done.stdout


def test_one_attempt_is_made_and_run_takes_it_from_there(live: Place, box: Sandbox):
    box.x.fault("create", Fault.S503_EMPTY_BEFORE)
    done = live.bot("post", "tents", "--account", "x")
    assert done.exit_code == 1
    assert box.x.calls("create") == 1
    assert "petition-bot run looks it up" in done.stdout


def test_a_held_account_says_what_to_do(live: Place, box: Sandbox):
    box.x.fault("create", Fault.S401)
    done = live.bot("post", "tents", "--account", "x")
    assert done.exit_code == 1
    assert done.stdout.startswith("x: not out yet (")
    assert "petition-bot resume --account x" in done.stdout


def test_while_paused_it_waits_in_the_outbox(place: Place):
    place.bot("pause")
    done = place.bot("post", "tents")
    assert done.exit_code == 1
    assert "not out yet (paused)" in done.stdout
    assert [row["state"] for row in place.json("history")] == ["due"]


def test_beside_a_running_bot_it_is_handed_over(live: Place, box: Sandbox):
    live.bot("run", "--once")
    with lock(f"sqlite:///{live.state}", "run"):
        done = live.bot("post", "tents")
    assert done.exit_code == 0
    assert done.stdout.count("handed to the bot that is running") == 2
    assert [row["state"] for row in live.json("history")] == ["due", "due"]
    assert box.x.calls("create") == 0


def test_handing_over_needs_no_keys(live: Place):
    live.write(".env", "", 0o600)
    with lock(f"sqlite:///{live.state}", "run"):
        assert live.bot("post", "tents").exit_code == 0
    assert live.bot("post", "tents").exit_code == 78


@pytest.mark.parametrize("times", [2, 3])
def test_each_call_is_a_post_of_its_own(place: Place, times: int):
    for _ in range(times):
        assert place.bot("post", "tents").exit_code == 0
    assert len({row["key"] for row in place.json("history")}) == times
