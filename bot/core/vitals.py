"""How a running bot does, in figures: what /metrics shows of it.

Pure: values and their shapes. It counts nothing over time: the store and lateness.py do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.model import State

BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""Seconds up to which a post may be late to stand in a bucket; there is one more above them."""


@dataclass(frozen=True, slots=True)
class Late:
    """How late posts were since this process began. `counts` has one number for each of BOUNDS and one more
    for what was later; `total` is the sum in seconds."""

    counts: tuple[int, ...] = (0,) * (len(BOUNDS) + 1)
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class AccountVitals:
    """One account. Money in micro-dollars of this UTC month; `budget` None: there is no limit."""

    id: str
    network: str
    held: bool
    paused: bool
    spent: int
    budget: int | None
    deliveries: Mapping[State, int] = field(default_factory=dict)
    """Of all time, by the state they are in now."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """`ill`: what is wrong, in a word (empty: nothing). Ages and distances in seconds, None where there is
    nothing to measure; `open_alerts`: things that need a person, as far as people are told of them."""

    ill: str
    accounts: tuple[AccountVitals, ...]
    waiting_for_person: int
    open_alerts: int
    signatures: int | None
    count_age: float | None
    next_slot: float | None
    late: Late = Late()
