"""Ours, and three ways to record a post that people really use; each loses or doubles posts when killed.

They are made of our own parts by changing what happens at one place; everything else is the real bot.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.config import Loaded
from bot.core import judgement
from bot.core.model import Change, Deferred, Outcome, State, Timeline, Unconfirmed
from bot.core.text import same
from bot.ports import Network, Ready, Store
from chaos.around import Around
from chaos.steps import Step

UPLOAD = 0.3
"""Seconds."""

NetworksOf = Callable[..., dict[str, Network]]


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Strategy:
    """What is put around the bot's store and networks, and what is changed of its settings."""

    says: str
    store: Callable[[Store], Store] = _same
    network: Callable[[Network], Network] = _same
    settings: Callable[[Loaded], Loaded] = _same

    def around(self, step: Step | None, networks_of: NetworksOf) -> NetworksOf:
        def wrapped(*given: Any) -> dict[str, Network]:
            made = {each: self.network(network) for each, network in networks_of(*given).items()}
            return {each: step.network(each, made[each]) for each in made} if step else made

        return wrapped


class Forgetful(Around):
    """Record after send: nothing is on the disk before the network has answered, so at its start the bot
    knows of no post that was under way."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)
        for row in inner.sending():
            inner.settle(row, Change(State.DUE, next_at=row.claimed_at, release=True))


class Gullible(Around):
    """It takes every error for a failure, so that it sends again."""

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        return _failed(self.inner.publish(ready, part, key, reply_to))

    def repost(self, remote_id: str, key: str) -> Outcome:
        return _failed(self.inner.repost(remote_id, key))


def _failed(outcome: Outcome) -> Outcome:
    return Deferred(outcome.reason) if isinstance(outcome, Unconfirmed) else outcome


class Hasty(Around):
    """Record before send: it is written down as posted, and then sent."""

    def spoke(self, delivery_id: int, now: datetime) -> bool:
        row = self.inner.delivery(delivery_id)
        return bool(row and self.inner.settle(row, Change(State.POSTED, posted_at=now)))


class Lonely(Around):
    """Several bots at work on one state, each as if it were alone there: no lease, and so no fence."""

    shared = False


class Uploading(Around):
    """Between claim and speaking a while passes, as it does with pictures."""

    def prepare(self, *given: Any) -> Any:
        time.sleep(UPLOAD)
        return self.inner.prepare(*given)


class Impatient(Around):
    """Reconcile without settle time: it looks as soon as the answer is missing, and believes what it does
    not see."""

    def publish(self, ready: Ready, part: int, key: str, reply_to: str | None) -> Outcome:
        outcome: Outcome = self.inner.publish(ready, part, key, reply_to)
        if isinstance(outcome, Unconfirmed) and not self._shows(ready.post.parts[part]):
            return _failed(self.inner.publish(ready, part, key, reply_to))
        return outcome

    def _shows(self, text: str) -> bool:
        reading = self.inner.timeline(datetime.now(UTC) - timedelta(minutes=1))
        return not isinstance(reading, Timeline) or any(same(seen.text, text) for seen in reading.posts)


def _at_once(loaded: Loaded) -> Loaded:
    """The same for what was in doubt when the bot was killed: one look at its start."""
    judgement.ABSENCES.update(dict.fromkeys(("x", "mastodon"), 1))
    settings = loaded.usable()[0]
    impatient = settings.delivery.model_copy(update={"settle": timedelta(0)})
    return replace(loaded, settings=settings.model_copy(update={"delivery": impatient}))


OURS, TROUPE, ALONE = "ours", "replicas", "alone"
STRATEGIES = {
    OURS: Strategy("claim, settle, look, then send again"),
    "after": Strategy("record after send", store=Forgetful, network=Gullible),
    "before": Strategy("record before send", store=Hasty),
    "hasty": Strategy("reconcile without settle time", network=Impatient, settings=_at_once),
    TROUPE: Strategy("ours, four replicas, PostgreSQL restarted", network=Uploading),
    ALONE: Strategy("replicas, each as if alone", store=Lonely, network=Uploading),
}
CONTROLS = ("after", "before", "hasty")
