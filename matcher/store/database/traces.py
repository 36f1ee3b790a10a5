"""Traces of proposals, stored as contents so that they can be erased."""

from pydantic import TypeAdapter

from matcher.store.database import tables
from matcher.store.database.contents import get_contents, text_of
from matcher.store.database.errors import ChangeError
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.store import Store
from matcher.trace import Trace

TRACE = TypeAdapter(Trace)


def trace_text(trace: Trace) -> str:
    """Write a trace as JSON."""
    return text_of(TRACE, trace)


def decision(store: Store, event: int) -> tuple[Event, Trace | None]:
    """Read a proposal of any day and the trace of what was shown when it was made.

    Parameters
    ----------
    event : int
        Identifier of the event of the proposal.

    Returns
    -------
    Event, Trace or None
        The proposal and its trace; None when it was made without a trace.

    Raises
    ------
    NoDecisionError
        When the event is not a proposal.
    ErasedError
        When the trace has been erased.
    """
    with store.reading() as connection:
        proposal = next(read_events(connection, tables.events.c.id == event), None)
        if proposal is None or proposal.kind is not EventKind.PROPOSED:
            raise NoDecisionError(f"event {event} is no proposal")
        if proposal.content is None:
            return proposal, None
        text = get_contents(connection, [proposal.content])[proposal.content]
    return proposal, TRACE.validate_json(text)


class NoDecisionError(ChangeError):
    """An event is not the proposal of a household, or does not exist."""
