"""Ended sessions: for each person the moment until which all earlier sessions are invalid."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from matcher.store import tables
from matcher.store.errors import ChangeError
from matcher.store.store import Store

SELECT_SESSIONS_END = select(tables.ended_sessions.c.at).where(
    tables.ended_sessions.c.person == bindparam("person")
)
"""The query runs on every request with a session, so it is built only once."""
MAX_PERSON_LENGTH = 300
"""Maximum number of characters of a person's identifier."""


def end_sessions(store: Store, person: str, at: datetime) -> None:
    """End every session of a person that began before a moment.

    Parameters
    ----------
    person : str
        Identifier as in events and the audit log: ``person:…``.
    at : datetime
        The present moment, with a time zone.

    Raises
    ------
    ChangeError
        When the identifier is not that of a person, or is too long.
    """
    if not person.startswith("person:") or len(person) > MAX_PERSON_LENGTH:
        raise ChangeError(
            f"{person[:MAX_PERSON_LENGTH]} is no person; copy the actor from the audit log"
        )
    column = tables.ended_sessions.c
    with store.unit_of_work() as work:
        work.connection.execute(delete(tables.ended_sessions).where(column.person == person))
        work.connection.execute(insert(tables.ended_sessions).values(person=person, at=at))


def find_sessions_end(store: Store, person: str) -> datetime | None:
    """Return the moment until which a person's sessions were ended; None when none were."""
    with store.read_transaction() as connection:
        moment: datetime | None = connection.execute(
            SELECT_SESSIONS_END, {"person": person}
        ).scalar()
    return moment
