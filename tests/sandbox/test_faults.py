"""Every fault does what its name says: what the client meets, and whether a post exists by the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import tweepy
from mastodon import Mastodon, MastodonAPIError, MastodonNetworkError, MastodonRatelimitError
from requests_oauthlib import OAuth1

from bot.sandbox import Fault, Sandbox
from bot.sandbox.faults import PLAYS, Script
from tests.sandbox.raw import Raw

NETWORKS = ["x", "mastodon", "bluesky"]
F = Fault


def create(box: Sandbox, network: str, text: str = "hello", **more: Any) -> requests.Response:
    """One raw create call that follows no redirect."""
    more = {"timeout": 0.5, "allow_redirects": False} | more
    if network == "x":
        secrets = box.x.secrets
        names = ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
        auth = OAuth1(*(secrets[name] for name in names))
        return requests.post(box.x.url + "/2/tweets", json={"text": text}, auth=auth, **more)
    if network == "bluesky":
        return Raw(box).put(text, **more)
    headers = {
        "Authorization": f"Bearer {box.mastodon.secrets['ACCESS_TOKEN']}",
        "Idempotency-Key": f"key of {text}",
    }
    page = box.mastodon.url + "/api/v1/statuses"
    return requests.post(page, data={"status": text}, headers=headers, **more)


BROKEN = [
    (F.RESET_BEFORE, False, requests.ConnectionError),
    (F.RESET_AFTER, True, requests.ConnectionError),
    (F.TIMEOUT_BEFORE, False, requests.ReadTimeout),
    (F.TIMEOUT_AFTER, True, requests.ReadTimeout),
    (F.REFUSED, False, requests.ConnectionError),
    (F.CUT_AFTER, True, requests.exceptions.ChunkedEncodingError),
]

ANSWERED = [
    (F.HTML_200_BEFORE, False, 200),
    (F.HTML_200_AFTER, True, 200),
    (F.BROKEN_JSON_200_BEFORE, False, 200),
    (F.BROKEN_JSON_200_AFTER, True, 200),
    (F.EMPTY_200_AFTER, True, 200),
    (F.EMPTY_201, True, 201),
    (F.LIST_ERROR_BODY, False, 400),
    (F.LIST_ERROR_BODY_AFTER, True, 500),
    (F.REDIRECT_301, False, 301),
    (F.REDIRECT_302, False, 302),
    (F.S400, False, 400),
    (F.S401, False, 401),
    (F.S402, False, 402),
    (F.S403_DUPLICATE, False, 403),
    (F.S403_OTHER, False, 403),
    (F.S403_SPEND_CAP, False, 403),
    (F.S404, False, 404),
    (F.S413, False, 413),
    (F.S422, False, 422),
    (F.S429_RESET, False, 429),
    (F.S429_DAY, False, 429),
    (F.S429_BARE, False, 429),
    (F.S429_PAST, False, 429),
    (F.S429_GARBLED, False, 429),
    (F.S429_RETRY_AFTER, False, 429),
    (F.S500_BEFORE, False, 500),
    (F.S500_AFTER, True, 500),
    (F.S500_REPEATED_KEY, True, 500),
    (F.S502_AFTER, True, 502),
    (F.S503_HTML_BEFORE, False, 503),
    (F.S503_HTML_AFTER, True, 503),
    (F.S503_EMPTY_BEFORE, False, 503),
    (F.S504_BEFORE, False, 504),
    (F.S504_AFTER, True, 504),
    (F.GARBLED_RATELIMIT_AFTER, True, None),
    (F.DRIP, True, None),
    (F.DRIP_BEFORE, False, 503),
    (F.LATE, True, None),
]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("fault", "published", "error"), BROKEN)
def test_a_broken_connection(
    box: Sandbox, network: str, fault: Fault, published: bool, error: type[Exception]
) -> None:
    site = box.sites[network]
    site.fault("create", fault)
    with pytest.raises(error):
        create(box, network)
    assert len(site.posts()) == published
    site.clear()
    assert create(box, network, "afterwards").ok
    assert site.posts()[-1].text == "afterwards"


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("fault", "published", "status"), ANSWERED)
def test_an_answer(box: Sandbox, network: str, fault: Fault, published: bool, status: int | None) -> None:
    site = box.sites[network]
    site.settings.drip, site.settings.late = 0.0, 0.05
    site.fault("create", fault)
    good = 201 if network == "x" else 200
    assert create(box, network).status_code == (status or good)
    assert len(site.posts()) == published
    assert create(box, network, "afterwards").status_code == good


def test_every_fault_of_the_networks_is_in_these_tables() -> None:
    told = {row[0] for row in (*BROKEN, *ANSWERED)}
    elsewhere = {fault for fault in Fault if fault.name.startswith(("COUNT_", "BODY_", "MEDIA_"))}
    assert told | elsewhere == set(Fault)


@pytest.mark.parametrize(("fault", "play"), PLAYS.items())
def test_a_fault_is_named_for_whether_the_post_exists(fault: Fault, play: Any) -> None:
    if fault.name.endswith("_BEFORE"):
        assert not play.accepted
    if fault.name.endswith("_AFTER") and fault is not F.S429_RETRY_AFTER:
        assert play.accepted


@pytest.mark.parametrize("network", NETWORKS)
def test_the_next_calls_fail_and_those_after_do_not(box: Sandbox, network: str) -> None:
    site = box.sites[network]
    site.fault("create", F.S500_BEFORE, times=2)
    site.faults("create", F.S504_BEFORE, F.S401)
    statuses = [create(box, network, f"number {number}").status_code for number in range(5)]
    assert statuses[:4] == [500, 500, 504, 401]
    assert [post.text for post in site.posts()] == ["number 4"]


def test_a_fault_waits_for_its_own_endpoint(x: tweepy.Client, box: Sandbox) -> None:
    box.x.fault("timeline", F.S401)
    x.create_tweet(text="goes out")
    with pytest.raises(tweepy.Unauthorized):
        x.get_users_tweets(box.x.accounts.first.id, user_auth=True)


def test_one_site_fails_and_the_other_does_not(box: Sandbox) -> None:
    box.x.fault("create", F.RESET_BEFORE, times=9)
    assert create(box, "mastodon").ok
    assert len(box.mastodon.posts()) == 1


def test_an_endpoint_that_is_not_there_is_an_error_that_names_those_that_are(box: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"no endpoint 'tweet'; there are alt, create"):
        box.x.fault("tweet", F.S401)


def test_cleared_faults_do_not_come(box: Sandbox) -> None:
    box.x.fault("create", F.S401, times=5)
    box.x.clear()
    assert create(box, "x").ok


def test_a_refusing_port_opens_again_by_itself(box: Sandbox) -> None:
    box.x.settings.refused = 0.2
    assert create(box, "x", "before").ok
    port = box.x.port
    box.x.fault("create", F.REFUSED)
    with pytest.raises(requests.ConnectionError, match="refused"):
        create(box, "x")
    time.sleep(0.3)
    assert create(box, "x", "after").ok
    assert box.x.port == port
    assert [post.text for post in box.x.posts()] == ["before", "after"]


def test_a_port_can_close_after_another_fault(box: Sandbox) -> None:
    box.mastodon.faults("create", F.RESET_AFTER, F.REFUSED)
    with pytest.raises(requests.ConnectionError, match=r"reset|aborted"):
        create(box, "mastodon")
    with pytest.raises(requests.ConnectionError, match="refused"):
        create(box, "mastodon")
    box.mastodon.clear()
    assert create(box, "mastodon").ok
    assert len(box.mastodon.posts()) == 1


def test_a_drip_outlives_a_read_timeout(box: Sandbox) -> None:
    box.x.settings.drip = 0.002
    box.x.fault("create", F.DRIP)
    began = time.monotonic()
    assert create(box, "x", timeout=0.2).status_code == 201
    assert time.monotonic() - began > 0.4
    assert len(box.x.posts()) == 1


def test_a_drip_ends_when_the_client_goes(box: Sandbox) -> None:
    box.mastodon.settings.drip = 1.0
    box.mastodon.fault("create", F.DRIP)
    with pytest.raises(requests.ReadTimeout):
        create(box, "mastodon", timeout=0.2)
    began = time.monotonic()
    box.stop()
    assert time.monotonic() - began < 0.9


def test_a_held_connection_is_let_go_at_last(box: Sandbox) -> None:
    box.x.settings.hang = 0.2
    box.x.fault("create", F.TIMEOUT_AFTER)
    with pytest.raises(requests.ConnectionError, match=r"closed|aborted"):
        create(box, "x", timeout=5)
    assert len(box.x.posts()) == 1


def test_a_late_server_publishes_after_the_client_gave_up(box: Sandbox) -> None:
    box.x.settings.late = 0.3
    box.x.fault("create", F.LATE)
    with pytest.raises(requests.ReadTimeout):
        create(box, "x", timeout=0.1)
    assert not box.x.posts()
    time.sleep(0.4)
    assert len(box.x.posts()) == 1


def test_a_slow_server_is_slow_before_or_after(box: Sandbox) -> None:
    box.x.settings.slow_answer = 0.3
    with pytest.raises(requests.ReadTimeout):
        create(box, "x", timeout=0.1)
    assert len(box.x.posts()) == 1


def test_a_redirect_followed_is_noticed_with_what_it_carried(mastodon: Mastodon, box: Sandbox) -> None:
    box.mastodon.fault("create", F.REDIRECT_302)
    mastodon.status_post("hello")
    assert box.mastodon.calls("moved") == 1
    (moved,) = box.mastodon.requests("moved")
    assert box.mastodon.secrets["ACCESS_TOKEN"] in moved.headers["authorization"]
    assert not box.mastodon.posts()


@pytest.mark.parametrize("cut", [F.S500_REPEATED_KEY, F.RESET_AFTER])
def test_a_key_that_came_back_may_fail_for_ever(box: Sandbox, cut: Fault) -> None:
    box.mastodon.settings.repeats_fail = cut is F.RESET_AFTER
    box.mastodon.fault("create", cut)
    if cut is F.RESET_AFTER:
        with pytest.raises(requests.ConnectionError):
            create(box, "mastodon")
    else:
        assert create(box, "mastodon").status_code == 500
    for _ in range(3):
        again = create(box, "mastodon")
        assert (again.status_code, again.headers["Content-Type"][:9]) == (500, "text/html")
    assert create(box, "mastodon", "another").ok
    assert len(box.mastodon.posts()) == 2


@pytest.mark.parametrize(
    ("fault", "shape"),
    [
        (F.S429_RESET, lambda value, now: now + 800 < value < now + 1000),
        (F.S429_PAST, lambda value, now: value < now - 3000),
    ],
)
def test_a_limit_on_x_tells_its_reset_in_seconds(
    box: Sandbox, fault: Fault, shape: Callable[[int, float], bool]
) -> None:
    box.x.fault("create", fault)
    told = create(box, "x").headers
    assert told["x-rate-limit-remaining"] == "0"
    assert shape(int(told["x-rate-limit-reset"]), time.time())


def test_a_limit_tells_its_reset_badly_or_not_at_all(box: Sandbox) -> None:
    box.x.faults("create", F.S429_BARE, F.S429_GARBLED, F.S429_RETRY_AFTER, F.S429_DAY)
    bare, garbled, after, day = (create(box, "x").headers for _ in range(4))
    assert not [name for name in bare if "limit" in name.lower() or name.lower() == "retry-after"]
    assert garbled["x-rate-limit-reset"] == "soon"
    assert after["Retry-After"] == "900"
    assert int(day["x-rate-limit-remaining"]) > int(day["x-app-limit-24hour-remaining"]) == 0


def test_money_is_refused_with_x_titles(box: Sandbox) -> None:
    box.x.faults("create", F.S402, F.S403_SPEND_CAP, F.S403_DUPLICATE, F.S403_OTHER)
    told = [create(box, "x").json() for _ in range(4)]
    assert [one["title"] for one in told] == ["CreditsDepleted", "SpendCapReached", "Forbidden", "Forbidden"]
    assert "duplicate content" in told[2]["detail"]
    assert told[3]["detail"] == "You are not permitted to perform this action."


def test_tweepy_meets_what_is_known_of_it(x: tweepy.Client, box: Sandbox) -> None:
    box.x.faults("create", F.S402, F.BROKEN_JSON_200_AFTER, F.EMPTY_201, F.LIST_ERROR_BODY)
    with pytest.raises(tweepy.HTTPException) as unpaid:
        x.create_tweet(text="one")
    assert type(unpaid.value) is tweepy.HTTPException
    with pytest.raises(requests.exceptions.JSONDecodeError):
        x.create_tweet(text="two")
    assert x.create_tweet(text="three").data is None
    with pytest.raises(AttributeError):
        x.create_tweet(text="four")
    assert [post.text for post in box.x.posts()] == ["two", "three"]


def test_mastodon_py_meets_what_is_known_of_it(mastodon: Mastodon, box: Sandbox) -> None:
    faults = (F.GARBLED_RATELIMIT_AFTER, F.HTML_200_AFTER, F.S429_RESET, F.RESET_AFTER, F.S402)
    box.mastodon.faults("create", *faults)
    errors = (
        MastodonRatelimitError,
        MastodonAPIError,
        MastodonRatelimitError,
        MastodonNetworkError,
        MastodonAPIError,
    )
    for number, error in enumerate(errors):
        with pytest.raises(error):
            mastodon.status_post(f"number {number}")
    assert [post.text for post in box.mastodon.posts()] == ["number 0", "number 1", "number 3"]


def test_reposts_fail_like_posts(x: tweepy.Client, mastodon: Mastodon, box: Sandbox) -> None:
    tweet, toot = x.create_tweet(text="a").data["id"], mastodon.status_post("a")
    for site in (box.x, box.mastodon):
        site.faults("repost", F.RESET_AFTER, F.S500_BEFORE)
    for failure in (requests.ConnectionError, tweepy.TwitterServerError):
        with pytest.raises(failure):
            x.retweet(tweet)
    for failure in (MastodonNetworkError, MastodonAPIError):
        with pytest.raises(failure):
            mastodon.status_reblog(toot)
    assert [len(site.posts()) for site in (box.x, box.mastodon)] == [2, 2]
    assert mastodon.status(toot).reblogged


def test_a_script_gives_each_fault_once_and_keeps_a_refusal_for_the_port() -> None:
    script = Script()
    script.add("create", (F.S401, F.REFUSED, F.REFUSED, F.S404))
    assert script.take_leading(F.REFUSED) == 0
    assert script.take("create") is F.S401
    assert script.take("create") is None
    assert script.left() == {"create": 3}
    assert script.take_leading(F.REFUSED) == 2
    assert [script.take("create"), script.take("create")] == [F.S404, None]
