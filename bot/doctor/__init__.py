"""Is everything in order? Looks at the files, the keys, the servers, the clock, the count and the state.

It only looks: it posts nothing, makes no state and repairs nothing, and no sentence of it holds a key.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bot import config
from bot.app import Bot, SystemClock, counter_of, findings, networks_of, state_of, store_of
from bot.config import ConfigRefused, Loaded
from bot.core.links import told
from bot.core.model import BadReading, Identity, Limits, Unreadable
from bot.core.overview import NETWORKS
from bot.core.written import Account, Settings
from bot.doctor.finding import Finding, refusals
from bot.doctor.on_call import on_call
from bot.doctor.state import state
from bot.ports import Network, Store, StoreUnusable
from bot.store import open_store
from bot.timekeeper import WRONG

__all__ = ["Finding", "examine"]

LABELS = {
    "x": "X wants bots marked: Settings, Your account, Account information, Automation",
    "mastodon": "mark the account as a bot: Preferences, Public profile, “This is an automated account”",
    "bluesky": "say in the profile that a bot posts there, and who runs it",
}


def examine(path: Path, environ: Mapping[str, str], *, alert: bool = False) -> Iterator[Finding]:
    """Everything, one after the other, each as soon as it is known. Never raises for what it finds.

    `alert`: people on call are told that this is a test, and the heartbeat is sent once.
    """
    yield Finding("ok", "program", f"petition-bot {version('petition-bot')}, {_platform()}")
    loaded = config.load(path, environ)
    yield _files(loaded)
    if loaded.settings is None or loaded.queue is None:
        return
    try:
        url = state_of(loaded, environ)
    except ConfigRefused as refused:
        yield from refusals(".env", refused)
        return
    try:
        store = store_of(loaded, environ, make=False)
    except StoreUnusable as unusable:
        yield Finding("fail", "state", str(unusable))
        store = open_store("sqlite://")
    else:
        yield from state(url, store)
    with closing(store):
        yield from _accounts(loaded, environ, store)
        yield _count(loaded.settings, store, environ, path.parent)
        yield from _links(loaded, environ, store)
    yield from on_call(loaded.settings, environ, path.parent, alert)


def _platform() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"


# --- files -------------------------------------------------------------------------------------


def _files(loaded: Loaded) -> Finding:
    found = findings(loaded, SystemClock().now())
    errors = [problem for problem in found if problem.severity == "error"]
    if loaded.settings is None or loaded.queue is None:
        first = f"{errors[0].message}" if errors else "unreadable"
        return Finding("fail", "files", f"{first} (petition-bot check shows all)")
    if errors:
        return Finding("warn", "files", f"errors keep messages back ({len(errors)}): see petition-bot check")
    if found:
        return Finding("warn", "files", f"warnings ({len(found)}): see petition-bot check")
    return Finding("ok", "files", f"{len(loaded.queue.messages)} messages, no problems")


# --- accounts ----------------------------------------------------------------------------------


def _accounts(loaded: Loaded, environ: Mapping[str, str], store: Store) -> Iterator[Finding]:
    settings = loaded.usable()[0]
    for account in settings.accounts:
        yield from _stopped(account, store)
        alone = replace(loaded, settings=settings.model_copy(update={"accounts": (account,)}))
        try:
            network = networks_of(alone, environ, lambda text: None)[account.id]
        except ConfigRefused as refused:
            yield from refusals(account.id, refused)
        else:
            yield from _network(account, network, store)


def _stopped(account: Account, store: Store) -> Iterator[Finding]:
    held = store.account(account.id).held
    if held:
        then = "" if "petition-bot resume" in held else f", then petition-bot resume --account {account.id}"
        yield Finding("warn", account.id, f"is held: {held}{then}")
    if paused := store.paused(SystemClock().now(), account.id):
        yield Finding("warn", account.id, f"is {paused}")


def _network(account: Account, network: Network, store: Store) -> Iterator[Finding]:
    if names := [config.variable(account.id, field) for field in config.REQUIRED[account.network]]:
        yield Finding("ok", account.id, f"{', '.join(names)} found")
    if account.network == "dry":
        yield Finding("ok", account.id, "only prints: nothing leaves this computer")
        return
    who = network.verify()
    if not isinstance(who, Identity):
        yield Finding(
            "fail", account.id, getattr(who, "reason", "the network gave no answer that can be read")
        )
        return
    yield _who(account, who, store)
    if who.server_time:
        yield _clock(account, who.server_time)
    yield _limits(account, network.limits())
    if account.network in LABELS and not who.bot:
        yield Finding("note" if who.bot is None else "warn", account.id, LABELS[account.network])


def _who(account: Account, who: Identity, store: Store) -> Finding:
    pinned = store.account(account.id)
    named = f"{who.handle} on {who.server} (id {who.user_id})"
    if pinned.user_id and (pinned.server, pinned.user_id) != (who.server, who.user_id):
        wrong = f"the keys open {named}, but it posted as {pinned.user_id} on {pinned.server} so far"
        return Finding("fail", account.id, f"{wrong}: give it its own keys again")
    return Finding("ok", account.id, f"posts on {NETWORKS[account.network]} as {named}")


def _limits(account: Account, limits: Limits | Unreadable) -> Finding:
    if isinstance(limits, Unreadable):
        return Finding("warn", account.id, f"its limits cannot be read ({limits.reason})")
    links = "links count in full" if limits.url_length is None else f"a link counts {limits.url_length}"
    return Finding("ok", account.id, f"a post takes {limits.length}; {links}")


def _clock(account: Account, theirs: datetime) -> Finding:
    """Our clock against theirs, which tells whole seconds."""
    off = round((SystemClock().now() - theirs).total_seconds())
    direction = "ahead of" if off > 0 else "behind"
    if abs(off) <= WRONG.total_seconds():
        return Finding("ok", "clock", f"agrees with the server of {account.id}")
    wrong = f"this computer's clock is {abs(off)} seconds {direction} the server of {account.id}"
    return Finding("fail", "clock", f"{wrong}: set it; nothing is sent until it is right")


# --- links -------------------------------------------------------------------------------------


def _links(loaded: Loaded, environ: Mapping[str, str], store: Store) -> Iterator[Finding]:
    """The links of the next posts, looked at now. One that answers again is let go by it."""
    from bot.http.pages import Pages

    try:
        seen = Bot(loaded, store, environ, speaks=False).campaign.look_at_links(Pages(), at_once=True)
    except StoreUnusable as unusable:
        yield Finding("fail", "links", str(unusable))
        return
    for link in seen:
        if link.dead:
            yield Finding("fail", "links", f"{link.url} {told(link)}: the posts that carry it are held")
        elif link.bad:
            yield Finding("warn", "links", f"{link.url} {link.why}: its posts are held if that stays so")
    if well := sum(not link.bad for link in seen):
        yield Finding("ok", "links", f"{well} links of the next posts answer")


# --- the count ---------------------------------------------------------------------------------


def _count(settings: Settings, store: Store, environ: Mapping[str, str], folder: Path) -> Finding:
    try:
        secret = config.counter_secret(settings.petition.counter, environ, folder)
    except ConfigRefused as refused:
        return Finding("fail", "count", refused.problems[0].message)
    reading = counter_of(settings, store, secret).read(SystemClock().now())
    if not isinstance(reading, BadReading):
        return Finding("ok", "count", f"{reading.number:,} signatures ({reading.source})")
    by_hand = settings.petition.counter.kind == "manual"
    return Finding("note" if by_hand else "fail", "count", reading.reason)
