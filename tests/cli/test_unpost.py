"""unpost: through the real client libraries, against the sandbox."""

from __future__ import annotations

import time

import pytest

from bot.sandbox import Fault, Sandbox
from bot.store import lock
from tests.cli.conftest import Place

NETWORKS = ("x", "mastodon")


@pytest.fixture
def posted(live: Place) -> dict[str, dict[str, object]]:
    """The newest posted row of each account."""
    live.bot("run", "--once")
    time.sleep(1.1)
    assert live.bot("run", "--once").exit_code == 0
    return {row["account"]: row for row in live.json("history") if row["state"] == "posted"}


@pytest.mark.parametrize("network", NETWORKS)
def test_a_post_is_deleted_where_it_stands(live: Place, box: Sandbox, posted, network: str):
    number = str(posted[network]["id"])
    done = live.bot("unpost", number)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"Delivery {number} is taken back: nothing of it stands on {network} any more.\n"
    assert [post.deleted for post in box.sites[network].posts()] == [True]
    [other] = [each for each in NETWORKS if each != network]
    assert [post.deleted for post in box.sites[other].posts()] == [False]
    row = next(row for row in live.json("history") if str(row["id"]) == number)
    assert (row["state"], row["remote_id"]) == ("posted", None)
    assert row["reason"].startswith("taken back on ")


@pytest.mark.parametrize("network", NETWORKS)
def test_what_the_network_does_not_delete_is_said_and_works_at_the_next_try(
    live: Place, box: Sandbox, posted, network: str
):
    number = str(posted[network]["id"])
    box.sites[network].fault("delete", Fault.S503_HTML_BEFORE)
    done = live.bot("unpost", number)
    assert (done.exit_code, done.stdout) == (1, "")
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(f"The post at {posted[network]['remote_url']} still stands: ")
    assert live.bot("unpost", number).exit_code == 0
    assert [post.deleted for post in box.sites[network].posts()] == [True]


def test_what_somebody_has_deleted_by_hand_is_gone(live: Place, box: Sandbox, posted):
    site = box.sites["mastodon"]
    site.withdraw(site.posts()[0])
    assert live.bot("unpost", str(posted["mastodon"]["id"])).exit_code == 0


def test_it_works_beside_a_running_bot(live: Place, posted):
    with lock(f"sqlite:///{live.state}", "run"):
        assert live.bot("unpost", str(posted["mastodon"]["id"])).exit_code == 0


def test_what_is_not_there_is_one_sentence(live: Place):
    done = live.bot("unpost", "7")
    assert (done.exit_code, done.stderr) == (1, "There is no delivery 7\n")
