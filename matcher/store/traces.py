"""Traces of proposals, stored as contents so that they can be erased."""

from pydantic import TypeAdapter

from matcher.domain.trace import Trace
from matcher.store import tables
from matcher.store.errors import ChangeError
from matcher.store.events import Event, EventKind, read_events
from matcher.store.payloads import dump_json, load_payloads
from matcher.store.store import Store

TRACE_ADAPTER = TypeAdapter(Trace)


def dump_trace(trace: Trace) -> str:
    """Write a trace as JSON."""
    return dump_json(TRACE_ADAPTER, trace)


def get_decision(store: Store, event: int) -> tuple[Event, Trace | None]:
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
    NotAProposalError
        When the event is not a proposal.
    ErasedError
        When the trace has been erased.
    """
    with store.read_transaction() as connection:
        proposal = next(read_events(connection, tables.events.c.id == event), None)
        if proposal is None or proposal.kind is not EventKind.PROPOSED:
            raise NotAProposalError(f"event {event} is no proposal")
        if proposal.content is None:
            return proposal, None
        text = load_payloads(connection, [proposal.content])[proposal.content]
    return proposal, TRACE_ADAPTER.validate_json(text)


class NotAProposalError(ChangeError):
    """An event is not the proposal of a household, or does not exist."""
