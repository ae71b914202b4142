"""What only Mastodon and its relatives do: keys, sources, limits that differ, versions that confuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.model import Identity, Limits, Posted, Refused, Seen, Timeline, Unconfirmed, Unreadable
from bot.core.text import same
from bot.networks.mastodon import SOURCES, Mastodon
from bot.sandbox import Fault
from tests.networks.conftest import Bench, lately, ready
from tests.networks.recorder import Recorder, Reply

TOKEN = {"ACCESS_TOKEN": "a-token"}
ME = {"id": "7", "username": "stopmpp", "acct": "stopmpp", "bot": True}
WHO = ("GET", "/api/v1/accounts/verify_credentials")
CREATE = ("POST", "/api/v1/statuses")
POSTS = ("GET", "/api/v1/accounts/7/statuses")
V1, V2 = ("GET", "/api/v1/instance"), ("GET", "/api/v2/instance")
STATUS = {"id": "42", "url": "https://social.example/@stopmpp/42", "content": "<p>Words</p>"}


def speaking(server: Recorder) -> Mastodon:
    return Mastodon("m", TOKEN, server.url, 5)


def status(status_id: str, content: str = "<p>Words</p>", **more: Any) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {"id": status_id, "created_at": now, "content": content, "reblog": None, "account": ME} | more


# --- the server -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "version",
    [
        "4.5.2",
        "2.7.2 (compatible; Akkoma 3.10.4)",
        "0.17.3 git-6f4cb2f",
        "3.5.3+0.17.3+git-6f4cb2f",
        "2024.3.1",
        "0.0.1.0",
        "v1.0.5+3.5.2",
        "",
        "not a version",
    ],
)
def test_every_server_is_posted_to_whatever_it_calls_its_version(on_mastodon: Bench, version: str) -> None:
    on_mastodon.site.settings.version = version  # type: ignore[attr-defined]
    network = on_mastodon.network
    assert isinstance(network.verify(), Identity)
    post = network.publish(ready(f"Hello, {version}"), 0, "1", None)
    assert isinstance(post, Posted)
    assert isinstance(network.repost(post.remote_id, "2"), Posted)
    assert network.reposted(post.remote_id) is True
    assert isinstance(network.timeline(lately()), Timeline)
    assert isinstance(network.limits(), Limits)
    assert network.delete(post.remote_id) is None


def test_a_server_whose_instance_fails_is_not_asked_hundreds_of_times() -> None:
    """https://github.com/halcy/Mastodon.py/issues/450"""
    with Recorder({V1: Reply(500, b"oops"), V2: Reply(500, b"oops"), CREATE: Reply(200, STATUS)}) as server:
        mastodon = speaking(server)
        assert isinstance(mastodon.publish(ready("Words"), 0, "1", None), Posted)
        assert len(server.sent) == 1
        assert isinstance(mastodon.limits(), Unreadable)
        assert len(server.sent) == 3


@pytest.mark.parametrize(
    "server", ["http://social.example.org", "social.example.org", "ftp://social.example.org"]
)
def test_a_token_never_goes_to_another_machine_unencrypted(server: str) -> None:
    with pytest.raises(ValueError, match="must begin with https://"):
        Mastodon("m", TOKEN, server, 5)


def test_a_slash_at_the_end_of_the_server_does_no_harm() -> None:
    with Recorder({WHO: Reply(200, ME)}) as server:
        assert isinstance(Mastodon("m", TOKEN, f"{server.url}/", 5).verify(), Identity)
        assert server.sent[0].target == WHO[1]


# --- what is sent ---------------------------------------------------------------------------------


def test_a_post_carries_its_language_visibility_and_warning() -> None:
    with Recorder({CREATE: Reply(200, STATUS)}) as server:
        post = ready("Words", language="es", visibility="unlisted", content_warning="detention")
        assert isinstance(speaking(server).publish(post, 0, "1", None), Posted)
        form = server.sent[0].form
    assert (form["status"], form["language"]) == ("Words", "es")
    assert (form["visibility"], form["spoiler_text"]) == ("unlisted", "detention")
    assert "scheduled_at" not in form


def test_what_a_post_does_not_say_is_left_to_the_server() -> None:
    with Recorder({CREATE: Reply(200, STATUS)}) as server:
        speaking(server).publish(ready("Words", visibility=None), 0, "1", None)
        assert not {"visibility", "spoiler_text", "in_reply_to_id"} & set(server.sent[0].form)


def test_a_key_stays_with_its_part_however_often_it_is_sent() -> None:
    with Recorder({CREATE: Reply(200, STATUS)}) as server:
        for part, key in [
            (0, "m/2026-12-01/09:00"),
            (0, "m/2026-12-01/09:00"),
            (1, "m/2026-12-01/09:00"),
            (0, "m/ñ"),
        ]:
            speaking(server).publish(ready("One", "two"), part, key, None)
        keys = [sent.headers["Idempotency-Key"] for sent in server.sent]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(key.isalnum() and key.isascii() for key in keys)


def test_the_same_key_posts_once_where_the_server_knows_keys(on_mastodon: Bench) -> None:
    first, again = (on_mastodon.network.publish(ready("Once"), 0, "key", None) for _ in range(2))
    assert first == again
    assert len(on_mastodon.standing()) == 1


def test_a_key_that_fails_for_ever_is_a_doubt_each_time(on_mastodon: Bench) -> None:
    """https://github.com/mastodon/mastodon/issues/40399"""
    on_mastodon.site.fault("create", Fault.S500_REPEATED_KEY)
    outcomes = [on_mastodon.network.publish(ready("Once"), 0, "key", None) for _ in range(3)]
    assert all(isinstance(outcome, Unconfirmed) for outcome in outcomes)
    assert len(on_mastodon.standing()) == 1


def test_decisions_go_by_status_and_not_by_words(on_mastodon: Bench) -> None:
    on_mastodon.site.settings.spanish = True
    for fault, scope in [(Fault.S422, "post"), (Fault.S401, "account")]:
        on_mastodon.site.fault("create", fault)
        outcome = on_mastodon.network.publish(ready("Palabras"), 0, "1", None)
        assert isinstance(outcome, Refused)
        assert outcome.scope == scope


def test_a_token_without_the_right_to_write_is_the_account_s_trouble() -> None:
    outside = Reply(403, {"error": "This action is outside the authorized scopes"})
    with Recorder({CREATE: outside}) as server:
        outcome = speaking(server).publish(ready("Words"), 0, "1", None)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "account"
    assert "outside the authorized scopes" in outcome.reason
    assert "petition-bot resume --account m" in outcome.reason


@pytest.mark.parametrize(
    "body", [{}, [], None, 1, {"id": None}, {"id": ""}, {"id": "../x"}, {"url": "x"}, b"<html>", b""]
)
def test_a_success_without_an_id_is_no_post(body: Any) -> None:
    with Recorder({CREATE: Reply(200, body)}) as server:
        assert isinstance(speaking(server).publish(ready("Words"), 0, "1", None), Unconfirmed)
        assert len(server.sent) == 1


@pytest.mark.parametrize("status_id", [42, "42", "01HV2N4Y0W4W5E3W8J3P7K6Q9Z", "AbC123"])
def test_ids_may_be_numbers_or_letters(status_id: Any) -> None:
    with Recorder({CREATE: Reply(200, {"id": status_id, "uri": "https://s.example/1"})}) as server:
        outcome = speaking(server).publish(ready("Words"), 0, "1", None)
    assert outcome == Posted(str(status_id), "https://s.example/1")


@pytest.mark.parametrize("headers", [{"X-RateLimit-Reset": "soon"}, {"Deprecation": "@1700000000"}])
def test_a_post_stands_although_the_library_stumbles_over_a_header(headers: dict[str, str]) -> None:
    with Recorder({CREATE: Reply(200, STATUS, headers)}) as server:
        assert isinstance(speaking(server).publish(ready("Words"), 0, "1", None), Posted)


# --- reading back ---------------------------------------------------------------------------------


def read(bench: Bench, *texts: str) -> tuple[Seen, ...]:
    for number, text in enumerate(texts):
        bench.network.publish(ready(text), 0, str(number), None)
    reading = bench.network.timeline(lately())
    assert isinstance(reading, Timeline)
    return reading.posts


def test_new_posts_are_read_to_the_letter(on_mastodon: Bench) -> None:
    spaced = "Two  spaces,\n\n\n\nmany lines"
    [seen] = read(on_mastodon, spaced)
    assert (seen.text, seen.exact) == (spaced, True)
    assert on_mastodon.site.calls("source") == 1


def test_a_server_without_sources_is_asked_once_and_read_as_html(on_mastodon: Bench) -> None:
    on_mastodon.site.settings.source_endpoint = False  # type: ignore[attr-defined]
    texts = ("Long link https://example.org/" + "long/" * 20, "Tags #StopMPP & <b>signs</b>\nand lines")
    newer, older = read(on_mastodon, *texts)
    assert not newer.exact
    assert same(newer.text, texts[1])
    assert same(older.text, texts[0])
    assert on_mastodon.site.calls("source") == 1


def test_only_a_few_sources_are_asked_for(on_mastodon: Bench) -> None:
    seen = read(on_mastodon, *(f"Number {number}" for number in range(SOURCES + 3)))
    assert [each.exact for each in seen] == [True] * SOURCES + [False] * 3
    assert on_mastodon.site.calls("source") == SOURCES


def test_old_posts_and_reposts_are_not_asked_for(on_mastodon: Bench) -> None:
    post = on_mastodon.network.publish(ready("Repeated"), 0, "1", None)
    assert isinstance(post, Posted)
    on_mastodon.network.repost(post.remote_id, "2")
    on_mastodon.network.timeline(datetime.now(UTC) + timedelta(minutes=1))
    assert on_mastodon.site.calls("source") == 0
    on_mastodon.network.timeline(lately())
    assert on_mastodon.site.calls("source") == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"error": "no"},
        [1],
        [None],
        [{"id": "1"}],
        [status("1", created_at="yesterday")],
        [status("1", created_at="2026-12-01T00:00:00")],
        [status("1", content=None)],
        [status("1"), {}],
    ],
)
def test_a_timeline_that_is_not_one_is_unreadable(body: Any) -> None:
    with Recorder({WHO: Reply(200, ME), POSTS: Reply(200, body)}) as server:
        assert isinstance(speaking(server).timeline(lately()), Unreadable)


def test_a_short_page_with_a_link_to_the_next_is_not_the_last() -> None:
    linked = Reply(200, [status("9"), status("8")], {"Link": '<https://s/?max_id=8>; rel="next"'})
    with Recorder({WHO: Reply(200, ME), POSTS: [linked, Reply(200, [])]}) as server:
        reading = speaking(server).timeline(lately())
        asked = [sent.query for sent in server.sent if sent.path == POSTS[1]]
    assert isinstance(reading, Timeline)
    assert reading.complete
    assert [query.get("max_id") for query in asked] == [None, "8"]


@pytest.mark.parametrize("body", [{}, {"reblogged": None}, {"reblogged": "yes"}, [], b"<html>"])
def test_a_repost_that_cannot_be_seen_is_unreadable_and_not_absent(body: Any) -> None:
    with Recorder({("GET", "/api/v1/statuses/42"): Reply(200, body)}) as server:
        assert isinstance(speaking(server).reposted("42"), Unreadable)


def test_a_post_that_is_gone_tells_nothing_of_its_reposts(on_mastodon: Bench) -> None:
    assert isinstance(on_mastodon.network.reposted("1"), Unreadable)


@pytest.mark.parametrize("body", [{}, {"id": "9"}, {"id": "9", "reblog": None}, b"fine"])
def test_a_repost_counts_when_the_server_shows_what_it_repeats(body: Any) -> None:
    with Recorder({("POST", "/api/v1/statuses/42/reblog"): Reply(200, body)}) as server:
        assert isinstance(speaking(server).repost("42", "1"), Unconfirmed)


# --- limits ---------------------------------------------------------------------------------------


def configuration(**statuses: Any) -> dict[str, Any]:
    return {"version": "4.5.2", "configuration": {"statuses": statuses}}


@pytest.mark.parametrize(
    ("v2", "v1", "length", "url_length"),
    [
        (configuration(max_characters=1000, characters_reserved_per_url=30), None, 1000, 30),
        (configuration(max_characters=5000, characters_reserved_per_url=0), None, 5000, None),
        (configuration(max_characters=1000), None, 1000, 23),
        ({"version": "4.5.2"}, {"max_toot_chars": 9000}, 9000, 23),
        (None, {"max_toot_chars": 9000}, 9000, 23),
        (None, configuration(max_characters=600, characters_reserved_per_url=23), 600, 23),
        (None, {"version": "2.7.2 (compatible; Pleroma 2.5)"}, 500, 23),
        (configuration(max_characters=True), {"max_toot_chars": -1}, 500, 23),
        (configuration(max_characters="1000"), {}, 500, 23),
        ({"configuration": None}, {}, 500, 23),
        ({"source_url": "https://codeberg.org/superseriousbusiness/gotosocial"}
         | configuration(max_characters=5000, characters_reserved_per_url=25), None, 5000, None),
        (None, {"version": "0.17.3 git-6f4cb2f"} | {"max_toot_chars": 5000}, 5000, None),
    ],
)  # fmt: skip
def test_limits_are_what_the_server_tells(v2: Any, v1: Any, length: int, url_length: int | None) -> None:
    replies = {asked: Reply(200, told) for asked, told in ((V1, v1), (V2, v2)) if told is not None}
    with Recorder(replies) as server:
        limits = speaking(server).limits()
    assert isinstance(limits, Limits)
    assert (limits.length, limits.url_length, limits.counting) == (length, url_length, "graphemes")


def test_limits_of_pictures_are_read_too() -> None:
    told = configuration(max_characters=500, max_media_attachments=16)
    told["configuration"]["media_attachments"] = {"description_limit": 10_000}
    with Recorder({V2: Reply(200, told)}) as server:
        limits = speaking(server).limits()
    assert isinstance(limits, Limits)
    assert (limits.pictures, limits.alt_length) == (16, 10_000)


@pytest.mark.parametrize("body", [[], None, "500", b"<html>"])
def test_a_server_that_tells_nonsense_has_unreadable_limits(body: Any) -> None:
    with Recorder({V1: Reply(200, body), V2: Reply(200, body)}) as server:
        assert isinstance(speaking(server).limits(), Unreadable)


def test_a_relative_that_ignores_keys_and_boosts_twice_is_told_as_it_is(on_mastodon: Bench) -> None:
    """Which is why the timeline is read before anything is sent again."""
    on_mastodon.site.settings.goto_social()  # type: ignore[attr-defined]
    network = on_mastodon.network
    first, again = (network.publish(ready("Twice there"), 0, "key", None) for _ in range(2))
    assert isinstance(first, Posted)
    assert isinstance(again, Posted)
    assert first.remote_id != again.remote_id
    reading = network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert [seen.remote_id for seen in reading.posts] == [again.remote_id, first.remote_id]
    limits = network.limits()
    assert isinstance(limits, Limits)
    assert limits.url_length is None
