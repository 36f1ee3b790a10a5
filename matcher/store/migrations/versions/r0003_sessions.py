"""When the sessions of a person were ended."""

import sqlalchemy as sa
from alembic import op

from matcher.store.tables import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ended_session",
        sa.Column("person", sa.String(300), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_ended_session"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ended_session")
