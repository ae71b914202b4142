"""`state/limits.json`: what servers said that they take, so that checking needs no network.

A cache only: whatever is missing, old or damaged in it is left out, and the network's default counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.core.model import Limits


def read_limits(path: Path) -> dict[str, Limits]:
    """Limits per account id; empty when there is no such file."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    one = TypeAdapter(Limits)
    limits = {}
    for account, said in raw.items() if isinstance(raw, dict) else ():
        try:
            limits[account] = one.validate_python(said)
        except ValidationError:
            continue
    return limits


def write_limits(path: Path, limits: Mapping[str, Limits]) -> None:
    """Replace the file as a whole; its folder is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(
        json.dumps({account: asdict(each) for account, each in limits.items()}, indent=2), "utf-8"
    )
    os.replace(draft, path)
