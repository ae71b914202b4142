"""Petitions: one small file for each way to read a signature count.

A counter makes one bounded request and says what number stands there, or in one sentence why none
does. It does not judge whether the number is likely, keeps no history and announces nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.core.model import BadReading, Reading
from bot.core.written import CounterInfo
from bot.petitions.manual import ManualCounter
from bot.ports import Counter

if TYPE_CHECKING:
    from bot.http import Resolver


def counter(
    info: CounterInfo,
    page: str,
    deadline: float,
    last_manual: Callable[[], Reading | None],
    secret: str | None = None,
    resolve: Resolver | None = None,
) -> Counter:
    """What `petition.counter` asks for.

    `page` is the petition's own page, `deadline` the seconds that a look may take in all, `last_manual`
    gives the last number that was set by hand, `secret` is what goes into the counter's header.
    """
    if info.kind == "manual":
        return ManualCounter(last_manual)
    if info.secret_header and not secret:
        return Unread(f"petition.counter needs a secret for its header {info.secret_header}: set it in .env")
    from bot.petitions.web import on_the_web  # requests is loaded only where something is requested

    return on_the_web(info, page, deadline, secret, resolve)


class Unread:
    """A counter that cannot be asked."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def read(self, now: datetime) -> Reading | BadReading:
        return BadReading(self._reason)
