"""The first tables. Times are microseconds since 1970 UTC, money is micro-dollars."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _deliveries()
    _accounts()
    _count()
    op.create_table(
        "charges",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), unique=True),
    )
    op.create_index("charges_month", "charges", ["month", "account", "cost"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("variant", sa.Integer, nullable=False),
        sa.Column("turn", sa.Integer),
        sa.Column("post", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        *[sa.Column(name, sa.BigInteger) for name in ("next_at", "claimed_at", "spoke_at", "posted_at")],
        sa.Column("remote_ids", sa.Text),
        sa.Column("remote_url", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        *[sa.Column(name, sa.Integer, nullable=False) for name in ("readings", "absences", "doubts")],
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_next", "deliveries", ["state", "next_at"])
    op.create_index("deliveries_slot", "deliveries", ["slot"])
    op.create_index("deliveries_account_slot", "deliveries", ["account", "slot"])
    op.create_index("deliveries_account_spoke", "deliveries", ["account", "spoke_at"])
    uses = ["account", "message_id", "language", "action", "state", "turn", "slot"]
    op.create_index("deliveries_uses", "deliveries", uses)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("paused_until", sa.BigInteger),
        sa.Column("held", sa.Text),
        sa.Column("server", sa.Text),
        sa.Column("user_id", sa.Text),
        sa.Column("planned_until", sa.BigInteger),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("until", sa.BigInteger),
    )


def _count() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("readings_at", "readings", ["at"])
    op.create_table(
        "milestones",
        sa.Column("threshold", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
