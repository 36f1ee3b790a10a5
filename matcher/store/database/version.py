"""The schema version of a database, and the version that this program needs."""

from sqlalchemy import Connection, Engine, column, inspect, select, table

from matcher.store.database.engine import READING
from matcher.store.database.errors import OutOfDateError

NEWEST = "0003"
"""The latest migration, as a constant: reading it from the migrations would slow every start."""
NOTED = table("alembic_version", column("version_num"))


def check_version(engine: Engine) -> str:
    """Check that a database is at the newest version, and return the version.

    Raises
    ------
    OutOfDateError
        When it is at another version.
    """
    with engine.connect().execution_options(**{READING: True}) as connection:
        version = version_of(connection)
    if version != NEWEST:
        raise OutOfDateError(
            f"the database is at version {version or 'none'}, this program needs {NEWEST}:"
            " run `treffsikker upgrade`, or call matcher.store.database.upgrade with its address"
        )
    return version


def version_of(connection: Connection) -> str | None:
    """Read the version of a database; None when the database is empty."""
    if not inspect(connection).has_table(NOTED.name):
        return None
    version: str | None = connection.execute(select(NOTED.c.version_num)).scalar_one_or_none()
    return version
