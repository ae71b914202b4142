"""Pictures on both networks: upload, waiting, description, and what is refused."""

from __future__ import annotations

import base64

import pytest
import requests
import tweepy
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError
from requests_oauthlib import OAuth1

from bot.sandbox import Fault, Sandbox
from tests.sandbox.conftest import GIF, PNG, mastodon_client

MIB = 1024 * 1024


def upload(box: Sandbox, data: bytes, category: str = "tweet_image") -> requests.Response:
    secrets = box.x.secrets
    auth = OAuth1(
        secrets["API_KEY"], secrets["API_SECRET"], secrets["ACCESS_TOKEN"], secrets["ACCESS_TOKEN_SECRET"]
    )
    return requests.post(
        box.x.url + "/2/media/upload",
        files={"media": ("a.png", data)},
        data={"media_category": category},
        auth=auth,
        timeout=5,
    )


def on_x(box: Sandbox) -> str:
    return str(upload(box, PNG).json()["data"]["id"])


def describe(x: tweepy.Client, picture: str, alt: str) -> None:
    body = {"id": picture, "metadata": {"alt_text": {"text": alt}}}
    x.request("POST", "/2/media/metadata", json=body, user_auth=True)


def test_a_picture_on_x_goes_out_with_its_description(x: tweepy.Client, box: Sandbox) -> None:
    picture = on_x(box)
    describe(x, picture, "Tents by a bridge")
    text = x.create_tweet(text="Look", media_ids=[picture]).data["text"]
    (post,) = box.x.posts()
    assert (post.text, post.media_ids, post.alts) == ("Look", (picture,), ("Tents by a bridge",))
    assert text.startswith("Look https://t.co/")
    kept = box.x.shelf.get(picture)
    assert kept is not None
    assert kept.data == PNG


def test_x_takes_a_picture_in_base64_as_well(x: tweepy.Client, box: Sandbox) -> None:
    body = {"media": base64.b64encode(PNG).decode(), "media_category": "tweet_image"}
    picture = x.request("POST", "/2/media/upload", json=body, user_auth=True).json()["data"]["id"]
    x.create_tweet(media_ids=[picture])
    assert box.x.posts()[0].media_ids == (picture,)


def test_the_link_to_a_picture_tells_that_it_is_one(x: tweepy.Client, box: Sandbox) -> None:
    pictures = [on_x(box), on_x(box)]
    x.create_tweet(text="Look", media_ids=pictures)
    fields = ["entities", "attachments"]
    (tweet,) = x.get_users_tweets(box.x.accounts.first.id, user_auth=True, tweet_fields=fields).data
    keys = [f"3_{one}" for one in pictures]
    assert tweet.data["attachments"]["media_keys"] == keys
    assert [url["media_key"] for url in tweet.data["entities"]["urls"]] == keys


@pytest.mark.parametrize(
    ("data", "category", "status"),
    [
        (PNG, "tweet_image", 200),
        (b"\xff\xd8\xff\xe0" + bytes(9), "tweet_image", 200),
        (b"RIFF1234WEBP" + bytes(9), "tweet_image", 200),
        (GIF, "tweet_gif", 200),
        (GIF + bytes(6 * MIB), "tweet_gif", 200),
        (GIF, "tweet_image", 400),
        (PNG, "tweet_gif", 400),
        (b"not a picture", "tweet_image", 400),
        (b"", "tweet_image", 400),
        (PNG, "poster", 400),
        (PNG + bytes(5 * MIB), "tweet_image", 413),
        (GIF + bytes(15 * MIB), "tweet_gif", 413),
    ],
)
def test_x_takes_its_kinds_and_sizes(box: Sandbox, data: bytes, category: str, status: int) -> None:
    assert upload(box, data, category).status_code == status


def test_x_takes_descriptions_up_to_a_thousand(x: tweepy.Client, box: Sandbox) -> None:
    picture = on_x(box)
    describe(x, picture, "x" * 1000)
    with pytest.raises(tweepy.BadRequest):
        describe(x, picture, "x" * 1001)
    with pytest.raises(tweepy.BadRequest):
        describe(x, "17", "Tents")


def test_x_refuses_pictures_it_does_not_know(x: tweepy.Client, box: Sandbox) -> None:
    for wrong in (["17"], [on_x(box) for _ in range(5)]):
        with pytest.raises(tweepy.BadRequest):
            x.create_tweet(text="Look", media_ids=wrong)
    assert not box.x.posts()


def test_x_refuses_a_picture_that_is_not_ready(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.media_delay = 2
    told = upload(box, PNG).json()["data"]
    assert told["processing_info"]["state"] == "pending"
    with pytest.raises(tweepy.BadRequest):
        x.create_tweet(text="Look", media_ids=[told["id"]])
    asked = {"command": "STATUS", "media_id": told["id"]}
    states = [
        x.request("GET", "/2/media/upload", params=asked, user_auth=True).json()["data"] for _ in range(3)
    ]
    assert ["processing_info" in state for state in states] == [True, True, False]
    x.create_tweet(text="Look", media_ids=[told["id"]])
    assert len(box.x.posts()) == 1


def test_a_picture_on_mastodon_goes_out_with_its_description(mastodon: Mastodon, box: Sandbox) -> None:
    picture = mastodon.media_post(PNG, mime_type="image/png", description="Tents by a bridge")
    made = mastodon.status_post("Look", media_ids=[picture])
    (post,) = box.mastodon.posts()
    assert (post.media_ids, post.alts) == ((str(picture.id),), ("Tents by a bridge",))
    shown = made.media_attachments[0]
    assert (shown.type, shown.description) == ("image", "Tents by a bridge")
    assert requests.get(shown.url, timeout=5).content == PNG


def test_a_description_may_come_later(mastodon: Mastodon, box: Sandbox) -> None:
    picture = mastodon.media_post(GIF, mime_type="image/gif")
    assert mastodon.media_update(picture, description="Tents").description == "Tents"
    mastodon.status_post("Look", media_ids=[picture])
    assert box.mastodon.posts()[0].alts == ("Tents",)


def test_mastodon_takes_descriptions_up_to_its_limit(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.settings.description_limit = 100
    mastodon.media_post(PNG, mime_type="image/png", description="x" * 100)
    with pytest.raises(MastodonAPIError) as refused:
        mastodon.media_post(PNG, mime_type="image/png", description="x" * 101)
    assert refused.value.args[1] == 422


def test_mastodon_takes_pictures_only(mastodon: Mastodon) -> None:
    with pytest.raises(MastodonAPIError) as refused:
        mastodon.media_post(b"not a picture", mime_type="image/png")
    assert refused.value.args[1] == 422


def test_mastodon_answers_202_then_206_then_200(box: Sandbox, mastodon: Mastodon) -> None:
    box.mastodon.settings.media_delay = 2
    picture = mastodon.media_post(PNG, mime_type="image/png")
    assert picture.url is None
    with pytest.raises(MastodonAPIError) as refused:
        mastodon.status_post("Look", media_ids=[picture])
    assert refused.value.args[1] == 422
    headers = {"Authorization": f"Bearer {box.mastodon.secrets['ACCESS_TOKEN']}"}
    page = f"{box.mastodon.url}/api/v1/media/{picture.id}"
    assert [requests.get(page, headers=headers, timeout=5).status_code for _ in range(3)] == [206, 206, 200]
    assert mastodon.media(picture).url
    mastodon.status_post("Look", media_ids=[picture])
    assert len(box.mastodon.posts()) == 1


def test_a_picture_is_attached_once(mastodon: Mastodon) -> None:
    picture = mastodon.media_post(PNG, mime_type="image/png")
    mastodon.status_post("Look", media_ids=[picture])
    with pytest.raises(MastodonAPIError):
        mastodon.status_post("Look again", media_ids=[picture])
    with pytest.raises(MastodonNotFoundError):
        mastodon.media(picture)


def test_mastodon_takes_four_pictures_of_ones_own(mastodon: Mastodon, box: Sandbox) -> None:
    pictures = [mastodon.media_post(PNG, mime_type="image/png") for _ in range(5)]
    with pytest.raises(MastodonAPIError):
        mastodon.status_post("Look", media_ids=pictures)
    client = mastodon_client(box, box.mastodon.accounts.add("union").secrets["ACCESS_TOKEN"])
    with client.session, pytest.raises(MastodonAPIError):
        client.status_post("Look", media_ids=pictures[:1])
    mastodon.status_post("Look", media_ids=pictures[:4])
    assert len(box.mastodon.posts()[0].media_ids) == 4


def test_a_picture_may_never_become_ready(mastodon: Mastodon, x: tweepy.Client, box: Sandbox) -> None:
    box.mastodon.fault("media", Fault.MEDIA_202_FOREVER)
    box.x.fault("media", Fault.MEDIA_202_FOREVER)
    picture = mastodon.media_post(PNG, mime_type="image/png")
    assert all(mastodon.media(picture).url is None for _ in range(5))
    asked = {"command": "STATUS", "media_id": on_x(box)}
    for _ in range(5):
        told = x.request("GET", "/2/media/upload", params=asked, user_auth=True).json()["data"]
        assert told["processing_info"]["state"] == "in_progress"


def test_a_picture_may_be_missing_from_the_post(mastodon: Mastodon, x: tweepy.Client, box: Sandbox) -> None:
    box.mastodon.fault("create", Fault.MEDIA_LOST)
    box.x.fault("create", Fault.MEDIA_LOST)
    made = mastodon.status_post("Look", media_ids=[mastodon.media_post(PNG, mime_type="image/png")])
    x.create_tweet(text="Look", media_ids=[on_x(box)])
    assert made.media_attachments == []
    assert [site.posts()[0].media_ids for site in (box.x, box.mastodon)] == [(), ()]
