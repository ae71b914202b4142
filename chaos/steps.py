"""The numbered steps between claim and record, and a bot that dies at one of them.

Whatever calls the bot makes to its store and its network are steps; it is killed before or after one, or
while the network has the request and has not answered yet.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from typing import Any

from bot.core.model import State
from chaos.around import Around

IN_FLIGHT = 0.04
"""Seconds after which a request has left us. The server takes twice that before it carries it out, and
as long again before it answers."""

STEPS = (
    "before the claim",
    "claimed",
    "prepared",
    "marked as spoken",
    "in flight",
    "carried out, not answered",
    "answered, not recorded",
    "recorded",
    "in doubt, before the reading",
    "read, not recorded",
)
UNANSWERED = STEPS[4:6]
LOOKS = STEPS[8:]
"""Steps that come only after a doubt."""


@dataclass
class Step:
    """Where to die: at a step of a post or a repost on one network, once."""

    name: str
    network_id: str
    action: str

    def arm(self) -> None:
        self._store: Any = None

    def store(self, inner: Any) -> Any:
        self._store = inner
        return MortalStore(inner, self)

    def network(self, account_id: str, inner: Any) -> Any:
        return MortalNetwork(inner, self) if account_id == self.network_id else inner

    def concerns(self, delivery: Any) -> bool:
        return bool(delivery and (delivery.account, delivery.action) == (self.network_id, self.action))

    def reached(self, name: str) -> None:
        if name == self.name:
            die()

    def in_flight(self) -> None:
        """Die a moment from now, with the request on its way or just carried out."""
        moment = {"in flight": 1, "carried out, not answered": 3}.get(self.name)
        if moment:
            asked_first = (self.network_id, self.action) == ("bluesky", "repost")  # what it is to repeat
            threading.Timer(IN_FLIGHT * (moment + 4 * asked_first), die).start()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(Around):
    def __init__(self, inner: Any, step: Step) -> None:
        super().__init__(inner)
        self._step = step

    def claim(self, delivery_id: int, *given: Any) -> Any:
        concerned = self._step.concerns(self.inner.delivery(delivery_id))
        if concerned:
            self._step.reached("before the claim")
        claimed = self.inner.claim(delivery_id, *given)
        if concerned and getattr(claimed, "state", None) is State.SENDING:
            self._step.reached("claimed")
        return claimed

    def spoke(self, delivery_id: int, now: Any) -> bool:
        concerned = self._step.concerns(self.inner.delivery(delivery_id))
        if concerned:
            self._step.reached("prepared")
        spoken = bool(self.inner.spoke(delivery_id, now))
        if concerned:
            self._step.reached("marked as spoken")
        return spoken

    def settle(self, delivery: Any, change: Any) -> bool:
        concerned = self._step.concerns(delivery)
        if concerned and delivery.state is State.SENDING and delivery.spoke_at:
            self._step.reached("answered, not recorded")
        if concerned and delivery.state is State.UNCONFIRMED:
            self._step.reached("read, not recorded")
        settled = bool(self.inner.settle(delivery, change))
        if concerned and change.state is State.POSTED:
            self._step.reached("recorded")
        return settled


class MortalNetwork(Around):
    def __init__(self, inner: Any, step: Step) -> None:
        super().__init__(inner)
        self._step = step

    def publish(self, *given: Any) -> Any:
        if self._step.action == "post":
            self._step.in_flight()
        return self.inner.publish(*given)

    def repost(self, *given: Any) -> Any:
        if self._step.action == "repost":
            self._step.in_flight()
        return self.inner.repost(*given)

    def timeline(self, *given: Any) -> Any:
        if self._step.action == "post":
            self._step.reached("in doubt, before the reading")
        return self.inner.timeline(*given)

    def reposted(self, *given: Any) -> Any:
        if self._step.action == "repost":
            self._step.reached("in doubt, before the reading")
        return self.inner.reposted(*given)
