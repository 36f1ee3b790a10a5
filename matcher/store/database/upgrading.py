"""Bringing a database to the version that the program needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from matcher.store.database.engine import READING, make_engine, one_writer
from matcher.store.database.errors import OutOfDateError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Make a database, or bring it to the newest version; nothing happens when it is there.

    Parameters
    ----------
    url : str
        ``sqlite:///treffsikker.db`` or ``postgresql://user@host/name``.
    """
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            one_writer(connection)
            command.upgrade(configuration(connection), "head")
    finally:
        engine.dispose()


def configuration(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration for a connection in a transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def check_version(engine: Engine) -> str:
    """Make sure that a database is at the newest version, and give it.

    Raises
    ------
    OutOfDateError
        When it is not.
    """
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine.connect().execution_options(**{READING: True}) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        raise OutOfDateError(
            f"the database is at version {found or 'none'}, this program needs {newest}:"
            " run `treffsikker upgrade`, or call matcher.store.database.upgrade with its address"
        )
    return str(found)
