"""The audit log: who read or changed what, added to, asked, verified and taken out."""

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
"""Rows that are fetched at a time."""
NOTED = select(tables.audit_ends.c.latest, tables.audit_ends.c.hash)
HELD = NOTED.with_for_update()
ADD = insert(tables.audit)
GO_ON = update(tables.audit_ends).values(latest=bindparam("latest"), hash=bindparam("hash"))


def append(store: Store, entries: Sequence[Entry]) -> list[AuditRow]:
    """Add entries at the end, all or none; they are durable when this returns.

    Raises
    ------
    ChangeError
        When a moment has no time zone.
    """
    bare = next((entry for entry in entries if entry.at.tzinfo is None), None)
    if bare is not None:
        raise ChangeError(f"the moment {bare.at} has no time zone; give one")
    with store.engine.connect() as connection, connection.begin():
        # Whoever holds this row is the log's one writer; on SQLite the transaction waited for it.
        rows = list(chained(entries, End(*connection.execute(HELD).one())))
        if rows:
            connection.execute(ADD, [facts_of(row) for row in rows])
            connection.execute(GO_ON, {"latest": rows[-1].id, "hash": rows[-1].hash})
        return rows


def end_of(connection: Connection) -> End:
    """Give where the log ends, as it was noted when the latest row was written."""
    return End(*connection.execute(NOTED).one())


def read_rows(
    store: Store, *, household: str | None = None, actor: str | None = None,
    since: datetime | None = None, until: datetime | None = None,
    before: int | None = None, limit: int | None = None,
) -> Iterator[AuditRow]:  # fmt: skip
    """Give rows in order, or a limited number with the newest first.

    Parameters
    ----------
    household : str or None
        Rows about it, and those of answers that showed it among others.
    actor : str or None
        Rows of them.
    since, until : datetime or None
        Rows from the one moment until before the other.
    before : int or None
        Rows before this place.
    limit : int or None
        How many at the most, from the newest.
    """
    with store.reading() as connection:
        column = tables.audit.c
        where: list[ColumnElement[bool]] = []
        where += [_about(household)] if household is not None else []
        where += [column.actor == actor] if actor is not None else []
        where += [column.at >= since] if since is not None else []
        where += [column.at < until] if until is not None else []
        where += [column.id < before] if before is not None else []
        yield from _rows(connection, where, limit)


def _rows(
    connection: Connection, where: Sequence[ColumnElement[bool]], limit: int | None = None
) -> Iterator[AuditRow]:
    # Facts are read as text: what someone has spoilt is told as a changed row, not as an error.
    others = [column for column in tables.audit.c if column.name != "facts"]
    facts = cast(tables.audit.c.facts, Text).label("facts")
    order = tables.audit.c.id if limit is None else tables.audit.c.id.desc()
    query = select(*others, facts).where(*where).order_by(order).limit(limit)
    # Someone may stop half-way; then nothing must be left open.
    with connection.execution_options(yield_per=AT_A_TIME).execute(query) as found:
        for row in found.mappings():
            yield AuditRow(**{**row, "facts": _facts(row["facts"])})


def _facts(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"spoilt": text}


def _about(household: str) -> ColumnElement[bool]:
    facts = cast(tables.audit.c.facts, Text)
    named, all_ = json.dumps(household), f'"households": "{EVERYONE}"'
    shown = facts.contains(named, autoescape=True) | facts.contains(all_, autoescape=True)
    return or_(tables.audit.c.household == household, tables.audit.c.household.is_(None) & shown)


def verify(store: Store, known: End | None = None) -> Verification:
    """Tell whether the log is whole and unchanged, and if not, where.

    Parameters
    ----------
    known : End or None
        Where it ended once, noted elsewhere.
    """
    with store.reading() as connection:
        return check_chain(_rows(connection, []), end_of(connection), known)


def export(store: Store) -> Iterator[str]:
    """Give the whole log as lines of JSON, which can be verified away from the database."""
    return (line(row) for row in read_rows(store))
