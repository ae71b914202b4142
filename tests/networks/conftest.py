"""What the networks' tests share: a sandbox of its own for every test, and every network on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.model import Post
from bot.networks.bluesky import Bluesky
from bot.networks.mastodon import Mastodon
from bot.networks.x import X
from bot.ports import Network, Ready
from bot.sandbox import Sandbox
from bot.sandbox.ledger import Published
from bot.sandbox.server import Site

UNHURRIED = 10.0
collect_ignore = [] if os.environ.get("PETITION_BOT_PDS") else ["test_bluesky_pds.py"]
NETWORKS = {"x": X, "mastodon": Mastodon, "bluesky": Bluesky}


@dataclass(frozen=True)
class Bench:
    """One network on the sandbox's site for it."""

    name: str
    site: Site
    network: Network

    def hurried(self, deadline: float) -> Network:
        """The same account with another deadline, already verified."""
        network = network_of(self.name, self.site, deadline)
        network.verify()
        return network

    def standing(self) -> list[Published]:
        return [post for post in self.site.posts() if not post.deleted]

    @property
    def secrets(self) -> dict[str, str]:
        return self.site.secrets  # type: ignore[attr-defined, no-any-return]


def network_of(name: str, site: Site, deadline: float = UNHURRIED, **more: Any) -> Network:
    secrets = site.secrets  # type: ignore[attr-defined]
    return NETWORKS[name](name, secrets, site.url, deadline, **more)


def bench_of(name: str, box: Sandbox) -> Bench:
    bench = Bench(name, box.sites[name], network_of(name, box.sites[name]))
    bench.network.verify()
    return bench


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.start(petition=False) as started:
        yield started


@pytest.fixture(params=list(NETWORKS))
def bench(request: pytest.FixtureRequest, box: Sandbox) -> Bench:
    return bench_of(request.param, box)


@pytest.fixture
def on_x(box: Sandbox) -> Bench:
    return bench_of("x", box)


@pytest.fixture
def on_mastodon(box: Sandbox) -> Bench:
    return bench_of("mastodon", box)


@pytest.fixture
def on_bluesky(box: Sandbox) -> Bench:
    return bench_of("bluesky", box)


def lately() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def ready(*parts: str, **more: object) -> Ready:
    """A post of these parts, ready to go out in a slot of its own."""
    fields = {"visibility": "public", "language": "en"} | more
    post = Post("a", "any", "m", "fact", parts=parts, words=parts[0], length=1, limit=500, **fields)  # type: ignore[arg-type]
    return Ready(post, slot=datetime.now(UTC))
