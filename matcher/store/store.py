"""The store: all events in SQLite or PostgreSQL, one writer at a time; opened and upgraded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    Connection,
    Engine,
    column,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    table,
    text,
)

from matcher.store.errors import DatabaseVersionError
from matcher.store.projections import replace_snapshots
from matcher.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Create a database, or bring it to the newest version; do nothing when it has that version.

    Snapshots are written anew from the events, in the form of the newest version.

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
    replace_snapshots(connection)


READ_ONLY = "treffsikker_reading"
"""Name of the execution option of connections that only read."""
WRITER_LOCK_ID = 7_233_377
"""Identifier of the advisory lock of writers on PostgreSQL; must never change between versions."""
BUSY_TIMEOUT_SECONDS = 60
"""Seconds for which a connection to SQLite waits for a lock."""
REQUIRED_VERSION = "0005"
"""The latest migration, as a constant: reading it from the migrations would slow every start."""
VERSION_TABLE = table("alembic_version", column("version_num"))


class Store:
    """A database of events, on SQLite or PostgreSQL.

    Parameters
    ----------
    engine : Engine
        An engine for the database, as :meth:`open` creates it.
    present_day : callable or None
        Returns the present day; changes and runs of later days are refused. None accepts any day,
        as simulations and tests need it.
    """

    def __init__(self, engine: Engine, present_day: Callable[[], date] | None = None) -> None:
        self.engine, self.present_day = engine, present_day
        self._work: ContextVar[UnitOfWork | None] = ContextVar("work", default=None)

    @classmethod
    def open(cls, url: str, present_day: Callable[[], date] | None = None) -> Self:
        """Open a database that :func:`upgrade` has prepared.

        Parameters
        ----------
        url : str
            ``sqlite:///treffsikker.db`` or ``postgresql://user@host/name``.
        present_day : callable or None
            Returns the present day; changes and runs of later days are refused. None accepts any
            day, as simulations and tests need it.

        Raises
        ------
        DatabaseVersionError
            When the database is not at the version that this program needs.
        """
        engine = make_engine(url)
        try:
            check_version(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, present_day)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        """Return the store itself; it is closed at the end of the block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close all connections."""
        self.close()

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Open a unit of work: all changes of the block are recorded, or none.

        A block inside another block joins the outer unit of work. Writers take turns: a block
        waits until no other writer is active, so what it reads does not change until it ends.
        """
        outer = self._work.get()
        if outer is not None:
            yield outer
            return
        with self.engine.connect() as connection, connection.begin():
            acquire_writer_lock(connection)
            today = None if self.present_day is None else self.present_day()
            work = UnitOfWork(connection, today)
            token = self._work.set(work)
            try:
                yield work
                work.flush()
            finally:
                self._work.reset(token)

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """Open a transaction that reads one consistent state.

        Within a block of :meth:`unit_of_work`, read what that block has recorded so far.
        """
        work = self._work.get()
        if work is not None:
            work.flush()
            yield work.connection
            return
        with self.engine.connect() as connection:
            options = {READ_ONLY: True}
            if self.engine.dialect.name == "postgresql":
                options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}  # type: ignore[dict-item]
            connection.execution_options(**options)
            with connection.begin():
                yield connection


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
