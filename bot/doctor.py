"""Is everything in order? Looks at the files, the keys, the servers, the clock, the count and the state.

It only looks: it posts nothing, makes no state and repairs nothing, and no sentence of it holds a key.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from bot import config
from bot.app import Bot, SystemClock, counter_of, findings, networks_of, state_of, store_of
from bot.config import ConfigRefused, Loaded
from bot.core.delivery import needs_person
from bot.core.links import told
from bot.core.model import BadReading, Identity, Limits, Unreadable
from bot.core.overview import NETWORKS
from bot.core.written import Account, Settings
from bot.ports import Network, StateLocked, Store, StoreUnusable
from bot.store import lock, open_store
from bot.store.place import sqlite_path
from bot.timekeeper import WRONG

Verdict = Literal["ok", "note", "warn", "fail"]

LITTLE_ROOM = 200_000_000
"""Bytes of free disk below which somebody should look."""

LABELS = {
    "x": "X wants bots marked: Settings, Your account, Account information, Automation",
    "mastodon": "mark the account as a bot: Preferences, Public profile, “This is an automated account”",
    "bluesky": "say in the profile that a bot posts there, and who runs it",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    verdict: Verdict
    subject: str
    text: str


def examine(path: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Everything, one after the other, each as soon as it is known. Never raises for what it finds."""
    yield Finding("ok", "program", f"petition-bot {version('petition-bot')}, {_platform()}")
    loaded = config.load(path, environ)
    yield _files(loaded)
    if loaded.settings is None or loaded.queue is None:
        return
    try:
        url = state_of(loaded, environ)
    except ConfigRefused as refused:
        yield from _refused(".env", refused)
        return
    try:
        store = store_of(loaded, environ, make=False)
    except StoreUnusable as unusable:
        yield Finding("fail", "state", str(unusable))
        store = open_store("sqlite://")
    else:
        yield from _state(url, store)
    with closing(store):
        yield from _accounts(loaded, environ, store)
        yield _count(loaded.settings, store, environ, path.parent)
        yield from _links(loaded, environ, store)


def _platform() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _refused(subject: str, refused: ConfigRefused) -> Iterator[Finding]:
    for problem in refused.problems:
        yield Finding("fail", subject, problem.message)


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


# --- state -------------------------------------------------------------------------------------


def _state(url: str, store: Store) -> Iterator[Finding]:
    path = sqlite_path(url)
    if path is None:
        yield Finding("ok", "state", "PostgreSQL answers")
    else:
        yield _writable(store, path) if path.exists() else _to_be_made(path)
        yield _room(path)
        yield _holder(url, path)
    if unsettled := sum(needs_person(row) for row in store.unconfirmed()):
        yield Finding("warn", "posts", f"a person is waited for ({unsettled}): see petition-bot status")


def _to_be_made(path: Path) -> Finding:
    return Finding("note", "state", f"{path} is made at the first start")


def _writable(store: Store, path: Path) -> Finding:
    try:
        store.insert([], {})
    except StoreUnusable as unusable:
        return Finding("fail", "state", str(unusable))
    return Finding("ok", "state", f"{path} can be read and written")


def _holder(url: str, path: Path) -> Finding:
    """Whether a bot is at work; a lock that was never taken is not made."""
    if not path.with_name(f"{path.name}.lock").exists():
        return Finding("note", "bot", "has not been started yet")
    try:
        with lock(url, "doctor"):
            return Finding("note", "bot", "is not running now")
    except StateLocked as locked:
        return Finding("ok", "bot", f"is at work: {locked}".partition(": stop that")[0])


def _room(path: Path) -> Finding:
    there = next(folder for folder in path.parents if folder.exists())
    free = shutil.disk_usage(there).free
    if free < LITTLE_ROOM:
        return Finding("warn", "disk", f"only {free // 1_000_000} MB are free: make room before it is full")
    return Finding("ok", "disk", f"{free / 1e9:.1f} GB are free")


# --- accounts ----------------------------------------------------------------------------------


def _accounts(loaded: Loaded, environ: Mapping[str, str], store: Store) -> Iterator[Finding]:
    settings = loaded.usable()[0]
    for account in settings.accounts:
        yield from _stopped(account, store)
        alone = replace(loaded, settings=settings.model_copy(update={"accounts": (account,)}))
        try:
            network = networks_of(alone, environ, lambda text: None)[account.id]
        except ConfigRefused as refused:
            yield from _refused(account.id, refused)
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
