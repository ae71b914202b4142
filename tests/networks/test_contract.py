"""The rules that every network keeps, each tried through its real client library against the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.model import Identity, Posted, Refused, Timeline, Unreadable
from bot.core.text import normalized, same
from bot.ports import Ready
from bot.sandbox import Sandbox
from tests.networks.conftest import Bench, lately, ready

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


def test_words_alone_need_no_preparation(bench: Bench) -> None:
    post = ready("Words").post
    assert bench.network.prepare(post) == Ready(post)


# --- who we are -----------------------------------------------------------------------------------


def test_verify_says_who_the_keys_belong_to_and_posts_nothing(bench: Bench) -> None:
    identity = bench.network.verify()
    assert isinstance(identity, Identity)
    assert (identity.server, identity.handle.removesuffix(".test")) == ("127.0.0.1", "campaign")
    assert identity.user_id == bench.site.accounts.first.id  # type: ignore[attr-defined]
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
