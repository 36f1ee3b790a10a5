"""Connections to SQLite and PostgreSQL, configured so that the store treats both alike."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

from matcher.store.errors import DatabaseVersionError

READ_ONLY = "treffsikker_reading"
"""Name of the execution option of connections that only read."""
WRITER_LOCK_ID = 7_233_377
"""Identifier of the advisory lock of writers on PostgreSQL; must never change between versions."""
BUSY_TIMEOUT_SECONDS = 60
"""Seconds for which a connection to SQLite waits for a lock."""


def make_engine(url: str) -> Engine:
    """Create an engine for a database.

    Parameters
    ----------
    url : str
        URL of a database on SQLite or PostgreSQL.

    Raises
    ------
    DatabaseVersionError
        When the URL is of another kind of database.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise DatabaseVersionError(f"{kind} is not supported: use sqlite or postgresql")
    if kind == "postgresql":
        return create_engine(parsed, pool_pre_ping=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def acquire_writer_lock(connection: Connection) -> None:
    """Wait until no other writer is active.

    On SQLite the beginning of the transaction has waited for that already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK_ID})


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # With its default setting the driver begins transactions itself, and takes the writer's lock
    # too late.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
