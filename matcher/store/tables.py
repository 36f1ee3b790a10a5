"""Tables of the database: events and contents, snapshots computed from them, and service data."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment with a time zone, stored in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Convert to UTC; the caller has checked that there is a time zone."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Add the time zone where the database does not store it."""
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

payloads = Table(
    "content",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
)
"""Contents of events (their payloads), one row for each text; can be erased, never changed."""

# There is no foreign key from an event to its content, as contents can be erased and events cannot.
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
"""The event stream, in order; the database refuses changes and deletions."""


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
"""Snapshot: each other part of an instance, such as links and travel times."""

runs = Table(
    "run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("question", JSON, nullable=False),
    Column("based_on", BigInteger),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("heartbeat_at", Moment),
    Column("worker", Text),
    Column("attempts", Integer, nullable=False),
    Column("cancel_asked", Boolean, nullable=False),
    Column("progress", JSON, nullable=False),
    Column("error", Text),
    Index("ix_run_status", "status"),
    Index("ix_run_kind", "kind", "day"),
)
"""The job table: nights, what-ifs and reports that are queued, running or ended."""

outputs = Table(
    "run_output",
    metadata,
    Column("run", String(40), ForeignKey("run.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Outputs of the steps of runs: a step is done when its outputs are stored."""

api_keys = Table(
    "api_key",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("municipality", String(4)),
    Column("made_by", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
"""API keys of systems; the secret itself is never stored."""

ended_sessions = Table(
    "ended_session",
    metadata,
    Column("person", String(300), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""For each person the moment until which sessions are ended; sessions are not stored."""

audit_rows = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(120), nullable=False),
    Column("household", Text),
    Column("municipality", String(4)),
    Column("request", String(40), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_household", "household"),
    Index("ix_audit_actor", "actor"),
    Index("ix_audit_at", "at"),
)
"""The audit log: who read or changed what; each row holds the hash of the previous row."""

audit_ends = Table(
    "audit_end",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("latest", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="one"),
)
"""The end of the audit log: one row that only moves forward, so that missing rows are noticed."""

idempotent_responses = Table(
    "idempotent_answer",
    metadata,
    Column("actor", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("asked", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("shows", JSON, nullable=False),
    Index("ix_idempotent_answer_at", "at"),
)
"""Stored answers to idempotent requests, by actor and idempotency key."""
