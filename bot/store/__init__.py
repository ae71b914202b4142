"""The outbox and all that must survive a power cut, on SQLite or PostgreSQL behind one class.

It knows no rule of its own: what may be claimed and what an answer means is handed in. SQLAlchemy is
loaded when a store is opened, Alembic only when a database has to be made or brought up to date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.lock import lock

if TYPE_CHECKING:
    from bot.store.store import SqlStore

__all__ = ["lock", "open_store"]


def open_store(url: str) -> SqlStore:
    """Open the state at `url` (`sqlite:///path`, `postgresql+psycopg://…`), made if there is none.

    Raises StoreUnusable with one sentence for everything that stands in the way.
    """
    from bot.store.store import SqlStore

    return SqlStore(url)
