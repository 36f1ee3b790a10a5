"""The state of a municipality: its ledger as its events say, one after another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

from matcher.domain import Ledger
from matcher.store.database.events import Event, EventKind

RELEASES = (EventKind.DECLINED, EventKind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Counts:
    """Persons settled and promised, and unaccompanied minors among them."""

    settled: int = 0
    promised: int = 0
    minors_settled: int = 0
    minors_promised: int = 0


COUNTED = tuple(f.name for f in fields(Counts))
"""Numbers of a ledger that promises and settlements change."""
LEDGER = tuple(f.name for f in fields(Ledger))
"""Every number of a ledger."""


@dataclass(frozen=True, slots=True)
class MunicipalityState:
    """A municipality after its latest event.

    Parameters
    ----------
    number : str
        Four-digit number.
    content, dwellings : str
        Hashes of its description and of its list of free homes.
    filed_dwellings : str
        Hash of the list as the latest file had it.
    stated : Ledger
        Numbers as they were last stated; settled and promised are 0 here.
    here : Counts
        What households of the store take up.
    elsewhere : Counts
        What was counted beyond those.
    understated : Counts
        By how much the latest count was below what households of the store take up.
    taken_now : int
        Persons promised since ``receive_now`` was last stated.
    imported : mapping of str to (int or None)
        The ledger as the latest file had it.
    version : int
        Identifier of the latest event.
    day : date
        Day of the latest event.
    """

    number: str
    content: str = ""
    dwellings: str = ""
    filed_dwellings: str = ""
    stated: Ledger = field(default_factory=Ledger)
    here: Counts = Counts()
    elsewhere: Counts = Counts()
    understated: Counts = Counts()
    taken_now: int = 0
    imported: dict[str, int | None] = field(default_factory=dict)
    version: int = 0
    day: date = date.min

    @property
    def reports_dwellings(self) -> bool:
        """A person has said which homes there are since the files did."""
        return self.dwellings != self.filed_dwellings

    @property
    def ledger(self) -> Ledger:
        """Capacity in persons, everything counted."""
        now = self.stated.receive_now
        return replace(
            self.stated,
            receive_now=None if now is None else max(0, now - self.taken_now),
            **{n: getattr(self.here, n) + getattr(self.elsewhere, n) for n in COUNTED},
        )


def municipality_after(before: MunicipalityState | None, event: Event) -> MunicipalityState:
    """Give a municipality's state after one more event.

    Parameters
    ----------
    before : MunicipalityState or None
        None when this is its first event.
    event : Event
        With the municipality's number; its own, or that of a household it is asked to take.
    """
    state = before or MunicipalityState(event.municipality or "")
    after = CHANGES.get(event.kind, _moved)(state, event)
    return replace(after, version=event.id, day=event.day)


def _described(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(state, content=event.content or "")


def _dwellings(state: MunicipalityState, event: Event) -> MunicipalityState:
    content = event.content or ""
    return replace(state, dwellings=content, filed_dwellings=content)


def _dwellings_revised(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(state, dwellings=event.content or "")


def _counted(state: MunicipalityState, event: Event) -> MunicipalityState:
    return replace(_revised(state, event), imported={**state.imported, **event.facts})


def _revised(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Take numbers as they are stated; counts include what the store knows of itself."""
    counted = {name: value for name, value in event.facts.items() if name in COUNTED}
    beyond = {name: value - getattr(state.here, name) for name, value in counted.items()}
    stated = {name: value for name, value in event.facts.items() if name not in COUNTED}
    return replace(
        state,
        stated=replace(state.stated, **stated),
        elsewhere=replace(state.elsewhere, **{n: max(0, v) for n, v in beyond.items()}),
        understated=replace(state.understated, **{n: max(0, -v) for n, v in beyond.items()}),
        taken_now=0 if "receive_now" in stated else state.taken_now,
    )


def _year_begun(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Keep what is promised; nothing is decided or settled yet."""

    def carried(counts: Counts) -> Counts:
        return replace(counts, settled=0, minors_settled=0)

    return replace(
        state,
        stated=Ledger(receive_now=state.stated.receive_now),
        here=carried(state.here),
        elsewhere=carried(state.elsewhere),
        understated=carried(state.understated),
        imported={},
    )


def _moved(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Add what a household's event changes."""
    changes = {name: event.facts[name] for name in COUNTED if name in event.facts}
    here = {name: getattr(state.here, name) + value for name, value in changes.items()}
    taken = max(0, state.taken_now + _taken(event))
    return replace(state, here=replace(state.here, **here), taken_now=taken)


def _taken(event: Event) -> int:
    """Give by how much an event changes what is taken of the places there are now."""
    if event.kind is EventKind.UNDONE:
        return int(event.facts.get("taken", 0))
    moves = event.kind is EventKind.PROMISED or event.kind in RELEASES
    return int(event.facts.get("promised", 0)) if moves else 0


CHANGES: Mapping[EventKind, Callable[[MunicipalityState, Event], MunicipalityState]] = {
    EventKind.DESCRIBED: _described,
    EventKind.DWELLINGS: _dwellings,
    EventKind.DWELLINGS_REVISED: _dwellings_revised,
    EventKind.COUNTED: _counted,
    EventKind.REVISED: _revised,
    EventKind.YEAR_BEGUN: _year_begun,
}
