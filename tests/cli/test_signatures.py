"""count --history and --try: where the count comes from, how fast it goes, and how to read it elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.chart import chart, columns
from bot.core.model import Reading
from bot.sandbox import Sandbox
from tests.cli.conftest import Place, Terminal

START = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def counts(*numbers: int) -> list[tuple[datetime, int]]:
    return [(START + place * DAY, number) for place, number in enumerate(numbers)]


# --- the chart ---------------------------------------------------------------------------------


def test_a_count_that_rises_steadily_is_a_slope():
    assert chart(counts(*range(0, 1001, 100)), width=17, height=2) == [
        "1,000 ┤    ▁▂▃▅▇█",
        "    0 ┤▃▄▅▇██████",
    ]


def test_a_stall_is_flat_and_a_fall_goes_down():
    assert chart(counts(0, 50, 50, 50, 50, 100, 100, 20, 20, 20, 100), width=15, height=2) == [
        "100 ┤▁▁▁▁██   █",
        "  0 ┤██████▄▄▄█",
    ]


@pytest.mark.parametrize("numbers", [(5,), (5, 5, 5), (0, 0)])
def test_a_count_that_never_moved_fills_the_chart(numbers: tuple[int, ...]):
    lines = chart(counts(*numbers), width=20, height=3)
    assert len(lines) == 3
    assert all(line.endswith("█") for line in lines)


def test_columns_are_equal_spans_of_time_however_often_it_was_read():
    often = [(START + timedelta(minutes=each), each) for each in range(60)]
    late = [(START + DAY, 1000)]
    assert columns([*often, *late], 4) == [59, 59, 59, 1000]


# --- history -----------------------------------------------------------------------------------


def read(place: Place, *numbers: int) -> None:
    """One reading a day until now."""
    with place.store() as store:
        now = datetime.now(UTC)
        for ago, number in enumerate(reversed(numbers)):
            store.add_reading(Reading(number, "test", now - ago * DAY))


def test_a_history_tells_the_pace_and_when_the_next_milestone_is_expected(place: Place):
    read(place, *range(500, 910, 10))
    told = place.json("count", "--history")
    assert told["signatures"] == 900
    assert told["rate_per_day"] == pytest.approx(10, abs=0.1)
    ahead = datetime.fromisoformat(told["next_milestone_expected"]) - datetime.now(UTC)
    assert abs(ahead - 10 * DAY) < DAY / 4
    assert [each["signatures"] for each in told["readings"]][:2] == [500, 510]
    assert told["readings"][0]["at"].endswith(("-06:00", "-05:00"))
    lines = place.bot("count", "--history").stdout.splitlines()
    assert lines[0].startswith("900 ┤")
    assert lines[5].startswith("500 ┤")
    assert "900 signatures now. In the last week 10.0 a day." in lines
    assert f"The next milestone, 1,000: about {told['next_milestone_expected'][:10]}." in lines
    assert any(line.startswith("The goal, 100,000: ") for line in lines)


def test_a_count_that_stands_still_is_expected_nowhere(place: Place):
    read(place, *[900] * 20)
    assert place.json("count", "--history")["next_milestone_expected"] is None
    said = place.bot("count", "--history").stdout
    assert "The next milestone, 1,000: nobody knows when, at this pace." in said


def test_what_is_reached_is_not_expected_any_more(place: Place):
    read(place, *range(99_000, 101_000, 100))
    said = place.bot("count", "--history").stdout
    assert "The goal" not in said
    assert "The next milestone" not in said


def test_without_readings_there_is_no_chart(place: Place):
    assert place.bot("count", "--history").stdout.startswith("The signatures have not been counted yet.")
    told = place.json("count", "--history")
    assert (told["readings"], told["rate_per_day"], told["next_milestone_expected"]) == ([], None, None)


def test_a_chart_is_as_wide_as_the_terminal(place: Place):
    read(place, 1, 2, 3)
    for width, wanted in ((50, 50), (300, 100), (10, 40)):
        shown = Terminal(place, "count", "--history", width=width).rest().splitlines()
        assert max(map(len, shown[:7])) == wanted


def test_a_count_set_by_hand_says_what_a_person_is_asked(place: Place):
    place.bot("count", "set", "99000")
    said = place.bot("count", "set", "100000").stdout
    assert "A milestone, 100,000 signatures: the bot announces it when it runs." in said
    assert "The goal of 100,000 is reached: set the next one in petition.goal." in said


# --- try ---------------------------------------------------------------------------------------


def test_an_address_that_is_tried_says_what_to_write(place: Place, box: Sandbox):
    box.petition.count = 12345
    url = f"{box.petition.url}/petitions/1"
    assert place.bot("count", "--try", url).stdout == (
        "12,345 signatures can be read there. In config.yaml, below petition, write:\n\n"
        f"  counter:\n    kind: uk_parliament\n    url: {url}\n"
    )
    assert place.json("count", "--try", f"{url}/count.json")[0]["counter"]["kind"] == "uk_parliament"


def test_what_was_proposed_is_a_counter_that_reads(place: Place, box: Sandbox):
    box.petition.count = 12345
    url = f"{box.petition.url}/043/public/api/report/progression"
    (best, *_) = place.json("count", "--try", url)
    assert best == {"signatures": 12345, "counter": {"kind": "eci", "url": url}}


def test_an_address_without_a_count_is_a_problem(place: Place, box: Sandbox):
    done = place.bot("count", "--try", f"{box.petition.url}/nothing")
    assert done.exit_code == 1
    assert done.stderr == f"Cannot look at {box.petition.url}/nothing: the server answered 404.\n"


@pytest.mark.parametrize("address", ["example.org", "http://example.org/", "ftp://example.org"])
def test_what_is_no_address_is_refused(place: Place, address: str):
    done = place.bot("count", "--try", address)
    assert done.exit_code == 2
    assert "--try" in done.stderr
