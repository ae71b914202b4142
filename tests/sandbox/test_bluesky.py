"""The sandbox's Bluesky, through requests that anybody could write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.sandbox import Fault, Sandbox, read
from bot.sandbox.skeets import cid, tid
from tests.sandbox.conftest import PNG
from tests.sandbox.raw import POSTS, REPOSTS, Raw, a_key

FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def sky(box: Sandbox) -> Raw:
    return Raw(box)


def refused(answer: requests.Response, status: int, error: str) -> str:
    """The words of a refusal."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    return str(answer.json()["message"])


# --- sessions -------------------------------------------------------------------------------------


def test_whoever_signs_in_learns_who_it_is(sky: Raw, box: Sandbox) -> None:
    assert sky.session["handle"] == "campaign.test"
    assert sky.session["active"] is True
    told = sky.get("com.atproto.server.getSession").json()
    assert told == {"did": box.bluesky.accounts.first.id, "handle": "campaign.test", "active": True}


@pytest.mark.parametrize("wrong", [{"password": "x"}, {"identifier": "x.test"}, {"password": ""}])
def test_a_wrong_password_signs_nobody_in(sky: Raw, wrong: dict[str, str]) -> None:
    assert "Invalid identifier" in refused(sky.login(**wrong), 401, "AuthenticationRequired")


def test_the_did_signs_in_as_well(sky: Raw) -> None:
    assert sky.login(identifier=sky.did).ok


def test_a_session_is_refreshed_with_its_own_token_only(sky: Raw) -> None:
    refresh = "com.atproto.server.refreshSession"
    fresh = sky.post(refresh, token=sky.session["refreshJwt"]).json()
    assert fresh["accessJwt"] != sky.session["accessJwt"]
    assert sky.get("com.atproto.server.getSession", token=fresh["accessJwt"]).ok
    refused(sky.post(refresh), 400, "InvalidToken")
    refused(sky.get("com.atproto.server.getSession", token=fresh["refreshJwt"]), 400, "InvalidToken")


@pytest.mark.parametrize("token", ["x", "a.b.c", "é"])
def test_nobody_makes_up_a_token(sky: Raw, token: str) -> None:
    refused(
        sky.post("com.atproto.repo.putRecord", {}, token=token.encode().decode("latin-1")),
        400,
        "InvalidToken",
    )


def test_a_session_ends_by_the_clock_of_the_server(sky: Raw, box: Sandbox) -> None:
    box.bluesky.settings.clock_offset = 7100
    assert sky.get("com.atproto.server.getSession").ok
    box.bluesky.settings.clock_offset = 7300
    refused(sky.put(), 400, "ExpiredToken")
    assert not box.bluesky.posts()


def test_a_session_outlives_the_sandbox(tmp_path: Path) -> None:
    with Sandbox.start(x=False, mastodon=False, petition=False, state=tmp_path) as box:
        sky = Raw(box)
        assert sky.put("before").ok
    with Sandbox.start(x=False, mastodon=False, petition=False, state=tmp_path) as box:
        assert box.bluesky.url == sky.url
        assert sky.put("after").ok
        refused(sky.put("before"), 400, "InvalidSwap")
    assert [post.text for post in read(tmp_path / "bluesky.jsonl")] == ["before", "after"]


def test_a_revoked_account_is_locked_out(sky: Raw, box: Sandbox) -> None:
    box.bluesky.accounts.revoke()
    refused(sky.put(), 401, "AuthenticationRequired")
    refused(sky.login(), 401, "AuthenticationRequired")


def test_a_handle_means_somebody_or_nobody(sky: Raw, box: Sandbox) -> None:
    friend = box.bluesky.accounts.add("friend")
    resolve = "com.atproto.identity.resolveHandle"
    assert sky.get(resolve, handle="Friend.test").json() == {"did": friend.id}
    refused(sky.get(resolve, handle="nobody.test"), 400, "InvalidRequest")


# --- records --------------------------------------------------------------------------------------


def test_a_post_stands_under_the_key_it_was_given(sky: Raw, box: Sandbox) -> None:
    answer = sky.put("¡Hola!", record={"langs": ["es"]}).json()
    key = a_key("¡Hola!")
    assert answer["uri"] == f"at://{sky.did}/{POSTS}/{key}"
    [post] = box.bluesky.posts()
    assert (post.id, post.text, post.language, post.user_id) == (key, "¡Hola!", "es", sky.did)
    shown = sky.get("com.atproto.repo.getRecord", repo=sky.did, collection=POSTS, rkey=key).json()
    assert (shown["uri"], shown["cid"]) == (answer["uri"], answer["cid"])
    assert shown["value"]["text"] == "¡Hola!"


def test_null_for_the_swap_creates_and_never_overwrites(sky: Raw, box: Sandbox) -> None:
    first = sky.put("first", key="3jzfcijpj2z2a").json()
    assert first["cid"] in refused(sky.put("second", key="3jzfcijpj2z2a"), 400, "InvalidSwap")
    assert [post.text for post in box.bluesky.posts()] == ["first"]


def test_the_very_same_record_again_is_well_and_no_news(sky: Raw, box: Sandbox) -> None:
    record = {"createdAt": "2026-12-01T09:00:00.000Z"}
    first, again = (sky.put("first", record=record).json() for _ in range(2))
    assert (again["uri"], again["cid"]) == (first["uri"], first["cid"])
    assert "commit" not in again
    assert len(box.bluesky.posts()) == 1


def test_without_a_swap_a_record_is_overwritten_in_silence(sky: Raw, box: Sandbox) -> None:
    sky.put("first", key="3jzfcijpj2z2a")
    assert sky.put("second", key="3jzfcijpj2z2a", body={}).ok
    assert [post.text for post in box.bluesky.posts()] == ["second"]


def test_with_the_right_swap_a_record_is_replaced(sky: Raw) -> None:
    first = sky.put("first", key="3jzfcijpj2z2a").json()
    assert sky.put("second", key="3jzfcijpj2z2a", body={"swapRecord": first["cid"]}).ok
    refused(sky.put("third", key="3jzfcijpj2z2a", body={"swapRecord": first["cid"]}), 400, "InvalidSwap")


FACET = {"index": {"byteStart": 0, "byteEnd": 2}, "features": [{"$type": f"{POSTS}x"}]}
LINK = "app.bsky.richtext.facet#link"
REFERENCE = {"uri": "at://did:plc:abc/app.bsky.feed.post/3jzfcijpj2z2a", "cid": cid("x")}


def facet(start: int, end: int, **feature: str) -> dict[str, Any]:
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": LINK, "uri": "https://a.org"} | feature],
    }


WRONG: dict[str, dict[str, Any]] = {
    "too long": {"text": "x" * 301},
    "too many bytes": {"text": FAMILY * 121},
    "no text": {"text": None},
    "another type": {"$type": "app.bsky.feed.like"},
    "no time": {"createdAt": "soon"},
    "a time without a zone": {"createdAt": "2026-12-01T09:00:00"},
    "a facet beyond the text": {"facets": [facet(0, 99)]},
    "a facet in a letter": {"text": "ñ", "facets": [facet(1, 2)]},
    "a facet of nothing": {"facets": [facet(2, 2)]},
    "a facet without a feature": {"facets": [FACET | {"features": []}]},
    "no link in a link": {"facets": [facet(0, 2, uri="a b")]},
    "too many languages": {"langs": ["a", "b", "c", "d"]},
    "a reply to nothing": {"reply": {"root": REFERENCE}},
    "a reply to no reference": {"reply": {"root": REFERENCE, "parent": {"uri": "x", "cid": "y"}}},
    "a card without a title": {
        "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://a.org", "description": ""}}
    },
    "a card without a link": {
        "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "", "title": "", "description": ""}}
    },
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_invalid_record_is_refused(sky: Raw, box: Sandbox, wrong: str) -> None:
    refused(sky.put("hello", record=WRONG[wrong]), 400, "InvalidRequest")
    assert not box.bluesky.posts()


@pytest.mark.parametrize("text", ["x" * 300, FAMILY * 120, "ñ" * 300, "🇪🇸" * 300])
def test_a_text_has_so_many_letters_and_bytes(sky: Raw, text: str) -> None:
    assert sky.put(text).ok


@pytest.mark.parametrize("key", ["self", "", "3jzfcijpj2z2", "zzzzzzzzzzzzz", "3JZFCIJPJ2Z2A"])
def test_a_key_must_be_a_tid(sky: Raw, key: str) -> None:
    refused(sky.put(body={"rkey": key}), 400, "InvalidRequest")


def test_nobody_writes_for_somebody_else(sky: Raw, box: Sandbox) -> None:
    friend = Raw(box, "friend")
    refused(sky.put(body={"repo": friend.did}), 401, "AuthenticationRequired")
    friend.put("mine", key="3jzfcijpj2z2a")
    assert sky.delete("3jzfcijpj2z2a").json() == {}
    assert not box.bluesky.posts()[0].deleted
    assert sky.listed() == []


def test_only_posts_and_reposts_are_known(sky: Raw) -> None:
    refused(sky.put(body={"collection": "app.bsky.feed.like"}), 400, "InvalidRequest")


def test_a_body_that_cannot_be_read_is_said_to_be_so(sky: Raw) -> None:
    headers = {"Authorization": f"Bearer {sky.session['accessJwt']}", "Content-Type": "application/json"}
    page = f"{sky.url}/xrpc/com.atproto.repo.putRecord"
    refused(requests.post(page, data=b"{", headers=headers, timeout=5), 400, "InvalidRequest")


def test_the_ledger_tells_a_short_link_whole(sky: Raw, box: Sandbox) -> None:
    text = "¡Firma! a.org/l… ya"
    sky.put(text, record={"facets": [facet(9, 19, uri="https://a.org/long")]})
    assert box.bluesky.posts()[0].text == "¡Firma! https://a.org/long ya"


def test_a_reply_knows_what_it_replies_to(sky: Raw, box: Sandbox) -> None:
    first = sky.put("first").json()
    reference = {"uri": first["uri"], "cid": first["cid"]}
    assert sky.put("second", record={"reply": {"root": reference, "parent": reference}}).ok
    assert [post.in_reply_to for post in box.bluesky.posts()] == [None, a_key("first")]


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_news(sky: Raw, box: Sandbox) -> None:
    sky.put("hello")
    assert "commit" in sky.delete(a_key("hello")).json()
    assert sky.delete(a_key("hello")).json() == {}
    asked = {"repo": sky.did, "collection": POSTS, "rkey": a_key("hello")}
    refused(sky.get("com.atproto.repo.getRecord", **asked), 400, "RecordNotFound")
    assert box.bluesky.posts()[0].deleted


def test_a_repost_may_have_the_key_of_its_post(sky: Raw, box: Sandbox) -> None:
    post = sky.put("hello").json()
    subject, key = {"uri": post["uri"], "cid": post["cid"]}, a_key("hello")
    assert sky.repost(subject, key).json()["uri"].endswith(f"{REPOSTS}/{key}")
    refused(sky.repost(subject, key), 400, "InvalidSwap")
    refused(sky.repost({"uri": "x", "cid": "y"}, "3jzfcijpj2z2a"), 400, "InvalidRequest")
    assert [(each.id, each.repost_of) for each in box.bluesky.posts()] == [
        (key, None),
        (f"repost:{key}", key),
    ]
    assert (sky.listed(), sky.listed(REPOSTS)) == ([key], [key])
    sky.delete(key, REPOSTS)
    assert (sky.listed(), sky.listed(REPOSTS)) == ([key], [])


# --- listings -------------------------------------------------------------------------------------


def test_a_listing_is_in_the_order_of_keys_and_comes_page_by_page(sky: Raw) -> None:
    keys = [tid(number * 1000) for number in range(5)]
    for key in (keys[2], keys[0], keys[4], keys[1], keys[3]):
        sky.put(f"number {key}", key=key)
    assert sky.listed(limit=3) == keys[:1:-1]
    assert sky.listed(limit=3, cursor=keys[2]) == [keys[1], keys[0]]
    assert sky.listed(limit=3, cursor=keys[0]) == []
    whole = sky.get("com.atproto.repo.listRecords", repo=sky.did, collection=POSTS).json()
    assert whole["cursor"] == keys[0]  # there is always one, as long as there was anything


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_page_has_one_to_a_hundred_posts(sky: Raw, limit: str) -> None:
    asked = {"repo": sky.did, "collection": POSTS, "limit": limit}
    refused(sky.get("com.atproto.repo.listRecords", **asked), 400, "InvalidRequest")


def test_a_listing_may_lag_behind(sky: Raw, box: Sandbox) -> None:
    box.bluesky.settings.timeline_lag = 60
    sky.put("hello")
    assert sky.listed() == []


def test_a_post_by_hand_has_a_record_of_its_own(sky: Raw, box: Sandbox) -> None:
    post = box.bluesky.by_hand("Somebody wrote this", sky.did, ago=60)
    sky.put("and this now", key=tid(2**52))
    assert sky.listed() == [tid(2**52), post.id]
    assert json.loads(post.record or "")["text"] == "Somebody wrote this"


def test_a_post_has_a_page_for_its_followers(sky: Raw) -> None:
    sky.put("<b>hello</b>")
    page = f"{sky.url}/profile/campaign.test/post/{a_key('<b>hello</b>')}"
    assert "&lt;b&gt;hello" in requests.get(page, timeout=5).text
    assert requests.get(f"{page}x", timeout=5).status_code == 404


# --- pictures, limits, faults ---------------------------------------------------------------------


def upload(sky: Raw, data: bytes, kind: str = "image/png") -> requests.Response:
    headers = {"Authorization": f"Bearer {sky.session['accessJwt']}", "Content-Type": kind}
    page = f"{sky.url}/xrpc/com.atproto.repo.uploadBlob"
    return requests.post(page, data=data, headers=headers, timeout=5)


def card(thumb: Any) -> dict[str, Any]:
    external = {"uri": "https://a.org", "title": "A", "description": "", "thumb": thumb}
    return {"embed": {"$type": "app.bsky.embed.external", "external": external}}


def test_a_picture_is_uploaded_and_shown_in_a_card(sky: Raw) -> None:
    blob = upload(sky, PNG, "application/octet-stream").json()["blob"]
    assert (blob["mimeType"], blob["size"], blob["$type"]) == ("image/png", len(PNG), "blob")
    assert sky.put("look", record=card(blob)).ok


def test_a_picture_that_nobody_uploaded_cannot_be_shown(sky: Raw, box: Sandbox) -> None:
    blob = upload(sky, PNG).json()["blob"] | {"ref": {"$link": "bafkreinothing"}}
    refused(sky.put("look", record=card(blob)), 400, "BlobNotFound")
    text = upload(sky, b"words", "text/plain").json()["blob"]
    refused(sky.put("look", record=card(text)), 400, "InvalidRequest")
    large = upload(sky, PNG + bytes(1_000_000)).json()["blob"]
    refused(sky.put("look", record=card(large)), 400, "InvalidRequest")
    assert upload(sky, bytes(6 * 1024 * 1024)).status_code == 413
    assert not box.bluesky.posts()


def test_sign_ins_are_counted_and_more_than_thirty_refused(sky: Raw, box: Sandbox) -> None:
    box.bluesky.settings.enforces_limits = True
    answers = [sky.login() for _ in range(31)]
    assert answers[0].headers["RateLimit-Limit"] == "30"
    assert [each.status_code for each in answers[-3:]] == [200, 429, 429]
    assert refused(answers[-1], 429, "RateLimitExceeded")


@pytest.mark.parametrize(
    ("endpoint", "method", "failing", "well"),
    [
        ("create", "putRecord", POSTS, REPOSTS),
        ("repost", "putRecord", REPOSTS, POSTS),
        ("delete", "deleteRecord", POSTS, REPOSTS),
        ("unrepost", "deleteRecord", REPOSTS, POSTS),
    ],
)
def test_posts_and_reposts_fail_apart(
    sky: Raw, box: Sandbox, endpoint: str, method: str, failing: str, well: str
) -> None:
    box.bluesky.fault(endpoint, Fault.S503_EMPTY_BEFORE)
    body = {"repo": sky.did, "rkey": "3jzfcijpj2z2a", "record": {}}
    asked = [sky.post(f"com.atproto.repo.{method}", body | {"collection": each}) for each in (well, failing)]
    assert [each.status_code == 503 for each in asked] == [False, True]
