"""Bring a database to the version that the program needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from matcher.store.database.engine import make_engine, one_writer
from matcher.store.database.version import NEWEST, version_of

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Create a database, or bring it to the newest version; do nothing when it has that version.

    Parameters
    ----------
    url : str
        ``sqlite:///treffsikker.db`` or ``postgresql://user@host/name``.
    """
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            one_writer(connection)
            if version_of(connection) != NEWEST:
                _migrate(connection)
    finally:
        engine.dispose()


def configuration(connection: Connection | None = None) -> "Config":
    """Build Alembic's configuration for a connection in a transaction."""
    from alembic.config import Config  # noqa: PLC0415  # Loaded only when it is needed.

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # As above.

    command.upgrade(configuration(connection), "head")
