"""What the service needs: runs and what they left, keys, the audit log, answers kept."""

import sqlalchemy as sa
from alembic import op

from matcher.store.tables import Moment
from matcher.store.triggers import AUDIT_GUARDS

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables and the guards of the audit log."""
    _runs()
    _outputs()
    _api_keys()
    _audit()
    _answers()
    for statement in AUDIT_GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take everything away."""
    for table in ("idempotent_answer", "audit_end", "audit", "api_key", "run_output", "run"):
        op.drop_table(table)


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("based_on", sa.BigInteger),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("started_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("heartbeat_at", Moment),
        sa.Column("worker", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        sa.Column("progress", sa.JSON, nullable=False),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_status", "run", ["status"])
    op.create_index("ix_run_kind", "run", ["kind", "day"])


def _outputs() -> None:
    op.create_table(
        "run_output",
        sa.Column("run", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("media_type", sa.String(60), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("run", "name", name="pk_run_output"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_run_output_run"),
    )


def _api_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("municipality", sa.String(4)),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String(120), nullable=False),
        sa.Column("household", sa.Text),
        sa.Column("municipality", sa.String(4)),
        sa.Column("request", sa.String(40), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    for column in ("household", "actor", "at"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    ends = op.create_table(
        "audit_end",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("latest", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_end"),
        sa.CheckConstraint("id = 1", name="ck_audit_end_one"),
    )
    op.bulk_insert(ends, [{"id": 1, "latest": 0, "hash": "0" * 64}])


def _answers() -> None:
    op.create_table(
        "idempotent_answer",
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("shows", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_idempotent_answer"),
    )
    op.create_index("ix_idempotent_answer_at", "idempotent_answer", ["at"])
