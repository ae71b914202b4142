"""A campaign on X, Mastodon and Bluesky: the real client libraries, the sandbox's servers and a real SQLite
file, and one clock for all of them that the test moves. Whatever happens, `once` must hold."""

from __future__ import annotations

import base64
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.campaign import Campaign
from bot.core.delivery import needs_person
from bot.core.model import FINAL, Delivery, Event, State
from bot.core.plan import Book
from bot.files.pictures import Album
from bot.networks.bluesky import Bluesky
from bot.networks.mastodon import Mastodon
from bot.networks.x import X
from bot.ports import Network
from bot.sandbox import Published, Sandbox
from bot.sandbox.server import Site
from bot.store import open_store
from tests.given import account, at, book, message, settings
from tests.scripted import HandClock, HandCounter

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = at("2026-12-01 08:58:30")
NINE = at("2026-12-01 09:00")
HURRIED, UNHURRIED = 0.5, 10.0
"""Real seconds of a request; the settle time, a minute, passes on the test's clock only."""

NETWORKS = ("x", "mastodon", "bluesky")
OTHER = {"x": "mastodon", "mastodon": "bluesky", "bluesky": "x"}


class TownClock(HandClock):
    """The bot's clock; the servers' clocks go with it."""

    def __init__(self, at: datetime, sites: Iterable[Site]) -> None:
        super().__init__(at)
        self._sites = tuple(sites)
        self.skew = dict.fromkeys((site.name for site in self._sites), timedelta(0))
        self.set(at)

    def forward(self, by: timedelta) -> None:
        super().forward(by)
        self.tell()

    def set(self, at: datetime) -> None:
        super().set(at)
        self.tell()

    def tell(self) -> None:
        ahead = self.at - datetime.now(UTC)
        for site in self._sites:
            site.settings.clock_offset = (ahead + self.skew[site.name]).total_seconds()


def loopback(box: Sandbox, **fields: Any) -> tuple[dict[str, Any], ...]:
    """An account on each of the sandbox's servers, posting at nine."""
    given = {"schedule": {"at": ["09:00"]}} | fields
    return (
        account("x", network="x", api_url=box.x.url, **given),
        account("mastodon", server=box.mastodon.url, **given),
        account("bluesky", network="bluesky", server=box.bluesky.url, **given),
    )


MESSAGES = [
    message(f"m{n}", text=f"{word.capitalize()} {n}: {word} {word}.")
    for n, word in enumerate(
        ["tents", "water", "doctors", "bridges", "letters", "winter", "lessons", "harvests"]
    )
]


def no_wait(seconds: float) -> None:
    """Pictures that a server is at work on are asked for at once."""


class Town:
    """`go` lets time pass as the alarm clock would; `once` says whether the promise held. Only the
    network named `hurried` has a deadline that a test can wait for."""

    def __init__(
        self, box: Sandbox, state: Path, given: Book | None = None, hurried: str = "", url: str = ""
    ) -> None:
        """`url`: of another state than the file `state`, beside which the pictures are."""
        self.box, self.url = box, url or f"sqlite:///{state}"
        for site in box.sites.values():
            site.settings.hang = site.settings.drip = 2.0
        self.clock = TownClock(START, (box.x, box.mastodon, box.bluesky))
        self.counter, self.events = HandCounter(), list[Event]()
        self.store, self.album = open_store(self.url), Album(state.parent)
        self.book = given or book(*MESSAGES, settings=settings(*loopback(box)))
        deadline = {each: HURRIED if each == hurried else UNHURRIED for each in NETWORKS}
        now = self.clock.now
        self.networks: dict[str, Network] = {
            "x": X("x", box.x.secrets, box.x.url, deadline["x"], now=now, sleep=no_wait),
            "mastodon": Mastodon(
                *("mastodon", box.mastodon.secrets, box.mastodon.url, deadline["mastodon"]),
                now=now,
                sleep=no_wait,
            ),
            "bluesky": Bluesky("bluesky", box.bluesky.secrets, box.bluesky.url, deadline["bluesky"], now=now),
        }
        self.start()
        wait_for(self._all_are_known, 20)
        self.events.clear()

    def _all_are_known(self) -> bool:
        """On a busy machine an answer can take longer than a hurried deadline."""
        return all(courier.identity or courier.introduce() for courier in self.campaign.couriers.values())

    def start(self) -> None:
        """Start the bot (again)."""
        self.campaign = Campaign(
            self.book, self.store, self.networks, self.counter, self.clock, self.events.append, self.album
        )
        self.campaign.start()

    def site(self, network: str) -> Site:
        return self.box.sites[network]

    def tick(self) -> None:
        for account_id in self.campaign.tick():
            self.campaign.serve(account_id)

    def go(self, until: datetime, step: timedelta = 5 * MINUTE) -> None:
        while self.clock.now() < until:
            alarm = self.campaign.next_at() or until
            soonest = self.clock.now() + timedelta(milliseconds=100)
            self.clock.to(min(max(alarm, soonest), self.clock.now() + step, until))
            self.tick()

    def count(self, number: int) -> None:
        self.counter.number = number
        self.campaign.watch()

    # --- what became of it ------------------------------------------------------------------

    def rows(self, network: str) -> list[Delivery]:
        """Oldest slot first."""
        return self.store.history(account=network)[::-1]

    def standing(self, network: str) -> list[Published]:
        return [post for post in self.site(network).posts() if not post.deleted]

    def said(self, network: str) -> list[str]:
        """What an organizer reads of an account, less what went well."""
        return [event.what for event in self.events if event.account == network and event.what != "posted"]

    def once(self, network: str) -> None:
        """No delivery stands twice, and each has an end that tells the truth, or waits for a person."""
        standing = Counter(post.id for post in self.standing(network))
        rows = self.rows(network)
        for row in rows:
            assert row.state in FINAL or needs_person(row), row
            assert row.state is not State.POSTED or row.remote_ids, row
        owned = Counter(self._stands_as(network, each) for row in rows for each in row.remote_ids)
        asked = sum(needs_person(row) for row in rows)
        assert all(times == 1 for times in owned.values())
        assert not owned - standing
        assert (standing - owned).total() <= asked

    def _stands_as(self, network: str, remote_id: str) -> str:
        """The id of what stands there; a repost is known by what it repeats."""
        repeated = remote_id.removeprefix("repost:")
        if repeated == remote_id:
            return remote_id
        return next((post.id for post in self.standing(network) if post.repost_of == repeated), remote_id)

    def secrets(self) -> set[str]:
        """Everything that must never be seen, in every form in which it might."""
        found = {*self.box.x.secrets.values(), *self.box.mastodon.secrets.values()}
        found |= {self.box.bluesky.secrets["APP_PASSWORD"]}  # everybody may know the handle
        return (
            found
            | {quote(secret, safe="") for secret in found}
            | {code for each in found for code in coded(each)}
        )

    def shown(self) -> str:
        """All that the bot has said or kept."""
        kept = Path(self.url.removeprefix("sqlite:///")).parent.glob("state.db*")
        files = "".join(file.read_bytes().decode("latin-1") for file in kept)
        return f"{self.events!r} {self.store.history()!r} {files}"


def coded(secret: str) -> set[str]:
    """What shows of it in base64, wherever in a longer text it begins; and how sessions of Bluesky begin."""
    shifted = (base64.b64encode(b"0" * shift + secret.encode()).decode() for shift in range(3))
    return {code.rstrip("=")[4:-2] for code in shifted} | {"eyJ"}


def wait_for(happened: Callable[[], object], seconds: float = 3.0) -> None:
    """Until it did, in real time: a server does something behind our back."""
    ends = time.monotonic() + seconds
    while not happened() and time.monotonic() < ends:
        time.sleep(0.01)
    assert happened()


def blank_state(folder: Path, template: Path) -> Path:
    """A state with its tables made: copying one is quicker."""
    if not template.exists():
        open_store(f"sqlite:///{template}").close()
    return Path(shutil.copy(template, folder / "state.db"))
