"""`preview`: what it shows is the plan, for people and for programs, from the files alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.conftest import CONFIG, MESSAGES, Place, Terminal, bare
from tests.files.drawings import encoded, plain, put

KEYS = [
    *("account", "network", "slot", "message_id", "language", "parts"),
    *("length", "limit", "link", "cost_usd", "why"),
]
MONDAY = ("--from", "2026-11-30", "--days", "2")
TENTS = """\
In November 2019 families slept in tents by the bridge, and waited [sic] for a :date:. #KeepIt

https://petition.example.org/p"""


def with_x(config: str = CONFIG, **budget: Any) -> str:
    x = f'  - {{id: x, network: x, schedule: {{at: ["12:00"]}}, budget: {budget or {}}}}\n'
    return config.replace("web:", f"{x}web:").replace("'", "")


# --- for programs ----------------------------------------------------------------------------------


def test_json_has_these_keys_for_every_slot(place: Place):
    rows = place.json("preview", *MONDAY)
    assert [list(row) for row in rows] == [KEYS] * 4
    assert rows[0] == {
        "account": "here",
        "network": "dry",
        "slot": "2026-11-30T09:00:00-06:00",
        "message_id": "tents",
        "language": "en",
        "parts": [TENTS],
        "length": 94 + 2 + 23,
        "limit": 500,
        "link": "https://petition.example.org/p",
        "cost_usd": 0.0,
        "why": rows[0]["why"],
    }
    assert rows[0]["why"]


def test_the_offset_of_a_slot_is_that_of_its_account(place: Place):
    place.write("config.yaml", CONFIG.replace("network: dry", "network: dry\n    timezone: Asia/Kolkata"))
    slots = [row["slot"] for row in place.json("preview", *MONDAY)]
    assert slots[0] == "2026-11-30T18:30:00+05:30"
    assert all(slot.endswith("+05:30") for slot in slots)


def test_a_slot_in_which_nothing_goes_out_is_listed_with_its_reason(place: Place):
    place.write("config.yaml", with_x(usd_per_month=0.1))
    first = next(row for row in place.json("preview", *MONDAY) if row["account"] == "x")
    assert first | {"why": ""} == dict.fromkeys(KEYS) | {
        "account": "x",
        "network": "x",
        "slot": "2026-11-30T12:00:00-06:00",
        "parts": [],
        "cost_usd": 0.0,
        "why": "",
    }
    assert "budget" in first["why"]


def test_what_a_post_costs_is_a_number_of_dollars(place: Place):
    place.write("config.yaml", with_x())
    assert {row["cost_usd"] for row in place.json("preview", *MONDAY) if row["account"] == "x"} == {0.2}


def test_account_shows_one_account_of_the_plan_for_all(place: Place):
    place.write("config.yaml", with_x())
    whole, one = place.json("preview", *MONDAY), place.json("preview", *MONDAY, "--account", "x")
    assert one == [row for row in whole if row["account"] == "x"]


def test_a_bare_day_begins_in_the_campaigns_zone(place: Place):
    rows = place.json("preview", "--from", "2026-11-30", "--days", "1")
    assert [row["slot"][:16] for row in rows] == ["2026-11-30T09:00", "2026-11-30T18:30"]


@pytest.mark.parametrize(
    "start", ["2026-11-30T12:00", "2026-11-30 12:00", "2026-11-30T18:00Z", "2026-11-30 19:00 Europe/Madrid"]
)
def test_a_moment_without_an_offset_is_one_of_the_campaigns_zone(place: Place, start: str):
    assert place.json("preview", "--from", start, "--days", "1")[0]["slot"] == "2026-11-30T18:30:00-06:00"


def test_days_are_those_of_the_calendar_when_a_clock_is_changed(place: Place):
    rows = place.json("preview", "--from", "2027-03-14", "--days", "1")
    assert [row["slot"] for row in rows] == ["2027-03-14T09:00:00-05:00", "2027-03-14T18:30:00-05:00"]


@pytest.mark.parametrize("start", ["tomorrow", "2026-13-01", "2026-11-30T25:00", "9999-12-31", "0001-01-01"])
def test_a_moment_that_is_none_is_a_usage_error_that_says_what_to_write(place: Place, start: str):
    done = place.bot("preview", "--from", start)
    assert done.exit_code == 2
    assert "--from" in done.stderr


def test_an_account_that_nobody_has_gets_a_guess(place: Place):
    done = place.bot("preview", "--account", "heer")
    assert done.exit_code == 2
    assert "did you mean here?" in done.stderr


def test_preview_makes_no_state_and_needs_no_keys(place: Place):
    place.write("config.yaml", with_x())
    assert place.bot("preview").exit_code == 0
    assert sorted(path.name for path in place.folder.iterdir()) == ["config.yaml", "messages.yaml"]


def test_preview_goes_on_from_what_was_posted(place: Place):
    assert place.bot("post", "tents").exit_code == 0
    assert place.json("preview", *MONDAY)[0]["message_id"] == "court"


# --- for people ------------------------------------------------------------------------------------


def test_every_slot_has_its_times_its_message_and_why(place: Place):
    said = place.bot("preview", *MONDAY).stdout
    assert said.startswith("Times are those of America/Chicago.\n")
    head = re.search(
        r"^Mon 30 Nov 09:00  15:00 UTC  here  tents +en  119/500  free\n  (.+)\n", said, re.MULTILINE
    )
    assert head
    assert "posted here yet" in head[1]


def test_the_text_is_shown_to_the_letter(place: Place):
    said = place.bot("preview", *MONDAY).stdout
    assert "\n".join(f"    {line}".rstrip() for line in TENTS.split("\n")) in said


def test_pictures_and_warnings_are_shown_with_the_text(place: Place):
    messages = (
        "messages:\n- id: tents\n  kind: call\n  text: Look.\n  content_warning: Loss\n"
        "  media: [{file: tents.png, alt: Tents by a bridge}]\n"
    )
    place.write("messages.yaml", messages)
    put(place.folder, "tents.png", encoded(plain()))
    said = place.bot("preview", *MONDAY).stdout
    assert "    [behind the warning: Loss]\n    [tents.png: Tents by a bridge]\n" in said


def test_the_last_lines_count_posts_and_money(place: Place):
    place.write("config.yaml", with_x())
    assert place.bot("preview", "--from", "2026-11-30", "--days", "3").stdout.endswith(
        "here: 6 posts, free. x: 3 posts, $0.60.\n3 days cost $0.60; 30 days like these cost $6.00.\n"
    )


def test_a_month_is_compared_by_the_rules_for_links(place: Place):
    place.write("config.yaml", with_x(usd_per_month=2))
    whole = place.bot("preview", "--from", "2026-12-01", "--days", "30")
    last = whole.stdout.splitlines()[-1]
    assert last == "The same span by the rule for links: always $6.00, story $2.30, every 3 posts $4.15."
    week = place.bot("preview", "--from", "2026-12-01", "--days", "29").stdout
    assert "by the rule for links" not in week


def test_where_nothing_is_charged_nothing_is_compared(place: Place):
    assert "by the rule for links" not in place.bot("preview", "--days", "30").stdout


def test_a_month_never_costs_more_than_the_budget(place: Place):
    place.write("config.yaml", with_x(usd_per_month=2))
    said = place.bot("preview", "--from", "2026-12-01", "--days", "3").stdout
    assert said.endswith("30 days like these cost $2.00.\n")


def test_a_slot_without_a_post_says_why(place: Place):
    place.write("config.yaml", with_x(usd_per_month=0.1))
    assert re.search(r"x  +nothing goes out: budget: .+ costs \$0\.20", place.bot("preview", *MONDAY).stdout)


def test_zones_are_named_where_there_are_several(place: Place):
    place.write("config.yaml", with_x().replace("network: x,", "network: x, timezone: Europe/Madrid,"))
    said = place.bot("preview", *MONDAY).stdout
    assert said.startswith("Times are those of America/Chicago for here, Europe/Madrid for x.\n")
    assert "Mon 30 Nov 12:00  11:00 UTC  x" in said


def test_a_year_that_is_another_one_is_written(place: Place):
    said = place.bot("preview", "--from", "2026-12-31", "--days", "2").stdout
    assert "Thu 31 Dec 09:00" in said
    assert "Fri  1 Jan 2027 09:00" in said


def test_a_long_listing_is_cut_short_in_so_many_words_and_only_when_nobody_asked_for_it(place: Place):
    place.write("config.yaml", CONFIG.replace('at: ["09:00", "18:30"]', "every: 1h"))
    short, long = place.bot("preview").stdout, place.bot("preview", "--days", "7").stdout
    assert short.count(" UTC  ") == 60
    assert "… and 108 more in 7 days: --days 7 shows them all." in short
    assert long.count(" UTC  ") == 168
    assert short.splitlines()[-1] == long.splitlines()[-1] == "here: 168 posts, free."
    assert len(place.json("preview")) == 168


def test_what_steers_a_terminal_is_not_passed_on(place: Place):
    place.write(
        "messages.yaml",
        MESSAGES.replace("Few of them", '"Few \\e[31mof them"').replace("court.\n", "court.\n"),
    )
    assert "\x1b" not in place.bot("preview", *MONDAY).output


def test_on_a_terminal_lines_keep_to_its_width_and_the_link_is_dim(place: Place):
    said = Terminal(place, "preview", *MONDAY, width=60).rest()
    assert "\x1b[2mhttps://petition.example.org/p\x1b[0m" in said
    assert max(map(len, bare(said).splitlines())) <= 60
