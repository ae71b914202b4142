"""X lets in only who signed, and signed this."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
import tweepy
from oauthlib.oauth1 import Client

from bot.sandbox import Sandbox
from tests.sandbox.conftest import tweepy_client


def signed(box: Sandbox, url: str, **other: Any) -> dict[str, str]:
    """The headers of a GET that is signed for `url`."""
    secrets = box.x.secrets
    client = Client(
        secrets["API_KEY"],
        client_secret=secrets["API_SECRET"],
        resource_owner_key=secrets["ACCESS_TOKEN"],
        resource_owner_secret=secrets["ACCESS_TOKEN_SECRET"],
        **other,
    )
    return dict(client.sign(url)[1])


def status(box: Sandbox, headers: dict[str, str], path: str = "/2/users/me") -> int:
    return requests.get(box.x.url + path, headers=headers, timeout=5).status_code


@pytest.mark.parametrize("base", ["https://api.twitter.com", "https://api.x.com", ""])
def test_a_request_may_be_signed_for_any_of_x_names_or_the_sandbox(box: Sandbox, base: str) -> None:
    assert status(box, signed(box, f"{base or box.x.url}/2/users/me")) == 200


@pytest.mark.parametrize("name", ["API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"])
def test_every_one_of_the_four_secrets_counts(box: Sandbox, name: str) -> None:
    client = tweepy_client(box, **{name: "1-wrong"})
    with client.session, pytest.raises(tweepy.Unauthorized):
        client.create_tweet(text="not mine")
    assert not box.x.posts()


def test_without_a_signature_nobody_gets_in(box: Sandbox) -> None:
    assert status(box, {}) == 401
    assert status(box, {"Authorization": "Bearer " + box.x.secrets["ACCESS_TOKEN"]}) == 401
    assert status(box, {"Authorization": "OAuth nonsense"}) == 401


def test_a_signature_is_for_one_path_and_query(box: Sandbox) -> None:
    headers = signed(box, "https://api.x.com/2/users/me")
    assert status(box, headers, "/2/tweets?ids=17") == 401
    assert status(box, headers, "/2/users/me?user.fields=created_at") == 401


def test_a_signature_is_for_one_method(box: Sandbox) -> None:
    headers = signed(box, "https://api.x.com/2/tweets")
    answer = requests.post(box.x.url + "/2/tweets", json={"text": "a"}, headers=headers, timeout=5)
    assert answer.status_code == 401


def test_a_signature_is_for_one_server(box: Sandbox) -> None:
    assert status(box, signed(box, "https://example.org/2/users/me")) == 401


def test_a_nonce_comes_only_once(box: Sandbox) -> None:
    headers = signed(box, "https://api.x.com/2/users/me")
    assert [status(box, headers), status(box, headers)] == [200, 401]


@pytest.mark.parametrize("away", [-600, 600])
def test_an_old_or_early_timestamp_is_refused(box: Sandbox, away: int) -> None:
    stamp = str(int(time.time()) + away)
    assert status(box, signed(box, "https://api.x.com/2/users/me", timestamp=stamp)) == 401


def test_only_hmac_sha1_will_do(box: Sandbox) -> None:
    headers = signed(box, "https://api.x.com/2/users/me", signature_method="PLAINTEXT")
    assert status(box, headers) == 401


def test_queries_with_signs_of_their_own_are_signed_as_tweepy_sends_them(box: Sandbox) -> None:
    client = tweepy_client(box)
    with client.session:
        own = box.x.accounts.first.id
        asked = {"start_time": "2026-01-01T00:00:00+00:00", "tweet.fields": "created_at,entities"}
        client.request("GET", f"/2/users/{own}/tweets", params=asked, user_auth=True)
    assert box.x.calls("timeline") == 1


def test_revoked_tokens_open_nothing(box: Sandbox) -> None:
    client = tweepy_client(box)
    with client.session:
        client.create_tweet(text="still mine")
        box.x.accounts.revoke()
        with pytest.raises(tweepy.Unauthorized):
            client.create_tweet(text="no more")
    assert len(box.x.posts()) == 1
