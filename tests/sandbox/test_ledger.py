"""The ledger: what was published once is never forgotten, whatever happens to the sandbox."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Published, Sandbox, read
from bot.sandbox.ledger import MASTODON_EPOCH, X_EPOCH, Epoch, Ledger, plain
from tests.sandbox.conftest import mastodon_client, tweepy_client

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def draft(text: str, at: datetime = NOW, **more: object) -> Published:
    return Published("", text, at, "1", **more)  # type: ignore[arg-type]


def test_ids_are_x_own_kind() -> None:
    """The post 1212092628029698048 was made at 2019-12-31T19:26:16.000Z."""
    known, at = 1212092628029698048, datetime(2019, 12, 31, 19, 26, 16, tzinfo=UTC)
    assert X_EPOCH.id(at) <= known < X_EPOCH.id(at + timedelta(seconds=1))


@given(offsets=st.lists(st.integers(-7_200_000, 7_200_000), min_size=2, max_size=30))
@pytest.mark.parametrize("epoch", [X_EPOCH, MASTODON_EPOCH])
def test_ids_grow_whatever_the_clock_does(epoch: Epoch, offsets: list[int]) -> None:
    ledger = Ledger(epoch)
    for offset in offsets:
        ledger.publish(draft("a", NOW + timedelta(milliseconds=offset)))
    ids = [int(post.id) for post in ledger.posts()]
    assert ids == sorted(set(ids))
    assert len(ids) == len(offsets)


def test_many_threads_publish_each_under_its_own_id() -> None:
    ledger = Ledger(X_EPOCH)

    def publish() -> None:
        for _ in range(50):
            ledger.publish(draft("a"))

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({post.id for post in ledger.posts()}) == 200


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    text=texts,
    key=st.none() | texts,
    alts=st.lists(texts).map(tuple),
    at=st.datetimes(timezones=st.just(UTC)),
)
def test_what_is_written_is_what_is_read(
    text: str, key: str | None, alts: tuple[str, ...], at: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("ledger") / "x.jsonl"
    ledger = Ledger(X_EPOCH, file)
    made = ledger.publish(draft(text, at, key=key, alts=alts, media_ids=("7",), in_reply_to="3"))
    ledger.close()
    assert read(file) == (made,)


def test_a_post_is_on_the_disk_before_anybody_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    ledger = Ledger(X_EPOCH, file)
    made = ledger.publish(draft("once"))
    assert read(file) == (made,)
    ledger.withdraw(made.id)
    assert [post.deleted for post in read(file)] == [True]
    ledger.close()


def test_a_torn_last_line_never_was(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    ledger = Ledger(X_EPOCH, file)
    first = ledger.publish(draft("first"))
    ledger.close()
    with file.open("ab") as torn:
        torn.write(b'{"published": {"id": "1')
    assert read(file) == (first,)
    again = Ledger(X_EPOCH, file)
    second = again.publish(draft("second"))
    again.close()
    assert read(file) == (first, second)


def test_a_new_life_gives_greater_ids(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    ledger = Ledger(X_EPOCH, file)
    first = ledger.publish(draft("first", NOW + timedelta(days=1)))
    ledger.close()
    again = Ledger(X_EPOCH, file)
    assert int(again.publish(draft("second")).id) > int(first.id)
    again.close()


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl") == ()


def test_a_deleted_post_is_found_no_more_and_still_listed() -> None:
    ledger = Ledger(X_EPOCH)
    post = ledger.publish(draft("a"))
    repost = ledger.publish(draft("a", repost_of=post.id))
    assert ledger.reposts(post.id) == (repost,)
    ledger.withdraw(repost.id)
    assert (ledger.reposts(post.id), ledger.find(repost.id)) == ((), None)
    assert [one.deleted for one in ledger.posts()] == [False, True]


def test_a_post_as_json_has_its_time_in_iso() -> None:
    assert plain(draft("a"))["created_at"] == "2026-12-01T12:00:00+00:00"


def test_a_sandbox_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Sandbox.start(state=tmp_path) as box:
        before = box.described()
        client, toots = tweepy_client(box), mastodon_client(box)
        with client.session, toots.session:
            client.create_tweet(text="before")
            kept = toots.status_post("before", idempotency_key="key-1")
    with Sandbox.start(state=tmp_path) as box:
        assert box.described() == before
        client, toots = tweepy_client(box), mastodon_client(box)
        with client.session, toots.session:
            client.create_tweet(text="after")
            assert toots.status_post("before", idempotency_key="key-1").id == kept.id
        assert [post.text for post in box.x.posts()] == ["before", "after"]
    assert [post.text for post in read(tmp_path / "x.jsonl")] == ["before", "after"]
    assert len(read(tmp_path / "mastodon.jsonl")) == 1


def test_secrets_on_the_disk_are_for_their_owner_only(tmp_path: Path) -> None:
    with Sandbox.start(x=False, mastodon=False, petition=False, state=tmp_path):
        pass
    assert os.stat(tmp_path / "sandbox.json").st_mode & 0o777 == 0o600


def test_two_sandboxes_share_nothing() -> None:
    with Sandbox.start() as one, Sandbox.start() as other:
        assert one.x.secrets != other.x.secrets
        assert one.mastodon.accounts.first.id != other.mastodon.accounts.first.id
        assert not {site.port for site in one.sites.values()} & {site.port for site in other.sites.values()}
