"""Runs migrations on the connection that is handed in, inside its transaction."""

from alembic import context

from bot.store.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
