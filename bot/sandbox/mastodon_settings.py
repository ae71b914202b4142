"""The knobs of the Mastodon site: what one server, fork or version does otherwise than another."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.server import Settings


@dataclass
class MastodonSettings(Settings):
    ignores_keys: bool = False
    repeats_fail: bool = False  # every repeat of a stored key is a 500
    boosts_twice: bool = False
    deletes_after: float = 0.0  # a deleted post is still there for so many seconds
    source_endpoint: bool = True
    counts_urls_in_full: bool = False
    max_characters: int = 500
    max_media: int = 4
    description_limit: int | None = 1500  # None: the server does not tell
    has_configuration: bool = True
    has_instance_v2: bool = True
    max_toot_chars: int | None = None
    version: str = "4.5.2"
    default_visibility: str = "public"
    too_long_status: int = 422
    media_delay: int = 0  # 202, then so many times 206, then 200
    bot: bool = True
    epoch_reset: bool = False  # X-RateLimit-Reset in Unix seconds

    def goto_social(self) -> None:
        """Behave as GoToSocial 0.17 does where it differs."""
        self.ignores_keys = self.boosts_twice = self.counts_urls_in_full = self.epoch_reset = True
        self.too_long_status = 400
        self.default_visibility = "unlisted"
        self.version = "0.17.3 git-6f4cb2f"
        self.deletes_after = 0.5
