"""pause, resume, resolve, count: a person has the last word, and is told what came of it."""

from __future__ import annotations

import pytest

from bot.core.model import State
from bot.store import lock
from tests.cli.conftest import CONFIG, Place

# --- pause and resume ----------------------------------------------------------------------------


def test_pause_stops_all_accounts_until_resume(place: Place):
    assert place.bot("pause").stdout == (
        "Nothing goes out on any account from now on. To go on: petition-bot resume\n"
    )
    assert place.json("status")["paused"] == "paused"
    assert place.bot("resume").stdout == "Posts go out again.\n"
    assert place.json("status")["paused"] is None


def test_pause_of_one_account_leaves_the_others(place: Place):
    place.write(
        "config.yaml", CONFIG.replace("web:", "  - {id: there, network: dry, schedule: {every: 1h}}\nweb:")
    )
    place.bot("pause", "--account", "here")
    assert place.json("status")["paused"] is None
    assert place.json("status")["next"]["account"] == "there"
    assert "  here   paused\n" in place.bot("status").stdout


def test_until_is_a_moment_of_the_campaigns_zone(place: Place):
    done = place.bot("pause", "--until", "2999-07-01 18:00")
    assert done.stdout == (
        "Nothing goes out on any account until Monday 1 July 2999 at 18:00 (America/Chicago). "
        "To go on sooner: petition-bot resume\n"
    )
    assert place.json("status")["paused"] == "paused until 2999-07-01 23:00 UTC"


@pytest.mark.parametrize("until", ["2020-01-01", "yesterday", "2020-01-01T10:00Z"])
def test_until_must_be_a_moment_to_come(place: Place, until: str):
    assert place.bot("pause", "--until", until).exit_code == 2
    assert place.json("status")["paused"] is None


def test_all_of_it_works_beside_a_running_bot(place: Place):
    number = place.unconfirmed()
    with lock(f"sqlite:///{place.state}", "run"):
        for words in (["pause"], ["resume"], ["resolve", str(number), "posted"], ["count", "set", "7"]):
            assert place.bot(*words).exit_code == 0, words


def test_resume_of_one_account_does_not_lift_the_pause_of_all_and_says_so(place: Place):
    place.bot("pause")
    said = place.bot("resume", "--account", "here").stdout
    assert said == "All accounts are paused, here too. To go on: petition-bot resume\n"


def test_resume_of_all_names_the_accounts_that_stay(place: Place):
    place.bot("pause", "--account", "here")
    assert place.bot("resume").stdout == (
        "Posts go out again.\nBut here stays paused: petition-bot resume --account here\n"
    )


def test_resume_of_an_account_lets_go_of_a_held_one_and_says_why_it_was_held(place: Place):
    with place.store() as store:
        store.hold("here", "the keys are worth nothing")
    assert "But here is held: the keys are worth nothing" in place.bot("resume").stdout
    said = place.bot("resume", "--account", "here").stdout
    assert said.startswith("here was held (the keys are worth nothing) and is let go.\n")
    assert place.needs_a_person() == []


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_an_unknown_account_is_refused_with_a_guess(place: Place, command: str):
    done = place.bot(command, "--account", "her")
    assert done.exit_code == 2
    assert "did you mean here?" in done.stderr


# --- resolve -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fate", "state"), [("posted", State.POSTED), ("not-posted", State.MISSED)])
@pytest.mark.parametrize("waits", [True, False])
def test_a_person_says_what_became_of_it_and_nothing_is_sent(
    place: Place, fate: str, state: State, waits: bool
):
    number = place.unconfirmed(waits=waits)
    done = place.bot("resolve", str(number), fate)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Delivery {number} counts as {state}: ")
    assert [row["state"] for row in place.json("history")] == [state]


def test_a_delivery_that_does_not_exist_cannot_be_settled(place: Place):
    done = place.bot("resolve", "7", "posted")
    assert done.exit_code == 1
    assert done.stderr == "There is no delivery 7: petition-bot history lists them all.\n"


def test_what_is_settled_stays_as_it_is(place: Place):
    number = place.unconfirmed()
    place.bot("resolve", str(number), "posted")
    done = place.bot("resolve", str(number), "not-posted")
    assert done.exit_code == 1
    assert done.stderr == f"Delivery {number} is posted: there is nothing to settle.\n"
    assert [row["state"] for row in place.json("history")] == ["posted"]


@pytest.mark.parametrize("words", [("x", "posted"), ("1", "maybe"), ("0", "posted"), ("1",)])
def test_resolve_takes_a_number_and_one_of_two_words(place: Place, words: tuple[str, ...]):
    assert place.bot("resolve", *words).exit_code == 2


# --- count ---------------------------------------------------------------------------------------


def test_a_count_that_nobody_has_told_is_said_to_be_unknown(place: Place):
    assert place.json("count") == {
        "signatures": None,
        "source": None,
        "at": None,
        "next_milestone": 1000,
        "goal": 100000,
    }
    assert place.bot("count").stdout.startswith("The signatures have not been counted yet.")


def test_a_count_set_by_hand_is_the_newest_reading(place: Place):
    assert place.bot("count", "set", "12345").stdout == "12,345 signatures, set by hand.\n"
    told = place.json("count")
    assert (told["signatures"], told["source"], told["next_milestone"]) == (12345, "set by hand", 100000)
    said = place.bot("count").stdout
    assert said.startswith("12,345 signatures: set by hand, ")
    assert said.endswith("(America/Chicago).\nNext milestone: 100,000.\nGoal: 100,000.\n")


@pytest.mark.parametrize("number", ["12.345", "12,345", "12 345", "012345", "12_345"])
def test_a_number_that_can_be_read_in_two_ways_is_refused_with_the_right_form(place: Place, number: str):
    done = place.bot("count", "set", number)
    assert done.exit_code == 2
    assert done.stderr.endswith("write 12345\n")
    assert place.json("count")["signatures"] is None


@pytest.mark.parametrize("number", ["-5", "1e3", "many", "", "12K", "99999999999", "1" * 40])
def test_what_is_no_count_is_refused(place: Place, number: str):
    assert place.bot("count", "set", number).exit_code == 2


def test_a_milestone_that_is_passed_by_hand_is_announced_once_when_the_bot_runs(place: Place):
    place.bot("count", "set", "990")
    said = place.bot("count", "set", "1010").stdout
    assert "A milestone, 1,000 signatures: the bot announces it when it runs.\n" in said
    place.bot("count", "set", "900")
    assert "milestone" not in place.bot("count", "set", "1020").stdout
    place.bot("run", "--once")
    texts = [row["text"] for row in place.json("history") if row["kind"] == "milestone"]
    assert texts == ["1,000 have signed. #KeepIt\n\nhttps://petition.example.org/p"]


def test_a_first_count_announces_nothing_that_was_passed_long_ago(place: Place):
    assert "milestone" not in place.bot("count", "set", "4000").stdout
    assert place.json("history") == []


def test_where_a_counter_reads_by_itself_that_is_said(live: Place):
    assert "reads its own number again" in live.bot("count", "set", "5").stdout
