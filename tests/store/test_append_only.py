"""The database itself refuses to change what has happened."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from matcher.store import read_municipality_events
from tests.store.small import imported, promised, small

ATTEMPTS = (
    "UPDATE event SET reason = 'another'",
    "UPDATE event SET id = id + 1000",
    "DELETE FROM event WHERE household IS NOT NULL",
    "UPDATE content SET body = ''",
)
SQLITE = (
    "INSERT OR REPLACE INTO event SELECT id, at, day, 'another', reason, kind, household,"
    " municipality, part, content, facts FROM event LIMIT 1",
    "REPLACE INTO content SELECT hash, kind, '' FROM content LIMIT 1",
)
POSTGRESQL = ("TRUNCATE event CASCADE",)


def attempts(store) -> tuple[str, ...]:
    """Ways to change the past on this database."""
    return ATTEMPTS + (SQLITE if store.engine.dialect.name == "sqlite" else POSTGRESQL)


def test_events_are_neither_changed_nor_deleted(store):
    """Each way is refused by name, and leaves all events as they were."""
    imported(store, small(decided=5))
    promised(store, "H0")
    before = read_municipality_events(store, "0301")
    for attempt in attempts(store):
        with pytest.raises(DBAPIError, match="never"), store.engine.begin() as connection:
            connection.execute(text(attempt))
    assert read_municipality_events(store, "0301") == before


def test_an_event_about_nothing_is_refused(store):
    """Each has a household, a municipality or a part."""
    row = "INSERT INTO event (id, at, day, actor, reason, kind, facts) VALUES "
    row += "(1, '2024-01-01 00:00:00', '2024-01-01', 'a', 'r', 'listed', '{}')"
    with pytest.raises(DBAPIError, match="subject"), store.engine.begin() as connection:
        connection.execute(text(row))
