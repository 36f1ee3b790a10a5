"""Tables of the database: contents and events, and the snapshots drawn from them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn to UTC; the caller has made sure that there is a zone."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back where the database does not keep it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

contents = Table(
    "content",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
)
"""What was said, once for each different text. May be erased, never changed."""

# No foreign key from an event to its content: contents can be erased, events cannot.
events = Table(
    "event",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("day", Date, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("household", Text),
    Column("municipality", String(4)),
    Column("part", String(20)),
    Column("content", String(64)),
    Column("facts", JSON, nullable=False),
    CheckConstraint(
        "household IS NOT NULL OR municipality IS NOT NULL OR part IS NOT NULL", name="subject"
    ),
    Index("ix_event_household", "household"),
    Index("ix_event_municipality", "municipality"),
    Index("ix_event_day", "day"),
)
"""Everything that happened, in order; the database refuses changes and deletions."""


def _version() -> Column[int]:
    return Column("version", BigInteger, ForeignKey("event.id"), nullable=False)


households = Table(
    "household",
    metadata,
    Column("id", Text, primary_key=True),
    _version(),
    Column("status", String(20), nullable=False),
    Column("municipality", String(4)),
    Column("state", Text, nullable=False),
    Index("ix_household_status", "status"),
    Index("ix_household_municipality", "municipality"),
)
"""Snapshot: each household after its latest event."""

municipalities = Table(
    "municipality",
    metadata,
    Column("number", String(4), primary_key=True),
    _version(),
    Column("state", Text, nullable=False),
)
"""Snapshot: each municipality after its latest event."""

parts = Table(
    "part",
    metadata,
    Column("name", String(20), primary_key=True),
    _version(),
    Column("state", Text, nullable=False),
)
"""Snapshot: what else an instance says, such as links and travel times."""
