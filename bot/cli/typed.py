"""What people type, made strict: a moment and a count, or a usage error that says what to write."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

import click

YEARS = range(2000, 3000)
"""Whatever is reckoned from a moment of these stays within what a calendar can say."""


def moment(text: str, zone: str, option: str) -> datetime:
    """`2026-12-10 18:00`, with T, an offset or a zone, or a bare day: local to `zone` where it names none."""
    from bot.core.scalars import Moment, moment_or_day

    try:
        told = moment_or_day(text)
        found = told if isinstance(told, Moment) else Moment(at=datetime.combine(told, time()))
        if found.at.year not in YEARS:
            raise ValueError(f"{text} is too far away")
        return found.utc(zone).astimezone(UTC)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint=option) from None


def count(text: str) -> int:
    """Plain digits: where people write 12.345 or 12,345, nobody can be sure what was meant."""
    from bot.core.milestones import LARGEST
    from bot.core.scalars import whole

    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        try:
            whole(text)
        except ValueError as problem:
            raise click.BadParameter(str(problem), param_hint="N") from None
    if int(text) > LARGEST:
        raise click.BadParameter(f"{text} is more than there are people", param_hint="N")
    return int(text)
