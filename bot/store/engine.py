"""The two engines, and all in which they differ: how to connect, and how to be the only writer.

Every writing transaction takes the whole state at its beginning (SQLite: BEGIN IMMEDIATE, PostgreSQL: one
advisory lock), so what it reads stays true until it commits, and claims never overlap. A bot makes
a few writes a minute; nothing is won by finer locks.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from bot.ports import StoreUnusable

PATIENCE = 10
"""Seconds to wait for another writer."""

ONE_WRITER = 7021_2611
"""The advisory lock of PostgreSQL that every writing transaction holds; any number, always the same."""

READING = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
WRITING = (
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on;"
    f" SET LOCAL lock_timeout = '{PATIENCE}s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
)


def parsed(url: str) -> URL:
    """The URL of a state; `postgres://`, as hosting services write it, is taken too."""
    try:
        found = make_url(url)
    except ArgumentError:
        raise StoreUnusable(
            "the address of the state cannot be read: write sqlite:///state/petition-bot.db"
            " or postgresql+psycopg://user:password@host/database"
        ) from None
    engine = found.drivername.split("+")[0]
    if engine in ("postgres", "postgresql"):
        return found.set(drivername="postgresql+psycopg")
    if engine == "sqlite":
        return found
    raise StoreUnusable(f"a state cannot be kept in {engine}: use sqlite:///… or postgresql+psycopg://…")


def connected(url: URL, in_memory: bool) -> Engine:
    """An engine whose transactions are as above; those with the option `writing` are writers."""
    return _sqlite(url, in_memory) if url.get_backend_name() == "sqlite" else _postgresql(url)


def _sqlite(url: URL, in_memory: bool) -> Engine:
    alone: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if in_memory else {}
    patience = {} if "timeout" in url.query else {"timeout": PATIENCE}
    engine = create_engine(
        url, poolclass=QueuePool, connect_args={"check_same_thread": False, **patience}, **alone
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE, "prepare_threshold": None}
        )
    except ModuleNotFoundError:
        raise StoreUnusable(
            "PostgreSQL needs one more package: pip install 'petition-bot[postgres]'"
        ) from None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _writes(connection):
            connection.exec_driver_sql(WRITING)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")
        else:
            connection.exec_driver_sql(READING)

    return engine


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writing"))
