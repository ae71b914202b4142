"""The knobs of the Bluesky site."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.server import Settings


@dataclass
class BlueskySettings(Settings):
    max_graphemes: int = 300
    max_bytes: int = 3000
    access_life: float = 7200.0  # seconds that a session lives without being refreshed
    refresh_life: float = 90 * 86400.0
    active: bool = True  # the account was not deactivated by its owner
