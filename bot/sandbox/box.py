"""The whole sandbox: an X, a Mastodon, a Bluesky and a petition site on free ports of 127.0.0.1.

It speaks to nobody outside and knows nobody of ours.
"""

from __future__ import annotations

import json
import os
import secrets
import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.sandbox.bluesky import BlueskySite
from bot.sandbox.ledger import MASTODON_EPOCH, X_EPOCH, Ledger
from bot.sandbox.mastodon import MastodonSite
from bot.sandbox.petition import PetitionSite
from bot.sandbox.server import Site
from bot.sandbox.x import XSite

_KEPT = "sandbox.json"


class Sandbox:
    """Four sites. With a `state` folder, ledgers, ports, ids and secrets outlive this process."""

    def __init__(self, state: Path | None = None, certificate: Path | None = None) -> None:
        self._state = state
        self._kept = _kept(state)
        seed = self._kept.setdefault("seed", secrets.token_hex(16))
        tls = _tls(certificate)
        self.x = XSite(Ledger(X_EPOCH, _file(state, "x")), seed, tls)
        self.mastodon = MastodonSite(Ledger(MASTODON_EPOCH, _file(state, "mastodon")), seed, tls)
        self.bluesky = BlueskySite(Ledger(MASTODON_EPOCH, _file(state, "bluesky")), seed, tls)
        self.petition = PetitionSite(tls)

    @classmethod
    def start(
        cls,
        *,
        x: bool = True,
        mastodon: bool = True,
        bluesky: bool = True,
        petition: bool = True,
        state: Path | None = None,
        certificate: Path | None = None,
    ) -> Self:
        """Start the wanted sites; ready on return. `certificate` (PEM with its key) makes them speak TLS."""
        box = cls(state, certificate)
        wanted = {"x": x, "mastodon": mastodon, "bluesky": bluesky, "petition": petition}
        ports = box._kept.setdefault("ports", {})
        for name, site in box.sites.items():
            if wanted[name]:
                site.start(ports.get(name, 0))
                ports[name] = site.port
        box._keep()
        return box

    @property
    def sites(self) -> Mapping[str, Site]:
        return {"x": self.x, "mastodon": self.mastodon, "bluesky": self.bluesky, "petition": self.petition}

    def stop(self) -> None:
        """Close every port and connection; no thread of ours is left on return."""
        for site in self.sites.values():
            site.stop()

    def described(self) -> dict[str, Any]:
        """Addresses and secrets, as another process needs them."""
        return {
            "x": {"url": self.x.url, "secrets": self.x.secrets},
            "mastodon": {"url": self.mastodon.url, "secrets": self.mastodon.secrets},
            "bluesky": {"url": self.bluesky.url, "secrets": self.bluesky.secrets},
            "petition": {"url": self.petition.url},
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _keep(self) -> None:
        if self._state is not None:
            write_private(self._state / _KEPT, json.dumps(self._kept))


def write_private(file: Path, text: str) -> None:
    """Write a file at once and whole, readable by its owner only."""
    fresh = file.with_name(f".{file.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
    fresh.replace(file)


def _kept(state: Path | None) -> dict[str, Any]:
    if state is None:
        return {}
    state.mkdir(parents=True, exist_ok=True)
    file = state / _KEPT
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _file(state: Path | None, name: str) -> Path | None:
    return state / f"{name}.jsonl" if state is not None else None


def _tls(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
