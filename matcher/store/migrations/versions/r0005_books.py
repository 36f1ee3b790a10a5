"""A book says what was stated of its year, in whatever order it was told.

No table or column changes. Every migration has the snapshots written anew from the events.
"""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change nothing; the snapshots are written anew after the migrations."""


def downgrade() -> None:
    """Change nothing."""
