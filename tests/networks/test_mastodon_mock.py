"""A second opinion: the same rules against a Mastodon API server that others have written, mastodon-mock.

It counts links in full, and its faults strike before the post exists, so those rules are left to the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mastodon_mock.testing.server import MockServer

from bot.core.model import Deferred, Identity, Limits, Posted, Refused, Timeline, Unconfirmed, Unreadable
from bot.networks.mastodon import Mastodon
from bot.ports import Network
from tests.networks.conftest import lately, ready
from tests.networks.test_contract import TEXTS


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> MockServer:
    running.reset()
    return running


@pytest.fixture
def network(server: MockServer) -> Network:
    return Mastodon("m", {"ACCESS_TOKEN": "alice_token"}, server.base_url, 10)


def shown(network: Network) -> Timeline:
    reading = network.timeline(lately())
    assert isinstance(reading, Timeline)
    return reading


def test_it_is_told_who_the_token_belongs_to(network: Network) -> None:
    identity = network.verify()
    assert isinstance(identity, Identity)
    assert (identity.handle, identity.server, identity.bot) == ("alice", "127.0.0.1", False)
    assert shown(network).posts == ()


@pytest.mark.parametrize("text", TEXTS)
def test_a_post_is_published_and_read_back_to_the_letter(network: Network, text: str) -> None:
    outcome = network.publish(ready(text), 0, "key", None)
    assert isinstance(outcome, Posted)
    [seen] = shown(network).posts
    assert (seen.remote_id, seen.text, seen.exact) == (outcome.remote_id, text, True)


def test_the_same_key_posts_once(network: Network) -> None:
    first, again = (network.publish(ready("Once"), 0, "key", None) for _ in range(2))
    assert first == again
    assert len(shown(network).posts) == 1


def test_a_thread_hangs_together(network: Network) -> None:
    post = ready("Opening", "and on")
    opening = network.publish(post, 0, "key", None)
    assert isinstance(opening, Posted)
    assert isinstance(network.publish(post, 1, "key", opening.remote_id), Posted)
    assert [seen.text for seen in shown(network).posts] == ["and on", "Opening"]


def test_a_repost_is_seen_and_taken_back(network: Network) -> None:
    post = network.publish(ready("Repeat me"), 0, "key", None)
    assert isinstance(post, Posted)
    assert network.reposted(post.remote_id) is False
    assert isinstance(network.repost(post.remote_id, "again"), Posted)
    assert network.reposted(post.remote_id) is True
    assert [seen.repost_of for seen in shown(network).posts] == [post.remote_id, None]
    assert network.delete(f"repost:{post.remote_id}") is None
    assert network.reposted(post.remote_id) is False


def test_deleting_twice_is_deleting_once(network: Network) -> None:
    post = network.publish(ready("Taken back"), 0, "key", None)
    assert isinstance(post, Posted)
    assert network.delete(post.remote_id) is None
    assert network.delete(post.remote_id) is None
    assert shown(network).posts == ()


def test_its_limits_are_read(network: Network) -> None:
    limits = network.limits()
    assert isinstance(limits, Limits)
    assert (limits.length, limits.counting) == (500, "graphemes")


def test_what_is_too_long_is_refused(network: Network) -> None:
    outcome = network.publish(ready("x" * 501), 0, "key", None)
    assert isinstance(outcome, Refused)
    assert outcome.scope == "post"


def test_a_wrong_token_is_the_account_s_trouble(server: MockServer) -> None:
    stranger = Mastodon("m", {"ACCESS_TOKEN": "canary"}, server.base_url, 10)
    for answer in (stranger.verify(), stranger.publish(ready("Words"), 0, "key", None)):
        assert isinstance(answer, Refused)
        assert answer.scope == "account"
        assert "canary" not in answer.reason


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(401, Refused), (403, Refused), (422, Refused), (429, Deferred), (500, Unconfirmed), (503, Unconfirmed)],
)
def test_a_failing_post_is_called_what_it_is(
    server: MockServer, network: Network, status: int, outcome: type
) -> None:
    with server.fault(status=status, count=1, methods=["POST"]):
        assert isinstance(network.publish(ready("Words"), 0, "key", None), outcome)
    assert shown(network).posts == ()


def test_a_malformed_answer_is_a_doubt_and_an_unreadable_timeline(
    server: MockServer, network: Network
) -> None:
    network.verify()
    with server.fault(type="malformed", methods=["POST"], count=1):
        assert isinstance(network.publish(ready("Words"), 0, "key", None), Unconfirmed)
    with server.fault(type="malformed", methods=["GET"], count=1):
        assert isinstance(network.timeline(lately()), Unreadable)


def test_a_silent_server_is_left_at_the_deadline(server: MockServer) -> None:
    hurried = Mastodon("m", {"ACCESS_TOKEN": "alice_token"}, server.base_url, 0.3)
    with server.fault(type="latency", delay_ms=1500, count=1):
        assert isinstance(hurried.publish(ready("Words"), 0, "key", None), Unconfirmed)
