"""The store: a database of all events, with one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

from sqlalchemy import Connection, Engine

from matcher.store.engine import READ_ONLY, acquire_writer_lock, make_engine
from matcher.store.schema_version import check_version
from matcher.store.unit_of_work import UnitOfWork


class Store:
    """A database of events, on SQLite or PostgreSQL.

    Parameters
    ----------
    engine : Engine
        An engine for the database, as :meth:`open` creates it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._work: ContextVar[UnitOfWork | None] = ContextVar("work", default=None)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a database that :func:`upgrade` has prepared.

        Parameters
        ----------
        url : str
            ``sqlite:///treffsikker.db`` or ``postgresql://user@host/name``.

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
        return cls(engine)

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
            work = UnitOfWork(connection)
            token = self._work.set(work)
            try:
                yield work
                work.flush()
            finally:
                self._work.reset(token)

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """Open a transaction that reads one consistent state.

        Within a block of :meth:`writing`, read what that block has recorded so far.
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
