"""The state of a household: what its events say, one after another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matcher.store.database.events import Event, EventKind


class Status(StrEnum):
    """Where a household is on its way."""

    READY = "ready"
    PROPOSED = "proposed"
    PROMISED = "promised"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """A household after its latest event.

    Parameters
    ----------
    id : str
        Identifier.
    status : Status
        Where it is on its way.
    listed : bool
        It is in the latest queue that was imported.
    content : str
        Hash of what is known of it.
    persons, minors : int
        Members, and unaccompanied minors among them, as now known.
    municipality : str or None
        Where it is proposed, promised or settled.
    dwelling : str or None
        The home it is promised.
    answer_by : date or None
        The day by which the municipality should answer.
    held_persons, held_minors : int
        Places that its promise or settlement takes.
    refused : tuple of str
        Municipalities that have said no.
    version : int
        Identifier of the latest event.
    day : date
        Day of the latest event.
    """

    id: str
    status: Status = Status.READY
    listed: bool = False
    content: str = ""
    persons: int = 0
    minors: int = 0
    municipality: str | None = None
    dwelling: str | None = None
    answer_by: date | None = None
    held_persons: int = 0
    held_minors: int = 0
    refused: tuple[str, ...] = ()
    version: int = 0
    day: date = date.min


def household_after(before: HouseholdState | None, event: Event) -> HouseholdState:
    """Give a household's state after one more event.

    Parameters
    ----------
    before : HouseholdState or None
        None when this is its first event.
    event : Event
        With the household's identifier.
    """
    state = before or HouseholdState(event.household or "")
    return replace(CHANGES[event.kind](state, event), version=event.id, day=event.day)


def _listed(state: HouseholdState, event: Event) -> HouseholdState:
    comes_back = state.status is Status.WITHDRAWN and not state.listed
    return replace(
        state,
        listed=True,
        status=Status.READY if comes_back else state.status,
        content=event.content or "",
        persons=event.facts["persons"],
        minors=event.facts["minors"],
    )


def _unlisted(state: HouseholdState, event: Event) -> HouseholdState:
    waits = state.status in (Status.READY, Status.PROPOSED)
    return replace(_freed(state, Status.WITHDRAWN) if waits else state, listed=False)


def _proposed(state: HouseholdState, event: Event) -> HouseholdState:
    day = date.fromisoformat(event.facts["answer_by"])
    return replace(state, status=Status.PROPOSED, municipality=event.municipality, answer_by=day)


def _promised(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(
        state,
        status=Status.PROMISED,
        answer_by=None,
        dwelling=event.facts.get("dwelling"),
        held_persons=event.facts["promised"],
        held_minors=event.facts["minors_promised"],
    )


def _settled(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(state, status=Status.SETTLED)


def _declined(state: HouseholdState, event: Event) -> HouseholdState:
    refused = dict.fromkeys((*state.refused, event.municipality or ""))
    return replace(_freed(state, Status.READY), refused=tuple(refused))


def _lapsed(state: HouseholdState, event: Event) -> HouseholdState:
    return _freed(state, Status.READY)


def _withdrawn(state: HouseholdState, event: Event) -> HouseholdState:
    return _freed(state, Status.WITHDRAWN)


def _freed(state: HouseholdState, status: Status) -> HouseholdState:
    return replace(
        state, status=status, municipality=None, dwelling=None, answer_by=None,
        held_persons=0, held_minors=0,
    )  # fmt: skip


CHANGES: Mapping[EventKind, Callable[[HouseholdState, Event], HouseholdState]] = {
    EventKind.LISTED: _listed,
    EventKind.UNLISTED: _unlisted,
    EventKind.PROPOSED: _proposed,
    EventKind.PROMISED: _promised,
    EventKind.SETTLED: _settled,
    EventKind.DECLINED: _declined,
    EventKind.LAPSED: _lapsed,
    EventKind.WITHDRAWN: _withdrawn,
}
