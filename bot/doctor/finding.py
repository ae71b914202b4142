"""One line of what the doctor says. It holds no key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.config import ConfigRefused

Verdict = Literal["ok", "note", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not well."""

    verdict: Verdict
    subject: str
    text: str


def refusals(subject: str, refused: ConfigRefused) -> Iterator[Finding]:
    for problem in refused.problems:
        yield Finding("fail", subject, problem.message)
