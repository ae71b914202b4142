"""Making and bringing up the tables: by migrations that end where schema.py says."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, text

from bot.core.model import Reading
from bot.store import open_store
from bot.store.schema import EPOCH, MICROSECOND, VERSION_TABLE, VERSIONS, metadata
from bot.store.upgrade import MIGRATIONS, migrate
from tests.store.given import NOON, added, found, row

LOADED = "import sys; from bot.store import open_store; {}; print([m for m in {} if m in sys.modules])"


def emptied(url: str, version: str) -> Engine:
    """A database that the migrations have brought to this version, from nothing."""
    open_store(url).close()  # makes its folder
    engine = create_engine(url)
    with engine.begin() as connection:
        every = MetaData()
        every.reflect(connection)
        every.drop_all(connection)
        migrate(connection, version)
    return engine


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return list(compare_metadata(context, metadata))


def test_the_migrations_end_at_our_tables_and_a_new_state_has_the_same(new_url: str) -> None:
    made = open_store(new_url)
    assert differences(made.engine) == []
    made.close()
    engine = emptied(new_url, VERSIONS[-1])
    assert differences(engine) == []
    engine.dispose()


def test_a_new_state_says_its_version(new_url: str) -> None:
    store = open_store(new_url)
    with store.engine.connect() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == VERSIONS[-1]
    store.close()


def test_every_migration_is_known_by_its_number() -> None:
    revisions = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert tuple(sorted(each.revision for each in revisions)) == VERSIONS


def test_a_new_state_is_made_with_its_folder_and_works(new_url: str) -> None:
    store = open_store(new_url)
    assert added(store) == found(store)
    store.close()


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_a_state_of_an_earlier_version_is_brought_up_with_all_it_holds(new_url: str, version: str) -> None:
    engine = emptied(new_url, version)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO readings (number, source, at) VALUES (5, 'json', :at)"),
            {"at": (NOON - EPOCH) // MICROSECOND},
        )
    engine.dispose()
    store = open_store(new_url)
    assert store.readings() == [Reading(5, "json", NOON, "")]
    assert added(store) == found(store)
    store.close()


def test_many_that_make_one_state_at_once_make_it_once(new_url: str) -> None:
    def act(number: int) -> int:
        store = open_store(new_url)
        made = store.insert([row("x/1")], {})
        store.close()
        return len(made)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(act, range(4))) == [0, 0, 0, 1]


def test_making_or_opening_a_state_loads_no_alembic_and_naming_the_room_no_sqlalchemy(blank: Path) -> None:
    names = ["sqlalchemy", "alembic"]
    assert loaded("pass", names) == "[]"
    assert loaded(f"open_store('sqlite:///{blank}').close()", names) == "['sqlalchemy']"
    assert loaded(f"open_store('sqlite:///{blank}.new').close()", names) == "['sqlalchemy']"


def loaded(act: str, names: list[str]) -> str:
    code = LOADED.format(act, names)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_an_sqlite_state_is_safe_against_power_cuts(blank: Path) -> None:
    store = open_store(f"sqlite:///{blank}")
    with store.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    store.close()


def test_a_write_is_on_disk_when_the_method_returns(tmp_path: Path) -> None:
    """Killed right after the call, without closing anything: the row is there."""
    url = f"sqlite:///{tmp_path}/state.db"
    code = (
        "import os; from bot.store import open_store; from tests.store.given import row\n"
        f"open_store({url!r}).insert([row('x/1')], {{}}); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    store = open_store(url)
    assert [each.key for each in store.due(NOON)] == ["x/1"]
    store.close()
