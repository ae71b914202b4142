"""Petitions: one small file for each way to read a signature count.

A counter makes one bounded request and says what number stands there, or in one sentence why none
does. It does not judge whether the number is likely, keeps no history and announces nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core.model import Reading
from bot.core.written import CounterInfo
from bot.petitions.manual import ManualCounter
from bot.ports import Counter

if TYPE_CHECKING:
    from bot.http import Session


def counter(info: CounterInfo, session: Session, last_manual: Callable[[], Reading | None]) -> Counter:
    """What `petition.counter` asks for; `last_manual` gives the last number that was set by hand."""
    if info.kind == "json" and info.url:
        from bot.petitions.json import JsonCounter  # requests is loaded only where something is requested

        return JsonCounter(info.url, info.path, session)
    return ManualCounter(last_manual)
