"""The whole thing on this machine, without credentials: `petition-bot demo`.

The shipped files, the real client libraries and a real database, against an X, a Mastodon, a Bluesky
and a petition site on loopback, on a schedule quick enough to watch. Nothing leaves the machine. What
is changed of the organizers' settings for that is all in `hurried`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot import config
from bot.app import Bot, Tell
from bot.config import ConfigRefused, Loaded, variable
from bot.core.settings import AlertRules
from bot.core.written import (
    Account,
    Budget,
    CounterInfo,
    DeliveryRules,
    MilestoneRules,
    Schedule,
    Settings,
)
from bot.sandbox import VISITOR, Published, Sandbox
from bot.store import lock, open_store
from bot.web import Card, Column, Shown, create_app, serve

EVERY = {"x": "4s", "mastodon": "5s", "bluesky": "6s"}
START_COUNT = 960
GROWTH = 3.0
"""Signatures a second: a milestone comes by within a minute."""
COUNTER = {"kind": "json", "every": "2s", "path": "data.attributes.signature_count"}
MILESTONES = {"thresholds": [1000], "then_every": 100, "repost_after": "20s", "progress_every": "45s"}
REMEMBERED = 20
"""Newest posts among which that X refuses the same text: the queue comes round quickly here."""
COLUMN = 30
"""Newest posts of a timeline that the page shows."""


def demo(config_path: Path, tell: Tell, say: Callable[[str], None], stop: threading.Event) -> bool:
    """Run until `stop` is set. True when all that was under way could be finished."""
    state = state_folder(config_path)
    url = f"sqlite:///{state.resolve()}/petition-bot.db"
    with ExitStack() as open_now:
        open_now.enter_context(lock(url, "demo"))
        box = open_now.enter_context(Sandbox.start(state=state / "sandbox"))
        store = open_now.enter_context(closing(open_store(url)))
        last = store.readings(limit=1)
        box.petition.count = max(START_COUNT, last[0].number if last else 0)
        box.petition.grow(GROWTH)
        box.x.settings.duplicate_window = REMEMBERED
        loaded = read(config_path, box)
        environ = {**os.environ, **keys(loaded.usable()[0], box)}
        reload = partial(read, config_path, box)
        bot = Bot(loaded, store, environ, tell, reload=reload, links=False)
        bot.campaign.skip_to_now()
        shown, drawn = partial(timelines, bot, box), partial(picture, box)
        app = create_app(bot.office(), shown, 2, drawn, bot.sharing(), bot.watcher)
        page = open_now.enter_context(closing(a_page(app, loaded.usable()[0].web.listen)))
        where = f"What goes out next: {page.url}  What followers see: {page.url}/demo and {page.url}/share"
        say(f"Nothing leaves this machine. {where}")
        return bot.run(stop)


def a_page(app: Any, listen: str) -> Any:
    """The page at the settings' port, or at a free one where that is taken; on this computer alone."""
    try:
        return serve(app, f"127.0.0.1:{listen.rpartition(':')[2]}")
    except OSError:
        return serve(app, "127.0.0.1:0")


def read(config_path: Path, box: Sandbox, words: str | None = None) -> Loaded:
    """The organizers' files, hurried; `words` instead of what messages.yaml says."""
    loaded = config.load(config_path, {}, words)
    if loaded.settings is None:
        return loaded
    return replace(loaded, settings=hurried(loaded.settings, box), cache=state_folder(config_path))


def state_folder(config_path: Path) -> Path:
    """The demo's own: what it learns of the sandbox is not held for true of real servers."""
    return config_path.parent / "state" / "demo"


def hurried(settings: Settings, box: Sandbox) -> Settings:
    """The same campaign in a hurry: the sandbox's servers, a post every few seconds, no night's rest,
    money counted and never a limit, a count that passes a milestone every half minute."""
    accounts = (_hurried(account, box) for account in settings.accounts if account.network in EVERY)
    counter = CounterInfo.model_validate(COUNTER | {"url": f"{box.petition.url}/petitions/1.json"})
    milestones = MilestoneRules.model_validate(MILESTONES)
    petition = {"closes": None, "counter": counter, "milestones": milestones}
    changes = {
        "accounts": tuple(accounts),
        "petition": settings.petition.model_copy(update=petition),
        "rotation": settings.rotation.model_copy(update={"cooldown": timedelta(0)}),
        "delivery": DeliveryRules.model_validate({"timeout": "2s", "settle": "4s"}),
        "quiet_hours": None,
        "alerts": AlertRules(),
        "heartbeat": False,
        "web": settings.web.model_copy(update={"url": None}),
    }
    return settings.model_copy(update=changes)


def _hurried(account: Account, box: Sandbox) -> Account:
    server = {"api_url" if account.network == "x" else "server": box.sites[account.network].url}
    pace = {"schedule": Schedule.model_validate({"every": EVERY[account.network]}), "budget": Budget()}
    return account.model_copy(update=server | pace)


def keys(settings: Settings, box: Sandbox) -> dict[str, str]:
    """The sandbox's secrets under the names that the environment gives them."""
    given = {"x": box.x.secrets, "mastodon": box.mastodon.secrets, "bluesky": box.bluesky.secrets}
    return {
        variable(account.id, field): value
        for account in settings.accounts
        for field, value in given[account.network].items()
    }


def timelines(bot: Bot, box: Sandbox) -> Sequence[Column]:
    """What followers see: what the sandbox's servers have published, newest first."""
    name = bot.campaign.book.settings.campaign.name
    shown = [box.sites[network] for network in EVERY]
    return [
        Column(each, name, site.name, _cards(each, _campaigns(site.posts(), box)))
        for each, site in zip(EVERY, shown, strict=True)
    ]


def _campaigns(posts: Sequence[Published], box: Sandbox) -> list[Published]:
    """Less what the sandbox's visitor shared."""
    visitor = box.mastodon.accounts.add(VISITOR).id
    return [post for post in posts if post.user_id != visitor]


def _cards(network: str, posts: Sequence[Published]) -> list[Card]:
    by_id = {post.id: post for post in posts}
    shown = [post for post in posts if not post.deleted][-COLUMN:]
    return [_card(network, post, by_id) for post in reversed(shown)]


def _card(network: str, post: Published, by_id: Mapping[str, Published]) -> Card:
    original = by_id.get(post.repost_of or "", post)
    media = zip(original.media_ids, original.alts, strict=True)
    return Card(
        original.text,
        post.created_at,
        reposted=post.repost_of is not None,
        language=original.language,
        continues=original.in_reply_to is not None,
        pictures=[Shown(f"{network}-{media_id}", alt) for media_id, alt in media],
    )


def picture(box: Sandbox, key: str) -> tuple[bytes, str] | None:
    """A picture that a timeline shows; the sandbox keeps those of this run."""
    network, _, media_id = key.partition("-")
    shelves = {"x": box.x.shelf, "mastodon": box.mastodon.shelf, "bluesky": box.bluesky.shelf}
    found = shelves[network].get(media_id) if network in shelves else None
    return (found.data, found.kind) if found else None


__all__ = ["ConfigRefused", "demo"]
