"""When a message may go out: what has passed, what never begins, what comes at night."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core.findings import MASTODON, X, codes, message, the

AFTER = datetime(2026, 12, 1, 17, tzinfo=UTC)


# --- passed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["2026-12-01 18:00", "2026-12-01T17:00:00Z", "2026-12-01T18:00+01:00", "2026-12-01 18:00 CET"]
)
def test_a_fixed_time_in_the_past_is_reported_in_both_clocks(written: str) -> None:
    given = message(post_at=written)
    assert codes(given, now=datetime(2026, 12, 1, 16, 59, tzinfo=UTC)) == []
    found = the("past", given, now=AFTER)
    assert (found.loc, found.severity) == (("messages", 0, "post_at"), "warning")
    assert (
        "2026-12-01 18:00 Europe/Madrid (17:00 UTC), which is past, and is not posted at once"
        in found.message
    )


def test_another_day_in_utc_is_shown() -> None:
    found = the("past", message(post_at="2026-11-02 00:30"))
    assert "2026-11-02 00:30 Europe/Madrid (2026-11-01 23:30 UTC)" in found.message


def test_a_campaign_in_utc_has_one_clock() -> None:
    found = the("past", message(post_at="2026-11-01 18:00"), campaign={"timezone": "UTC"})
    assert "at 2026-11-01 18:00 UTC, which" in found.message


@pytest.mark.parametrize(("name", "code"), [("expires", "expired"), ("review_by", "review")])
def test_a_last_day_counts_to_its_local_end(name: str, code: str) -> None:
    given = message(**{name: "2026-11-30"})
    assert codes(given, now=datetime(2026, 11, 30, 22, 59, tzinfo=UTC)) == []
    found = the(code, given, now=datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert (found.loc, found.severity) == (("messages", 0, name), "warning")
    assert f"since 2026-12-01 00:00 Europe/Madrid (2026-11-30 23:00 UTC) ({name})" in found.message


def test_each_of_two_passed_days_is_named() -> None:
    assert codes(message(expires="2026-10-01", review_by="2026-09-01")) == ["expired", "review"]
    assert codes(message(expires="2027-10-01", review_by="2026-09-01")) == ["review"]


def test_days_that_count_from_the_closing_need_one() -> None:
    for name in ("not_before", "expires"):
        found = the("no-closing", message(**{name: "closes - 7d"}))
        assert (found.loc, found.severity) == (("messages", 0, name), "error")
        assert f"has {name}: closes - 7d, and the petition has no closing day" in found.message
    assert codes(message(not_before="closes - 7d"), petition={"closes": "2027-03-01"}) == []


def test_the_last_days_pass_with_the_petition() -> None:
    found = the("expired", message(kind="update", expires="closes - 7d"), petition={"closes": "2026-11-28"})
    assert "since 2026-11-22 00:00 Europe/Madrid" in found.message


def test_a_call_that_begins_after_the_petition_is_never_open() -> None:
    late = message(kind="call", not_before="closes + 1d")
    found = the("never-open", late, petition={"closes": "2027-03-01"})
    assert found.message.endswith("correct not_before, expires or review_by, or petition.closes")


# --- never -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["expires", "review_by"])
def test_a_window_that_ends_before_it_begins_is_an_error(end: str) -> None:
    found = the("never-open", message(not_before="2027-02-02", **{end: "2027-02-01"}))
    assert (found.loc, found.severity) == (("messages", 0, "not_before"), "error")


def test_one_day_is_a_window() -> None:
    assert codes(message(not_before="2027-02-01", expires="2027-02-01")) == []


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"expires": "2027-01-31"}, "but may only go out until 2027-02-01 00:00"),
        ({"review_by": "2027-01-31"}, "until 2027-02-01 00:00"),
        ({"not_before": "2027-03-01"}, "but may only go out from 2027-03-01 00:00"),
        ({"not_before": "2026-01-01", "expires": "2027-01-01"}, "from 2026-01-01 00:00 Europe/Madrid"),
    ],
)
def test_a_fixed_time_outside_its_window_is_an_error(bounds: dict[str, str], said: str) -> None:
    found = the("outside-window", message(post_at="2027-02-10 18:00", **bounds))
    assert (found.loc, found.severity) == (("messages", 0, "post_at"), "error")
    assert said in found.message


def test_a_fixed_time_inside_its_window_is_right() -> None:
    assert codes(message(post_at="2027-02-10 18:00", not_before="2027-02-10", expires="2027-02-10")) == []


# --- at night --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet", "local", "asleep"),
    [
        (["23:00", "07:00"], "06:59", True),
        (["23:00", "07:00"], "07:00", False),
        (["23:00", "07:00"], "23:00", True),
        (["13:00", "15:00"], "14:00", True),
        (["13:00", "15:00"], "15:00", False),
        (["07:00", "07:00"], "07:00", False),
    ],
)
def test_a_fixed_time_in_quiet_hours_goes_out_and_is_named(
    quiet: list[str], local: str, asleep: bool
) -> None:
    given = message(post_at=f"2027-02-10 {local}")
    assert codes(given, quiet_hours=quiet) == (["quiet-hours"] if asleep else [])


def test_quiet_hours_are_those_of_each_account() -> None:
    far: dict[str, Any] = {**X, "timezone": "America/Chicago"}
    found = the(
        "quiet-hours",
        message(post_at="2027-02-10 12:00"),
        accounts=[far, MASTODON],
        quiet_hours=["23:00", "07:00"],
    )
    assert found.severity == "warning"
    assert "in quiet hours (05:00 on x) and goes out all the same" in found.message


# --- templates -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["milestone", "progress"])
@pytest.mark.parametrize("given", [{"post_at": "2027-02-10 12:00"}, {"weight": 3}])
def test_a_template_has_neither_date_nor_weight(kind: str, given: dict[str, Any]) -> None:
    rules = {"thresholds": [1000], "progress_every": "7d"}
    accounts = [{**X, "languages": ["en"]}]
    both = [
        message(kind=each, text=f"A text for {each}.") for each in ("milestone", "progress") if each != kind
    ]
    found = the(
        "no-effect", message(kind=kind, **given), *both, petition={"milestones": rules}, accounts=accounts
    )
    (name,) = given
    assert (found.loc, found.severity) == (("messages", 0, name), "warning")
    assert kind in found.message


def test_an_update_may_have_both() -> None:
    assert (
        codes(message(kind="update", weight=3), message("Other.", kind="update", post_at="2027-02-10 12:00"))
        == []
    )
