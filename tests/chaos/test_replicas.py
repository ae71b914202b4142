"""The short form of the round of several replicas, and of such as take themselves for the only one."""

from __future__ import annotations

from typing import Any

import pytest

from chaos.naive import ALONE, TROUPE
from tests.chaos.test_kills import play, total

POSTS = {TROUPE: 40, ALONE: 60}
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return play("chaos.replicas", tmp_path_factory.mktemp("replicas"), POSTS)


def test_whatever_becomes_of_replicas_nothing_is_posted_twice_or_lost(played):
    game, found = played[TROUPE], total(played[TROUPE])
    assert game["notes"] == []
    assert found.clean, found
    assert found.posts >= POSTS[TROUPE]


def test_replicas_that_take_no_lease_are_caught(played):
    assert total(played[ALONE]).duplicates > 0
