"""What only Bluesky does: sessions, keys of our own, facets, references, and records that others made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.model import Deferred, Identity, Posted, Refused, Seen, Timeline, Unconfirmed, Unreadable
from bot.networks.bluesky import Bluesky
from bot.networks.tid import moment_of
from bot.networks.xrpc import life
from bot.ports import Ready
from bot.sandbox import Fault
from bot.sandbox.ledger import Published
from tests.networks.conftest import Bench, lately, network_of, ready
from tests.networks.recorder import Recorder, Reply

KEYS = {"HANDLE": "stopmpp.example.org", "APP_PASSWORD": "abcd-efgh-ijkl-mnop"}
ME = {"did": "did:plc:abc", "handle": "stopmpp.example.org", "active": True}
SESSION = ME | {"accessJwt": "an-access-token", "refreshJwt": "a-refresh-token"}
LOGIN = ("POST", "/xrpc/com.atproto.server.createSession")
WHO = ("GET", "/xrpc/com.atproto.server.getSession")
PUT = ("POST", "/xrpc/com.atproto.repo.putRecord")
GET = ("GET", "/xrpc/com.atproto.repo.getRecord")
LIST = ("GET", "/xrpc/com.atproto.repo.listRecords")
PETITION = "https://www.example.org/2026/11/25/keep-the-library-open/?utm_source=bluesky"


class Clock:
    """Ours; the sandbox has its own."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def timed(bench: Bench, clock: Clock) -> Bluesky:
    network = network_of("bluesky", bench.site, now=clock)
    assert isinstance(network, Bluesky)
    return network


def record_of(post: Published) -> dict[str, Any]:
    return dict(json.loads(post.record or "{}"))


def posted(bench: Bench, text: str, **more: object) -> dict[str, Any]:
    """Publish a text, and give its record."""
    assert isinstance(bench.network.publish(ready(text, **more), 0, "key", None), Posted)
    return record_of(bench.standing()[-1])


def marked(record: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Each facet: the letters that it stands on, and what it is."""
    text = record["text"].encode()
    return [
        (text[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode(), each["features"][0])
        for each in record.get("facets", [])
    ]


def feature(kind: str, **value: str) -> dict[str, str]:
    return {"$type": f"app.bsky.richtext.facet#{kind}", **value}


# --- the session ----------------------------------------------------------------------------------


def test_one_sign_in_serves_many_calls(on_bluesky: Bench) -> None:
    for number in range(3):
        on_bluesky.network.publish(ready(f"Number {number}"), 0, str(number), None)
        on_bluesky.network.timeline(lately())
    on_bluesky.network.verify()
    assert on_bluesky.site.calls("login") == 1
    assert on_bluesky.site.calls("refresh") == 0


def test_a_session_is_refreshed_before_it_runs_out(on_bluesky: Bench) -> None:
    clock = Clock()
    network = timed(on_bluesky, clock)
    network.verify()
    for ahead, refreshed in [(100, 0), (116, 1), (130, 1), (232, 2)]:
        clock.ahead = timedelta(minutes=ahead)
        assert isinstance(network.timeline(lately()), Timeline)
        assert on_bluesky.site.calls("refresh") == refreshed
    assert on_bluesky.site.calls("login") == 2


@pytest.mark.parametrize("life", [-1.0, 0.0])
def test_where_the_server_refreshes_no_more_we_sign_in_again(on_bluesky: Bench, life: float) -> None:
    on_bluesky.site.settings.refresh_life = life  # type: ignore[attr-defined]
    clock = Clock()
    network = timed(on_bluesky, clock)
    network.verify()
    clock.ahead = timedelta(hours=3)
    assert isinstance(network.timeline(lately()), Timeline)
    assert on_bluesky.site.calls("login") == 3


@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.S500_BEFORE, Fault.S429_RESET], ids=str)
def test_a_refresh_that_fails_sends_nothing_and_comes_back_later(on_bluesky: Bench, fault: Fault) -> None:
    clock = Clock()
    network = timed(on_bluesky, clock)
    network.verify()
    clock.ahead = timedelta(hours=3)
    on_bluesky.site.fault("refresh", fault)
    assert isinstance(network.publish(ready("Later"), 0, "key", None), Deferred)
    assert not on_bluesky.site.posts()
    assert isinstance(network.publish(ready("Later"), 0, "key", None), Posted)


def test_a_session_that_ended_early_is_no_refusal(on_bluesky: Bench) -> None:
    """Nothing was posted, and the next try has a new session."""
    on_bluesky.site.settings.clock_offset = 7300
    outcome = on_bluesky.network.publish(ready("Once more"), 0, "key", None)
    assert isinstance(outcome, Deferred)
    assert "session" in outcome.reason
    assert on_bluesky.site.calls("create") == 1
    assert isinstance(on_bluesky.network.publish(ready("Once more"), 0, "key", None), Posted)
    assert len(on_bluesky.site.posts()) == 1


def test_too_many_sign_ins_wait_as_long_as_the_server_says(on_bluesky: Bench) -> None:
    on_bluesky.site.settings.reset_after = 600
    on_bluesky.site.fault("login", Fault.S429_RESET)
    answer = network_of("bluesky", on_bluesky.site).verify()
    assert isinstance(answer, Deferred)
    assert answer.until is not None
    assert timedelta(seconds=590) < answer.until - datetime.now(UTC) < timedelta(seconds=602)


def test_a_wrong_password_is_the_account_s_trouble(on_bluesky: Bench) -> None:
    wrong = on_bluesky.secrets | {"APP_PASSWORD": "wrong-wrong-wrong"}
    network = Bluesky("sky", wrong, on_bluesky.site.url, 10)
    for answer in (network.verify(), network.publish(ready("Words"), 0, "key", None)):
        assert isinstance(answer, Refused)
        assert answer.scope == "account"
        assert "petition-bot resume --account sky" in answer.reason
        assert "wrong-wrong" not in answer.reason
    assert isinstance(network.timeline(lately()), Unreadable)
    assert network.delete("3jzfcijpj2z2a") is not None


def test_a_handle_may_be_written_with_its_sign(on_bluesky: Bench) -> None:
    secrets = on_bluesky.secrets | {"HANDLE": f"@{on_bluesky.secrets['HANDLE']}"}
    assert isinstance(Bluesky("sky", secrets, on_bluesky.site.url, 10).verify(), Identity)


def test_an_account_that_its_owner_deactivated_is_held(on_bluesky: Bench) -> None:
    on_bluesky.site.settings.active = False  # type: ignore[attr-defined]
    answer = on_bluesky.network.verify()
    assert isinstance(answer, Refused)
    assert answer.scope == "account"
    assert "deactivated" in answer.reason


@pytest.mark.parametrize("server", ["http://pds.example.org", "pds.example.org", "ftp://pds.example.org"])
def test_a_password_never_goes_to_another_machine_unencrypted(server: str) -> None:
    with pytest.raises(ValueError, match="must begin with https://"):
        Bluesky("sky", KEYS, server, 5)


def test_tokens_never_get_into_a_sentence() -> None:
    said = {"error": "InvalidRequest", "message": "no: an-access-token a-refresh-token abcd-efgh-ijkl-mnop"}
    with Recorder({LOGIN: Reply(200, SESSION), PUT: Reply(400, said)}) as server:
        outcome = Bluesky("sky", KEYS, server.url, 5).publish(ready("Words"), 0, "key", None)
    assert isinstance(outcome, Refused)
    assert "token" not in outcome.reason
    assert "efgh" not in outcome.reason


ODD = [
    {},
    [],
    SESSION | {"did": 7},
    SESSION | {"did": "x"},
    SESSION | {"accessJwt": ""},
    SESSION | {"handle": None},
]


@pytest.mark.parametrize("session", ODD)
def test_a_session_that_cannot_be_read_is_asked_for_again(session: Any) -> None:
    with Recorder({LOGIN: Reply(200, session)}) as server:
        network = Bluesky("sky", KEYS, server.url, 5)
        assert isinstance(network.verify(), Deferred)
        assert isinstance(network.publish(ready("Words"), 0, "key", None), Deferred)
        assert [sent.path for sent in server.sent] == [LOGIN[1], LOGIN[1]]


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c", "a.e30.c", "a.W10.c", "a.eyJleHAiOiJ4IiwiaWF0IjoxfQ.c"]
)
def test_a_token_that_tells_no_time_is_taken_for_an_hour(token: str) -> None:
    assert life(token) == timedelta(hours=1)


# --- keys -----------------------------------------------------------------------------------------


def test_what_is_sent_twice_stands_once(on_bluesky: Bench) -> None:
    post = ready("Only once")
    first, again = (on_bluesky.network.publish(post, 0, "key", None) for _ in range(2))
    assert isinstance(first, Posted)
    assert again == first
    assert on_bluesky.site.calls("create") == 2
    assert len(on_bluesky.site.posts()) == 1


@pytest.mark.parametrize(
    "fault", [Fault.RESET_AFTER, Fault.TIMEOUT_AFTER, Fault.S500_AFTER, Fault.HTML_200_AFTER]
)
def test_a_post_whose_answer_was_lost_is_found_by_its_key_also_after_a_restart(
    on_bluesky: Bench, fault: Fault
) -> None:
    post = ready(f"Look: {PETITION}")
    on_bluesky.site.fault("create", fault)
    assert isinstance(on_bluesky.hurried(0.3).publish(post, 0, "key", None), Unconfirmed)
    outcome = on_bluesky.hurried(5).publish(post, 0, "key", None)
    assert isinstance(outcome, Posted)
    assert [each.id for each in on_bluesky.site.posts()] == [outcome.remote_id]


def test_a_late_request_cannot_make_a_second_post(on_bluesky: Bench) -> None:
    on_bluesky.site.settings.late = 0.5
    on_bluesky.site.fault("create", Fault.LATE)
    post = ready("Late, and not twice")
    assert isinstance(on_bluesky.hurried(0.2).publish(post, 0, "key", None), Unconfirmed)
    assert isinstance(on_bluesky.network.publish(post, 0, "key", None), Posted)
    on_bluesky.site.stop()  # whatever was late has been carried out
    assert len(on_bluesky.site.posts()) == 1


def test_what_stands_under_a_key_is_never_overwritten(on_bluesky: Bench) -> None:
    post = ready("The first words")
    on_bluesky.network.publish(post, 0, "key", None)
    other = replace(ready("Quite other words"), slot=post.slot)
    outcome = on_bluesky.network.publish(other, 0, "key", None)
    assert isinstance(outcome, Unconfirmed)
    assert "another post under this key" in outcome.reason
    assert [each.text for each in on_bluesky.site.posts()] == ["The first words"]


@pytest.mark.parametrize("fault", [Fault.S500_BEFORE, Fault.RESET_BEFORE, Fault.S401], ids=str)
def test_a_key_that_cannot_be_looked_up_is_a_doubt(on_bluesky: Bench, fault: Fault) -> None:
    post = ready("It stands")
    on_bluesky.network.publish(post, 0, "key", None)
    on_bluesky.site.fault("record", fault)
    assert isinstance(on_bluesky.network.publish(post, 0, "key", None), Unconfirmed)


def test_a_slot_has_one_key_for_each_part_and_each_delivery(on_bluesky: Bench) -> None:
    slot = datetime(2026, 12, 1, 9, tzinfo=UTC)
    post = Ready(ready("One", "two").post, slot=slot)
    ids = []
    for part, key in [(0, "sky/2026-12-01/09:00"), (1, "sky/2026-12-01/09:00"), (0, "sky/post_at/vigil")]:
        outcome = on_bluesky.network.publish(post, part, key, None)
        assert isinstance(outcome, Posted)
        ids.append(outcome.remote_id)
    assert len(set(ids)) == 3
    assert all(moment_of(each) - slot < timedelta(milliseconds=2) for each in ids)


# --- what a record says -----------------------------------------------------------------------------


def test_links_hashtags_and_languages_are_marked(on_bluesky: Bench) -> None:
    record = posted(on_bluesky, f"¡Firma! 🏳️‍🌈 #Educación\n\nhttps://a.org/x\n{PETITION}", language="es")
    short = "www.example.org/2026/11/25/ke…"
    assert record["text"] == f"¡Firma! 🏳️‍🌈 #Educación\n\na.org/x\n{short}"
    assert marked(record) == [
        ("#Educación", feature("tag", tag="Educación")),
        ("a.org/x", feature("link", uri="https://a.org/x")),
        (short, feature("link", uri=PETITION)),
    ]
    assert record["langs"] == ["es"]
    assert record["$type"] == "app.bsky.feed.post"
    assert abs(datetime.fromisoformat(record["createdAt"]) - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_text_without_anything_to_mark_has_no_facets(on_bluesky: Bench) -> None:
    assert "facets" not in posted(on_bluesky, "Plain words, info@example.org")


def test_a_link_in_short_is_read_back_whole(on_bluesky: Bench) -> None:
    posted(on_bluesky, f"Sign!\n{PETITION}")
    reading = on_bluesky.network.timeline(lately())
    assert isinstance(reading, Timeline)
    [seen] = reading.posts
    assert (seen.text, seen.exact) == (f"Sign!\n{PETITION}", True)


def test_a_mention_that_is_allowed_tells_whom_it_means(on_bluesky: Bench) -> None:
    friend = on_bluesky.site.accounts.add("friend")  # type: ignore[attr-defined]
    post = ready("With @Friend.test and @nobody.test")
    for _ in range(2):
        on_bluesky.network.prepare(post.post)
    assert on_bluesky.site.calls("resolve") == 3  # who is nobody may be somebody next time
    assert isinstance(on_bluesky.network.publish(post, 0, "key", None), Posted)
    record = record_of(on_bluesky.standing()[0])
    assert record["text"] == "With @Friend.test and @nobody.test"
    assert marked(record) == [("@Friend.test", feature("mention", did=friend.id))]


def test_what_is_too_long_is_refused(on_bluesky: Bench) -> None:
    for text in ("x" * 301, "👨‍👩‍👧‍👦" * 121):
        outcome = on_bluesky.network.publish(ready(text), 0, "key", None)
        assert isinstance(outcome, Refused)
        assert outcome.scope == "post"
        assert "InvalidRequest" in outcome.reason
    assert not on_bluesky.site.posts()


# --- threads and reposts ----------------------------------------------------------------------------


def test_every_part_of_a_thread_names_the_first_and_the_one_before(on_bluesky: Bench) -> None:
    parts, ids = ready("One", "two", "three"), [None]
    for part in range(3):
        outcome = on_bluesky.hurried(5).publish(parts, part, "key", ids[-1])
        assert isinstance(outcome, Posted)
        ids.append(outcome.remote_id)  # type: ignore[arg-type]
    one, two, three = (record_of(post).get("reply", {}) for post in on_bluesky.standing())
    assert one == {}
    assert two["root"] == two["parent"] == three["root"]
    assert three["parent"]["uri"].endswith(f"/{ids[2]}")
    assert three["parent"]["cid"] != three["root"]["cid"]


def test_a_part_whose_opening_is_gone_is_not_sent(on_bluesky: Bench) -> None:
    parts = ready("One", "two")
    opening = on_bluesky.network.publish(parts, 0, "key", None)
    assert isinstance(opening, Posted)
    on_bluesky.network.delete(opening.remote_id)
    outcome = on_bluesky.network.publish(parts, 1, "key", opening.remote_id)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "post"
    assert on_bluesky.site.calls("create") == 1


@pytest.mark.parametrize("fault", [Fault.S500_BEFORE, Fault.S401, Fault.HTML_200_BEFORE, Fault.S404], ids=str)
def test_what_is_not_sent_for_want_of_an_answer_waits(on_bluesky: Bench, fault: Fault) -> None:
    parts = ready("One", "two")
    opening = on_bluesky.network.publish(parts, 0, "key", None)
    assert isinstance(opening, Posted)
    on_bluesky.site.faults("record", fault, fault)
    for outcome in (
        on_bluesky.network.publish(parts, 1, "key", opening.remote_id),
        on_bluesky.network.repost(opening.remote_id, "again"),
    ):
        assert isinstance(outcome, Deferred)
    assert len(on_bluesky.site.posts()) == 1


def test_a_repost_that_is_sent_twice_stands_once(on_bluesky: Bench) -> None:
    post = on_bluesky.network.publish(ready("Once more"), 0, "1", None)
    assert isinstance(post, Posted)
    on_bluesky.site.fault("repost", Fault.RESET_AFTER)
    assert isinstance(on_bluesky.network.repost(post.remote_id, "2"), Unconfirmed)
    assert on_bluesky.network.repost(post.remote_id, "2") == Posted(f"repost:{post.remote_id}")
    assert len(on_bluesky.site.posts()) == 2


# --- what others write ------------------------------------------------------------------------------


def test_a_post_by_hand_is_read_with_its_own_time(on_bluesky: Bench) -> None:
    mine = on_bluesky.site.accounts.first.id  # type: ignore[attr-defined]
    on_bluesky.site.by_hand("Somebody wrote this", mine, ago=3600)
    posted(on_bluesky, "And we this")
    reading = on_bluesky.network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert [seen.text for seen in reading.posts] == ["And we this", "Somebody wrote this"]
    assert reading.posts[0].created_at - reading.posts[1].created_at > timedelta(minutes=59)


def record(rkey: str, collection: str = "app.bsky.feed.post", **value: Any) -> dict[str, Any]:
    return {"uri": f"at://did:plc:abc/{collection}/{rkey}", "cid": "bafy", "value": value}


def listing(*records: dict[str, Any]) -> Timeline | Unreadable:
    """A timeline of these posts, and no repost."""
    shown = [Reply(200, {"records": list(records)}), Reply(200, {"records": []})]
    with Recorder({LOGIN: Reply(200, SESSION), WHO: Reply(200, ME), LIST: shown}) as server:
        return Bluesky("sky", KEYS, server.url, 5).timeline(lately())


@pytest.mark.parametrize("created", [None, "yesterday", "2026-12-01T09:00:00", 7])
def test_a_record_without_a_time_has_that_of_its_key(created: Any) -> None:
    reading = listing(record("3jzfcijpj2z2a", text="By an odd app", createdAt=created))
    assert isinstance(reading, Timeline)
    [seen] = reading.posts
    assert (seen.text, seen.created_at.year) == ("By an odd app", 2023)


def test_a_facet_that_makes_no_sense_leaves_the_text_as_it_is() -> None:
    odd = {"index": {"byteStart": 1, "byteEnd": 99}, "features": [feature("link", uri="https://a.org")]}
    reading = listing(record("3jzfcijpj2z2a", text="ñ", createdAt="2026-12-01T09:00:00Z", facets=[odd]))
    assert isinstance(reading, Timeline)
    assert reading.posts[0].text == "ñ"


@pytest.mark.parametrize(
    "odd",
    [{}, {"records": None}, {"records": [{}]}, {"records": [record("x", text="no time, no key")]}, [], 7],
)
def test_a_listing_that_cannot_be_read_is_unreadable(odd: Any) -> None:
    with Recorder({LOGIN: Reply(200, SESSION), WHO: Reply(200, ME), LIST: Reply(200, odd)}) as server:
        assert isinstance(Bluesky("sky", KEYS, server.url, 5).timeline(lately()), Unreadable)


def test_a_repost_of_somebody_else_s_post_is_nobody_s_of_ours() -> None:
    theirs = {"uri": "at://did:plc:other/app.bsky.feed.post/3jzfcijpj2z2a", "cid": "bafy"}
    made = record(
        "3jzfcijpj2z2b", "app.bsky.feed.repost", subject=theirs, createdAt="2026-12-01T09:00:00.000Z"
    )
    shown = [Reply(200, {"records": []}), Reply(200, {"records": [made]})]
    with Recorder({LOGIN: Reply(200, SESSION), WHO: Reply(200, ME), LIST: shown}) as server:
        reading = Bluesky("sky", KEYS, server.url, 5).timeline(lately())
    assert isinstance(reading, Timeline)
    [seen] = reading.posts
    assert isinstance(seen, Seen)
    assert (seen.remote_id, seen.repost_of) == ("repost:3jzfcijpj2z2b", theirs["uri"])


def test_a_reading_of_reposts_that_fails_is_no_reading(on_bluesky: Bench) -> None:
    posted(on_bluesky, "It stands")
    on_bluesky.site.fault("reposts", Fault.S500_BEFORE)
    assert isinstance(on_bluesky.network.timeline(lately()), Unreadable)


@pytest.mark.parametrize("fault", [Fault.S500_BEFORE, Fault.S400, Fault.S404, Fault.EMPTY_201], ids=str)
def test_whether_a_repost_stands_is_known_or_unreadable(on_bluesky: Bench, fault: Fault) -> None:
    post = on_bluesky.network.publish(ready("Once more"), 0, "1", None)
    assert isinstance(post, Posted)
    on_bluesky.site.fault("reposted", fault)
    assert isinstance(on_bluesky.network.reposted(post.remote_id), Unreadable)


def test_an_answer_for_another_record_is_a_doubt() -> None:
    told = {"uri": "at://did:plc:abc/app.bsky.feed.post/3jzfcijpj2z2a", "cid": "bafy"}
    with Recorder({LOGIN: Reply(200, SESSION), PUT: Reply(200, told)}) as server:
        outcome = Bluesky("sky", KEYS, server.url, 5).publish(ready("Words"), 0, "key", None)
        sent = json.loads(server.sent[-1].body)
    assert isinstance(outcome, Unconfirmed)
    assert (sent["repo"], sent["collection"], sent["swapRecord"]) == (
        "did:plc:abc",
        "app.bsky.feed.post",
        None,
    )


def test_a_posted_address_is_that_of_the_app() -> None:
    network = Bluesky("sky", KEYS)
    assert network._posted("app.bsky.feed.post", "3jzfcijpj2z2a") == Posted(
        "3jzfcijpj2z2a", "https://bsky.app/profile/stopmpp.example.org/post/3jzfcijpj2z2a"
    )
    assert network.limits().length == 300
