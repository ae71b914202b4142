"""Can whoever is on call be reached? It tells them only when it is asked to, and never shows an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot import config
from bot.alerts import told, understood
from bot.config import ConfigRefused
from bot.core.settings import Settings
from bot.doctor.finding import Finding, refusals
from bot.pulse import asked

NOBODY = "nobody is told when something needs a person: see alerts in config.example.yaml"
TEST = "This is a test: petition-bot doctor --alert was called. Nothing needs you."


def on_call(settings: Settings, environ: Mapping[str, str], folder: Path, alert: bool) -> Iterator[Finding]:
    """`alert`: everybody is told that this is a test."""
    try:
        addresses = config.addresses(settings, environ, folder)
        heartbeat = config.heartbeat(settings, environ, folder)
    except ConfigRefused as refused:
        yield from refusals("alerts", refused)
        return
    if not addresses:
        yield Finding("note", "alerts", NOBODY)
    for name, address in addresses.items():
        yield _reached(name, address, settings.campaign.name, alert)
    if heartbeat:
        yield _beats(heartbeat, alert)


def _reached(name: str, address: str, campaign: str, alert: bool) -> Finding:
    variable = config.alert_variable(name)
    if not understood(address):
        what = f"{variable} is no address that Apprise knows: see https://appriseit.com/services/"
        return Finding("fail", "alerts", what)
    if not alert:
        return Finding("ok", "alerts", f"{variable} found; doctor --alert sends a test")
    why = told(address, f"{campaign}: a test", TEST)
    return Finding(
        "fail" if why else "ok", "alerts", f"{name} {f'cannot be told: {why}' if why else 'was told'}"
    )


def _beats(url: str, alert: bool) -> Finding:
    if not alert:
        return Finding("ok", "heartbeat", "HEARTBEAT_URL found; doctor --alert asks it")
    why = asked(url)
    return Finding("fail" if why else "ok", "heartbeat", why or "arrived")
