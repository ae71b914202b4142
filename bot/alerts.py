"""Whoever is on call is told what needs a person: each thing once, again only when it was over.

What is open is decided in core/alerts.py, who was told is the store's. An address that cannot be reached is
tried later and later, and stops no post. Addresses are secrets: none is ever shown. Apprise lives here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.alerts import Alert, Need, digest, letter, retry_at, unusable, wanted
from bot.core.model import Event
from bot.core.settings import Settings
from bot.ports import Clock, Store, StoreUnusable

if TYPE_CHECKING:
    import apprise

LEASE = timedelta(minutes=5)
"""So long one replica may take to tell somebody before another one tries."""

DEADLINE = 60.0
"""Seconds for one address."""

Say = Callable[[str, str, str], str]
"""(address, title, text) -> why it was not taken; empty: it was."""


class OnCall:
    """Tells the addresses what is open. One thread at a time may look; `spare` makes a state in memory, for
    what is open while the real one cannot be used."""

    def __init__(
        self,
        store: Store,
        spare: Callable[[], Store],
        clock: Clock,
        tell: Callable[[Event], None],
        say: Say | None = None,
    ) -> None:
        self._store, self._make_spare, self._clock, self._tell = store, spare, clock, tell
        self._say: Say = say or told
        self._spare: Store | None = None
        self._failing: set[str] = set()

    def look(
        self,
        settings: Settings,
        addresses: Mapping[str, str],
        needs: Callable[[], Sequence[Need]],
        trouble: str = "",
    ) -> None:
        """Tell what is new. `needs` asks the state what is open; `trouble`: why it cannot be used."""
        if not addresses:
            return
        try:
            found = wanted(needs(), settings.alerts)
            self._told(self._store, settings, addresses, found)
        except StoreUnusable as unusable_state:
            trouble = trouble or str(unusable_state)
        self._of_the_state(settings, addresses, trouble)

    def _of_the_state(self, settings: Settings, addresses: Mapping[str, str], trouble: str) -> None:
        """It cannot be kept in the state that it is about."""
        found = wanted([unusable(trouble)], settings.alerts) if trouble else ()
        if found and self._spare is None:
            self._spare = self._make_spare()
        if self._spare:
            self._told(self._spare, settings, addresses, found)

    def _told(
        self, store: Store, settings: Settings, addresses: Mapping[str, str], found: Sequence[Need]
    ) -> None:
        now, known = self._clock.now(), store.alerts()
        if not found and not known:
            return
        day = digest(known, found, settings.alerts, settings.campaign.timezone, now)
        store.keep_alerts([*found, *([day] if day else [])], list(addresses), now)
        for name, address in addresses.items():
            if alerts := store.take_alerts(name, now, now + LEASE):
                self._one(store, alerts, address, settings.campaign.name)

    def _one(self, store: Store, alerts: Sequence[Alert], address: str, campaign: str) -> None:
        name = alerts[0].name
        why = self._say(address, *letter(alerts, campaign))
        now = self._clock.now()
        if not why:
            store.sent_alerts(alerts, now)
            self._failing.discard(name)
            return
        attempts = min(alert.attempts for alert in alerts) + 1
        store.postpone_alerts(alerts, retry_at(attempts, now))
        if name not in self._failing:
            self._failing.add(name)
            self._tell(Event("trouble", f"{name} of alerts cannot be told ({why}): it is tried again"))


# --- Apprise -------------------------------------------------------------------------------------


def told(address: str, title: str, text: str) -> str:
    """Tell one address (or several, with blanks between). Empty: all took it; else why not, in half a
    sentence without the address. Never raises."""
    from bot.http.quiet import unheard

    with unheard():
        try:
            return _told(address, title, text)
        except Exception as error:  # a hundred services: any of them may break, and no post waits for them
            return f"it failed ({type(error).__name__})"


def understood(address: str) -> bool:
    """Whether Apprise knows such an address. Asks nobody."""
    from bot.http.quiet import unheard

    with unheard():
        try:
            return bool(_door(address))
        except Exception:  # as above
            return False


def _told(address: str, title: str, text: str) -> str:
    import apprise

    door = _door(address)
    if door is None:
        return "Apprise does not know such an address"
    form, kind = apprise.NotifyFormat.TEXT, apprise.NotifyType.WARNING
    took = door.notify(text, title=title, body_format=form, notify_type=kind, timeout=DEADLINE)
    return "" if took else "it did not take the message"


def _door(address: str) -> apprise.Apprise | None:
    """It keeps nothing on the disk, and does what it is told in this thread."""
    import apprise

    kept = apprise.AppriseAsset(
        app_id="petition-bot",
        app_desc="petition-bot",
        app_url="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        secure_logging=True,
        async_mode=False,
    )
    door = apprise.Apprise(asset=kept)
    return door if door.add(address) and len(door) else None
