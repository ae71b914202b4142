"""The tables. Times are whole microseconds since 1970 UTC and money is whole micro-dollars, so that both
engines compare and add them alike; a change here comes with a migration in migrations/versions.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every migration, oldest first, so that opening a state needs no Alembic."""

VERSION = VERSIONS[-1]

VERSION_TABLE = "petition_bot_version"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970, UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


class Words(TypeDecorator[str]):
    """Any text. What no database keeps (NUL, half a surrogate pair; networks' answers hold both) is replaced:
    losing an outcome over it would be worse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


metadata = MetaData()

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("account", Words, nullable=False),
    Column("action", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("slot", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("message_id", Words),
    Column("kind", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("turn", Integer),
    Column("post", Words),  # JSON, every field
    Column("target", Words),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("claimed_at", Moment),
    Column("spoke_at", Moment),
    Column("posted_at", Moment),
    Column("remote_ids", Words),  # JSON list; null: no part stands
    Column("remote_url", Words),
    Column("reason", Words, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("absences", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Index("deliveries_waiting", "state", "account", "next_at"),
    Index("deliveries_past", "slot", "account", "state", "kind", "message_id"),
    Index("deliveries_account_slot", "account", "slot"),
    Index("deliveries_account_spoke", "account", "spoke_at"),
    Index("deliveries_uses", "account", "message_id", "language", "action", "state", "turn", "slot"),
    sqlite_autoincrement=True,
)

uses = Table(
    "uses",
    metadata,
    Column("account", Words, primary_key=True),
    Column("message_id", Words, primary_key=True),
    Column("language", Words, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("last_turn", Integer),
    Column("last_at", Moment, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Words, primary_key=True),
    Column("paused", Boolean, nullable=False),
    Column("paused_until", Moment),
    Column("held", Words),
    Column("server", Words),
    Column("user_id", Words),
    Column("planned_until", Moment),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("until", Moment),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("source", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed", String(16), nullable=False, server_default=""),
    Index("readings_at", "at"),
)

milestones = Table(
    "milestones",
    metadata,
    Column("threshold", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("url", Words, primary_key=True),
    Column("checked_at", Moment, nullable=False),
    Column("bad", Integer, nullable=False),
    Column("why", Words, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("since", Moment),
)

charges = Table(
    "charges",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Words, nullable=False),
    Column("month", String(7), nullable=False),
    Column("at", Moment, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("what", Words, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), unique=True),
    Index("charges_month", "month", "account", "cost"),
)

users = Table(
    "users",
    metadata,
    Column("name", Words, primary_key=True),
    Column("role", String(16), nullable=False),  # editor, approver
    Column("password", Words, nullable=False),  # a hash
    Column("version", Integer, nullable=False),  # goes up with every change: older sign-ins end
    Column("created_at", Moment, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("name", String(32), primary_key=True),  # what it signs
    Column("value", Words, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Words, nullable=False),
    Column("verb", String(32), nullable=False),
    Column("about", Words, nullable=False),  # a message, an account, a delivery
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Index("audit_at", "at"),
    Index("audit_about", "about", "at"),
)

choices = Table(
    "choices",
    metadata,
    Column("slot_key", Words, primary_key=True),
    Column("message_id", Words),  # null: nothing goes out in this slot
    Column("who", Words, nullable=False),
    Column("slot", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Index("choices_slot", "slot"),
)

leases = Table(
    "leases",
    metadata,
    Column("account", Words, primary_key=True),
    Column("owner", Words, nullable=False),
    Column("until", Moment, nullable=False),
    Column("fence", BigInteger, nullable=False),  # goes up with every new owner
)

alerts = Table(
    "alerts",
    metadata,
    Column("key", Words, primary_key=True),  # what needs a person
    Column("name", Words, primary_key=True),  # who is told
    Column("words", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # when it was last found open
    Column("next_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Moment),
)
