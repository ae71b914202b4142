"""The sandbox, and the real client libraries pointed at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import tweepy
from mastodon import Mastodon
from requests.adapters import HTTPAdapter

from bot.sandbox import Account, Sandbox

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
GIF = b"GIF89a" + bytes(24)


class Redirected(HTTPAdapter):
    """tweepy's host is fixed: send what is meant for it elsewhere, after it was signed."""

    def __init__(self, base: str) -> None:
        self.base = base
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = str(request.url).replace("https://api.twitter.com", self.base)
        kwargs["timeout"] = 5
        return super().send(request, *args, **kwargs)


def tweepy_client(box: Sandbox, account: Account | None = None, **other: str) -> tweepy.Client:
    secrets = dict((account or box.x.accounts.first).secrets) | other
    client = tweepy.Client(
        consumer_key=secrets["API_KEY"],
        consumer_secret=secrets["API_SECRET"],
        access_token=secrets["ACCESS_TOKEN"],
        access_token_secret=secrets["ACCESS_TOKEN_SECRET"],
    )
    client.session.mount("https://api.twitter.com", Redirected(box.x.url))
    return client


def mastodon_client(box: Sandbox, token: str | None = None, **other: Any) -> Mastodon:
    return Mastodon(
        access_token=token or box.mastodon.secrets["ACCESS_TOKEN"],
        api_base_url=box.mastodon.url,
        mastodon_version="4.5.2",
        version_check_mode="created",
        ratelimit_method="throw",
        request_timeout=5,
        **other,
    )


@pytest.fixture
def box() -> Iterator[Sandbox]:
    before = set(threading.enumerate())
    with Sandbox.start() as box:
        for site in box.sites.values():
            site.settings.hang, site.settings.drip = 5.0, 0.01
        yield box
    assert set(threading.enumerate()) <= before


@pytest.fixture
def x(box: Sandbox) -> Iterator[tweepy.Client]:
    client = tweepy_client(box)
    with client.session:
        yield client


@pytest.fixture
def mastodon(box: Sandbox) -> Iterator[Mastodon]:
    client = mastodon_client(box)
    with client.session:
        yield client
