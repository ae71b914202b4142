"""Which version of the tables a database has, and bringing it up to ours. It never goes back."""

from __future__ import annotations

from pathlib import Path
from time import sleep

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    column,
    insert,
    inspect,
    select,
    table,
)

from bot.ports import StoreUnusable
from bot.store.engine import ALONE
from bot.store.schema import VERSION, VERSION_TABLE, VERSIONS, metadata
from bot.store.trouble import place

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(engine: Engine, url: URL) -> None:
    """Leave a database with our tables behind: looked at, made, or upgraded in one transaction."""
    with engine.connect() as connection:
        if known(connection, url) == VERSION:
            return
    with engine.execution_options(writing=ALONE).begin() as connection:
        found = known(connection, url)
        if found is None:
            create(connection)
        elif found != VERSION:
            migrate(connection)


def make_folder(path: Path) -> None:
    """Make the folder of an SQLite state. A file of 0 bytes was cut off: a new one never looks like that
    for longer than another process needs to begin it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(5):
            if not path.exists() or path.stat().st_size:
                return
            sleep(0.1)
    except OSError as error:
        raise StoreUnusable(f"the state {path} cannot be made ({error.strerror}): see its folder") from None
    raise StoreUnusable(
        f"the state {path} is empty (0 bytes): it was cut off. Restore a backup (petition-bot restore FILE);"
        " deleting it starts anew, with nothing known of what was posted"
    )


def known(connection: Connection, url: URL) -> str | None:
    """The version of the tables, None where there are none yet. Raises for what is not ours."""
    looked = inspect(connection)
    names = set(looked.get_table_names())
    if VERSION_TABLE not in names:
        foreign = names if url.get_backend_name() == "sqlite" else names & set(metadata.tables)
        if foreign:
            raise StoreUnusable(
                f"{place(url)} holds tables of another program ({min(foreign)}): see `state` in config.yaml"
            )
        return None
    found = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    if found is not None and found not in VERSIONS:
        raise StoreUnusable(
            f"{place(url)} is of a newer petition-bot (tables {found}, ours {VERSION}): upgrade this one"
        )
    return found


def create(connection: Connection) -> None:
    """All tables at once, as the migrations would leave them: a new state needs no Alembic."""
    metadata.create_all(connection)
    named = MetaData()
    version = Table(VERSION_TABLE, named, Column("version_num", String(32), primary_key=True))
    named.create_all(connection)
    connection.execute(insert(version).values(version_num=VERSION))


def migrate(connection: Connection, to: str = VERSION) -> None:
    """Run what is missing; Alembic is loaded here and nowhere else."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, to)
