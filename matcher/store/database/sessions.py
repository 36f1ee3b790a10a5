"""Sessions that hold no longer: until when, for each person whose sessions were ended."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from matcher.store.database import tables
from matcher.store.database.errors import ChangeError
from matcher.store.database.store import Store

OF_ONE = select(tables.ended_sessions.c.at).where(
    tables.ended_sessions.c.person == bindparam("person")
)
"""Asked with every request by session, so put together only once."""
LONGEST = 300
"""Characters that a person's identifier can have."""


def end_sessions(store: Store, person: str, at: datetime) -> None:
    """End every session of a person that was begun until now.

    Parameters
    ----------
    person : str
        As it stands in events and the audit log: ``person:…``.
    at : datetime
        This moment, with a time zone.

    Raises
    ------
    ChangeError
        When it is no person, or longer than any.
    """
    if not person.startswith("person:") or len(person) > LONGEST:
        raise ChangeError(f"{person[:LONGEST]} is no person; copy the actor from the audit log")
    column = tables.ended_sessions.c
    with store.writing() as work:
        work.connection.execute(delete(tables.ended_sessions).where(column.person == person))
        work.connection.execute(insert(tables.ended_sessions).values(person=person, at=at))


def sessions_ended(store: Store, person: str) -> datetime | None:
    """Give the moment until which a person's sessions were ended; None when none were."""
    with store.reading() as connection:
        found: datetime | None = connection.execute(OF_ONE, {"person": person}).scalar()
    return found
