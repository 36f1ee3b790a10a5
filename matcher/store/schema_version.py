"""The schema version of a database, and the version that this program needs."""

from sqlalchemy import Connection, Engine, column, inspect, select, table

from matcher.store.engine import READ_ONLY
from matcher.store.errors import DatabaseVersionError

REQUIRED_VERSION = "0003"
"""The latest migration, as a constant: reading it from the migrations would slow every start."""
VERSION_TABLE = table("alembic_version", column("version_num"))


def check_version(engine: Engine) -> str:
    """Check that a database is at the newest version, and return the version.

    Raises
    ------
    DatabaseVersionError
        When it is at another version.
    """
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        version = read_version(connection)
    if version != REQUIRED_VERSION:
        raise DatabaseVersionError(
            f"the database is at version {version or 'none'}, this program needs "
            f"{REQUIRED_VERSION}:"
            " run `treffsikker upgrade`, or call matcher.store.upgrade with its address"
        )
    return version


def read_version(connection: Connection) -> str | None:
    """Read the version of a database; None when the database is empty."""
    if not inspect(connection).has_table(VERSION_TABLE.name):
        return None
    version: str | None = connection.execute(
        select(VERSION_TABLE.c.version_num)
    ).scalar_one_or_none()
    return version
