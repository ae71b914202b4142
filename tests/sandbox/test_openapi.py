"""What the sandbox's X answers holds to X's own public description, where that is at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy
from openapi_schema_validator import OAS30Validator
from requests_oauthlib import OAuth1

from bot.sandbox import Sandbox
from tests.sandbox.conftest import PNG, tweepy_client

DESCRIPTION = Path(
    os.environ.get("PETITION_BOT_X_OPENAPI", Path(__file__).parents[3] / "shared" / "x-openapi.json")
)
Talk = Callable[[Sandbox, tweepy.Client], requests.Response]


@cache
def described() -> dict[str, Any]:
    return dict(json.loads(DESCRIPTION.read_text(encoding="utf-8")))


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, by a schema of the description."""
    whole = {**schema, "components": described()["components"]}
    return [error.message for error in OAS30Validator(whole).iter_errors(value)]


def answered(operation: dict[str, Any], status: int, media: str) -> dict[str, Any]:
    responses = operation["responses"]
    return dict(responses.get(str(status), responses["default"])["content"][media]["schema"])


def create(box: Sandbox, x: tweepy.Client, **more: Any) -> str:
    body = {"text": f"number {len(box.x.posts())} https://example.org/p"} | more
    return str(x.request("POST", "/2/tweets", json=body, user_auth=True).json()["data"]["id"])


def upload(box: Sandbox) -> requests.Response:
    secrets = box.x.secrets
    auth = OAuth1(
        secrets["API_KEY"], secrets["API_SECRET"], secrets["ACCESS_TOKEN"], secrets["ACCESS_TOKEN_SECRET"]
    )
    return requests.post(
        box.x.url + "/2/media/upload",
        files={"media": ("a.png", PNG, "image/png")},
        data={"media_category": "tweet_image"},
        auth=auth,
        timeout=5,
    )


def picture(box: Sandbox) -> str:
    return str(upload(box).json()["data"]["id"])


def _post(box: Sandbox, x: tweepy.Client) -> requests.Response:
    body = {"text": "a", "media": {"media_ids": [picture(box)]}}
    return x.request("POST", "/2/tweets", json=body, user_auth=True)


def _timeline(box: Sandbox, x: tweepy.Client) -> requests.Response:
    first = create(box, x, media={"media_ids": [picture(box)]})
    create(box, x, reply={"in_reply_to_tweet_id": first})
    x.retweet(first)
    asked = {"tweet.fields": "created_at,entities,referenced_tweets,attachments,author_id"}
    return x.request("GET", f"/2/users/{box.x.accounts.first.id}/tweets", params=asked, user_auth=True)


def _empty_timeline(box: Sandbox, x: tweepy.Client) -> requests.Response:
    return x.request("GET", f"/2/users/{box.x.accounts.first.id}/tweets", user_auth=True)


def _several(box: Sandbox, x: tweepy.Client) -> requests.Response:
    return x.request("GET", "/2/tweets", params={"ids": f"{create(box, x)},17"}, user_auth=True)


def _repost(box: Sandbox, x: tweepy.Client) -> requests.Response:
    body, own = {"tweet_id": create(box, x)}, box.x.accounts.first.id
    return x.request("POST", f"/2/users/{own}/retweets", json=body, user_auth=True)


def _unrepost(box: Sandbox, x: tweepy.Client) -> requests.Response:
    own = box.x.accounts.first.id
    return x.request("DELETE", f"/2/users/{own}/retweets/{create(box, x)}", user_auth=True)


def _alt(box: Sandbox, x: tweepy.Client) -> requests.Response:
    body = {"id": picture(box), "metadata": {"alt_text": {"text": "Tents"}}}
    return x.request("POST", "/2/media/metadata", json=body, user_auth=True)


def _media_status(box: Sandbox, x: tweepy.Client) -> requests.Response:
    box.x.settings.media_delay = 2
    asked = {"media_id": picture(box), "command": "STATUS"}
    return x.request("GET", "/2/media/upload", params=asked, user_auth=True)


def _delete(box: Sandbox, x: tweepy.Client) -> requests.Response:
    return x.request("DELETE", f"/2/tweets/{create(box, x)}", user_auth=True)


def _me(box: Sandbox, x: tweepy.Client) -> requests.Response:
    asked = {"user.fields": "created_at,description,protected,verified,verified_type"}
    return x.request("GET", "/2/users/me", params=asked, user_auth=True)


def _one(box: Sandbox, x: tweepy.Client) -> requests.Response:
    return x.request("GET", f"/2/tweets/{create(box, x)}", user_auth=True)


def _refused(asked: Callable[[], object]) -> requests.Response:
    with pytest.raises(tweepy.HTTPException) as refused:
        asked()
    return refused.value.response


def _too_long(_: Sandbox, x: tweepy.Client) -> requests.Response:
    return _refused(lambda: x.create_tweet(text="x" * 281))


def _gone(_: Sandbox, x: tweepy.Client) -> requests.Response:
    return _refused(lambda: x.delete_tweet(17))


TALKS: list[tuple[str, str, Talk]] = [
    ("post", "/2/tweets", _post),
    ("post", "/2/tweets", _too_long),
    ("get", "/2/tweets", _several),
    ("get", "/2/tweets/{id}", _one),
    ("delete", "/2/tweets/{id}", _delete),
    ("delete", "/2/tweets/{id}", _gone),
    ("get", "/2/users/me", _me),
    ("get", "/2/users/{id}/tweets", _timeline),
    ("get", "/2/users/{id}/tweets", _empty_timeline),
    ("post", "/2/users/{id}/retweets", _repost),
    ("delete", "/2/users/{id}/retweets/{source_tweet_id}", _unrepost),
    ("post", "/2/media/upload", lambda box, _: upload(box)),
    ("get", "/2/media/upload", _media_status),
    ("post", "/2/media/metadata", _alt),
]
AT_HAND = TALKS if DESCRIPTION.exists() else []


def test_every_call_that_is_described_is_answered() -> None:
    paths = described()["paths"] if AT_HAND else {}
    wanted = {(method, path) for path, methods in paths.items() for method in methods}
    left_out = {
        (method, path) for method, path in wanted if "/media/upload/" in path
    }  # in chunks, for videos
    assert wanted - left_out <= {(method, path) for method, path, _ in TALKS}


@pytest.mark.parametrize(("method", "path", "talk"), AT_HAND or [("", "", None)])
def test_answers_hold_to_the_description(box: Sandbox, method: str, path: str, talk: Talk | None) -> None:
    client = tweepy_client(box)
    with client.session:
        answer = talk(box, client) if talk else None
    if answer is not None:
        kind = answer.headers["Content-Type"].partition(";")[0]
        schema = answered(described()["paths"][path][method], answer.status_code, kind)
        assert problems(schema, answer.json()) == []
