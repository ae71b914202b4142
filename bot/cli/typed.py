"""What people type, made strict: a moment and a count, or a usage error that says what to write."""

from __future__ import annotations

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
    from bot.core.milestones import by_hand

    try:
        return by_hand(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="N") from None
