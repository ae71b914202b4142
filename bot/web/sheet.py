"""The past as a table for spreadsheets, row by row: it never holds all of it, and nothing in it runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.model import MICRO_USD, Delivery
from bot.core.written import Settings
from bot.files.source import BOM
from bot.files.table import harmless

COLUMNS = (
    *("id", "state", "account", "network", "slot", "posted_at", "message_id", "kind", "language", "action"),
    *("attempts", "cost_usd", "remote_url", "text", "pictures", "reason"),
)
BETWEEN_PARTS = "\n\n---\n\n"
"""Between the posts of a thread, as `petition-bot history --json` has it."""

Charged = tuple[Delivery, int]
"""A delivery, and what it cost in micro-dollars."""


def sheet(first: Charged | None, others: Iterable[Charged], settings: Settings) -> Iterator[bytes]:
    """The lines of the file, as UTF-8 that Excel knows for such. `first` None: there is nothing."""
    yield BOM + _line(COLUMNS)
    if first:
        yield _line(_cells(*first, settings))
    for row, cost in others:
        yield _line(_cells(row, cost, settings))


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(map(harmless, cells))
    return written.getvalue().encode("utf-8", "replace")


def _cells(row: Delivery, cost: int, settings: Settings) -> tuple[str, ...]:
    account = next((each for each in settings.accounts if each.id == row.account), None)
    zone = ZoneInfo(settings.zone(account) if account else settings.campaign.timezone)
    post = row.post
    return (
        *(str(row.id), row.state, row.account, account.network if account else ""),
        *(_iso(row.slot, zone), _iso(row.posted_at, zone), row.message_id or "", row.kind, row.language),
        *(row.action, str(row.attempts), f"{cost / MICRO_USD:.6f}".rstrip("0").rstrip(".")),
        row.remote_url or "",
        BETWEEN_PARTS.join(post.parts) if post else "",
        "\n".join(picture.alt for picture in post.pictures) if post else "",
        row.reason,
    )


def _iso(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""
