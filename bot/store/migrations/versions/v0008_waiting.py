"""What one account has to do is found at once, among those of thousands."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.drop_index("deliveries_next", "deliveries")
    op.create_index("deliveries_waiting", "deliveries", ["state", "account", "next_at"])
