"""What was seen of each address that posts carry."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("bad", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("since", sa.BigInteger),
    )
