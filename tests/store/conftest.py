"""The same tests on every engine: a fresh SQLite file, and a PostgreSQL database emptied before each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import open_store
from bot.store.store import SqlStore
from tests.store.servers import ENGINES


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite state with its tables, to copy: making them takes most of the time."""
    path = tmp_path_factory.mktemp("blank") / "state.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty state, its tables made."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("blank"), tmp_path / "state.db")
        return f"sqlite:///{tmp_path}/state.db"
    shared: str = request.getfixturevalue("postgresql")
    return shared


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> str:
    """A state that does not exist yet."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/state/new.db"
    made: str = request.getfixturevalue("server").database()
    return made


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()
