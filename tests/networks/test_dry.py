"""The network that only prints."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.model import Identity, Picture, Posted
from bot.networks.dry import Dry
from bot.ports import Network
from tests.networks.conftest import ready


@pytest.fixture
def printed() -> list[str]:
    return []


@pytest.fixture
def dry(printed: list[str]) -> Network:
    return Dry("x", printed.append)


def test_a_post_is_printed_with_its_account(dry: Network, printed: list[str]) -> None:
    assert isinstance(dry.publish(ready("Hello"), 0, "key", None), Posted)
    assert printed == ["x: Hello"]


def test_the_same_delivery_is_printed_once(dry: Network, printed: list[str]) -> None:
    first, again = (dry.publish(ready("Hello"), 0, "key", None) for _ in range(2))
    assert first == again
    assert printed == ["x: Hello"]


def test_the_parts_of_a_thread_are_posts_of_their_own(dry: Network, printed: list[str]) -> None:
    post = ready("One", "two")
    ids = {
        outcome.remote_id
        for part in (0, 1)
        if isinstance(outcome := dry.publish(post, part, "key", None), Posted)
    }
    assert (len(ids), printed) == (2, ["x: One", "x: two"])


def test_what_was_printed_stands_in_its_timeline(dry: Network) -> None:
    post = dry.publish(ready("Hello"), 0, "key", None)
    assert isinstance(post, Posted)
    dry.repost(post.remote_id, "again")
    reading = dry.timeline(datetime.now(UTC))
    assert [seen.repost_of for seen in reading.posts] == [post.remote_id, None]  # type: ignore[union-attr]
    assert dry.reposted(post.remote_id) is True
    assert dry.delete(post.remote_id) is None
    assert len(dry.timeline(datetime.now(UTC)).posts) == 1  # type: ignore[union-attr]


def test_it_is_whoever_it_is_configured_to_be(dry: Network) -> None:
    identity = dry.verify()
    assert isinstance(identity, Identity)
    assert (identity.server, identity.user_id) == ("dry", "x")


def test_pictures_are_printed_as_what_they_show(dry: Network, printed: list[str]) -> None:
    assert dry.limits().pictures == 4  # type: ignore[union-attr]
    post = ready("Look", "and on", pictures=(Picture("a.jpg", "A tent"),))
    dry.publish(post, 0, "key", None)
    dry.publish(post, 1, "key", "0")
    assert printed == ["x: Look\n[a.jpg: A tent]", "x: and on"]


def test_a_content_warning_is_printed_too(dry: Network, printed: list[str]) -> None:
    dry.publish(ready("Look", content_warning="Violence"), 0, "key", None)
    assert printed == ["x: Look\n[behind the warning: Violence]"]
