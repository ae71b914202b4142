"""The two engines, and all in which they differ: how to connect, and how writers wait for each other.

On SQLite every writing transaction takes the whole state at its beginning (BEGIN IMMEDIATE). On PostgreSQL
what concerns one account (claim, spoke, settle) takes that account, so that the accounts of several
replicas go on side by side; everything else takes the whole state, and waits for them. So what a
transaction reads stays true until it commits, claims of an account never overlap, and whoever has
committed a pause knows that nothing is claimed after it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from bot.ports import StoreUnusable

PATIENCE = 10
"""Seconds to wait for another writer."""

WHOLE_STATE, ONE_ACCOUNT, PLANNING, LEASING = 7021_2611, 7021_2612, 7021_2613, 7021_2614
"""Advisory locks of PostgreSQL; any numbers, always the same. Nobody waits in a circle: who plans takes
PLANNING first, and the whole state when it lays rows; who leases takes LEASING only."""

ALONE = f"SELECT pg_advisory_xact_lock({WHOLE_STATE})"
BESIDE = f"SELECT pg_advisory_xact_lock_shared({WHOLE_STATE})"
PLANNER = (
    "SET LOCAL lock_timeout = '150s'; SET LOCAL idle_in_transaction_session_timeout = '120s'; "
    f"SELECT pg_advisory_xact_lock({PLANNING})"
)
"""Ten thousand accounts take a while to plan."""

LEASER = f"SELECT pg_advisory_xact_lock({LEASING})"

READING = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
WRITING = (
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on;"
    f" SET LOCAL lock_timeout = '{PATIENCE}s'; SET LOCAL idle_in_transaction_session_timeout = '20s'; "
)
"""A replica that stands still in the middle of a transaction stops the others for 20 seconds at most."""

CONNECTIONS = 32
"""Of one bot at most: its workers, the pages, and those who plan."""


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
    """An engine whose transactions are as above; the option `writing` is the lock that a writer takes."""
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
            url,
            pool_pre_ping=True,
            max_overflow=CONNECTIONS - 5,
            connect_args={"connect_timeout": PATIENCE, "prepare_threshold": None},
        )
    except ModuleNotFoundError:
        raise StoreUnusable(
            "PostgreSQL needs one more package: pip install 'petition-bot[postgres]'"
        ) from None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        taken = _writes(connection)
        connection.exec_driver_sql(WRITING + taken if taken else READING)

    return engine


def _writes(connection: Connection) -> str:
    taken: str = connection.get_execution_options().get("writing", "")
    return taken
