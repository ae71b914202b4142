"""Where a state is, read from its URL without loading a database library. It opens nothing."""

from __future__ import annotations

from pathlib import Path


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL; None where there is none (in memory, PostgreSQL)."""
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] != "sqlite":
        return None
    name, _, options = rest.removeprefix("/").partition("?")
    name = name.removeprefix("file:")
    return None if name in ("", ":memory:") or "mode=memory" in options else Path(name)
