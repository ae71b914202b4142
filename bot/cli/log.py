"""Lines for machines: one event a line, key=value, and what libraries say, on stderr, without a secret.

It knows the secrets only to leave them out. Without -v a fault is one line and never a traceback.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.files.blinds import Blinds

if TYPE_CHECKING:
    from bot.cli.call import Call
    from bot.core.model import Event

PLAIN = re.compile(r"[^\s\"'=\\\x00-\x1f\x7f-\x9f]+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def clean(text: str) -> str:
    """A text without what would steer a terminal; line breaks and tabs stay."""
    return CONTROL.sub("\ufffd", text)


def line(event: Event, networks: Mapping[str, str], now: datetime) -> str:
    """One event as key=value, the keys always in the same order, those without a value left out."""
    from bot.core.budget import dollars

    row = event.delivery
    pairs: dict[str, str | None] = {
        "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "event": event.what,
        "account": event.account,
        "message": row.message_id if row else None,
        "network": networks.get(event.account or ""),
        "state": row.state if row else None,
        "delivery": str(row.id) if row else None,
        "action": "repost" if row and row.action == "repost" else None,
        "reason": event.text,
        "url": row.remote_url if row else None,
    }
    if row and row.post and event.what == "posted":
        pairs |= {
            "length": f"{row.post.length}/{row.post.limit}",
            "cost": dollars(row.post.cost),
            "text": "\n\n".join(row.post.parts),
        }
    return " ".join(f"{key}={_value(value)}" for key, value in pairs.items() if value)


def _value(value: str) -> str:
    return value if PLAIN.fullmatch(value) else json.dumps(clean(value), ensure_ascii=False)


# --- secrets -----------------------------------------------------------------------------------


def blinds(call: Call) -> Blinds:
    """What leaves the secrets of the campaign that `call` is about out of a text."""
    return Blinds(lambda: call.path.parent, call.environ)


# --- what libraries say ------------------------------------------------------------------------


class Form(logging.Formatter):
    """With -v everything, tracebacks too; else one line a record. Secrets never."""

    def __init__(self, call: Call) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._call, self._blinds = call, blinds(call)

    def format(self, record: logging.LogRecord) -> str:
        text = clean(super().format(record)) if self._call.verbose else self._brief(record)
        return self._blinds(text)

    def _brief(self, record: logging.LogRecord) -> str:
        from bot.ports import StoreUnusable

        error = record.exc_info[1] if record.exc_info else None
        known = isinstance(error, StoreUnusable)
        said = str(error) if known else record.getMessage()
        said += f" ({type(error).__name__}; -v shows where)" if error and not known else ""
        at = datetime.fromtimestamp(record.created, UTC)
        about = f"level={record.levelname.lower()} logger={record.name}"
        return f"time={at:%Y-%m-%dT%H:%M:%SZ} event=log {about} reason={_value(said)}"


@contextmanager
def listening(call: Call) -> Iterator[None]:
    """While the block runs, what is logged goes to stderr."""
    handler, root = logging.StreamHandler(), logging.getLogger()
    handler.setFormatter(Form(call))
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(logging.WARNING)


def talk() -> None:
    """From now on every detail is logged, but not the contents of the state."""
    logging.getLogger().setLevel(logging.DEBUG)
    for name in ("sqlalchemy", "filelock"):
        logging.getLogger(name).setLevel(logging.WARNING)
