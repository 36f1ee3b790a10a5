"""A ledger belongs to a year: that of each event's day.

No table or column changes. Snapshots of municipalities hold a book for each year now, and every
migration has the snapshots written anew from the events.
"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change nothing; the snapshots are written anew after the migrations."""


def downgrade() -> None:
    """Change nothing."""
