"""The table from answers to outcomes, row by row, and what it makes of headers and words."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from bot.core.model import Deferred, Posted, Refused, Unconfirmed
from bot.http import Exchange
from bot.networks.answers import (
    LONGEST_WAIT,
    WORDS_SHOWN,
    Aim,
    Place,
    Trouble,
    hushed,
    meaning,
    server_time,
    until,
    words,
)
from bot.networks.line import READS

NOW = datetime(2026, 12, 1, 9, 0, 0, tzinfo=UTC)
SECRET = "canary/with+signs=and%20more"
PLACE = Place("Mastodon (social.example)", "masto", frozenset({SECRET, "a-second-canary", ""}))
POSTED = Posted("42", "https://social.example/42")


def answered(
    status: int | None = 200, body: Any = b"", problem: str | None = None, **headers: str
) -> Exchange:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    return Exchange(True, status, named, data, problem)


def judged(exchange: Exchange | None, aim: Aim = Aim()) -> Posted | Trouble:
    def read(value: Any) -> Posted | None:
        return POSTED if value["id"] == "42" else None

    return meaning(exchange, read, PLACE, aim, NOW)


# --- by status ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_a_success_that_can_be_read_is_a_post(status: int) -> None:
    assert judged(answered(status, {"id": "42"})) == POSTED


@pytest.mark.parametrize(
    "body", [b"", b"<html>", {}, [], None, {"id": "43"}, {"id": None}, b"\xff", b"[" * 10**5]
)
def test_a_success_that_cannot_be_read_is_a_doubt(body: Any) -> None:
    outcome = judged(answered(200, body))
    assert isinstance(outcome, Unconfirmed)
    assert "nothing that could be understood" in outcome.reason


def test_a_success_whose_body_broke_is_a_doubt() -> None:
    outcome = judged(answered(200, {"id": "42"}, problem="the connection to social.example broke"))
    assert isinstance(outcome, Unconfirmed)
    assert "broke" in outcome.reason


SCOPES = {401: "account", 402: "account", 403: "account", 400: "post", 413: "post", 422: "post"}


@pytest.mark.parametrize(("status", "scope"), SCOPES.items())
def test_a_refusal_says_whom_it_concerns_and_what_to_do(status: int, scope: str) -> None:
    outcome = judged(answered(status, {"error": "Lo sentimos"}))
    assert isinstance(outcome, Refused)
    assert outcome.scope == scope
    assert str(status) in outcome.reason
    assert "“Lo sentimos”" in outcome.reason or '"Lo sentimos"' in outcome.reason
    assert (
        "petition-bot resume --account masto" if scope == "account" else "edit the message"
    ) in outcome.reason


@pytest.mark.parametrize("status", [401, 403, 422, 429])
def test_a_status_counts_although_its_body_broke(status: int) -> None:
    outcome = judged(answered(status, b"", problem="the connection broke"))
    assert isinstance(outcome, Refused | Deferred)


DOUBTFUL = [None, 100, 204, 300, *range(301, 309), 405, 406, 408, 409, 418, 425, 451, *range(500, 530)]


@pytest.mark.parametrize("status", DOUBTFUL)
def test_anything_else_is_a_doubt(status: int | None) -> None:
    outcome = judged(answered(status, {"error": "posted successfully"}, problem=None if status else "cut"))
    assert isinstance(outcome, Unconfirmed)
    assert not outcome.duplicate
    assert outcome.reason.endswith("whether it was posted is not known")


@given(st.integers(100, 999), st.binary(max_size=60), st.none() | st.just("the connection broke"))
def test_only_a_read_success_posts_and_only_a_clear_no_is_certain(
    status: int, body: bytes, problem: str | None
) -> None:
    outcome = judged(Exchange(True, status, CaseInsensitiveDict(), body, problem))
    assert not isinstance(outcome, Posted)
    certain = {400, 401, 402, 403, 404, 410, 413, 422, 429}
    assert isinstance(outcome, Unconfirmed) is (status not in certain)


def test_what_was_never_written_is_certainly_not_posted() -> None:
    outcome = judged(Exchange(False, problem="social.example could not be reached (Connection refused)"))
    assert isinstance(outcome, Deferred)
    assert outcome.until is None
    assert "Connection refused" in outcome.reason


def test_a_library_that_gives_up_without_a_request_is_a_doubt() -> None:
    assert isinstance(judged(None), Unconfirmed)


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_target_refuses_the_post_and_a_missing_address_waits(status: int) -> None:
    gone = judged(answered(status), Aim(target="the post to repeat"))
    assert isinstance(gone, Refused)
    assert gone.scope == "post"
    assert "the post to repeat is gone" in gone.reason
    lost = judged(answered(status))
    assert isinstance(lost, Deferred)
    assert "is the account's server right?" in lost.reason


@pytest.mark.parametrize("status", [400, 422, 500, None])
def test_a_reading_is_never_said_to_have_posted(status: int | None) -> None:
    outcome = judged(answered(status, problem="cut"), READS)
    assert isinstance(outcome, Unconfirmed)
    assert "posted" not in outcome.reason


# --- when to come back ----------------------------------------------------------------------------


def epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def headers(**named: str) -> Mapping[str, str]:
    return CaseInsensitiveDict({name.replace("_", "-"): value for name, value in named.items()})


LATER = NOW + timedelta(minutes=10)
FAR = NOW + timedelta(hours=9)


@pytest.mark.parametrize(
    ("named", "wait"),
    [
        ({}, None),
        ({"x_rate_limit_reset": epoch(LATER)}, 600),
        ({"ratelimit_reset": epoch(LATER), "ratelimit_remaining": "0"}, 600),
        ({"X_RateLimit_Reset": epoch(LATER)}, 600),
        ({"X_RateLimit_Reset": "2026-12-01T09:10:00.000Z"}, 600),
        ({"X_RateLimit_Reset": "2026-12-01T10:10:00+01:00"}, 600),
        ({"X_RateLimit_Reset": "2026-12-01T09:10:00"}, 600),
        ({"Retry_After": "600"}, 600),
        ({"Retry_After": " 600 "}, 600),
        ({"Retry_After": format_datetime(LATER, usegmt=True)}, 600),
        ({"Retry_After": "0"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "9" * 5000}, LONGEST_WAIT.total_seconds()),
        ({"Retry_After": "600", "Date": "Fri, 31 Dec 9999 23:59:59 GMT"}, 600),
        ({"Retry_After": "Fri, 31 Dec 9999 23:59:59 GMT"}, None),
        ({"Retry_After": "600", "x_rate_limit_reset": epoch(NOW + timedelta(minutes=5))}, 600),
        ({"x_rate_limit_reset": "1"}, None),
        ({"x_rate_limit_reset": "soon"}, None),
        ({"x_rate_limit_reset": ""}, None),
        ({"x_rate_limit_reset": "9" * 40}, None),
        ({"x_rate_limit_reset": epoch(NOW)}, None),
        ({"X_RateLimit_Reset": "2026-13-40T99:00:00Z"}, None),
        ({"X_RateLimit_Reset": "1892259524"}, LONGEST_WAIT.total_seconds()),
        ({"X_RateLimit_Reset": "2029-12-18T03:38:44.000Z"}, LONGEST_WAIT.total_seconds()),
        ({"x_app_limit_24hour_reset": epoch(LATER), "x_app_limit_24hour_remaining": "0"}, 600),
        ({"x_user_limit_24hour_reset": epoch(LATER), "x_user_limit_24hour_remaining": "0"}, 600),
        ({"x_app_limit_24hour_reset": epoch(LATER), "x_app_limit_24hour_remaining": "7"}, None),
        ({"x_app_limit_24hour_reset": epoch(LATER)}, None),
        ({"x_app_limit_24hour_reset": "x", "x_app_limit_24hour_remaining": "0"}, None),
        (
            {"x_rate_limit_reset": epoch(NOW + timedelta(minutes=5)), "x_rate_limit_remaining": "42",
             "x_app_limit_24hour_reset": epoch(LATER), "x_app_limit_24hour_remaining": "0",
             "x_user_limit_24hour_reset": epoch(FAR), "x_user_limit_24hour_remaining": "3"},
            600,
        ),
    ],
)  # fmt: skip
def test_a_reset_is_understood_or_left_out(named: dict[str, str], wait: float | None) -> None:
    told = until(headers(**named), NOW)
    assert told == (None if wait is None else NOW + timedelta(seconds=wait))


def test_a_reset_is_measured_by_the_clock_that_gave_it() -> None:
    theirs = NOW + timedelta(days=3)
    given_by_them = headers(
        Date=format_datetime(theirs, usegmt=True), x_rate_limit_reset=epoch(theirs + timedelta(minutes=2))
    )
    assert until(given_by_them, NOW) == NOW + timedelta(minutes=2)


@given(
    st.dictionaries(
        st.sampled_from(["Date", "Retry-After", "x-rate-limit-reset", "x-app-limit-24hour-reset"]),
        st.text(max_size=30),
    )
)
def test_no_header_makes_it_fail_or_wait_for_ever(named: dict[str, str]) -> None:
    told = until(CaseInsensitiveDict(named | {"x-app-limit-24hour-remaining": "0"}), NOW)
    assert told is None or NOW < told <= NOW + LONGEST_WAIT


def test_a_limit_says_until_when_in_words_too() -> None:
    outcome = judged(answered(429, {"error": "Too many requests"}, x_rate_limit_reset=epoch(LATER)))
    assert outcome == Deferred(
        'Mastodon (social.example) takes no more for now (429: "Too many requests"), not before 09:10 UTC',
        LATER,
    )


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("Tue, 01 Dec 2026 09:00:00 GMT", NOW),
        ("Tue, 01 Dec 2026 09:00:00 -0000", NOW),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_server_s_clock_is_read_from_its_date(value: str, time: datetime | None) -> None:
    assert server_time(headers(Date=value)) == time


# --- the server's words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "Validation failed"}, "Validation failed"),
        ({"error": "invalid_grant", "error_description": "It expired"}, "invalid_grant: It expired"),
        ({"title": "Bad", "detail": "Wrong", "errors": [{"message": "too long"}]}, "Wrong: too long"),
        ({"detail": "Forbidden", "errors": [{"detail": "Forbidden"}]}, "Forbidden"),
        (["one", "two", "three"], "one: two"),
        ("just words", "just words"),
        ({"error": {"code": 1}}, ""),
        ({"error": None}, ""),
        (17, ""),
        (b"<html><h1>503</h1></html>", ""),
        (b"", ""),
        ({"error": "two\nlines\tand \x1b[31mcolour\x1b[0m \u202e"}, "two lines and [31mcolour [0m"),
    ],
)  # fmt: skip
def test_the_words_of_a_server_are_shown_on_one_line(body: Any, said: str) -> None:
    assert words(answered(400, body), PLACE) == (f': "{said}"' if said else "")


def test_long_words_are_cut() -> None:
    shown = words(answered(400, {"error": "long " * 200}), PLACE)
    assert len(shown) < WORDS_SHOWN + 10
    assert shown.endswith('…"')


FORMS = [
    SECRET,
    quote(SECRET, safe=""),
    base64.b64encode(SECRET.encode()).decode(),
    base64.b64encode(SECRET.encode()).decode().rstrip("="),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["{}", "token {} is invalid", "x" * 190 + "{}"])
def test_a_secret_that_comes_back_is_not_repeated(form: str, place: str) -> None:
    outcome = judged(answered(422, {"error": place.format(form)}))
    assert isinstance(outcome, Refused)
    assert form[:12] not in outcome.reason


def test_the_longer_of_two_secrets_is_hidden_whole() -> None:
    assert hushed("abcdef", frozenset({"abc", "abcdef"})) == "[secret]"


def test_a_missing_secret_hides_nothing() -> None:
    assert hushed("plain", frozenset({""})) == "plain"
