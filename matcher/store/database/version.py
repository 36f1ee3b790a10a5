"""The version of a database, and the one that this program needs."""

from sqlalchemy import Connection, Engine, column, inspect, select, table

from matcher.store.database.engine import READING
from matcher.store.database.errors import OutOfDateError

NEWEST = "0003"
"""The latest migration. Said here, as reading it from the migrations takes longer than starting."""
NOTED = table("alembic_version", column("version_num"))


def check_version(engine: Engine) -> str:
    """Make sure that a database is at the newest version, and give it.

    Raises
    ------
    OutOfDateError
        When it is not.
    """
    with engine.connect().execution_options(**{READING: True}) as connection:
        found = version_of(connection)
    if found != NEWEST:
        raise OutOfDateError(
            f"the database is at version {found or 'none'}, this program needs {NEWEST}:"
            " run `treffsikker upgrade`, or call matcher.store.database.upgrade with its address"
        )
    return found


def version_of(connection: Connection) -> str | None:
    """Give the version of a database, None of one with nothing in it."""
    if not inspect(connection).has_table(NOTED.name):
        return None
    found: str | None = connection.execute(select(NOTED.c.version_num)).scalar_one_or_none()
    return found
