"""Commands beside replicas: the state is on PostgreSQL, and each account is somebody's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest

from bot.sandbox import Sandbox
from bot.store import open_store
from tests.cli.conftest import Place

AN_HOUR = timedelta(hours=1)
Serve = Callable[..., set[str]]


@pytest.fixture
def serve(postgresql: str) -> Serve:
    """Another replica takes what of these accounts nobody serves."""

    def take(*accounts: str) -> set[str]:
        with closing(open_store(postgresql)) as store:
            return {*store.lease("another", accounts, ("/count",), (), AN_HOUR)}

    return take


def test_a_post_by_hand_is_left_to_the_replica_that_serves_the_account(
    live: Place, box: Sandbox, postgresql: str, serve: Serve
):
    serve("x")
    done = live.bot("post", "tents", DATABASE_URL=postgresql)
    assert done.exit_code == 0
    assert "x: handed to the bot that is running" in done.stdout
    assert "mastodon: posted" in done.stdout
    assert (box.x.calls("create"), box.mastodon.calls("create")) == (0, 1)


def test_what_a_command_served_for_a_moment_is_free_after_it(live: Place, postgresql: str, serve: Serve):
    live.bot("post", "tents", DATABASE_URL=postgresql)
    assert serve("x", "mastodon") == {"x", "mastodon", "/count"}


def test_once_serves_what_nobody_does_and_gives_it_back(
    live: Place, box: Sandbox, postgresql: str, serve: Serve
):
    serve("x")
    live.bot("run", "--once", DATABASE_URL=postgresql)
    live.bot("run", "--once", DATABASE_URL=postgresql)
    assert box.x.calls("verify") == 0
    assert box.petition.calls("count") == 0
    assert serve("x", "mastodon") == {"x", "mastodon", "/count"}
