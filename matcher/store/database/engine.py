"""Connections to SQLite and PostgreSQL, set so that the store can rely on both alike."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

from matcher.store.database.errors import OutOfDateError

READING = "treffsikker_reading"
"""Execution option of connections that only read."""
WRITERS_LOCK = 7_233_377
"""Number of the lock that PostgreSQL's writers take, the same for all versions of the program."""
WAIT_SECONDS = 60
"""How long a writer of SQLite waits for its turn."""


def make_engine(url: str) -> Engine:
    """Make an engine.

    Parameters
    ----------
    url : str
        Of SQLite or PostgreSQL.

    Raises
    ------
    OutOfDateError
        When it is of another kind of database.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise OutOfDateError(f"{kind} is not supported: use sqlite or postgresql")
    if kind == "postgresql":
        return create_engine(parsed, pool_pre_ping=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def one_writer(connection: Connection) -> None:
    """Wait until no other writer is at work; on SQLite the transaction has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITERS_LOCK})


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver would begin transactions on its own, too late for the lock of a writer.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {WAIT_SECONDS * 1000}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
