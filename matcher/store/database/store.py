"""The store: a database with everything that happened, and one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

from sqlalchemy import Connection, Engine

from matcher.store.database.engine import READING, make_engine, one_writer
from matcher.store.database.version import check_version
from matcher.store.database.work import Work


class Store:
    """A database of events, on SQLite or PostgreSQL.

    Parameters
    ----------
    engine : Engine
        As :meth:`open` makes it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._work: ContextVar[Work | None] = ContextVar("work", default=None)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a database that :func:`upgrade` has made ready.

        Parameters
        ----------
        url : str
            ``sqlite:///treffsikker.db`` or ``postgresql://user@host/name``.

        Raises
        ------
        OutOfDateError
            When the database is at another version than this program.
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
        """Give the store itself; it is closed at the end of the block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close all connections."""
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """Record changes: all of the block or nothing; a block within a block joins it.

        One writer works at a time, and waits for its turn. What it reads stays as it is until its
        block ends.
        """
        outer = self._work.get()
        if outer is not None:
            yield outer
            return
        with self.engine.connect() as connection, connection.begin():
            one_writer(connection)
            work = Work(connection)
            token = self._work.set(work)
            try:
                yield work
                work.flush()
            finally:
                self._work.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent state; within a block of :meth:`writing`, what it has recorded."""
        work = self._work.get()
        if work is not None:
            work.flush()
            yield work.connection
            return
        with self.engine.connect() as connection:
            options = {READING: True}
            if self.engine.dialect.name == "postgresql":
                options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}  # type: ignore[dict-item]
            connection.execution_options(**options)
            with connection.begin():
                yield connection
