"""Traces of proposals, kept as contents so that they can be erased."""

from pydantic import TypeAdapter

from matcher.store.database import tables
from matcher.store.database.contents import get_contents, text_of
from matcher.store.database.errors import ChangeError
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.store import Store
from matcher.trace import Trace

TRACE = TypeAdapter(Trace)


def trace_text(trace: Trace) -> str:
    """Write a trace as text."""
    return text_of(TRACE, trace)


def decision(store: Store, event: int) -> tuple[Event, Trace | None]:
    """Give a proposal of any day with what was shown when it was made.

    Parameters
    ----------
    event : int
        Identifier of the event that proposed.

    Returns
    -------
    Event, Trace or None
        None when the proposal was made without a trace.

    Raises
    ------
    ChangeError
        When the event is no proposal.
    ErasedError
        When the trace has been erased.
    """
    with store.reading() as connection:
        found = next(read_events(connection, tables.events.c.id == event), None)
        if found is None or found.kind is not EventKind.PROPOSED:
            raise NoDecisionError(f"event {event} is no proposal")
        if found.content is None:
            return found, None
        text = get_contents(connection, [found.content])[found.content]
    return found, TRACE.validate_json(text)


class NoDecisionError(ChangeError):
    """An event is not the proposal of a household, or not there."""
