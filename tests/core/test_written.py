"""What people write, as the program uses it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.written import Account, Links, Message, Petition, Schedule, Settings, in_language, window


def message(**fields: Any) -> Message:
    return Message.model_validate({"id": "m", "kind": "call", "text": "hola", **fields})


def account(**fields: Any) -> Account:
    return Account.model_validate({"id": "x", "network": "x", "schedule": {"at": "09:00"}, **fields})


# --- messages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a", {"": ("a",)}),
        (["a", "b"], {"": ("a", "b")}),
        ({"en": "a", "es": ["b", "c"]}, {"en": ("a",), "es": ("b", "c")}),
    ],
)
def test_a_text_is_kept_as_variants_per_language(written: Any, kept: dict[str, tuple[str, ...]]) -> None:
    assert message(text=written).text == kept


def test_a_text_that_names_no_language_is_in_the_campaigns() -> None:
    plain, both = message(text="a"), message(text={"es": "b"})
    assert plain.variants("en", default="en") == ("a",)
    assert plain.variants("es", default="en") == ()
    assert plain.languages("en") == ("en",)
    assert both.variants("es", default="en") == ("b",)
    assert both.variants("en", default="en") == ()
    assert in_language(None, "en", "en") == ()


def test_an_accounts_own_values_win_over_its_networks_and_these_over_the_messages() -> None:
    written = message(
        link="https://example.org/all",
        per={"x": {"text": "for X", "content_warning": "w"}, "chapter": {"text": "for the chapter"}},
    )
    there = written.on(account(id="chapter"))
    assert there.text == {"": ("for the chapter",)}
    assert there.content_warning == {"": ("w",)}
    assert there.link == "https://example.org/all"
    assert written.on(account()).text == {"": ("for X",)}
    elsewhere = account(id="m", network="mastodon", server="social.example.org")
    assert written.on(elsewhere) is written


def test_a_value_can_be_taken_away_for_one_network() -> None:
    written = message(link="https://example.org/story", per={"x": {"link": None}})
    assert written.on(account()).link is None


def test_what_is_written_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        message().id = "other"


# --- when a message may go out ---------------------------------------------------------------

MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        ({}, None, None),
        ({"not_before": "2026-12-01"}, "2026-11-30 23:00", None),
        ({"not_before": "2026-12-01 18:00"}, "2026-12-01 17:00", None),
        ({"expires": "2026-12-01"}, None, "2026-12-01 23:00"),
        ({"expires": "2026-12-01 18:00Z"}, None, "2026-12-01 18:00"),
        ({"review_by": "2026-12-01"}, None, "2026-12-01 23:00"),
        ({"review_by": "2026-12-01", "expires": "2026-11-01"}, None, "2026-11-01 23:00"),
        ({"expires": "2027-03-28"}, None, "2027-03-28 22:00"),
        ({"expires": "2027-10-31"}, None, "2027-10-31 23:00"),
    ],
)
def test_a_day_counts_from_its_first_to_its_last_local_moment(
    fields: dict[str, str], start: str | None, end: str | None
) -> None:
    expected = [datetime.fromisoformat(each).replace(tzinfo=UTC) if each else None for each in (start, end)]
    assert list(window(message(**fields), MADRID)) == expected


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        ({"kind": "update", "not_before": "closes - 7d"}, "2027-02-21 23:00", None),
        ({"expires": "closes - 1d"}, None, "2027-02-28 23:00"),
        ({"kind": "call", "expires": "closes + 1d"}, None, "2027-03-01 23:00"),
        ({"kind": "call"}, None, "2027-03-01 23:00"),
        ({"kind": "update", "not_before": "closes + 1d"}, "2027-03-01 23:00", None),
    ],
)
def test_the_last_days_of_a_petition_have_their_own_messages(
    fields: dict[str, str], start: str | None, end: str | None
) -> None:
    expected = [datetime.fromisoformat(each).replace(tzinfo=UTC) if each else None for each in (start, end)]
    assert list(window(message(**fields), MADRID, date(2027, 3, 1))) == expected


def test_what_counts_from_an_unknown_day_never_comes() -> None:
    start, _ = window(message(not_before="closes - 7d"), MADRID)
    assert start is not None
    assert start.year > 3000


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([MADRID, "America/Chicago", "Asia/Tokyo"])
)
def test_the_days_follow_each_other_without_a_hole(first: date, zone: str) -> None:
    following = first + timedelta(days=1)
    _, end = window(message(expires=first.isoformat()), zone)
    start, _ = window(message(not_before=following.isoformat()), zone)
    assert start == end


# --- settings --------------------------------------------------------------------------------


def test_a_petition_may_have_a_page_per_language() -> None:
    pages = Petition(url={"en": "https://example.org/en", "es": "https://example.org/es"})
    assert pages.address("es", default="en") == "https://example.org/es"
    assert pages.address("ca", default="en") == "https://example.org/en"
    assert pages.address("ca", default="de") == "https://example.org/en"
    assert Petition(url="https://example.org/p").address("es", default="en") == "https://example.org/p"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("always", Links()),
        ("never", Links(mode="never")),
        ("every 3 posts", Links(mode="every", every=3)),
        ("every 1 post", Links(mode="every", every=1)),
    ],
)
def test_links_are_one_word_or_a_rhythm(written: str, kept: Links) -> None:
    assert account(links=written).links == kept


@pytest.mark.parametrize(
    "written", ["every 0 posts", "every post", "sometimes", 3, None, ["always"], {"mode": "always"}]
)
def test_other_links_are_refused(written: Any) -> None:
    with pytest.raises(ValidationError, match="is not one of always, story, never and every N posts"):
        account(links=written)


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({}, timedelta(minutes=5)),
        ({"api_url": "http://127.0.0.1:9000"}, timedelta(0)),
        ({"api_url": "https://api.example.org"}, timedelta(minutes=5)),
        ({"network": "dry"}, timedelta(0)),
        ({"network": "mastodon", "server": "http://localhost:3000"}, timedelta(0)),
        ({"network": "mastodon", "server": "https://127.evil.example"}, timedelta(minutes=5)),
    ],
)
def test_five_minutes_lie_between_two_posts_unless_nobody_reads_them(
    fields: dict[str, Any], gap: timedelta
) -> None:
    assert account(**fields).gap == gap


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"language": "en", "languages": ["en", "es"]}, "exclude each other"),
        ({"network": "mastodon"}, "needs its server"),
        ({"network": "mastodon", "server": "a.org", "api_url": "https://a.org"}, "api_url is for X"),
        ({"server": "a.org"}, "server is for Mastodon and Bluesky, not for x"),
        ({"visibility": "public"}, "visibility is for Mastodon"),
    ],
)
def test_an_account_has_what_its_network_takes(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        account(**fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "exactly one of at, every and cron"),
        ({"at": ["09:00"], "cron": "0 9 * * *"}, "exactly one of at, every and cron"),
        ({"every": "0s"}, "at least 1s and at most 24h"),
        ({"every": "25h"}, "at least 1s and at most 24h"),
        ({"every": "1500ms"}, "in whole seconds"),
        ({"at": ["09:00"], "between": ["08:00", "09:00"]}, "between goes with every"),
        ({"cron": "0 9 * * *", "days": ["mon"]}, "the last field names the days"),
    ],
)
def test_a_schedule_says_its_times_in_one_way(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Schedule.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({"at": ["10:30", "9:05"]}, {time(10, 30), time(9, 5)}),
        ({"cron": "0,30 8-9 * * 1-5"}, {time(8), time(8, 30), time(9), time(9, 30)}),
        ({"every": "4h"}, set()),
    ],
)
def test_a_schedule_knows_its_times_of_day(fields: dict[str, Any], times: set[time]) -> None:
    assert Schedule.model_validate(fields).times == times


def test_an_account_lives_in_its_own_zone_and_language_or_in_the_campaigns() -> None:
    settings = Settings.model_validate(
        {
            "campaign": {"name": "T", "timezone": MADRID, "language": "es"},
            "petition": {"url": "https://example.org"},
            "accounts": [
                {"id": "a", "network": "dry", "schedule": {"at": "09:00"}},
                {
                    "id": "b",
                    "network": "dry",
                    "schedule": {"at": "09:00"},
                    "language": "ca",
                    "timezone": "UTC",
                },
                {"id": "c", "network": "dry", "schedule": {"at": "09:00"}, "languages": ["es", "ca"]},
            ],
        }
    )
    a, b, c = (settings.account(id) for id in "abc")
    assert [settings.zone(each) for each in (a, b, c)] == [MADRID, "UTC", MADRID]
    assert [settings.languages(each) for each in (a, b, c)] == [("es",), ("ca",), ("es", "ca")]


@pytest.mark.parametrize(
    ("timeout", "settle", "fine"),
    [("30s", "60s", True), ("30s", "30s", False), ("30s", "29s", False), ("0s", "60s", False)],
)
def test_a_request_is_over_before_it_is_looked_up(timeout: str, settle: str, fine: bool) -> None:
    given = {
        "campaign": {"name": "T"},
        "petition": {"url": "https://example.org"},
        "accounts": [{"id": "a", "network": "dry", "schedule": {"at": "09:00"}}],
        "delivery": {"timeout": timeout, "settle": settle},
    }
    if fine:
        assert Settings.model_validate(given).delivery.settle == timedelta(minutes=1)
    else:
        with pytest.raises(ValidationError, match="timeout"):
            Settings.model_validate(given)
