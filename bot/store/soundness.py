"""Whether a database can be trusted. It reads, repairs nothing and may take a while on a large state."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.ports import StoreUnusable
from bot.store.schema import VERSION
from bot.store.trouble import SQLITE


def examined(connection: Connection) -> str:
    """Engine, version and tables. Raises StoreUnusable for a damaged file."""
    if connection.dialect.name == "sqlite":
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
            raise StoreUnusable(f"the state {SQLITE['SQLITE_CORRUPT']}")
        return f"SQLite {version}, tables {VERSION}"
    version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    return f"PostgreSQL {str(version).split()[0]}, tables {VERSION}"
