"""X as tweepy meets it."""

from __future__ import annotations

import html
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import tweepy

from bot.sandbox import Fault, Published, Sandbox
from tests.sandbox.conftest import tweepy_client

LINK = "https://www.raicestexas.org/2019/11/20/you-can-help-stop-mpp/?a=1&b=2"
FIELDS = ["created_at", "entities", "referenced_tweets", "text", "attachments", "author_id"]


def timeline(x: tweepy.Client, box: Sandbox, **asked: Any) -> list[tweepy.Tweet]:
    own = box.x.accounts.first.id
    return x.get_users_tweets(own, user_auth=True, tweet_fields=FIELDS, **asked).data or []


def expanded(tweet: tweepy.Tweet) -> str:
    """What was written, by a client that undoes what X did to it."""
    text = tweet.text
    for url in reversed((tweet.data.get("entities") or {}).get("urls", [])):
        text = text[: url["start"]] + url["expanded_url"] + text[url["end"] :]
    return html.unescape(text)


def test_a_post_is_public_exactly_as_it_was_sent(x: tweepy.Client, box: Sandbox) -> None:
    made = x.create_tweet(text=f"Más de 60.000 & <contando> {LINK}").data
    (post,) = box.x.posts()
    assert (post.id, post.text) == (made["id"], f"Más de 60.000 & <contando> {LINK}")
    assert post.user_id == box.x.accounts.first.id
    assert not post.deleted


def test_the_timeline_shows_links_as_t_co_and_tells_where_they_lead(x: tweepy.Client, box: Sandbox) -> None:
    written = f"Read {LINK} and https://example.org/p. R&D <b>"
    x.create_tweet(text=written)
    (tweet,) = timeline(x, box)
    assert tweet.text.count("https://t.co/") == 2
    assert "&amp;" in tweet.text
    assert "raicestexas" not in tweet.text
    assert expanded(tweet) == written
    assert all(len(url["url"]) == 23 for url in tweet.data["entities"]["urls"])


def test_bare_domains_become_links_too(x: tweepy.Client, box: Sandbox) -> None:
    x.create_tweet(text="Hasta el final.No pares, ejemplo.org y info@example.org")
    urls = timeline(x, box)[0].data["entities"]["urls"]
    assert [url["expanded_url"] for url in urls] == ["http://final.No", "http://ejemplo.org"]


def test_links_stay_whole_when_the_knob_says_so(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.shorten = False
    x.create_tweet(text=f"Read {LINK}")
    assert timeline(x, box)[0].text == html.escape(f"Read {LINK}")


def test_the_newest_post_comes_first_and_ids_sort_by_time(x: tweepy.Client, box: Sandbox) -> None:
    for number in range(5):
        x.create_tweet(text=f"number {number}")
    ids = [int(post.id) for post in box.x.posts()]
    assert ids == sorted(set(ids))
    assert [tweet.id for tweet in timeline(x, box)] == ids[::-1]


def test_a_timeline_comes_page_by_page(x: tweepy.Client, box: Sandbox) -> None:
    for number in range(12):
        x.create_tweet(text=f"number {number}")
    own = box.x.accounts.first.id
    pages = list(tweepy.Paginator(x.get_users_tweets, own, max_results=5, user_auth=True))
    assert [page.meta["result_count"] for page in pages] == [5, 5, 2]
    texts = [tweet.text for page in pages for tweet in page.data]
    assert texts == [f"number {number}" for number in range(11, -1, -1)]
    assert pages[0].meta["newest_id"] == box.x.posts()[-1].id


def test_since_and_until_leave_out_the_post_they_name(x: tweepy.Client, box: Sandbox) -> None:
    ids = [x.create_tweet(text=f"number {number}").data["id"] for number in range(4)]
    assert [str(one.id) for one in timeline(x, box, since_id=ids[1])] == [ids[3], ids[2]]
    assert [str(one.id) for one in timeline(x, box, until_id=ids[1])] == [ids[0]]


def test_start_time_is_by_the_servers_clock(x: tweepy.Client, box: Sandbox) -> None:
    x.create_tweet(text="now")
    assert timeline(x, box, start_time=datetime.now(UTC) - timedelta(minutes=1))
    assert not timeline(x, box, start_time=datetime.now(UTC) + timedelta(minutes=1))
    assert not timeline(x, box, end_time=datetime.now(UTC) - timedelta(minutes=1))


@pytest.mark.parametrize("most", [4, 101])
def test_a_page_has_five_to_a_hundred_posts(x: tweepy.Client, box: Sandbox, most: int) -> None:
    with pytest.raises(tweepy.BadRequest):
        timeline(x, box, max_results=most)


@pytest.mark.parametrize("wrong", [{"since_id": "x"}, {"start_time": "yesterday"}, {"pagination_token": "?"}])
def test_a_wrong_parameter_is_a_400(x: tweepy.Client, box: Sandbox, wrong: dict[str, str]) -> None:
    x.create_tweet(text="something to leave out")
    with pytest.raises(tweepy.BadRequest):
        timeline(x, box, **wrong)


def test_a_lagging_timeline_shows_a_post_later(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.timeline_lag = 0.2
    x.create_tweet(text="late to show")
    assert not timeline(x, box)
    time.sleep(0.25)
    assert [tweet.text for tweet in timeline(x, box)] == ["late to show"]


def test_a_wrong_clock_shows_in_every_answer(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.clock_offset = 3600
    x.create_tweet(text="from the future")
    ahead = box.x.posts()[0].created_at - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)
    assert timeline(x, box)[0].created_at == box.x.posts()[0].created_at.replace(
        microsecond=box.x.posts()[0].created_at.microsecond // 1000 * 1000
    )


def test_a_thread_hangs_together(x: tweepy.Client, box: Sandbox) -> None:
    first = x.create_tweet(text="first").data["id"]
    second = x.create_tweet(text="second", in_reply_to_tweet_id=first).data["id"]
    assert box.x.posts()[1].in_reply_to == first
    shown = timeline(x, box)[0]
    assert (str(shown.id), shown.referenced_tweets[0].type) == (second, "replied_to")
    assert [one.text for one in timeline(x, box, exclude=["replies"])] == ["first"]


def test_nobody_can_reply_to_a_post_that_is_gone(x: tweepy.Client, box: Sandbox) -> None:
    first = x.create_tweet(text="first").data["id"]
    x.delete_tweet(first)
    with pytest.raises(tweepy.Forbidden):
        x.create_tweet(text="second", in_reply_to_tweet_id=first)


def test_a_deleted_post_leaves_the_timeline_and_stays_in_the_ledger(x: tweepy.Client, box: Sandbox) -> None:
    made = x.create_tweet(text="a mistake").data["id"]
    x.retweet(made)
    assert x.delete_tweet(made).data == {"deleted": True}
    assert [post.deleted for post in box.x.posts()] == [True, True]
    assert not timeline(x, box)
    with pytest.raises(tweepy.NotFound):
        x.delete_tweet(made)


def test_a_repost_is_a_post_that_names_its_source(x: tweepy.Client, box: Sandbox) -> None:
    made = x.create_tweet(text=f"worth repeating {LINK}").data["id"]
    assert x.retweet(made).data == {"retweeted": True, "rest_id": made}
    repost = box.x.posts()[1]
    assert (repost.repost_of, repost.id > made) == (made, True)
    shown = timeline(x, box)[0]
    assert [(one.type, str(one.id)) for one in shown.referenced_tweets] == [("retweeted", made)]
    assert expanded(shown) == f"RT @campaign: worth repeating {LINK}"
    assert [str(one.id) for one in timeline(x, box, exclude=["retweets"])] == [made]


def test_reposting_twice_is_one_repost_and_it_can_be_taken_back(x: tweepy.Client, box: Sandbox) -> None:
    made = x.create_tweet(text="worth repeating").data["id"]
    x.retweet(made)
    x.retweet(made)
    assert len(box.x.posts()) == 2
    assert x.unretweet(made).data == {"retweeted": False}
    assert [post.deleted for post in box.x.posts()] == [False, True]
    x.retweet(made)
    assert len(box.x.posts()) == 3


def test_own_reposts_can_be_missing_from_the_timeline(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.shows_own_reposts = False
    x.retweet(x.create_tweet(text="worth repeating").data["id"])
    assert [tweet.text for tweet in timeline(x, box)] == ["worth repeating"]


def test_a_long_repost_is_cut_and_keeps_only_whole_links(x: tweepy.Client, box: Sandbox) -> None:
    x.retweet(x.create_tweet(text="x" * 125 + f" {LINK}").data["id"])
    shown = timeline(x, box)[0]
    assert len(shown.text) == 140
    assert shown.text.endswith("…")
    assert "entities" not in shown.data


def test_a_post_that_is_gone_cannot_be_reposted(x: tweepy.Client) -> None:
    with pytest.raises(tweepy.NotFound):
        x.retweet("17")


def test_the_same_text_again_is_forbidden_in_x_words(x: tweepy.Client, box: Sandbox) -> None:
    x.create_tweet(text="once")
    with pytest.raises(tweepy.Forbidden) as refused:
        x.create_tweet(text=" once ")
    told = refused.value.response.json()
    assert told["detail"] == "You are not allowed to create a Tweet with duplicate content."
    assert len(box.x.posts()) == 1


def test_the_duplicate_rule_forgets_deleted_and_old_posts(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.duplicate_window = 1
    x.delete_tweet(x.create_tweet(text="once").data["id"])
    x.create_tweet(text="once")
    x.create_tweet(text="between")
    x.create_tweet(text="once")
    box.x.settings.duplicate_rule = False
    x.create_tweet(text="once")
    assert len(box.x.posts()) == 5


def test_the_duplicate_rule_is_per_account(x: tweepy.Client, box: Sandbox) -> None:
    x.create_tweet(text="once")
    other = box.x.accounts.add("union")
    with tweepy_client(box, other).session as session:
        client = tweepy_client(box, other)
        client.session = session
        client.create_tweet(text="once")
        with pytest.raises(tweepy.Forbidden):
            client.delete_tweet(box.x.posts()[0].id)
    assert [post.user_id for post in box.x.posts()] == [box.x.accounts.first.id, other.id]


@pytest.mark.parametrize(
    "text",
    ["x" * 281, "の" * 141, f"{'x' * 257} {LINK}", "🏳️‍🌈" * 141, "", "   "],
)
def test_what_does_not_fit_is_refused(x: tweepy.Client, box: Sandbox, text: str) -> None:
    with pytest.raises(tweepy.BadRequest):
        x.create_tweet(text=text)
    assert not box.x.posts()


@pytest.mark.parametrize("text", ["x" * 280, "の" * 140, f"{'x' * 256} {LINK}", "🏳️‍🌈" * 140, "ñ’" * 140])
def test_what_just_fits_is_taken(x: tweepy.Client, box: Sandbox, text: str) -> None:
    x.create_tweet(text=text)
    assert box.x.posts()[0].text == text


def test_the_account_says_who_it_is(x: tweepy.Client, box: Sandbox) -> None:
    me = x.get_me(user_auth=True, user_fields=["created_at", "description", "protected"]).data
    assert (str(me.id), me.username) == (box.x.accounts.first.id, "campaign")
    assert me.created_at.year == 2019
    assert not me.protected


def test_tokens_can_come_to_belong_to_somebody_else(x: tweepy.Client, box: Sandbox) -> None:
    box.x.accounts.become("4242")
    assert x.get_me(user_auth=True).data.id == 4242


def test_an_account_acts_only_in_its_own_name(x: tweepy.Client, box: Sandbox) -> None:
    made = x.create_tweet(text="mine").data["id"]
    with pytest.raises(tweepy.BadRequest):
        x.request("POST", "/2/users/17/retweets", json={"tweet_id": made}, user_auth=True)


def test_posts_are_looked_up_by_id(x: tweepy.Client) -> None:
    made = x.create_tweet(text="here").data["id"]
    found = x.get_tweets([made, "17"], user_auth=True)
    assert [tweet.text for tweet in found.data] == ["here"]
    assert [error["resource_id"] for error in found.errors] == ["17"]
    assert x.get_tweet(made, user_auth=True).data.text == "here"
    assert x.get_tweet("17", user_auth=True).data is None


def test_a_field_that_x_does_not_know_is_refused(x: tweepy.Client) -> None:
    with pytest.raises(tweepy.BadRequest):
        x.request("POST", "/2/tweets", json={"text": "a", "colour": "red"}, user_auth=True)


def test_a_post_by_hand_stands_in_the_timeline(x: tweepy.Client, box: Sandbox) -> None:
    box.x.by_hand("from the app", box.x.accounts.first.id, ago=3600)
    (tweet,) = timeline(x, box)
    assert tweet.text == "from the app"
    assert datetime.now(UTC) - tweet.created_at > timedelta(minutes=59)


def test_limits_count_down_per_account(x: tweepy.Client, box: Sandbox) -> None:
    x.return_type = dict
    first = x.request("POST", "/2/tweets", json={"text": "one"}, user_auth=True)
    second = x.request("POST", "/2/tweets", json={"text": "two"}, user_auth=True)
    left = [int(answer.headers["x-rate-limit-remaining"]) for answer in (first, second)]
    assert left == [99, 98]
    assert time.time() < int(first.headers["x-rate-limit-reset"]) <= time.time() + 900


def test_limits_are_enforced_when_asked_for(x: tweepy.Client, box: Sandbox) -> None:
    box.x.settings.enforces_limits = True
    made = x.create_tweet(text="again and again").data["id"]
    for _ in range(50):
        x.retweet(made)
    with pytest.raises(tweepy.TooManyRequests):
        x.retweet(made)


def test_calls_are_counted_and_timed(x: tweepy.Client, box: Sandbox) -> None:
    before = time.monotonic()
    box.x.fault("create", Fault.S401)
    with pytest.raises(tweepy.Unauthorized):
        x.create_tweet(text="a")
    x.create_tweet(text="a")
    assert box.x.calls("create") == 2
    assert before < box.x.arrivals("create")[0] < box.x.arrivals("create")[1] < time.monotonic()
    assert box.x.calls("timeline") == 0


def test_published_names_what_the_readers_of_a_ledger_need() -> None:
    now = datetime.now(UTC)
    post = Published("1", "text", now, "2")
    assert (post.in_reply_to, post.media_ids, post.repost_of, post.key) == (None, (), None, None)


def test_a_post_has_a_page_for_its_followers(box: Sandbox) -> None:
    box.x.by_hand("Read <b>this</b>.", box.x.accounts.first.id)
    post = box.x.posts()[-1]
    page = requests.get(f"{box.x.url}/campaign/status/{post.id}", timeout=5)
    assert (page.status_code, "Read &lt;b&gt;this&lt;/b&gt;." in page.text) == (200, True)
    assert requests.get(f"{box.x.url}/campaign/status/1", timeout=5).status_code == 404
