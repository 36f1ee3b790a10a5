"""The state of a household, computed by applying its events in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matcher.domain.household import Ban, BanReason, Household
from matcher.store.events import Event, EventKind


class Status(StrEnum):
    """The step of settlement that a household has reached."""

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
        The step of settlement that it has reached.
    listed : bool
        Whether it is in the latest imported queue.
    content : str
        Hash of the content that describes it.
    persons, minors : int
        Number of members, and of unaccompanied minors among them, as now known.
    municipality : str or None
        Number of the municipality where it is proposed, promised or settled.
    dwelling : str or None
        The dwelling it is promised.
    answer_by : date or None
        The day by which the municipality should answer.
    held_persons, held_minors : int
        Places that its promise or settlement takes up.
    held_year : int
        Year of the ledger that its promise takes places of; 0 without one.
    refused : tuple of str
        Numbers of municipalities that have said no.
    filed : str
        Hash of its description in the latest import.
    pin : str or None
        Municipality to which a person has pinned it. Empty when a person has removed the pin of
        the files; None when no person has changed the pin.
    bans, lifted : tuple of Ban
        Bans that persons have set, and bans that persons have lifted.
    proposal : int or None
        Identifier of the event of its current proposal.
    promise : int or None
        Identifier of the event of its current promise.
    erased : bool
        Whether its description has been erased.
    before : HouseholdState or None
        The state before the latest event, when that event can be undone.
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
    held_year: int = 0
    refused: tuple[str, ...] = ()
    filed: str = ""
    pin: str | None = None
    bans: tuple[Ban, ...] = ()
    lifted: tuple[Ban, ...] = ()
    proposal: int | None = None
    promise: int | None = None
    erased: bool = False
    version: int = 0
    day: date = date.min
    before: "HouseholdState | None" = None

    def is_overdue(self, today: date) -> bool:
        """Return whether the day of answer is before today."""
        return self.answer_by is not None and self.answer_by < today

    def with_pins_and_bans(self, household: Household) -> Household:
        """Return the household's description with the pins and bans that persons have set."""
        refused = (Ban(number, BanReason.REFUSED) for number in self.refused)
        bans = dict.fromkeys((*household.bans, *refused, *self.bans))
        pin = household.pinned_to if self.pin is None else self.pin or None
        valid_bans = tuple(ban for ban in bans if ban not in self.lifted)
        return replace(household, bans=valid_bans, pinned_to=pin)


def apply_to_household(state_before: HouseholdState | None, event: Event) -> HouseholdState:
    """Apply one event to a household's state.

    Parameters
    ----------
    state_before : HouseholdState or None
        None when this is the household's first event.
    event : Event
        An event of the household.
    """
    state = state_before or HouseholdState(event.household or "")
    after = EVENT_HANDLERS[event.kind](state, event)
    undo_state = replace(state, before=None) if event.kind in UNDOABLE_KINDS else None
    return replace(after, version=event.id, day=event.day, before=undo_state)


def _listed(state: HouseholdState, event: Event) -> HouseholdState:
    returns = state.status is Status.WITHDRAWN and not state.listed
    return replace(
        state,
        listed=True,
        status=Status.READY if returns else state.status,
        content=event.content or "",
        filed=event.content or "",
        erased=False,
        persons=event.facts["persons"],
        minors=event.facts["minors"],
    )


def _unlisted(state: HouseholdState, event: Event) -> HouseholdState:
    is_waiting = state.status in (Status.READY, Status.PROPOSED)
    return replace(_released(state, Status.WITHDRAWN) if is_waiting else state, listed=False)


def _changed(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(
        state,
        content=event.content or "",
        persons=event.facts["persons"],
        minors=event.facts["minors"],
    )


def _proposed(state: HouseholdState, event: Event) -> HouseholdState:
    day = date.fromisoformat(event.facts["answer_by"])
    return replace(
        state,
        status=Status.PROPOSED,
        municipality=event.municipality,
        answer_by=day,
        proposal=event.id,
    )


def _promised(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(
        state,
        status=Status.PROMISED,
        promise=event.id,
        answer_by=None,
        dwelling=event.facts.get("dwelling"),
        held_persons=event.facts["promised"],
        held_minors=event.facts["minors_promised"],
        held_year=int(event.facts.get("year", event.day.year)),
    )


def _settled(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(state, status=Status.SETTLED)


def _declined(state: HouseholdState, event: Event) -> HouseholdState:
    number = event.municipality or ""
    return replace(
        _released(state, Status.READY),
        refused=tuple(dict.fromkeys((*state.refused, number))),
        lifted=tuple(b for b in state.lifted if b != Ban(number, BanReason.REFUSED)),
    )


def _lapsed(state: HouseholdState, event: Event) -> HouseholdState:
    return _released(state, Status.READY)


def _withdrawn(state: HouseholdState, event: Event) -> HouseholdState:
    return _released(state, Status.WITHDRAWN)


def _released(state: HouseholdState, status: Status) -> HouseholdState:
    """Return the state with another status and without municipality, dwelling and places."""
    return replace(
        state,
        status=status,
        municipality=None,
        dwelling=None,
        answer_by=None,
        proposal=None,
        promise=None,
        held_persons=0,
        held_minors=0,
        held_year=0,
    )


def _pinned(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(state, pin=event.municipality)


def _unpinned(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(state, pin="")


def _ban(event: Event) -> Ban:
    return Ban(event.municipality or "", BanReason(event.facts["why"]))


def _banned(state: HouseholdState, event: Event) -> HouseholdState:
    ban = _ban(event)
    return replace(
        state,
        bans=tuple(dict.fromkeys((*state.bans, ban))),
        lifted=tuple(b for b in state.lifted if b != ban),
    )


def _unbanned(state: HouseholdState, event: Event) -> HouseholdState:
    ban = _ban(event)
    lifts_refusal = ban.reason is BanReason.REFUSED
    return replace(
        state,
        bans=tuple(b for b in state.bans if b != ban),
        lifted=tuple(dict.fromkeys((*state.lifted, ban))),
        refused=tuple(n for n in state.refused if not (lifts_refusal and n == ban.municipality)),
    )


def _undone(state: HouseholdState, event: Event) -> HouseholdState:
    # Undoing is recorded only when there is a state before the undone event.
    assert state.before is not None
    return state.before


def _erased(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(state, content="", filed="", erased=True)


EVENT_HANDLERS: Mapping[EventKind, Callable[[HouseholdState, Event], HouseholdState]] = {
    EventKind.LISTED: _listed,
    EventKind.UNLISTED: _unlisted,
    EventKind.PROPOSED: _proposed,
    EventKind.PROMISED: _promised,
    EventKind.SETTLED: _settled,
    EventKind.DECLINED: _declined,
    EventKind.LAPSED: _lapsed,
    EventKind.WITHDRAWN: _withdrawn,
    EventKind.CHANGED: _changed,
    EventKind.PINNED: _pinned,
    EventKind.UNPINNED: _unpinned,
    EventKind.BANNED: _banned,
    EventKind.UNBANNED: _unbanned,
    EventKind.UNDONE: _undone,
    EventKind.ERASED: _erased,
}
UNDOABLE_KINDS = frozenset(EVENT_HANDLERS) - {
    EventKind.LISTED,
    EventKind.UNLISTED,
    EventKind.UNDONE,
    EventKind.ERASED,
}
"""Events that a person can undo: no imports, no undoing, no erasure."""
