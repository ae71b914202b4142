"""Lines for machines: one event a line, key=value or JSON, and what libraries say, on stderr; no secret.

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

import click

from bot.files.blinds import Blinds

if TYPE_CHECKING:
    from bot.cli.call import Call
    from bot.core.model import Event

PLAIN = re.compile(r"[^\s\"'=\\\x00-\x1f\x7f-\x9f]+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def clean(text: str) -> str:
    """A text without what would steer a terminal; line breaks and tabs stay."""
    return CONTROL.sub("\ufffd", text)


ERRORS, WARNINGS = ("refused", "held", "trouble", "clock"), ("missed", "unconfirmed", "asks")
"""Events that somebody should look at, and those that somebody may."""


def line(event: Event, networks: Mapping[str, str], now: datetime) -> str:
    """One event as key=value, the keys always in the same order, those without a value left out."""
    pairs = _pairs(event, networks, now)
    return " ".join(f"{key}={_value(value)}" for key, value in pairs.items() if value)


def json_line(event: Event, networks: Mapping[str, str], now: datetime) -> str:
    """One event as a JSON object on one line: the same keys, and `level`; `delivery` is a number."""
    pairs: dict[str, object] = {key: value for key, value in _pairs(event, networks, now).items() if value}
    if event.delivery:
        pairs["delivery"] = event.delivery.id
    return _object(_level(event.what), pairs)


def _level(what: str) -> str:
    return "error" if what in ERRORS else "warning" if what in WARNINGS else "info"


def _object(level: str, pairs: Mapping[str, object]) -> str:
    shown = {key: clean(value) if isinstance(value, str) else value for key, value in pairs.items()}
    return json.dumps({"time": shown.pop("time"), "level": level, **shown}, ensure_ascii=False)


def _pairs(event: Event, networks: Mapping[str, str], now: datetime) -> dict[str, str | None]:
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
    return pairs


def _value(value: str) -> str:
    return value if PLAIN.fullmatch(value) else json.dumps(clean(value), ensure_ascii=False)


def aside(text: str, level: str = "warning") -> None:
    """A sentence beside what a command prints, on stderr, in the form of the call."""
    context = click.get_current_context(silent=True)
    call = context.find_root().obj if context else None
    if call is None or not call.logs_json:
        click.echo(text, err=True)
        return
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    click.echo(_object(level, {"time": now, "event": "log", "reason": blinds(call)(text)}), err=True)


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
        if self._call.logs_json:
            return self._as_json(record)
        text = clean(super().format(record)) if self._call.verbose else self._brief(record)
        return self._blinds(text)

    def _brief(self, record: logging.LogRecord) -> str:
        about = f"level={record.levelname.lower()} logger={record.name}"
        return f"time={_time(record)} event=log {about} reason={_value(self._said(record))}"

    def _as_json(self, record: logging.LogRecord) -> str:
        """Secrets are left out before JSON writes their letters in another way."""
        pairs = {"time": _time(record), "event": "log", "logger": record.name}
        pairs["reason"] = self._blinds(self._said(record))
        if self._call.verbose and record.exc_info:
            pairs["traceback"] = self._blinds(self.formatException(record.exc_info))
        return _object(record.levelname.lower(), pairs)

    def _said(self, record: logging.LogRecord) -> str:
        from bot.ports import StoreUnusable

        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StoreUnusable):
            return str(error)
        where = "" if self._call.verbose else "; -v shows where"
        return record.getMessage() + (f" ({type(error).__name__}{where})" if error else "")


def _time(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"


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
