"""The audit log of who read or changed what: append, read, verify and export it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

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

from matcher.store.database import tables
from matcher.store.database.audit_rows import (
    EVERYONE,
    AuditRow,
    End,
    Entry,
    Verification,
    chained,
    check_chain,
    facts_of,
    line,
)
from matcher.store.database.errors import ChangeError
from matcher.store.database.store import Store

AT_A_TIME = 1000
"""Rows that one fetch reads."""
NOTED = select(tables.audit_ends.c.latest, tables.audit_ends.c.hash)
HELD = NOTED.with_for_update()
ADD = insert(tables.audit)
GO_ON = update(tables.audit_ends).values(latest=bindparam("latest"), hash=bindparam("hash"))


def append(store: Store, entries: Sequence[Entry]) -> list[AuditRow]:
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
        rows = list(chained(entries, End(*connection.execute(HELD).one())))
        if rows:
            connection.execute(ADD, [facts_of(row) for row in rows])
            connection.execute(GO_ON, {"latest": rows[-1].id, "hash": rows[-1].hash})
        return rows


def end_of(connection: Connection) -> End:
    """Return the end of the log that was recorded when the latest row was written."""
    return End(*connection.execute(NOTED).one())


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
    with store.reading() as connection:
        column = tables.audit.c
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
    columns = [column for column in tables.audit.c if column.name != "facts"]
    facts = cast(tables.audit.c.facts, Text).label("facts")
    order = tables.audit.c.id if limit is None else tables.audit.c.id.desc()
    query = select(*columns, facts).where(*where).order_by(order).limit(limit)
    # The caller may stop half-way; the cursor must be closed then too.
    with connection.execution_options(yield_per=AT_A_TIME).execute(query) as result:
        for row in result.mappings():
            yield AuditRow(**{**row, "facts": _facts(row["facts"])})


def _facts(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"spoilt": text}


def _mentions(household: str) -> ColumnElement[bool]:
    facts = cast(tables.audit.c.facts, Text)
    name, everyone = json.dumps(household), f'"households": "{EVERYONE}"'
    in_facts = facts.contains(name, autoescape=True) | facts.contains(everyone, autoescape=True)
    return or_(tables.audit.c.household == household, tables.audit.c.household.is_(None) & in_facts)


def verify(store: Store, known: End | None = None) -> Verification:
    """Check that the log is complete and unchanged, and report where it is not.

    Parameters
    ----------
    known : End or None
        An earlier end of the log that was noted outside the database.
    """
    with store.reading() as connection:
        return check_chain(_rows(connection, []), end_of(connection), known)


def export(store: Store) -> Iterator[str]:
    """Export the whole log as lines of JSON, which can be verified without the database."""
    return (line(row) for row in read_rows(store))
