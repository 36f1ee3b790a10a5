"""The state of a municipality and its ledger, computed by applying its events in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from matcher.domain.answer import Answer
from matcher.domain.ledger import Ledger
from matcher.store.events import Event, EventKind
from matcher.store.ledger_books import (
    COUNT_NAMES,
    YearBook,
    book_of,
    change_counts,
    read_ledger,
    state_counts,
)
from matcher.store.ledger_facts import ledger_from_facts

RELEASING_KINDS = (EventKind.DECLINED, EventKind.WITHDRAWN)


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
    books : mapping of int to YearBook
        What is recorded of each year that was opened or of which something was stated.
    receive_now : int or None
        Persons that it could receive when it last said so; None when it has not.
    taken_now : int
        Persons promised since ``receive_now`` was last stated.
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
    books: dict[int, YearBook] = field(default_factory=dict)
    receive_now: int | None = None
    taken_now: int = 0
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
        """The ledger of the year of the latest event, as it was on its day."""
        return self.ledger_of(self.day.year, self.day)

    def ledger_of(self, year: int, today: date) -> Ledger:
        """Return the ledger of a year as it stands on a day, in persons.

        Parameters
        ----------
        year : int
            A year that is not open has no known number.
        today : date
            What can be received now goes with the year of this day.
        """
        ledger = read_ledger(self.books, year, today)
        if year != today.year or self.receive_now is None:
            return ledger
        return replace(ledger, receive_now=max(0, self.receive_now - self.taken_now))


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
    after, year = _revised(state, event), _year(event)
    facts = {name: value for name, value in event.facts.items() if name != "year"}
    imported = book_of(after.books, year).import_facts(facts)
    return replace(after, books={**after.books, year: imported})


def _revised(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Set what is stated of a year; stated counts include the store's own households."""
    year, facts = _year(event), ledger_from_facts(event.facts)
    counts = {name: facts.pop(name) for name in COUNT_NAMES if name in facts}
    says_now = "receive_now" in facts
    now = facts.pop("receive_now", state.receive_now)
    books = state_counts(state.books, year, event.day, counts)
    book = book_of(books, year)
    books[year] = replace(book, stated=replace(book.stated, **facts))
    taken_now = 0 if says_now else state.taken_now
    return replace(state, books=books, receive_now=now, taken_now=taken_now)


def _year_begun(state: MunicipalityState, event: Event) -> MunicipalityState:
    year = _year(event)
    return replace(state, books={**state.books, year: book_of(state.books, year).begin()})


def _year(event: Event) -> int:
    """Return the year whose ledger an event is about: that of its day unless it names another."""
    return int(event.facts.get("year", event.day.year))


def _household_event(state: MunicipalityState, event: Event) -> MunicipalityState:
    """Add the changes of counts that a household's event has as facts."""
    taken_now = max(0, state.taken_now + _taken_now_change(event))
    return replace(state, books=change_counts(state.books, event), taken_now=taken_now)


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
