"""The state of a household: what its events say, one after another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matcher.domain import Ban, BanReason, Household
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
    filed : str
        Hash of what the latest files said of it.
    pin : str or None
        Municipality that a person has pinned it to since; empty when they freed it from the pin
        of the files, None when they said nothing.
    bans, lifted : tuple of Ban
        Municipalities that a person has ruled out since, and bans that they have lifted.
    proposal : int or None
        Identifier of the event that proposed it where it is.
    erased : bool
        What was known of it has been erased.
    before : HouseholdState or None
        The state before the latest event, when that can be undone.
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
    filed: str = ""
    pin: str | None = None
    bans: tuple[Ban, ...] = ()
    lifted: tuple[Ban, ...] = ()
    proposal: int | None = None
    erased: bool = False
    version: int = 0
    day: date = date.min
    before: "HouseholdState | None" = None

    def overdue(self, today: date) -> bool:
        """Whether a proposal should have been answered before today."""
        return self.answer_by is not None and self.answer_by < today

    def known(self, household: Household) -> Household:
        """Give what is known of the household with what people have pinned and ruled out."""
        refused = (Ban(number, BanReason.REFUSED) for number in self.refused)
        bans = dict.fromkeys((*household.bans, *refused, *self.bans))
        pin = household.pinned_to if self.pin is None else self.pin or None
        kept = tuple(ban for ban in bans if ban not in self.lifted)
        return replace(household, bans=kept, pinned_to=pin)


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
    after = CHANGES[event.kind](state, event)
    last = replace(state, before=None) if event.kind in UNDOABLE else None
    return replace(after, version=event.id, day=event.day, before=last)


def _listed(state: HouseholdState, event: Event) -> HouseholdState:
    comes_back = state.status is Status.WITHDRAWN and not state.listed
    return replace(
        state,
        listed=True,
        status=Status.READY if comes_back else state.status,
        content=event.content or "",
        filed=event.content or "",
        erased=False,
        persons=event.facts["persons"],
        minors=event.facts["minors"],
    )


def _unlisted(state: HouseholdState, event: Event) -> HouseholdState:
    waits = state.status in (Status.READY, Status.PROPOSED)
    return replace(_freed(state, Status.WITHDRAWN) if waits else state, listed=False)


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
        state, status=Status.PROPOSED, municipality=event.municipality, answer_by=day,
        proposal=event.id,
    )  # fmt: skip


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
    number = event.municipality or ""
    return replace(
        _freed(state, Status.READY),
        refused=tuple(dict.fromkeys((*state.refused, number))),
        lifted=tuple(b for b in state.lifted if b != Ban(number, BanReason.REFUSED)),
    )


def _lapsed(state: HouseholdState, event: Event) -> HouseholdState:
    return _freed(state, Status.READY)


def _withdrawn(state: HouseholdState, event: Event) -> HouseholdState:
    return _freed(state, Status.WITHDRAWN)


def _freed(state: HouseholdState, status: Status) -> HouseholdState:
    return replace(
        state, status=status, municipality=None, dwelling=None, answer_by=None,
        proposal=None, held_persons=0, held_minors=0,
    )  # fmt: skip


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
    took_back = ban.reason is BanReason.REFUSED
    return replace(
        state,
        bans=tuple(b for b in state.bans if b != ban),
        lifted=tuple(dict.fromkeys((*state.lifted, ban))),
        refused=tuple(n for n in state.refused if not (took_back and n == ban.municipality)),
    )


def _undone(state: HouseholdState, event: Event) -> HouseholdState:
    # Work lets nothing be undone that has no state before it.
    assert state.before is not None
    return state.before


def _erased(state: HouseholdState, event: Event) -> HouseholdState:
    return replace(state, content="", filed="", erased=True)


CHANGES: Mapping[EventKind, Callable[[HouseholdState, Event], HouseholdState]] = {
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
UNDOABLE = frozenset(CHANGES) - {
    EventKind.LISTED, EventKind.UNLISTED, EventKind.UNDONE, EventKind.ERASED,
}  # fmt: skip
"""What a person can undo: not what files said, not an undoing, not an erasure."""
