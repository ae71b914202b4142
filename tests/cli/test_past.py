"""`status` and `history`: how things stand and what has been, for people and for programs."""

from __future__ import annotations

import re

import pytest

from bot.sandbox import Sandbox
from tests.cli.conftest import CONFIG, Place

STATUS = ["paused", "next", "signatures", "next_milestone", "needs_a_person", "month_cost_usd"]
STATUS += ["next_30_days_usd"]


# --- status --------------------------------------------------------------------------------------


def test_json_of_a_campaign_that_has_not_begun(place: Place):
    told = place.json("status")
    assert list(told) == STATUS
    assert told | {"next": None} == {
        "paused": None,
        "next": None,
        "signatures": None,
        "next_milestone": 1000,
        "needs_a_person": [
            {
                "id": None,
                "account": None,
                "state": "draft",
                "reason": "later is a draft: it is not posted before somebody approves it.",
                "message_id": "later",
            }
        ],
        "month_cost_usd": 0.0,
        "next_30_days_usd": 0.0,
    }
    assert told["next"]["message_id"] == "tents"


def test_next_is_a_row_of_the_preview(place: Place):
    assert place.json("status")["next"] == place.json("preview", "--days", "2")[0]


def test_status_and_history_make_no_state(place: Place):
    for words in (["status"], ["history"], ["count"]):
        assert place.bot(*words).exit_code == 0
    assert not place.state.parent.exists()


def test_the_first_line_is_a_sentence_on_what_comes_next_and_how_many_have_signed(place: Place):
    place.bot("count", "set", "995")
    first = place.bot("status").stdout.splitlines()[0]
    assert re.match(r"Next, “In November 2019 families slept in tents .+” goes out on the terminal ", first)
    assert first.endswith("995 people have signed, 5 to go to 1,000.")


def test_what_needs_a_person_comes_with_the_commands_that_settle_it(place: Place):
    number = place.unconfirmed()
    done = place.bot("status")
    assert done.exit_code == 0
    assert f"petition-bot resolve {number} posted\n" in done.stdout
    assert f"petition-bot resolve {number} not-posted\n" in done.stdout
    (entry,) = place.needs_a_person()
    assert (entry["id"], entry["message_id"], entry["state"]) == (number, "tents", "unconfirmed")


def test_those_commands_name_the_configuration_that_was_named(place: Place):
    number = place.unconfirmed()
    said = place.bot("--config", "config.yaml", "status").stdout
    assert f"petition-bot --config config.yaml resolve {number} posted" in said


def test_what_the_bot_still_looks_up_by_itself_needs_nobody(place: Place):
    place.unconfirmed(waits=False)
    assert place.needs_a_person() == []
    said = place.bot("status").stdout
    assert "\nNeeds you\n  later is a draft: it is not posted before somebody approves it.\n" in said


def test_a_held_account_needs_a_person(place: Place):
    with place.store() as store:
        store.hold("here", "the keys are worth nothing")
    assert place.needs_a_person() == [
        {"id": None, "account": "here", "state": "held", "reason": "the keys are worth nothing"}
    ]
    said = place.bot("status").stdout
    assert "here is held: the keys are worth nothing." in said
    assert "petition-bot resume --account here" in said


def test_a_question_about_the_petition_needs_a_person(place: Place):
    place.write("config.yaml", CONFIG.replace("goal: 100000", "closes: 2026-01-01"))
    (asked,) = place.needs_a_person()
    assert (asked["id"], asked["account"], asked["state"]) == (None, None, "asks")
    assert f"\nNeeds you\n  {asked['reason']}\n" in place.bot("status").stdout


def test_a_pause_is_the_first_thing_that_is_said(place: Place):
    place.bot("pause", "--until", "2999-01-01")
    assert place.json("status")["paused"] == "paused until 2999-01-01 06:00 UTC"
    assert place.bot("status").stdout.startswith(
        "Nothing goes out: paused until 2999-01-01 06:00 UTC. The signatures have not been counted yet.\n"
        "To go on: petition-bot resume\n"
    )


def test_money_of_the_month_is_shown_beside_its_budget(live: Place, box: Sandbox):
    live.bot("post", "tents")
    assert live.json("status")["month_cost_usd"] == 0.2
    said = live.bot("status").stdout
    assert re.search(r"  x +next .+; \$0\.20 of \$25\.00 spent\n", said)
    assert "So far: 2 posted. Spent this month (UTC): $0.20; the next 30 days cost $" in said


@pytest.mark.parametrize("schedule", ['{at: ["09:00", "18:30"]}', "{every: 30m}", "{every: 10m}"])
def test_the_month_to_come_costs_what_the_preview_shows(place: Place, schedule: str):
    x = f"  - {{id: x, network: x, links: every 3 posts, schedule: {schedule}}}\nweb:"
    place.write("config.yaml", CONFIG.replace("web:", x))
    rows = place.json("preview", "--days", "30", "--account", "x")
    whole = sum(row["cost_usd"] for row in rows)
    assert place.json("status")["next_30_days_usd"] == pytest.approx(whole, rel=0.02)
    assert whole > 3


# --- history ---------------------------------------------------------------------------------------


def test_history_of_nothing_says_so(place: Place):
    assert place.bot("history").stdout == "Nothing has been posted yet.\n"
    assert place.json("history") == []


def test_history_is_newest_first_and_can_be_cut(place: Place):
    for message in ("tents", "court", "a-story"):
        place.bot("post", message)
    assert [row["message_id"] for row in place.json("history")] == ["a-story", "court", "tents"]
    assert [row["message_id"] for row in place.json("history", "--limit", "2")] == ["a-story", "court"]
    assert [line.split()[-2] for line in place.bot("history").stdout.splitlines()] == [
        "a-story",
        "court",
        "tents",
    ]


def test_every_value_of_a_posted_row(live: Place, box: Sandbox):
    live.write(
        "config.yaml",
        (live.folder / "config.yaml").read_text().replace("name: Test", "name: Test, timezone: Asia/Kolkata"),
    )
    live.bot("post", "tents", "--account", "mastodon")
    (row,) = live.json("history")
    (post,) = box.mastodon.posts()
    assert row | {"key": "", "slot": "", "posted_at": ""} == {
        "id": 1,
        "key": "",
        "account": "mastodon",
        "slot": "",
        "message_id": "tents",
        "kind": "fact",
        "state": "posted",
        "attempts": 1,
        "remote_id": post.id,
        "remote_url": row["remote_url"],
        "text": post.text,
        "reason": "",
        "posted_at": "",
    }
    assert row["remote_url"].endswith(post.id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30", row["posted_at"])
    assert row["slot"][-6:] == "+05:30"


def test_a_row_without_a_post_has_nulls(place: Place):
    place.unconfirmed()
    (row,) = place.json("history")
    empty = ("remote_id", "remote_url", "text", "posted_at")
    assert [row[key] for key in empty] == [None] * 4
    assert row["reason"] == "the connection broke"


def test_rows_of_an_account_that_is_gone_are_still_listed(place: Place):
    place.bot("post", "tents")
    place.write("config.yaml", CONFIG.replace("id: here", "id: elsewhere"))
    assert place.bot("history").exit_code == 0
    assert [row["account"] for row in place.json("history")] == ["here"]


@pytest.mark.parametrize("limit", ["0", "-1", "all"])
def test_a_limit_that_is_none_is_a_usage_error(place: Place, limit: str):
    assert place.bot("history", "--limit", limit).exit_code == 2
