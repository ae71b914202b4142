"""One account with a schedule, and its slots as a person would list them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.model import Slot
from bot.core.slots import slots
from bot.core.written import Settings

MADRID = "Europe/Madrid"
DAY = timedelta(days=1)


def config(
    zone: str = MADRID,
    quiet: tuple[str, str] | None = None,
    account_zone: str | None = None,
    **schedule: Any,
) -> Settings:
    account = {"id": "a", "network": "dry", "timezone": account_zone, "schedule": schedule}
    return Settings.model_validate(
        {
            "campaign": {"name": "Test", "timezone": zone},
            "petition": {"url": "https://example.org/petition"},
            "accounts": [account],
            "quiet_hours": quiet,
        }
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def found(settings: Settings, start: datetime, end: datetime) -> list[Slot]:
    return list(slots(settings.accounts[0], settings, start, end))


def on(settings: Settings, first: str, last: str | None = None) -> list[Slot]:
    """The slots that belong to the local days from `first` to `last`."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    near = found(settings, utc(first) - 2 * DAY, utc(last or first) + 3 * DAY)
    return [slot for slot in near if begin <= slot.local_date <= end]


def local(slot: Slot, settings: Settings) -> str:
    shown = slot.due.astimezone(ZoneInfo(settings.zone(settings.accounts[0])))
    return shown.strftime("%Y-%m-%d %H:%M")


def walls(found: list[Slot]) -> list[str]:
    return [f"{slot.wall:%H:%M}" for slot in found]
