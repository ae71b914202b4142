"""What only X does: its signature, its duplicates, its shortened links, its price for every post read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from bot.core.model import Deferred, Identity, Posted, Refused, Timeline, Unconfirmed, Unreadable
from bot.networks.x import X, written
from bot.sandbox import Fault, Sandbox
from tests.networks.conftest import Bench, lately, ready
from tests.networks.recorder import Recorder, Reply

SECRETS = {
    "API_KEY": "a-key",
    "API_SECRET": "a-secret",
    "ACCESS_TOKEN": "7-token",
    "ACCESS_TOKEN_SECRET": "token-secret",
}
ME = {"data": {"id": "7", "name": "Stop MPP", "username": "stop_mpp"}}
WHO = ("GET", "/2/users/me")
CREATE = ("POST", "/2/tweets")
POSTS = ("GET", "/2/users/7/tweets")


def speaking(server: Recorder, **secrets: str) -> X:
    return X("x", SECRETS | secrets, server.url, 5)


# --- duplicates -----------------------------------------------------------------------------------


def test_a_duplicate_is_a_doubt_and_no_proof(on_x: Bench) -> None:
    on_x.network.publish(ready("The same words"), 0, "1", None)
    outcome = on_x.network.publish(ready("The same words"), 0, "2", None)
    assert isinstance(outcome, Unconfirmed)
    assert outcome.duplicate
    assert "duplicate content" in outcome.reason
    assert len(on_x.standing()) == 1


def test_a_duplicate_is_known_by_its_detail_only(on_x: Bench) -> None:
    on_x.site.fault("create", Fault.S403_DUPLICATE)
    outcome = on_x.network.publish(ready("New words"), 0, "1", None)
    assert isinstance(outcome, Unconfirmed)
    assert outcome.duplicate


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "You are not permitted to perform this action.", "title": "duplicate content"},
        {"errors": [{"message": "duplicate content"}]},
        ["duplicate content"],
        {"detail": None},
        b"duplicate content",
        b"",
    ],
)
def test_any_other_403_is_the_account_s_trouble(body: Any) -> None:
    with Recorder({CREATE: Reply(403, body)}) as server:
        outcome = speaking(server).publish(ready("Words"), 0, "1", None)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "account"


def test_a_duplicate_word_under_another_status_is_no_duplicate() -> None:
    with Recorder({CREATE: Reply(503, {"detail": "duplicate content"})}) as server:
        outcome = speaking(server).publish(ready("Words"), 0, "1", None)
    assert isinstance(outcome, Unconfirmed)
    assert not outcome.duplicate


# --- who we are -----------------------------------------------------------------------------------


def test_keys_that_may_only_read_are_found_out_without_posting() -> None:
    with Recorder({WHO: Reply(200, ME, {"x-access-level": "read"})}) as server:
        answer = speaking(server).verify()
        assert [sent.method for sent in server.sent] == ["GET"]
    assert isinstance(answer, Refused)
    assert answer.scope == "account"
    assert "Read and write" in answer.reason


@pytest.mark.parametrize("level", ["read-write", "read-write-directmessages", ""])
def test_keys_that_may_write_are_fine(level: str) -> None:
    with Recorder({WHO: Reply(200, ME, {"x-access-level": level})}) as server:
        assert isinstance(speaking(server).verify(), Identity)


def test_an_address_is_whole_before_we_know_our_own_name() -> None:
    created = Reply(201, {"data": {"id": "42", "text": "Words"}})
    with Recorder({CREATE: created, WHO: Reply(200, ME)}) as server:
        x = speaking(server)
        before = x.publish(ready("Words"), 0, "1", None)
        x.verify()
        after = x.publish(ready("Words"), 0, "1", None)
    assert before == Posted("42", f"{server.url}/i/status/42")
    assert after == Posted("42", f"{server.url}/stop_mpp/status/42")


def test_without_another_address_the_server_is_x_com() -> None:
    assert X("x", SECRETS)._server == "x.com"


# --- what the answer to a create may be -----------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "fine",
        17,
        {"data": None},
        {"data": []},
        {"data": {"text": "Words"}},
        {"data": {"id": None}},
        {"data": {"id": ""}},
        {"data": {"id": "not/an/id"}},
        {"data": {"id": True}},
        {"errors": [{"message": "half a success"}]},
        b"<html>",
        b"\xff\xfe",
        b'{"data": {"id": "1"',
        b"[" * 100_000,
        b'{"data": {"id": ' + b"9" * 5000 + b"}}",
    ],
)
def test_a_success_without_an_id_is_no_post(body: Any) -> None:
    with Recorder({CREATE: Reply(201, body)}) as server:
        outcome = speaking(server).publish(ready("Words"), 0, "1", None)
        assert len(server.sent) == 1
    assert isinstance(outcome, Unconfirmed)
    assert not outcome.duplicate


def test_an_id_counts_although_the_library_stumbles() -> None:
    """tweepy casts what it does not expect; the recorded answer is what we go by."""
    odd = {"data": {"id": "42", "text": "Words", "created_at": "yesterday", "entities": 7}, "includes": 5}
    with Recorder({CREATE: Reply(201, odd, {"x-rate-limit-reset": "soon"})}) as server:
        assert isinstance(speaking(server).publish(ready("Words"), 0, "1", None), Posted)


@pytest.mark.parametrize(
    "body", [{}, {"data": {}}, {"data": {"retweeted": False}}, {"data": {"retweeted": 1}}]
)
def test_a_repost_counts_when_x_says_so(body: Any) -> None:
    with Recorder({("POST", "/2/users/7/retweets"): Reply(200, body)}) as server:
        assert isinstance(speaking(server).repost("42", "1"), Unconfirmed)
        assert json.loads(server.sent[0].body) == {"tweet_id": "42"}


# --- the timeline ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"data": []},
        {"meta": {}},
        {"meta": {"result_count": 1}},
        {"meta": {"result_count": 1}, "data": [{"id": "1", "text": "no time"}]},
        {"meta": {"result_count": 1}, "data": [{"id": "1", "text": "x", "created_at": "today"}]},
        {
            "meta": {"result_count": 1},
            "data": [{"id": "1", "text": "x", "created_at": "2026-12-01T00:00:00"}],
        },
        {"errors": [{"title": "Not Found Error"}]},
    ],
)
def test_a_timeline_that_is_not_one_is_unreadable(body: Any) -> None:
    with Recorder({WHO: Reply(200, ME), POSTS: Reply(200, body)}) as server:
        assert isinstance(speaking(server).timeline(lately()), Unreadable)


def test_a_reading_asks_for_few_posts_since_each_costs_money() -> None:
    page = {"meta": {"result_count": 0, "next_token": "older"}}
    last = {"meta": {"result_count": 0}}
    with Recorder({WHO: Reply(200, ME), POSTS: [Reply(200, page), Reply(200, last)]}) as server:
        reading = speaking(server).timeline(lately())
        asked = [sent.query for sent in server.sent if sent.path == POSTS[1]]
    assert isinstance(reading, Timeline)
    assert reading.complete
    assert [query["max_results"] for query in asked] == ["5", "20"]
    assert [query.get("pagination_token") for query in asked] == [None, "older"]


def test_a_server_of_the_old_words_is_asked_in_them_at_the_next_reading() -> None:
    old = {"id": "9", "text": "RT", "created_at": "2026-12-01T00:00:00.000Z"}
    page = {
        "meta": {"result_count": 1},
        "data": [old | {"referenced_tweets": [{"type": "retweeted", "id": "42"}]}],
    }
    with Recorder(
        {WHO: Reply(200, ME), POSTS: [Reply(400, {"title": "Invalid Request"}), Reply(200, page)]}
    ) as server:
        x = speaking(server)
        assert isinstance(x.timeline(lately()), Unreadable)
        assert sum(sent.path == POSTS[1] for sent in server.sent) == 1
        assert x.reposted("42") is True
        first, second = (sent.query for sent in server.sent if sent.path == POSTS[1])
    assert "post.fields" in first
    assert "tweet.fields" in second


def test_who_we_are_is_asked_once() -> None:
    empty = {"meta": {"result_count": 0}}
    with Recorder({WHO: Reply(200, ME), POSTS: Reply(200, empty)}) as server:
        x = speaking(server)
        x.timeline(lately())
        x.timeline(lately())
        assert sum(sent.path == WHO[1] for sent in server.sent) == 1


def test_a_timeline_of_nobody_is_unreadable() -> None:
    with Recorder({WHO: Reply(401, {"title": "Unauthorized"})}) as server:
        assert isinstance(speaking(server).timeline(lately()), Unreadable)
        assert isinstance(speaking(server).reposted("1"), Unreadable)


def test_a_lagging_timeline_is_still_a_good_reading(on_x: Bench) -> None:
    on_x.site.settings.timeline_lag = 60
    on_x.network.publish(ready("Later"), 0, "1", None)
    reading = on_x.network.timeline(lately())
    assert isinstance(reading, Timeline)
    assert reading.posts == ()


# --- texts as X gives them back -------------------------------------------------------------------


def link(short: str, whole: str, **more: str) -> dict[str, str]:
    return {"url": short, "expanded_url": whole} | more


@pytest.mark.parametrize(
    ("text", "urls", "sent"),
    [
        ("Sign https://t.co/a", [link("https://t.co/a", "https://example.org/?a=1&b=2")], "Sign https://example.org/?a=1&b=2"),
        ("R&amp;D &lt; all &gt; none", [], "R&D < all > none"),
        ("as written: &amp;amp; &amp;nbsp; &copy", [], "as written: &amp; &nbsp; &copy"),
        ("In https://t.co/b", [link("https://t.co/b", "http://barrio.hamburg")], "In barrio.hamburg"),
        ("At https://t.co/c", [link("https://t.co/c", "http://127.0.0.1:8080/p")], "At http://127.0.0.1:8080/p"),
        ("Look https://t.co/d", [link("https://t.co/d", "https://x.com/a/photo/1", media_key="3_1")], "Look"),
        ("Nothing to undo", [], "Nothing to undo"),
        ("Kept https://t.co/e", [{"url": "https://t.co/e", "expanded_url": None}], "Kept https://t.co/e"),
        ("A https://t.co/f", [link("https://t.co/f", "https://a.org/") | {"media_key": None}], "A https://a.org/"),
    ],
)  # fmt: skip
def test_what_x_does_to_a_text_is_undone(text: str, urls: list[dict[str, Any]], sent: str) -> None:
    assert written({"text": text, "entities": {"urls": urls}}) == sent


@pytest.mark.parametrize("more", [{}, {"entities": None}, {"entities": {}}, {"entities": {"urls": None}}])
def test_a_text_without_links_is_its_own(more: dict[str, Any]) -> None:
    assert written({"text": "Bare"} | more) == "Bare"


# --- what is sent ---------------------------------------------------------------------------------


def descriptions() -> list[dict[str, Any]]:
    """X's own description of its API, where somebody has put it: x-openapi.json."""
    named = os.environ.get("PETITION_BOT_X_OPENAPI")
    beside = Path(__file__).parents[3] / "shared" / "x-openapi.json"
    files = [Path(named)] if named else [beside]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]


def valid(description: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    OAS30Validator({**schema, "components": description["components"]}).validate(value)


def parameters(description: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    shared = description["components"]["parameters"]
    all_of = [
        shared[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each
        for each in operation.get("parameters", [])
    ]
    return {each["name"]: each for each in all_of if each["in"] == "query"}


def holds(description: dict[str, Any], sent: Any, route: str) -> None:
    """Does a request hold to what X says of its route?"""
    operation = description["paths"][route][sent.method.lower()]
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        valid(description, schema, json.loads(sent.body))
    known = parameters(description, operation)
    for name, value in sent.query.items():
        schema = known[name]["schema"]
        wanted: Any = int(value) if schema.get("type") == "integer" else value
        valid(description, schema, wanted.split(",") if schema.get("type") == "array" else wanted)


ROUTES = {
    "/2/users/me": "/2/users/me",
    "/2/tweets": "/2/tweets",
    "/2/tweets/42": "/2/tweets/{id}",
    "/2/users/7/tweets": "/2/users/{id}/tweets",
    "/2/users/7/retweets": "/2/users/{id}/retweets",
    "/2/users/7/retweets/42": "/2/users/{id}/retweets/{source_tweet_id}",
}


def test_every_request_holds_to_x_s_own_description() -> None:
    page = {"meta": {"result_count": 0, "next_token": "older"}}
    with Recorder({WHO: Reply(200, ME), POSTS: Reply(200, page)}) as server:
        x = speaking(server)
        x.verify()
        x.publish(ready("Words", "and more"), 0, "1", None)
        x.publish(ready("Words", "and more"), 1, "1", "42")
        x.timeline(lately())
        x.repost("42", "1")
        x.delete("42")
        x.delete("repost:42")
        sent = server.sent
    assert {each.path for each in sent} == set(ROUTES)
    assert json.loads(sent[1].body) == {"text": "Words"}
    assert json.loads(sent[2].body) == {"text": "and more", "reply": {"in_reply_to_tweet_id": "42"}}
    assert all(each.headers["Authorization"].startswith("OAuth ") for each in sent)
    for description in descriptions():
        for each in sent:
            holds(description, each, ROUTES[each.path])


def test_requests_are_signed_for_x_whatever_the_address(box: Sandbox) -> None:
    """The sandbox verifies the OAuth 1.0a signature with oauthlib; a wrong secret is a 401."""
    assert isinstance(X("x", box.x.secrets, f"{box.x.url}/", 5).verify(), Identity)
    wrong = X("x", box.x.secrets | {"ACCESS_TOKEN_SECRET": "wrong"}, box.x.url, 5).verify()
    assert isinstance(wrong, Refused)
    assert wrong.scope == "account"


def test_another_address_is_never_reached_unencrypted() -> None:
    answer = X("x", SECRETS, "http://api.example.org", 5).publish(ready("Words"), 0, "1", None)
    assert isinstance(answer, Deferred)
    assert "https://" in answer.reason
