"""The audit log of who read or changed what: append to it, read, verify and export it.

A service appends in a background thread, so that many requests share one commit.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from queue import SimpleQueue
from threading import Lock, Thread

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    cast,
    insert,
    or_,
    select,
    update,
)

from matcher.domain.errors import TreffsikkerError
from matcher.store import tables
from matcher.store.errors import ChangeError
from matcher.store.service.audit_chain import (
    ALL_HOUSEHOLDS,
    AuditRecord,
    AuditRow,
    ChainEnd,
    ChainVerification,
    chain_entries,
    check_chain,
    format_line,
    row_values,
)
from matcher.store.store import Store

FETCH_SIZE = 1000
"""Rows that one fetch reads."""
SELECT_END = select(tables.audit_ends.c.latest, tables.audit_ends.c.hash)
LOCK_END = SELECT_END.with_for_update()
INSERT_ROWS = insert(tables.audit_rows)
UPDATE_END = update(tables.audit_ends).values(latest=bindparam("latest"), hash=bindparam("hash"))
MAX_BATCH_ENTRIES = 1000
"""Number of entries in one commit at most, so that no request waits long."""


def append_entries(store: Store, entries: Sequence[AuditRecord]) -> list[AuditRow]:
    """Append entries, all or none; they are durable when this function returns.

    Raises
    ------
    ChangeError
        When the moment of an entry has no time zone.
    """
    without_zone = next((entry for entry in entries if entry.at.tzinfo is None), None)
    if without_zone is not None:
        raise ChangeError(f"the moment {without_zone.at} has no time zone; give one")
    with store.engine.connect() as connection, connection.begin():
        # Whoever has locked this row is the log's only writer. On SQLite, beginning the transaction
        # has already waited for the lock.
        rows = list(chain_entries(entries, ChainEnd(*connection.execute(LOCK_END).one())))
        if rows:
            connection.execute(INSERT_ROWS, [row_values(row) for row in rows])
            connection.execute(UPDATE_END, {"latest": rows[-1].id, "hash": rows[-1].hash})
        return rows


def read_end(connection: Connection) -> ChainEnd:
    """Return the end of the log that was recorded when the latest row was written."""
    return ChainEnd(*connection.execute(SELECT_END).one())


def read_rows(
    store: Store,
    *,
    household: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> Iterator[AuditRow]:
    """Read rows in order, or with ``limit`` the newest rows, newest first.

    Parameters
    ----------
    household : str or None
        Only rows about this household, and rows of answers that showed it in a list.
    actor : str or None
        Only rows of this actor.
    since, until : datetime or None
        Only rows at or after ``since``, and before ``until``.
    before : int or None
        Only rows whose ``id`` is lower.
    limit : int or None
        Number of rows at most, from the newest.
    """
    with store.read_transaction() as connection:
        column = tables.audit_rows.c
        where: list[ColumnElement[bool]] = []
        where += [_mentions(household)] if household is not None else []
        where += [column.actor == actor] if actor is not None else []
        where += [column.at >= since] if since is not None else []
        where += [column.at < until] if until is not None else []
        where += [column.id < before] if before is not None else []
        yield from _rows(connection, where, limit)


def _rows(
    connection: Connection, where: Sequence[ColumnElement[bool]], limit: int | None = None
) -> Iterator[AuditRow]:
    # Facts are read as text, so that a row whose JSON somebody damaged is reported as changed and
    # raises no error.
    columns = [column for column in tables.audit_rows.c if column.name != "facts"]
    facts = cast(tables.audit_rows.c.facts, Text).label("facts")
    order = tables.audit_rows.c.id if limit is None else tables.audit_rows.c.id.desc()
    query = select(*columns, facts).where(*where).order_by(order).limit(limit)
    # The caller may stop half-way; the cursor must be closed then too.
    with connection.execution_options(yield_per=FETCH_SIZE).execute(query) as result:
        for row in result.mappings():
            yield AuditRow(**{**row, "facts": _facts(row["facts"])})


def _facts(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"spoilt": text}


def _mentions(household: str) -> ColumnElement[bool]:
    facts = cast(tables.audit_rows.c.facts, Text)
    name, everyone = json.dumps(household), f'"households": "{ALL_HOUSEHOLDS}"'
    in_facts = facts.contains(name, autoescape=True) | facts.contains(everyone, autoescape=True)
    return or_(
        tables.audit_rows.c.household == household,
        tables.audit_rows.c.household.is_(None) & in_facts,
    )


def verify_log(store: Store, expected_end: ChainEnd | None = None) -> ChainVerification:
    """Check that the log is complete and unchanged, and report where it is not.

    Parameters
    ----------
    expected_end : ChainEnd or None
        An earlier end of the log that was noted outside the database.
    """
    with store.read_transaction() as connection:
        return check_chain(_rows(connection, []), read_end(connection), expected_end)


def export_lines(store: Store) -> Iterator[str]:
    """Export the whole log as lines of JSON, which can be verified without the database."""
    return (format_line(row) for row in read_rows(store))


class AuditClosedError(TreffsikkerError):
    """The audit log accepts no more entries: the service is stopping."""


_Batch = Sequence[tuple[Sequence[AuditRecord], Future[None]]]
"""Entries of several requests, each with the future that its request waits for."""


class AuditWriter:
    """Writes entries in the background.

    Entries that arrive during a commit are written together in the next one.

    Parameters
    ----------
    store : Store
        The store that holds the log.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._queue: SimpleQueue[tuple[Sequence[AuditRecord], Future[None]] | None] = SimpleQueue()
        self._closed, self._close_lock = False, Lock()
        self._thread = Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def submit(self, entries: Sequence[AuditRecord]) -> Future[None]:
        """Queue entries; the future is done when they are durable, or could not be written.

        Raises
        ------
        AuditClosedError
            After :meth:`close`.
        """
        future: Future[None] = Future()
        # No entries may be queued after the None that ends the thread.
        with self._close_lock:
            if self._closed:
                raise AuditClosedError("the service is stopping; ask again in a moment")
            self._queue.put((entries, future))
        return future

    def close(self) -> None:
        """Write the queued entries, and stop."""
        with self._close_lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            batch, is_open = self._next_batch()
            if batch:
                self._write(batch)
            if not is_open:
                return

    def _next_batch(self) -> tuple[_Batch, bool]:
        """Wait for entries; return all that are queued, and whether more can come."""
        batch: list[tuple[Sequence[AuditRecord], Future[None]]] = []
        count = 0
        while not batch or (count < MAX_BATCH_ENTRIES and not self._queue.empty()):
            submission = self._queue.get()
            if submission is None:
                return batch, False
            batch.append(submission)
            count += len(submission[0])
        return batch, True

    def _write(self, batch: _Batch) -> None:
        try:
            append_entries(self.store, [entry for entries, _ in batch for entry in entries])
        except Exception as error:  # noqa: BLE001
            self._write_one_by_one(batch, error)
            return
        for _, future in batch:
            future.set_result(None)

    def _write_one_by_one(self, batch: _Batch, error: Exception) -> None:
        """Write each request's entries alone, so that only those that cannot be written fail."""
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for submission in batch:
            self._write([submission])
