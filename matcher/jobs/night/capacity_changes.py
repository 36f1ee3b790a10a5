"""What has changed in the room of municipalities since the night before, and by what."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.domain.ledger import LedgerGap
from matcher.domain.municipality import Municipality
from matcher.problem.problem import Problem
from matcher.store.checks import PLACE_HOLDING_STATUSES
from matcher.store.events import EventKind
from matcher.store.household_state import HouseholdState

LEDGER_NUMBERS = ("decided", "receive_now", "minors_decided", "settled")
"""Numbers of a ledger that are named when they change."""


@dataclass(frozen=True, slots=True)
class CapacityChange:
    """A change in the room of a municipality.

    Parameters
    ----------
    municipality : str
    code : str
    facts : mapping
        What changed, for the sentence of that code.
    frees, takes : bool
        Whether it can have made room, and taken it.
    """

    municipality: str
    code: str
    facts: Mapping[str, Any]
    frees: bool
    takes: bool


def list_promises(
    gone: Mapping[str, HouseholdState | None], planned: Mapping[str, str]
) -> Iterator[CapacityChange]:
    """List promises of places in municipalities where the night before did not plan them.

    Parameters
    ----------
    gone : mapping
        What has become of households that left the queue.
    planned : mapping of str to str
        Municipality by household in the previous plan.
    """
    for household, state in gone.items():
        if state is None or state.status not in PLACE_HOLDING_STATUSES:
            continue
        if state.municipality and state.municipality != planned.get(household):
            facts = {"household": household, "municipality": state.municipality}
            yield CapacityChange(state.municipality, "promised", facts, frees=False, takes=True)


def list_revisions(
    before: Iterable[Municipality],
    now: Iterable[Municipality],
    kinds_of: Callable[[str], Sequence[str]],
) -> Iterator[CapacityChange]:
    """List the municipalities whose numbers or homes have changed.

    Parameters
    ----------
    before, now : iterable of Municipality
    kinds_of : callable
        Kinds of the events since about a municipality, by its number.
    """
    earlier = {m.number: m for m in before}
    for municipality in now:
        old = earlier.get(municipality.number)
        kinds = kinds_of(municipality.number)
        if old is not None and (facts := _facts(old, municipality, kinds)):
            yield _change(municipality.number, facts)


def list_crossings(before: Problem | None, now: Problem) -> Iterator[CapacityChange]:
    """List the municipalities whose first arrivals have come to be next year's, with its places.

    Nothing has happened there: days have passed, and another council decision counts.

    Parameters
    ----------
    before : Problem or None
        Of the previous night; None where its data have been erased.
    now : Problem
    """
    if before is None:
        return
    m, old = now.municipalities, before.municipalities
    for row in m.next_year.nonzero()[0].tolist():
        number = str(m.number[row])
        earlier = old.row_of.get(number)
        if earlier is None or (old.next_year[earlier] and old.year == m.year):
            continue
        known, places = m.gap[row] == LedgerGap.NONE, int(m.open[row])
        facts = {"municipality": number, "year": str(m.year + 1), "open": places if known else None}
        change = places - int(old.open[earlier])
        yield CapacityChange(number, "next_year", facts, frees=change > 0, takes=change < 0)


def _facts(old: Municipality, new: Municipality, kinds: Iterable[str]) -> dict[str, Any]:
    """Return the numbers and homes that differ, but not what promises have changed."""
    numbers = {
        name: [getattr(ledger, name, None) for ledger in (old.ledger, new.ledger)]
        for name in LEDGER_NUMBERS
    }
    numbers = {name: values for name, values in numbers.items() if values[0] != values[1]}
    homes = set(kinds) & {str(EventKind.DWELLINGS), str(EventKind.DWELLINGS_REVISED)}
    return {"numbers": numbers, "homes": bool(homes)} if numbers or homes else {}


def _change(number: str, facts: Mapping[str, Any]) -> CapacityChange:
    rises = [_rises(name, *values) for name, values in facts["numbers"].items()]
    frees, takes = any(r is not False for r in rises), any(r is not True for r in rises)
    code = "changed" if facts["homes"] or frees == takes else "grown" if frees else "shrunk"
    unclear = facts["homes"]
    all_facts = {"municipality": number, **facts}
    return CapacityChange(number, code, all_facts, frees or unclear, takes or unclear)


def _rises(name: str, before: int | None, now: int | None) -> bool | None:
    """Whether a number makes room; None where one of them is not known."""
    if before is None or now is None:
        return None
    return now < before if name == "settled" else now > before
