"""Bluesky's own server as the judge, where PETITION_BOT_PDS names a folder of node_modules that has it.

That is `@atproto/pds` 0.4 with `@did-plc/server` 0.0.1 from npm, on loopback, run by Node. There is no app
behind it: what stands there is read as records. It fails on nobody's demand: faults are left to the sandbox.
"""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.core.model import Identity, Posted, Refused, Timeline, Unconfirmed, Unreadable
from bot.core.text import LIMITS, length
from bot.networks.bluesky import Bluesky
from bot.networks.tid import tid
from bot.ports import Ready
from tests.networks.conftest import lately, ready
from tests.networks.recorder import Recorder, Reply
from tests.networks.test_bluesky import Clock
from tests.networks.test_cards import IMAGE, PAGES
from tests.networks.test_contract import TEXTS
from tests.networks.test_pictures import TENTS, WATER

pytestmark = pytest.mark.npm

NAMES = (f"stopmpp{number}.test" for number in itertools.count())
SLOT = datetime(2026, 12, 1, 9, tzinfo=UTC)


class Account:
    """A profile on the server, and what its owner sees of it without the bot."""

    def __init__(self, url: str) -> None:
        self.url, self.handle = url, next(NAMES)
        owner = {"handle": self.handle, "email": f"{self.handle}@example.org", "password": "of the owner"}
        self.token = ""
        made = self.post("com.atproto.server.createAccount", owner)
        self.did, self.token = made["did"], made["accessJwt"]
        password = self.post("com.atproto.server.createAppPassword", {"name": "petition-bot"})["password"]
        self.secrets = {"HANDLE": self.handle, "APP_PASSWORD": password}

    def post(self, method: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = requests.post(f"{self.url}/xrpc/{method}", json=body, headers=headers, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def records(self, collection: str = "app.bsky.feed.post") -> list[dict[str, Any]]:
        """Newest key first."""
        asked = {"repo": self.did, "collection": collection, "limit": "100"}
        page = f"{self.url}/xrpc/com.atproto.repo.listRecords"
        return list(requests.get(page, params=asked, timeout=20).json()["records"])

    def network(self, **more: Any) -> Bluesky:
        return Bluesky("sky", self.secrets, self.url, 20, **more)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["node", str(Path(__file__).with_name("pds.cjs")), os.environ["PETITION_BOT_PDS"]]
    data = tmp_path_factory.mktemp("pds")
    with subprocess.Popen(
        [*command, str(data), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        url = node.stdout.readline().strip()
        assert url, "the server of Bluesky did not start: what it said stands above"
        yield url
        node.stdin.close()
        node.wait(20)


@pytest.fixture
def account(server: str) -> Account:
    return Account(server)


@pytest.fixture
def network(account: Account) -> Bluesky:
    return account.network()


def shown(network: Bluesky) -> Timeline:
    reading = network.timeline(lately())
    assert isinstance(reading, Timeline)
    return reading


def test_it_is_told_who_the_password_belongs_to(network: Bluesky, account: Account) -> None:
    identity = network.verify()
    assert isinstance(identity, Identity)
    assert (identity.user_id, identity.handle) == (account.did, account.handle)
    assert identity.server_time is not None
    assert shown(network).posts == ()
    assert shown(network).complete


@pytest.mark.parametrize("text", TEXTS)
def test_a_post_is_published_and_read_back_to_the_letter(network: Bluesky, text: str) -> None:
    outcome = network.publish(ready(text), 0, "key", None)
    assert isinstance(outcome, Posted)
    [seen] = shown(network).posts
    assert (seen.remote_id, seen.text, seen.exact) == (outcome.remote_id, text, True)


def test_what_is_sent_twice_stands_once_also_after_a_restart(account: Account) -> None:
    post = ready("Only once")
    first, again = (account.network().publish(post, 0, "key", None) for _ in range(2))
    assert isinstance(first, Posted)
    assert again == first
    assert len(account.records()) == 1


def test_what_stands_under_a_key_is_never_overwritten(network: Bluesky, account: Account) -> None:
    post = ready("The first words")
    network.publish(post, 0, "key", None)
    outcome = network.publish(replace(ready("Quite other words"), slot=post.slot), 0, "key", None)
    assert isinstance(outcome, Unconfirmed)
    assert [record["value"]["text"] for record in account.records()] == ["The first words"]


def test_a_thread_hangs_together(network: Bluesky, account: Account) -> None:
    parts, ids = ready("One", "two", "three"), [None]
    for part in range(3):
        outcome = network.publish(parts, part, "key", ids[-1])
        assert isinstance(outcome, Posted)
        ids.append(outcome.remote_id)  # type: ignore[arg-type]
    three, two, one = account.records()
    opening = {"uri": one["uri"], "cid": one["cid"]}
    assert two["value"]["reply"] == {"root": opening, "parent": opening}
    assert three["value"]["reply"] == {"root": opening, "parent": {"uri": two["uri"], "cid": two["cid"]}}


def test_a_part_whose_opening_is_gone_is_not_sent(network: Bluesky) -> None:
    outcome = network.publish(ready("One", "two"), 1, "key", tid(SLOT, "nothing"))
    assert isinstance(outcome, Refused)
    assert outcome.scope == "post"
    assert shown(network).posts == ()


def test_a_repost_is_seen_and_taken_back(network: Bluesky) -> None:
    post = network.publish(ready("Repeat me"), 0, "key", None)
    assert isinstance(post, Posted)
    assert network.reposted(post.remote_id) is False
    for _ in range(2):
        assert network.repost(post.remote_id, "again") == Posted(f"repost:{post.remote_id}")
    assert network.reposted(post.remote_id) is True
    assert [seen.repost_of for seen in shown(network).posts] == [post.remote_id, None]
    assert network.delete(f"repost:{post.remote_id}") is None
    assert network.reposted(post.remote_id) is False
    assert len(shown(network).posts) == 1


def test_deleting_twice_is_deleting_once(network: Bluesky) -> None:
    post = network.publish(ready("Taken back"), 0, "key", None)
    assert isinstance(post, Posted)
    assert network.delete(post.remote_id) is None
    assert network.delete(post.remote_id) is None
    assert shown(network).posts == ()
    assert isinstance(network.repost(post.remote_id, "again"), Refused)


def test_a_long_timeline_is_read_page_by_page(network: Bluesky) -> None:
    for number in range(45):
        network.publish(ready(f"Number {number}"), 0, str(number), None)
    reading = shown(network)
    assert [seen.text for seen in reading.posts] == [f"Number {44 - back}" for back in range(45)]
    assert reading.complete


LETTERS = ["x", "ñ", "n\u0303", "🏳️‍🌈", "🇪🇸", "💪🏽", "1️⃣", "日", "नि", "❤️", "\u200b", "ﬁ", "👩‍❤️‍💋‍👨"]


@pytest.mark.parametrize("letter", LETTERS)
def test_its_letters_are_counted_as_we_count_them(network: Bluesky, letter: str) -> None:
    """As many as we say that fit, and not one more."""
    limits = LIMITS["bluesky"]
    many = next(number for number in itertools.count(1) if length(letter * number, limits) > limits.length)
    outcomes = [network.publish(ready(letter * number), 0, "key", None) for number in (many, many - 1)]
    assert [type(outcome) for outcome in outcomes] == [Refused, Posted]


def test_a_link_in_short_leads_to_the_whole(network: Bluesky, account: Account) -> None:
    link = "https://www.example.org/2026/11/25/keep-the-library-open/?utm_source=bluesky&x=" + "y" * 400
    assert isinstance(network.publish(ready(f"¡Firma! #Sí\n{link}"), 0, "key", None), Posted)
    [record] = account.records()
    assert record["value"]["text"] == "¡Firma! #Sí\nwww.example.org/2026/11/25/ke…"
    assert [each["features"][0].get("uri") for each in record["value"]["facets"]] == [None, link]
    assert shown(network).posts[0].text.endswith(link)


def test_a_mention_means_somebody(network: Bluesky, account: Account, server: str) -> None:
    friend = Account(server)
    post = ready(f"With @{friend.handle} and @nobody.test")
    network.prepare(post.post)
    assert isinstance(network.publish(post, 0, "key", None), Posted)
    [facet] = account.records()[0]["value"]["facets"]
    assert facet["features"][0]["did"] == friend.did


def test_the_petition_s_card_is_shown(account: Account) -> None:
    with Recorder(PAGES | {IMAGE: Reply(200, TENTS.data)}) as site:
        network = account.network(pages=(f"{site.url}/petition",))
        post = ready("Sign!", link=f"{site.url}/petition?utm=1")
        post = replace(post, post=replace(post.post, parts=(f"Sign!\n{post.post.link}",)))
        network.prepare(post.post)
        assert isinstance(network.publish(post, 0, "key", None), Posted)
    card = account.records()[0]["value"]["embed"]["external"]
    assert card["title"] == "Keep the library open & warm"
    assert card["thumb"]["mimeType"] == "image/png"


def test_pictures_are_shown_with_their_alt_texts(network: Bluesky, account: Account) -> None:
    post = ready("Look", pictures=(TENTS.picture, WATER.picture)).post
    made = network.prepare(post, [TENTS, WATER])
    assert isinstance(made, Ready)
    assert isinstance(network.publish(replace(made, slot=SLOT), 0, "key", None), Posted)
    embed = account.records()[0]["value"]["embed"]
    assert [image["alt"] for image in embed["images"]] == ["Tents by a bridge", "Water"]
    assert shown(network).posts[0].pictures == 2


def test_a_session_is_refreshed_and_goes_on(account: Account) -> None:
    clock = Clock()
    network = account.network(now=clock)
    network.verify()
    clock.ahead = timedelta(minutes=116)
    assert isinstance(network.verify(), Identity)
    clock.ahead = timedelta(0)
    assert isinstance(network.publish(ready("Still here"), 0, "key", None), Posted)


def test_a_wrong_password_is_the_account_s_trouble(account: Account) -> None:
    network = Bluesky("sky", account.secrets | {"APP_PASSWORD": "canary"}, account.url, 20)
    for answer in (network.verify(), network.publish(ready("Words"), 0, "key", None)):
        assert isinstance(answer, Refused)
        assert answer.scope == "account"
        assert "canary" not in answer.reason
    assert isinstance(network.timeline(lately()), Unreadable)


def test_a_post_of_the_owner_is_read_as_it_stands(network: Bluesky, account: Account) -> None:
    record = {"$type": "app.bsky.feed.post", "text": "By hand", "createdAt": "2026-11-20T09:00:00Z"}
    body = {"repo": account.did, "collection": "app.bsky.feed.post", "record": record}
    account.post("com.atproto.repo.createRecord", body)
    [seen] = shown(network).posts
    assert seen.text == "By hand"
    assert abs(seen.created_at - datetime(2026, 11, 20, 9, tzinfo=UTC)) < timedelta(seconds=3)


def test_what_is_no_post_of_its_kind_is_refused(network: Bluesky) -> None:
    odd = replace(ready("Words").post, language="not a language")
    outcome = network.publish(Ready(odd, slot=SLOT), 0, "key", None)
    assert isinstance(outcome, Refused)
    assert "InvalidRequest" in outcome.reason
    assert shown(network).posts == ()
