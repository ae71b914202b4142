"""What a person should decide about the petition: it closed, its goal is reached, its count is in doubt.

Pure: one sentence each, the same as long as nothing changes, so that each can be said once. It holds
nothing back by itself and sets nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.figures import written
from bot.core.milestones import is_fresh, next_milestone
from bot.core.model import Reading
from bot.core.written import Settings

FOLLOWS = "its calls are held. What follows? Write an update, or change petition in config.yaml"


def asks(
    settings: Settings, reading: Reading | None, suspect: Reading | None, now: datetime
) -> tuple[str, ...]:
    """The sentences; `reading` is the newest count, `suspect` one that could not be believed so far."""
    return (*_closing(settings, reading, now), *_count(settings, reading, suspect, now))


def _closing(settings: Settings, reading: Reading | None, now: datetime) -> Iterator[str]:
    closes = settings.petition.closes
    if reading and reading.closed:
        yield f"The petition's site says that it is {reading.closed}, and {FOLLOWS}."
    elif closes and now.astimezone(ZoneInfo(settings.campaign.timezone)).date() > closes:
        yield f"The petition closed on {closes:%Y-%m-%d}, and {FOLLOWS}."


def _count(
    settings: Settings, reading: Reading | None, suspect: Reading | None, now: datetime
) -> Iterator[str]:
    petition = settings.petition
    if suspect and reading:
        yield (
            f"The count went from {reading.number} to {suspect.number} at once. If that is right, say so: "
            f"petition-bot count set {suspect.number}"
        )
    if reading is None:
        return
    if petition.goal and reading.number >= petition.goal:
        yield f"The goal of {written(petition.goal, 'en')} is reached: set the next one in petition.goal."
    if (
        petition.milestones.thresholds
        and next_milestone(petition.milestones, reading.number, petition.goal) is None
    ):
        yield "The last milestone is passed: add the next ones to petition.milestones.thresholds."
    if petition.counter.kind != "manual" and not is_fresh(reading, petition.counter.every, now):
        yield (
            f"The count was last read on {reading.at:%Y-%m-%d %H:%M} UTC: texts that say it wait. Try: "
            "petition-bot count"
        )
