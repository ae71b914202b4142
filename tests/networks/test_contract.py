"""The rules that every network keeps, each tried through its real client library against the sandbox."""

from __future__ import annotations

import base64
import logging
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from bot.core.model import (
    Deferred,
    Identity,
    Outcome,
    Picture,
    Posted,
    Refused,
    Timeline,
    Unconfirmed,
    Unreadable,
)
from bot.core.text import normalized, same
from bot.sandbox import Fault, Sandbox
from tests.networks.conftest import Bench, ready

DEADLINE = 0.3
LATEST = DEADLINE + 0.7
"""Seconds after which a call with that deadline must have ended, on a busy machine too."""


def lately() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


# --- what goes out is what was written -----------------------------------------------------------

TEXTS = [
    "Plain words",
    "Ñandú, maçã, Đồng: señales de l’aigua — «así»",
    "الحقوق لكل الأطفال وقّع العريضة #حقوق\nhttps://example.org/ar",
    "🏳️‍🌈 🇪🇸 💪🏽 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤",
    "First line\nsecond line\n\nafter a blank line",
    "R&D < salud > todo, “quoted” and 'single'",
    "An entity as written: &amp; and &nbsp; and &#39;",
    "100 % of <b>bold</b> claims\\n stay as they are",
    "Sign: https://example.org/petition?utm_source=x&utm_medium=social#sign",
    "(https://example.org/p) and https://example.org/a_(b)",
    "Two links https://example.org/one https://example.org/" + "long/" * 12,
    "#StopMPP #Educación #2030goals at the end #end",
    "Ask @nobody and info@example.org, then barrio.hamburg",
    "日本語の文章です。",
    "10\u202f000 signatures\u00a0!",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_post_is_published_to_the_letter(bench: Bench, text: str) -> None:
    outcome = bench.network.publish(ready(text), 0, "key", None)
    [post] = bench.standing()
    assert isinstance(outcome, Posted)
    assert (post.text, post.id) == (text, outcome.remote_id)


@pytest.mark.parametrize("text", TEXTS)
def test_the_timeline_gives_the_text_back_so_that_it_is_found_again(bench: Bench, text: str) -> None:
    bench.network.publish(ready(text), 0, "key", None)
    reading = bench.network.timeline(lately())
    assert isinstance(reading, Timeline)
    [seen] = reading.posts
    assert same(seen.text, text)
    assert normalized(seen.text) == normalized(text) or not seen.exact


def test_a_posted_address_names_the_post(bench: Bench) -> None:
    outcome = bench.network.publish(ready("Look here"), 0, "key", None)
    assert isinstance(outcome, Posted)
    assert outcome.url is not None
    assert outcome.remote_id in outcome.url
    assert "campaign" in outcome.url


def test_the_parts_of_a_thread_hang_together(bench: Bench) -> None:
    parts = ready("One", "two", "three")
    ids: list[str] = []
    for part in range(3):
        outcome = bench.network.publish(parts, part, "key", ids[-1] if ids else None)
        assert isinstance(outcome, Posted)
        ids.append(outcome.remote_id)
    assert [post.in_reply_to for post in bench.standing()] == [None, *ids[:2]]
    assert [post.text for post in bench.standing()] == ["One", "two", "three"]


def test_pictures_are_refused_before_anything_is_sent(bench: Bench) -> None:
    refused = bench.network.prepare(ready("Look", pictures=(Picture("a.jpg", "a tent"),)).post)
    assert isinstance(refused, Refused)
    assert refused.scope == "post"
    assert not bench.site.calls("media")


def test_words_alone_need_no_preparation(bench: Bench) -> None:
    post = ready("Words").post
    assert bench.network.prepare(post) == ready("Words")


# --- who we are -----------------------------------------------------------------------------------


def test_verify_says_who_the_keys_belong_to_and_posts_nothing(bench: Bench) -> None:
    identity = bench.network.verify()
    assert isinstance(identity, Identity)
    assert (identity.server, identity.handle) == ("127.0.0.1", "campaign")
    assert identity.user_id.isdecimal()
    assert identity.server_time is not None
    assert abs(identity.server_time - datetime.now(UTC)) < timedelta(seconds=5)
    assert not bench.site.posts()


def test_the_identity_does_not_change_with_the_port(bench: Bench, box: Sandbox) -> None:
    """A sandbox, or a test server, takes another port at its next start."""
    identity = bench.network.verify()
    assert isinstance(identity, Identity)
    assert str(bench.site.port) not in identity.server


def test_the_clock_of_the_server_is_told(bench: Bench) -> None:
    bench.site.settings.clock_offset = 3600
    for told in (bench.network.verify(), bench.network.timeline(lately())):
        assert isinstance(told, Identity | Timeline)
        assert told.server_time is not None
        assert timedelta(minutes=59) < told.server_time - datetime.now(UTC) < timedelta(minutes=61)


@pytest.mark.parametrize("call", ["verify", "publish", "timeline"])
def test_revoked_keys_are_the_account_s_trouble(bench: Bench, call: str) -> None:
    bench.site.accounts.revoke()  # type: ignore[attr-defined]
    answer = {
        "verify": bench.network.verify,
        "publish": lambda: bench.network.publish(ready("Nobody"), 0, "key", None),
        "timeline": lambda: bench.network.timeline(lately()),
    }[call]()
    assert isinstance(answer, Unreadable) or (isinstance(answer, Refused) and answer.scope == "account")
    assert "401" in answer.reason
    assert "renew" in answer.reason
    assert not bench.site.posts()


# --- the timeline ---------------------------------------------------------------------------------


def test_the_timeline_shows_replies_and_reposts_newest_first(bench: Bench) -> None:
    first = bench.network.publish(ready("First"), 0, "1", None)
    assert isinstance(first, Posted)
    second = bench.network.publish(ready("Second"), 0, "2", first.remote_id)
    assert isinstance(second, Posted)
    assert isinstance(bench.network.repost(first.remote_id, "3"), Posted)
    reading = bench.network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert reading.complete
    assert [seen.repost_of for seen in reading.posts] == [first.remote_id, None, None]
    assert [seen.remote_id for seen in reading.posts[1:]] == [second.remote_id, first.remote_id]
    times = [seen.created_at for seen in reading.posts]
    assert times == sorted(times, reverse=True)
    assert all(seen.created_at.utcoffset() == timedelta(0) for seen in reading.posts)


def test_an_empty_timeline_is_a_good_reading(bench: Bench) -> None:
    reading = bench.network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert (reading.posts, reading.complete) == ((), True)


def test_a_reading_stops_at_the_first_page_that_reaches_back(bench: Bench) -> None:
    for number in range(45):
        bench.network.publish(ready(f"Number {number}"), 0, str(number), None)
    reading = bench.network.timeline(datetime.now(UTC) + timedelta(minutes=1))
    assert isinstance(reading, Timeline)
    assert not reading.complete
    assert bench.site.calls("timeline") == 1
    assert reading.posts[0].text == "Number 44"


def test_a_reading_takes_two_pages_at_most(bench: Bench) -> None:
    for number in range(90):
        bench.network.publish(ready(f"Number {number}"), 0, str(number), None)
    reading = bench.network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert not reading.complete
    assert bench.site.calls("timeline") == 2
    shown = [seen.text for seen in reading.posts]
    assert shown == [f"Number {89 - back}" for back in range(len(shown))]


def test_since_is_taken_by_the_server_s_clock(bench: Bench) -> None:
    """Its posts look an hour old: they are still newer than a moment ago."""
    bench.site.settings.clock_offset = -3600
    for number in range(45):
        bench.network.publish(ready(f"Number {number}"), 0, str(number), None)
    bench.network.timeline(datetime.now(UTC) - timedelta(seconds=50))
    assert bench.site.calls("timeline") == 2


def test_a_reading_names_the_account_without_being_introduced_first(bench: Bench) -> None:
    known = bench.network.verify()
    assert isinstance(known, Identity)
    fresh = type(bench.network)("a", bench.secrets, bench.site.url, 10.0)  # type: ignore[call-arg]
    reading = fresh.timeline(lately())
    assert isinstance(reading, Timeline)
    assert reading.user_id == known.user_id


# --- reposts and deletions ------------------------------------------------------------------------


def test_a_repost_is_seen_where_it_stands(bench: Bench) -> None:
    post, other = (bench.network.publish(ready(text), 0, text, None) for text in ("This", "That"))
    assert isinstance(post, Posted)
    assert isinstance(other, Posted)
    assert bench.network.reposted(post.remote_id) is False
    assert isinstance(bench.network.repost(post.remote_id, "key"), Posted)
    assert bench.network.reposted(post.remote_id) is True
    assert bench.network.reposted(other.remote_id) is False


def test_a_repost_can_be_taken_back_by_the_id_it_was_given(bench: Bench) -> None:
    post = bench.network.publish(ready("Once more"), 0, "1", None)
    assert isinstance(post, Posted)
    repost = bench.network.repost(post.remote_id, "2")
    assert isinstance(repost, Posted)
    assert bench.network.delete(repost.remote_id) is None
    assert bench.network.reposted(post.remote_id) is False
    assert [each.id for each in bench.standing()] == [post.remote_id]


def test_a_repost_can_be_taken_back_by_what_it_repeats(bench: Bench) -> None:
    """Which is all that is known of a repost found by reconciling."""
    post = bench.network.publish(ready("Once more"), 0, "1", None)
    assert isinstance(post, Posted)
    bench.network.repost(post.remote_id, "2")
    assert bench.network.delete(f"repost:{post.remote_id}") is None
    assert [each.id for each in bench.standing()] == [post.remote_id]


def test_a_post_that_is_gone_cannot_be_reposted(bench: Bench) -> None:
    post = bench.network.publish(ready("Gone soon"), 0, "1", None)
    assert isinstance(post, Posted)
    bench.network.delete(post.remote_id)
    refused = bench.network.repost(post.remote_id, "2")
    assert isinstance(refused, Refused)
    assert refused.scope == "post"
    assert not bench.standing()


def test_deleting_twice_is_deleting_once(bench: Bench) -> None:
    post = bench.network.publish(ready("Taken back"), 0, "1", None)
    assert isinstance(post, Posted)
    assert bench.network.delete(post.remote_id) is None
    assert bench.network.delete(post.remote_id) is None
    assert not bench.standing()


@pytest.mark.parametrize("not_an_id", ["", "repost:", "repost:x/2026-12-01/09:00", "../accounts/1", "1?a=b"])
def test_only_an_id_is_deleted(bench: Bench, not_an_id: str) -> None:
    assert isinstance(bench.network.delete(not_an_id), Refused)
    assert not bench.site.calls("delete")


# --- every way to fail ----------------------------------------------------------------------------

SLOW = {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.DRIP_BEFORE, Fault.DRIP, Fault.LATE}
ACCOUNT, POST = "account", "post"

FAULTS: dict[Fault, tuple[type, str | None, int]] = {
    Fault.RESET_BEFORE: (Unconfirmed, None, 0),
    Fault.RESET_AFTER: (Unconfirmed, None, 1),
    Fault.LATE: (Unconfirmed, None, 1),
    Fault.TIMEOUT_BEFORE: (Unconfirmed, None, 0),
    Fault.TIMEOUT_AFTER: (Unconfirmed, None, 1),
    Fault.DRIP_BEFORE: (Unconfirmed, None, 0),
    Fault.DRIP: (Unconfirmed, None, 1),
    Fault.CUT_AFTER: (Unconfirmed, None, 1),
    Fault.HTML_200_BEFORE: (Unconfirmed, None, 0),
    Fault.HTML_200_AFTER: (Unconfirmed, None, 1),
    Fault.BROKEN_JSON_200_BEFORE: (Unconfirmed, None, 0),
    Fault.BROKEN_JSON_200_AFTER: (Unconfirmed, None, 1),
    Fault.EMPTY_200_AFTER: (Unconfirmed, None, 1),
    Fault.EMPTY_201: (Unconfirmed, None, 1),
    Fault.LIST_ERROR_BODY: (Refused, POST, 0),
    Fault.LIST_ERROR_BODY_AFTER: (Unconfirmed, None, 1),
    Fault.REDIRECT_301: (Unconfirmed, None, 0),
    Fault.REDIRECT_302: (Unconfirmed, None, 0),
    Fault.S400: (Refused, POST, 0),
    Fault.S401: (Refused, ACCOUNT, 0),
    Fault.S402: (Refused, ACCOUNT, 0),
    Fault.S403_OTHER: (Refused, ACCOUNT, 0),
    Fault.S403_SPEND_CAP: (Refused, ACCOUNT, 0),
    Fault.S404: (Deferred, None, 0),
    Fault.S413: (Refused, POST, 0),
    Fault.S422: (Refused, POST, 0),
    Fault.S429_RESET: (Deferred, None, 0),
    Fault.S429_DAY: (Deferred, None, 0),
    Fault.S429_BARE: (Deferred, None, 0),
    Fault.S429_PAST: (Deferred, None, 0),
    Fault.S429_GARBLED: (Deferred, None, 0),
    Fault.S429_RETRY_AFTER: (Deferred, None, 0),
    Fault.S500_BEFORE: (Unconfirmed, None, 0),
    Fault.S500_AFTER: (Unconfirmed, None, 1),
    Fault.S500_REPEATED_KEY: (Unconfirmed, None, 1),
    Fault.S502_AFTER: (Unconfirmed, None, 1),
    Fault.S503_HTML_BEFORE: (Unconfirmed, None, 0),
    Fault.S503_HTML_AFTER: (Unconfirmed, None, 1),
    Fault.S503_EMPTY_BEFORE: (Unconfirmed, None, 0),
    Fault.S504_BEFORE: (Unconfirmed, None, 0),
    Fault.S504_AFTER: (Unconfirmed, None, 1),
    Fault.GARBLED_RATELIMIT_AFTER: (Posted, None, 1),
}
"""What becomes of a create: the outcome, the scope of a refusal, and how many posts stand after it."""

ELSEWHERE = {Fault.REFUSED, Fault.S403_DUPLICATE, Fault.BODY_HUGE}
"""Faults with a test of their own, here or for one network; media and counts are no matter of these calls."""


def test_every_fault_of_the_sandbox_has_a_row() -> None:
    others = {fault for fault in Fault if fault.startswith(("media_", "count_"))} | ELSEWHERE
    assert set(FAULTS) == set(Fault) - others


def settled(bench: Bench, fault: Fault) -> list[str]:
    """The ids in the ledger, once a late request has been carried out."""
    if fault is Fault.LATE:
        end = time.monotonic() + 5
        while not bench.site.posts() and time.monotonic() < end:
            time.sleep(0.02)
    return [post.id for post in bench.site.posts()]


def fitting(bench: Bench, fault: Fault) -> Bench:
    """With a short deadline where the fault makes us wait for it."""
    bench.site.settings.late = DEADLINE + 0.2
    return Bench(bench.name, bench.site, bench.hurried(DEADLINE)) if fault in SLOW else bench


def one_clear_line(reason: str, bench: Bench) -> None:
    assert reason
    assert reason.isprintable()
    assert len(reason) < 450
    assert "Traceback" not in reason
    assert "Error(" not in reason
    assert not leaks(reason, bench.secrets)


def leaks(text: str, secrets: dict[str, str]) -> list[str]:
    return [
        name
        for name, secret in secrets.items()
        for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("="))
        if form in text
    ]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_create_is_called_what_it_is_and_asked_once(
    bench: Bench, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kind, scope, published = FAULTS[fault]
    tried = fitting(bench, fault)
    bench.site.fault("create", fault)
    start = time.monotonic()
    outcome = tried.network.publish(ready("Only once"), 0, "key", None)
    assert time.monotonic() - start < (LATEST if fault in SLOW else 5)
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert bench.site.calls("create") == 1
    assert bench.site.calls("moved") == 0
    ids = settled(bench, fault)
    assert len(ids) == published
    if isinstance(outcome, Posted):
        assert ids == [outcome.remote_id]
    else:
        one_clear_line(outcome.reason, bench)
    assert not leaks(caplog.text, bench.secrets)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_part_of_a_thread_is_called_what_it_is(bench: Bench, fault: Fault) -> None:
    kind, scope, published = FAULTS[fault]
    tried = fitting(bench, fault)
    parts = ready("Opening", "and on")
    opening = tried.network.publish(parts, 0, "key", None)
    assert isinstance(opening, Posted)
    bench.site.fault("create", fault)
    outcome = tried.network.publish(parts, 1, "key", opening.remote_id)
    if fault is Fault.S404:  # here it means that the part before was taken away
        kind, scope = Refused, POST
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert bench.site.calls("create") == 2
    if fault is not Fault.LATE:
        assert len(bench.site.posts()) == 1 + published


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_failing_repost_is_called_what_it_is(bench: Bench, fault: Fault) -> None:
    kind, scope, published = FAULTS[fault]
    tried = fitting(bench, fault)
    post = tried.network.publish(ready("Repeat me"), 0, "key", None)
    assert isinstance(post, Posted)
    bench.site.fault("repost", fault)
    outcome = tried.network.repost(post.remote_id, "key")
    if fault is Fault.S404:
        kind, scope = Refused, POST
    assert isinstance(outcome, kind)
    assert getattr(outcome, "scope", None) == scope
    assert bench.site.calls("repost") == 1
    if fault is not Fault.LATE:
        assert len(bench.site.posts()) == 1 + published
        assert bench.network.reposted(post.remote_id) is bool(published)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {Fault.LATE}), ids=str)
def test_a_failing_verify_defers_or_refuses_the_account_and_never_raises(bench: Bench, fault: Fault) -> None:
    tried = fitting(bench, fault)
    before = bench.site.calls("verify")
    bench.site.fault("verify", fault)
    answer = tried.network.verify()
    if FAULTS[fault][1] == ACCOUNT:
        assert isinstance(answer, Refused)
        assert answer.scope == "account"
    elif FAULTS[fault][0] is Posted:
        assert isinstance(answer, Identity)
    else:
        assert isinstance(answer, Deferred)
    assert bench.site.calls("verify") == before + 1
    if not isinstance(answer, Identity):
        one_clear_line(answer.reason, bench)
        assert "posted" not in answer.reason


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {Fault.LATE, Fault.GARBLED_RATELIMIT_AFTER}), ids=str)
def test_a_timeline_that_fails_is_unreadable_and_never_empty(bench: Bench, fault: Fault) -> None:
    """An empty reading would mean that nothing was posted: it would be sent again."""
    tried = fitting(bench, fault)
    tried.network.publish(ready("It stands"), 0, "key", None)
    bench.site.fault("timeline", fault)
    reading = tried.network.timeline(lately())
    assert isinstance(reading, Unreadable)
    one_clear_line(reading.reason, bench)
    assert bench.site.calls("timeline") == 1


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - SLOW), ids=str)
def test_a_failing_delete_says_so_or_finds_it_gone(bench: Bench, fault: Fault) -> None:
    post = bench.network.publish(ready("Take me back"), 0, "key", None)
    assert isinstance(post, Posted)
    bench.site.fault("delete", fault)
    outcome = bench.network.delete(post.remote_id)
    fine = {Fault.S404, Fault.GARBLED_RATELIMIT_AFTER}
    if bench.name == "mastodon":  # where {} is Pleroma's way to say yes
        fine.add(Fault.EMPTY_201)
    if fault in fine:
        assert outcome is None
    else:
        assert isinstance(outcome, Refused | Deferred | Unconfirmed)
        assert "whether it was posted" not in outcome.reason
    assert bench.site.calls("delete") == 1


def test_a_refused_connection_is_certainly_not_a_post(bench: Bench) -> None:
    bench.site.settings.refused = 0.3
    bench.site.fault("create", Fault.REFUSED)
    outcome = bench.network.publish(ready("Nobody home"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert "could not be reached" in outcome.reason
    assert not bench.site.posts()
    assert isinstance(bench.network.timeline(lately()), Unreadable)


def test_an_answer_that_drips_ends_with_the_deadline(bench: Bench) -> None:
    bench.site.settings.drip = 0.05
    network = bench.hurried(DEADLINE)
    for endpoint, call in {
        "verify": network.verify,
        "timeline": lambda: network.timeline(lately()),
        "create": lambda: network.publish(ready("Drip"), 0, "key", None),
    }.items():
        bench.site.fault(endpoint, Fault.DRIP)
        start = time.monotonic()
        answer = call()
        assert time.monotonic() - start < LATEST
        assert isinstance(answer, Unconfirmed | Unreadable | Deferred)


def test_a_reading_of_many_requests_ends_with_one_deadline(bench: Bench) -> None:
    for number in range(90):
        bench.network.publish(ready(f"Number {number}"), 0, str(number), None)
    network = bench.hurried(DEADLINE)
    bench.site.settings.slow = DEADLINE * 0.6
    start = time.monotonic()
    assert isinstance(network.timeline(lately()), Unreadable)
    assert time.monotonic() - start < LATEST


# --- limits ---------------------------------------------------------------------------------------


def test_a_limit_with_a_reset_says_until_when(bench: Bench) -> None:
    bench.site.settings.reset_after = 600
    for fault in (Fault.S429_RESET, Fault.S429_RETRY_AFTER):
        bench.site.fault("create", fault)
        outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
        assert isinstance(outcome, Deferred)
        assert outcome.until is not None
        assert timedelta(seconds=590) < outcome.until - datetime.now(UTC) < timedelta(seconds=602)


def test_a_limit_of_the_day_counts_for_more_than_one_of_minutes(bench: Bench) -> None:
    bench.site.settings.reset_after = 7200
    bench.site.fault("create", Fault.S429_DAY)
    outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert outcome.until is not None
    assert outcome.until - datetime.now(UTC) > timedelta(seconds=7190)


@pytest.mark.parametrize("fault", [Fault.S429_BARE, Fault.S429_PAST, Fault.S429_GARBLED], ids=str)
def test_a_limit_without_a_usable_reset_leaves_the_wait_to_us(bench: Bench, fault: Fault) -> None:
    bench.site.fault("create", fault)
    outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert outcome.until is None


def test_a_reset_is_taken_by_our_clock_although_theirs_is_off(bench: Bench) -> None:
    bench.site.settings.clock_offset, bench.site.settings.reset_after = 86_400, 600
    bench.site.fault("create", Fault.S429_RESET)
    outcome = bench.network.publish(ready("Too soon"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert outcome.until is not None
    assert timedelta(seconds=590) < outcome.until - datetime.now(UTC) < timedelta(seconds=602)


def test_nothing_but_a_post_says_posted(bench: Bench) -> None:
    """Whatever faults come one after the other, each Posted has its own entry in the ledger."""
    outcomes: list[Outcome] = []
    for number, fault in enumerate(sorted(set(FAULTS) - SLOW)):
        bench.site.fault("create", fault)
        outcomes.append(bench.network.publish(ready(f"Post {number}"), 0, f"key {number}", None))
        outcomes.append(bench.network.publish(ready(f"And {number}"), 0, f"next {number}", None))
    posted = [outcome.remote_id for outcome in outcomes if isinstance(outcome, Posted)]
    assert len(set(posted)) == len(posted)
    assert set(posted) <= {post.id for post in bench.standing()}
