"""What an error of a database means, as one sentence: what, where, what to do. It never shows a secret."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.ports import StoreUnusable

SQLITE = {
    "SQLITE_FULL": "has no room on its disk: free some space; nothing was half-written",
    "SQLITE_BUSY": "is locked by another program: close what has it open and try again",
    "SQLITE_LOCKED": "is locked by another program: close what has it open and try again",
    "SQLITE_READONLY": "is read-only: let this user write the file and its folder",
    "SQLITE_PERM": "may not be used by this user: let this user write the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened: see that it is a file, and that this user may write its folder",
    "SQLITE_CORRUPT": "is damaged: keep a copy of it, then restore a backup (petition-bot restore FILE)",
    "SQLITE_NOTADB": "is not a state of petition-bot: see `state` in config.yaml, or restore a backup",
    "SQLITE_IOERR": "cannot be read or written: its disk gives errors",
}

POSTGRESQL = {
    "08": "cannot be reached any more: see that PostgreSQL runs there",
    "25006": "is read-only: use the primary server",
    "42501": "does not let this user make or use tables: grant it the rights",
    "42P07": "holds tables of another program: give petition-bot a database of its own",
    "53100": "has no room on its disk: free some space; nothing was half-written",
    "53": "is out of resources: look at its log",
    "55P03": "is locked by another program: end what holds it and try again",
    "57": "was shut down: start PostgreSQL again",
}


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what a database raises inside into StoreUnusable."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OverflowError) as error:
        raise StoreUnusable(f"{place(url)} {sentence(error, url)}") from None


def place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return f"the state {url.database or 'in memory'}"
    return f"the state {url.set(query={}).render_as_string(hide_password=True)}"


def sentence(error: Exception, url: URL) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, NoConnection):
        return "is in use by too many threads at once: try again"
    if isinstance(cause, sqlite3.Error):
        known = _known(SQLITE, getattr(cause, "sqlite_errorname", ""))
    elif state := getattr(cause, "sqlstate", None):
        known = _known(POSTGRESQL, state)
    elif isinstance(error, OperationalError):
        known = (
            f"cannot be reached ({_shown(cause or error, url)}): see that PostgreSQL runs, and DATABASE_URL"
        )
    else:
        known = None
    return known or f"cannot be used ({_shown(cause or error, url)})"


def _known(table: dict[str, str], code: str) -> str | None:
    """Codes of both engines begin with their kind: the longest beginning that we have a sentence for."""
    return next((table[code[:end]] for end in range(len(code), 1, -1) if code[:end] in table), None)


def _shown(error: BaseException, url: URL) -> str:
    """The first line of a foreign error, without the password."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return line.replace(url.password, "***") if isinstance(url.password, str) and url.password else line
