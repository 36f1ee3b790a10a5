"""Bring a database to the version that the program needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from matcher.store.store import REQUIRED_VERSION, acquire_writer_lock, make_engine, read_version

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"


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
            acquire_writer_lock(connection)
            if read_version(connection) != REQUIRED_VERSION:
                _migrate(connection)
    finally:
        engine.dispose()


def build_alembic_config(connection: Connection | None = None) -> "Config":
    """Build Alembic's configuration for a connection in a transaction."""
    from alembic.config import Config  # noqa: PLC0415  # Loaded only when it is needed.

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # As above.

    command.upgrade(build_alembic_config(connection), "head")
