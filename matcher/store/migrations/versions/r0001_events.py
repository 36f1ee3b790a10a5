"""Contents, events that the database never changes, and three snapshots."""

import sqlalchemy as sa
from alembic import op

from matcher.store.tables import Moment
from matcher.store.triggers import GUARDS, UNGUARD

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and their triggers."""
    op.create_table(
        "content",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_content"),
    )
    _event()
    _snapshots()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take everything away."""
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)
    for table in ("part", "municipality", "household", "event", "content"):
        op.drop_table(table)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("household", sa.Text),
        sa.Column("municipality", sa.String(4)),
        sa.Column("part", sa.String(20)),
        sa.Column("content", sa.String(64)),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.CheckConstraint(
            "household IS NOT NULL OR municipality IS NOT NULL OR part IS NOT NULL",
            name="subject",
        ),
    )
    for column in ("household", "municipality", "day"):
        op.create_index(f"ix_event_{column}", "event", [column])


def _snapshots() -> None:
    _snapshot(
        "household",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("municipality", sa.String(4)),
    )
    for column in ("status", "municipality"):
        op.create_index(f"ix_household_{column}", "household", [column])
    _snapshot("municipality", sa.Column("number", sa.String(4), nullable=False))
    _snapshot("part", sa.Column("name", sa.String(20), nullable=False))


def _snapshot(name: str, key: "sa.Column[str]", *more: "sa.Column[str]") -> None:
    op.create_table(
        name,
        key,
        sa.Column("version", sa.BigInteger, nullable=False),
        *more,
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(key.name, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["version"], ["event.id"], name=f"fk_{name}_version"),
    )
