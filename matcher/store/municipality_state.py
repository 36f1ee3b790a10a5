"""The state of a municipality and its ledger, computed by applying its events in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

from matcher.domain.answer import Answer
from matcher.domain.municipality import Ledger
from matcher.store.events import Event, EventKind

RELEASING_KINDS = (EventKind.DECLINED, EventKind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """Persons settled and promised, and unaccompanied minors among them."""

    settled: int = 0
    promised: int = 0
    minors_settled: int = 0
    minors_promised: int = 0


COUNT_NAMES = tuple(f.name for f in fields(PersonCounts))
"""Names of the ledger's numbers that promises and settlements change."""
LEDGER_FIELDS = tuple(f.name for f in fields(Ledger))
"""Names of all numbers of a ledger."""


@dataclass(frozen=True, slots=True)
class MunicipalityState:
    """A municipality after its latest event.

    Parameters
    ----------
    number : str
        Four-digit number.
    content, dwellings : str
        Hashes of its description and of its list of dwellings.
    filed_dwellings : str
        Hash of the list of dwellings in the latest import.
    list_complete : bool or None
        Whether a person has said that the list is complete; None leaves it to the description.
    weeks, filed_weeks : str
        Hashes of its plan by weeks, now and in the latest import; empty when it has none.
    weeks_version : int
        Identifier of the event that stated the plan by weeks.
    stated : Ledger
        Numbers as they were last stated; settled and promised are always 0 in it.
    here : PersonCounts
        Places that households of the store take up.
    elsewhere : PersonCounts
        Places that others take up: the stated counts minus ``here``.
    understated : PersonCounts
        By how many persons the latest stated counts were below ``here``.
    taken_now : int
        Persons promised since ``receive_now`` was last stated.
    imported : mapping of str to (int or None)
        The ledger in the latest import.
    version : int
        Identifier of the latest event.
    day : date
        Day of the latest event.
    """

    number: str
    content: str = ""
    dwellings: str = ""
    filed_dwellings: str = ""
    list_complete: bool | None = None
    weeks: str = ""
    filed_weeks: str = ""
    weeks_version: int = 0
    stated: Ledger = field(default_factory=Ledger)
    here: PersonCounts = PersonCounts()
    elsewhere: PersonCounts = PersonCounts()
    understated: PersonCounts = PersonCounts()
    taken_now: int = 0
    imported: dict[str, int | None] = field(default_factory=dict)
    version: int = 0
    day: date = date.min

    def reports_dwellings(self, described: Answer) -> Answer:
        """Return whether the list of dwellings is complete, where the description has an answer."""
        if self.list_complete is None:
            return described
        return Answer.YES if self.list_complete else Answer.NO

    @property
    def contents(self) -> tuple[str, ...]:
        """Hashes of everything that describes it."""
        return tuple(filter(None, (self.content, self.dwellings, self.weeks)))

    @property
    def ledger(self) -> Ledger:
        """The ledger in persons, with the settled and promised of the store and of others."""
        receive_now = self.stated.receive_now
        return replace(
            self.stated,
            receive_now=None if receive_now is None else max(0, receive_now - self.taken_now),
            **{n: getattr(self.here, n) + getattr(self.elsewhere, n) for n in COUNT_NAMES},
        )


def apply_to_municipality(
    state_before: MunicipalityState | None, event: Event
) -> MunicipalityState:
    """Apply one event to a municipality's state.

    Parameters
    ----------
    state_before : MunicipalityState or None
        None when this is the municipality's first event.
    event : Event
        An event of the municipality, or of a household that is to come to it.
    """
    state = state_before or MunicipalityState(event.municipality or "")
    after = EVENT_HANDLERS.get(event.kind, _household_event)(state, event)
    return replace(after, version=event.id, day=max(state.day, event.day))


def changes_municipality(event: Event) -> bool:
    """Whether an event that names a municipality changes its ledger or what is known of it.

    A proposal, a pin or a ban of a household does not: such events of different households may be
    dated in any order.
    """
    return event.household is None or any(name in event.facts for name in COUNT_NAMES)


def _described(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(state, content=event.content or "")


def _dwellings(state: MunicipalityState, event: Event) -> MunicipalityState:
    content = event.content or ""
    return replace(state, dwellings=content, filed_dwellings=content, list_complete=None)


def _dwellings_revised(state: MunicipalityState, event: Event) -> MunicipalityState:
    complete = event.facts.get("complete", state.list_complete)
    return replace(state, dwellings=event.content or "", list_complete=complete)


def _weeks(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(_weeks_revised(state, event), filed_weeks=event.content or "")


def _weeks_revised(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(state, weeks=event.content or "", weeks_version=event.id)


def _counted(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(_revised(state, event), imported={**state.imported, **event.facts})


def _revised(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Set the numbers that are stated; stated counts include the store's own households."""
    counted = {name: value for name, value in event.facts.items() if name in COUNT_NAMES}
    excess = {name: value - getattr(state.here, name) for name, value in counted.items()}
    stated = {name: value for name, value in event.facts.items() if name not in COUNT_NAMES}
    return replace(
        state,
        stated=replace(state.stated, **stated),
        elsewhere=replace(state.elsewhere, **{n: max(0, v) for n, v in excess.items()}),
        understated=replace(state.understated, **{n: max(0, -v) for n, v in excess.items()}),
        taken_now=0 if "receive_now" in stated else state.taken_now,
    )


def _year_begun(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Carry promises over; nothing is decided or settled yet in the new year."""

    def carried(counts: PersonCounts) -> PersonCounts:
        return replace(counts, settled=0, minors_settled=0)

    return replace(
        state,
        stated=Ledger(receive_now=state.stated.receive_now),
        here=carried(state.here),
        elsewhere=carried(state.elsewhere),
        understated=carried(state.understated),
        imported={},
    )


def _household_event(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Add the changes of counts that a household's event has as facts."""
    changes = {name: event.facts[name] for name in COUNT_NAMES if name in event.facts}
    counts = {name: getattr(state.here, name) + value for name, value in changes.items()}
    taken_now = max(0, state.taken_now + _taken_now_change(event))
    return replace(state, here=replace(state.here, **counts), taken_now=taken_now)


def _taken_now_change(event: Event) -> int:
    """Compute by how many persons an event changes ``taken_now``."""
    if event.kind is EventKind.UNDONE:
        return int(event.facts.get("taken", 0))
    is_counted = event.kind is EventKind.PROMISED or event.kind in RELEASING_KINDS
    return int(event.facts.get("promised", 0)) if is_counted else 0


EVENT_HANDLERS: Mapping[EventKind, Callable[[MunicipalityState, Event], MunicipalityState]] = {
    EventKind.DESCRIBED: _described,
    EventKind.DWELLINGS: _dwellings,
    EventKind.DWELLINGS_REVISED: _dwellings_revised,
    EventKind.WEEKS: _weeks,
    EventKind.WEEKS_REVISED: _weeks_revised,
    EventKind.COUNTED: _counted,
    EventKind.REVISED: _revised,
    EventKind.YEAR_BEGUN: _year_begun,
}
