"""Check that the snapshots agree with the events, and rebuild the snapshots."""

from matcher.store.events import read_events
from matcher.store.household_state import Status
from matcher.store.ledger_books import PROMISED_NAMES, PersonCounts
from matcher.store.projections import (
    PROJECTION_NAMES,
    Projections,
    load_projections,
    replace_snapshots,
)
from matcher.store.store import Store


def find_differences(store: Store) -> list[str]:
    """List where a snapshot differs from a replay of the events; empty when all is well.

    Also check that the promises of households add up to the promised counts of the ledgers, and
    that events are numbered from 1 without gaps.
    """
    with store.read_transaction() as connection:
        stored = load_projections(connection)
        events = list(read_events(connection))
    replayed = Projections.replay(events)
    faults = [f"event {e.id} is number {n}" for n, e in enumerate(events, 1) if e.id != n]
    for name in PROJECTION_NAMES.values():
        snapshots, states = getattr(stored, name), getattr(replayed, name)
        keys = {**snapshots, **states}
        faults += [f"{name}: {key}" for key in keys if snapshots.get(key) != states.get(key)]
    return faults + _unbalanced_ledgers(replayed)


def _unbalanced_ledgers(projections: Projections) -> list[str]:
    """Compare what the books of municipalities hold as promised with the promises of households."""
    by_municipality: dict[str, PersonCounts] = {}
    for state in projections.households.values():
        if state.status is Status.PROMISED and state.municipality is not None:
            subtotal = by_municipality.get(state.municipality, PersonCounts())
            by_municipality[state.municipality] = PersonCounts(
                promised=subtotal.promised + state.held_persons,
                minors_promised=subtotal.minors_promised + state.held_minors,
            )
    return [
        f"ledger: {number}, {name}"
        for number, state in projections.municipalities.items()
        for name in PROMISED_NAMES
        if sum(getattr(book.here, name) for book in state.books.values())
        != getattr(by_municipality.get(number, PersonCounts()), name)
    ]


def rebuild_snapshots(store: Store) -> None:
    """Replace all snapshots by a replay of the events."""
    with store.unit_of_work() as work:
        work.flush()
        replace_snapshots(work.connection)
