"""How often and when last each account posted each message, beside the rows that say so."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "uses",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("last_turn", sa.Integer),
        sa.Column("last_at", sa.BigInteger, nullable=False),
    )
    op.execute(
        "INSERT INTO uses SELECT account, message_id, language, count(*), max(turn), max(slot) FROM deliveries"
        " WHERE action = 'post' AND message_id IS NOT NULL"
        " AND state IN ('due', 'sending', 'unconfirmed', 'posted', 'refused')"
        " GROUP BY account, message_id, language"
    )
