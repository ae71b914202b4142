"""The composition root: the only clock, and the only place that knows every class.

It reads what people wrote, opens what the bot remembers, hands both to the campaign, and keeps it
running. It decides nothing about posts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config
from bot.campaign import Campaign
from bot.config import Loaded
from bot.core.lint import lint
from bot.core.model import Event, Limits, Reading
from bot.core.pictures import Looks, files
from bot.core.plan import Book
from bot.core.share import stationery
from bot.core.written import Account, Queue, Settings
from bot.files.limits import read_limits, write_limits
from bot.files.pictures import Album
from bot.files.problems import Problem
from bot.lateness import Lateness
from bot.patience import Patience
from bot.ports import Counter, Network, Store
from bot.watch import EVERY, FIRST, Watch

if TYPE_CHECKING:
    from bot.office import Office
    from bot.scheduler import Alarm
    from bot.sharing import Sharing

LAST_LOOK = 19.0
"""Seconds that a stopping bot waits for what is under way; then it is left as unconfirmed."""

LISTENS = 0.5
"""Seconds: a signal may reach another thread than the one that waits for it, which then hears it only when
it looks up."""

ASKED_AT_ONCE = 16
"""Servers that are asked for their limits at once."""

LOOK_AT_FILES = 2.0
LOOK_AT_LINKS, FIRST_LOOK = 600.0, 60.0
"""Seconds between two looks which links are to be looked at, and before the first."""
FEW = 5
"""Links that are looked at by `run --once`, which somebody waits for."""

NOT_FATAL = frozenset({"too-long", "two-links", "picture", "picture-unfit", "card", "thread-language"})
"""Errors of a message that concern single accounts: the message goes out on the others."""

Tell = Callable[[Event], None]


class SystemClock:
    """The only clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds by a clock that cannot be set; on Linux it counts the machine's sleep as well."""
        boot_time = getattr(time, "CLOCK_BOOTTIME", None)
        return time.clock_gettime(boot_time) if boot_time is not None else time.monotonic()


# --- what people wrote -------------------------------------------------------------------------


def findings(loaded: Loaded, now: datetime) -> list[Problem]:
    """All problems of both files, in the order of file and line."""
    sound = loaded.checkable()
    found = lint(*sound, limits_of(loaded), now, looks_of(loaded, sound[1])) if sound else []
    return sorted([*loaded.problems, *config.located(found, loaded)])


def limits_of(loaded: Loaded) -> Mapping[str, Limits]:
    return read_limits(limits_file(loaded))


def album_of(loaded: Loaded, settings: Callable[[], Settings] | None = None) -> Album:
    """The pictures beside messages.yaml; with `settings` also cards, in the colours that stand there now."""
    return Album(loaded.messages_path.parent, (lambda: stationery(settings())) if settings else None)


def looks_of(loaded: Loaded, queue: Queue) -> Looks:
    album = album_of(loaded)
    return {file: album.look(file) for file in files(queue)}


def limits_file(loaded: Loaded) -> Path:
    return (loaded.cache or loaded.config_path.parent / "state") / "limits.json"


def book_of(loaded: Loaded, now: datetime) -> Book:
    """What the bot works with: everything that has no error of its own."""
    settings, queue = loaded.usable()
    limits, looks = limits_of(loaded), looks_of(loaded, queue)
    ids = [message.id for message in queue.messages]
    barred = {
        ids[int(each.loc[1])]
        for each in lint(settings, queue, limits, now, looks, whole=False)
        if each.severity == "error" and each.loc[0] == "messages" and each.code not in NOT_FATAL
    }
    return Book(settings, queue, limits, frozenset(barred), looks)


def store_of(loaded: Loaded, environ: Mapping[str, str], *, make: bool = True) -> Store:
    """What the bot remembers. `make` False: an empty one in memory while there is none, for a look ahead."""
    from bot.store import open_store

    url = state_of(loaded, environ)
    missing = url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()
    return open_store("sqlite://" if missing and not make else url)


def state_of(loaded: Loaded, environ: Mapping[str, str]) -> str:
    return config.state_url(loaded.usable()[0], loaded.config_path.parent, environ)


# --- what it speaks through --------------------------------------------------------------------


def networks_of(loaded: Loaded, environ: Mapping[str, str], say: Callable[[str], None]) -> dict[str, Network]:
    """One network per account, with its keys. Raises ConfigRefused where a key is missing."""
    settings, _ = loaded.usable()
    return {
        account.id: _network(account, settings, loaded.config_path.parent, environ, say)
        for account in settings.accounts
    }


def _network(
    account: Account, settings: Settings, folder: Path, environ: Mapping[str, str], say: Callable[[str], None]
) -> Network:
    deadline, now = settings.delivery.timeout.total_seconds(), SystemClock().now
    if account.network == "dry":
        from bot.networks.dry import Dry

        return Dry(account.id, say, now=now)
    secrets = config.secrets(account, environ, folder)
    if account.network == "x":
        from bot.networks.x import X

        return X(account.id, secrets, account.api_url, deadline, now=now)
    if account.network == "bluesky":
        from bot.networks.bluesky import Bluesky

        pages = settings.petition.pages
        return Bluesky(account.id, secrets, account.server, deadline, pages=pages, now=now)
    from bot.networks.mastodon import Mastodon

    return Mastodon(account.id, secrets, str(account.server), deadline, now=now)


def counter_of(settings: Settings, store: Store, secret: str | None = None) -> Counter:
    """`secret` is what goes into the counter's header (config.counter_secret)."""
    from bot.petitions import counter

    def last_by_hand() -> Reading | None:
        return next(iter(store.readings(limit=1)), None)

    petition, language = settings.petition, settings.campaign.language
    page, deadline = petition.address(language, language), settings.delivery.timeout.total_seconds()
    return counter(petition.counter, page, deadline, last_by_hand, secret)


def _state_in_memory() -> Store:
    from bot.store import open_store

    return open_store("sqlite://")


class Bot:
    """A campaign with everything it needs, and the files it came from. Close it when done."""

    def __init__(
        self,
        loaded: Loaded,
        store: Store,
        environ: Mapping[str, str],
        tell: Tell = lambda event: None,
        reload: Callable[[str | None], Loaded] | None = None,
        speaks: bool = True,
        links: bool = True,
    ) -> None:
        """`speaks` False: without networks and keys, for commands that only look or write into the outbox.
        `links` False: the pages that posts lead to are never asked. `reload` reads both files anew; given a
        text, with that in messages.yaml."""
        tell = (lateness := Lateness()).hearing(tell)
        self.loaded, self.store, self._environ, self._tell = loaded, store, environ, tell
        self.clock = SystemClock()
        self._reload = reload or (lambda words: config.load(loaded.config_path, environ, words))
        self._rereads = threading.Lock()
        self._stamps, self._links = config.stamps(loaded), links
        self.wake: Callable[[], None] = lambda: None
        """Look at once what is due: something of a running bot's alarm clock."""
        book = book_of(loaded, self.clock.now())
        networks = networks_of(loaded, environ, self._say) if speaks else {}
        counter = counter_of(book.settings, store, self._counter_secret(loaded) if speaks else None)
        self._album = album_of(loaded, lambda: self.campaign.book.settings)
        self.campaign = Campaign(book, store, networks, counter, self.clock, tell, self._album)
        self.watcher = Watch(self.campaign, store, self.clock, tell, _state_in_memory, lateness)
        if speaks:
            self.watcher.adopt(*self._on_call(loaded))

    def _counter_secret(self, loaded: Loaded) -> str | None:
        """Raises ConfigRefused where it is missing."""
        return config.counter_secret(
            loaded.usable()[0].petition.counter, self._environ, loaded.config_path.parent
        )

    def _on_call(self, loaded: Loaded) -> tuple[config.Secrets, str | None]:
        """Who is told, and the heartbeat. Raises ConfigRefused where an address is missing."""
        about = loaded.usable()[0], self._environ, loaded.config_path.parent
        return config.addresses(*about), config.heartbeat(*about)

    def metrics_token(self) -> str | None:
        """With what other machines may read /metrics. Raises ConfigRefused where it cannot be read."""
        return config.metrics_token(self._environ, self.loaded.config_path.parent)

    def reread(self) -> None:
        """Go on with an edited file, or with the last good one, saying so once for each edit."""
        with self._rereads:
            self._reread()

    def _reread(self) -> None:
        before, self._stamps = self._stamps, config.stamps(self.loaded)
        if all(before.get(path, stamp) == stamp for path, stamp in self._stamps.items()):
            return
        fresh = self._reload(None)
        try:
            fresh.usable()
            networks = networks_of(fresh, self._environ, self._say)
            self._counter_secret(fresh)
            on_call = self._on_call(fresh)
        except config.ConfigRefused as refused:
            why = refused.problems[0]
            self.watcher.broken = str(why)
            self._tell(Event("reloaded", f"the edit is not taken up, the last good files stay: {why}"))
        else:
            self.watcher.adopt(*on_call)
            self.watcher.broken = ""
            self._take(fresh, networks)

    def _say(self, text: str) -> None:
        """Where the dry network writes its posts."""
        self._tell(Event("dry", text))

    def _take(self, fresh: Loaded, networks: dict[str, Network]) -> None:
        before, after = self.loaded.usable()[0], fresh.usable()[0]
        same = {account.id for account in after.accounts if account in before.accounts}
        changed = {each: network for each, network in networks.items() if each not in same}
        counter = None
        if after.petition != before.petition:
            counter = counter_of(after, self.store, self._counter_secret(fresh))
        self.loaded = fresh
        self.campaign.adopt(book_of(fresh, self.clock.now()), changed, counter)
        self._tell(Event("reloaded", "the edited files are in use"))

    def office(self) -> Office:
        """Where organizers change things; the bot does at once what became due by it."""
        from bot.office import Files, Office

        files = Files(
            self.loaded.messages_path,
            lambda words: self._reload(words),
            lambda loaded: findings(loaded, self.clock.now()),
            self.reread,
        )
        wake, broken = (lambda: self.wake()), (lambda: self.watcher.broken)
        return Office(self.campaign, self.store, self.clock, wake, files, broken)

    def sharing(self) -> Sharing:
        """What followers see."""
        from bot.sharing import Sharing

        return Sharing(self.campaign, self.store, self.clock, self._album)

    def learn_limits(self) -> None:
        """Ask the servers what they take, and keep it for `check`, which speaks to nobody."""
        couriers = dict(self.campaign.couriers)
        with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="limits") as pool:
            answers = [*pool.map(lambda courier: courier.limits(), couriers.values())]
        told = {
            each: limits for each, limits in zip(couriers, answers, strict=True) if isinstance(limits, Limits)
        }
        known = {**self.campaign.book.limits, **told}
        if known != self.campaign.book.limits:
            self._keep_limits(known)
            self.campaign.book = replace(book_of(self.loaded, self.clock.now()), limits=known)

    def _keep_limits(self, limits: Mapping[str, Limits]) -> None:
        file = limits_file(self.loaded)
        try:
            write_limits(file, limits)
        except OSError as error:
            self._tell(Event("trouble", f"{file} cannot be written ({error.strerror}): see its folder"))

    def once(self) -> None:
        """One look at everything, done when this returns: for people with cron."""
        self._begin()
        self.watch()
        self.alarm().once()
        self.look_at_links(most=FEW)
        self.campaign.leave()
        self.watcher.look()
        self.watcher.heartbeat.beat()

    def alarm(self, patience: Patience | None = None) -> Alarm:
        """`patience` None: what the state refuses is raised."""
        from bot.scheduler import Alarm  # APScheduler is loaded only where something runs

        campaign = self.campaign
        verbs = (self.watcher.pulse.looking(campaign.tick), campaign.serve, campaign.next_at)
        return Alarm(*(patience.with_(*verbs, self.clock.now) if patience else verbs))

    def watch(self) -> None:
        if self.campaign.book.settings.petition.counter.kind != "manual":
            self.campaign.watch()

    def look_at_links(self, most: int | None = None) -> None:
        from bot.http.pages import Pages

        if self._links and self.campaign.watches:
            self.campaign.look_at_links(Pages(), most)

    def _begin(self) -> None:
        self.campaign.start()
        self.learn_limits()

    def run(self, stop: threading.Event) -> bool:
        """Run until `stop` is set. True when everything under way could be finished."""
        from bot.scheduler import begun

        if not begun(self._begin, stop):
            return True
        patience = self.watcher.patience = Patience(self._tell)
        alarm = self.alarm(patience)
        self.wake = alarm.wake
        alarm.every(LOOK_AT_FILES, lambda: patience.call("the edited files", self.reread, None))
        poll = self.campaign.book.settings.petition.counter.every.total_seconds()
        alarm.every(poll, lambda: self._watch(alarm, patience))
        look = partial(patience.call, "looking at links", self.look_at_links, None)
        alarm.every(LOOK_AT_LINKS, look, first=FIRST_LOOK)
        for verb in (self.watcher.look, self.watcher.heartbeat.beat):
            alarm.every(EVERY, partial(patience.call, "alerts", verb, None), first=FIRST)
        if every := self.campaign.renew_every:
            alarm.every(every.total_seconds(), lambda: self._renew(alarm, patience))
        alarm.start()
        while not stop.wait(LISTENS):
            pass
        self.campaign.stop()
        finished = alarm.stop(LAST_LOOK)
        patience.call("leaving", self.campaign.leave, None)
        return finished

    def _renew(self, alarm: Alarm, patience: Patience) -> None:
        if patience.call("the leases", self.campaign.renew, False):
            alarm.wake()

    def _watch(self, alarm: Alarm, patience: Patience) -> None:
        patience.call("the count", self.watch, None)
        alarm.wake()  # a milestone goes out now, not at the next tick
