"""One index for everything that the past is searched by, instead of the one by slot alone."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_index("deliveries_slot", "deliveries")
    op.create_index("deliveries_past", "deliveries", ["slot", "account", "state", "kind", "message_id"])
