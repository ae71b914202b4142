"""What a reading of the count says of the petition's end."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("readings", sa.Column("closed", sa.String(16), nullable=False, server_default=""))
