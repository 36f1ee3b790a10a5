"""Whether the snapshots are what the events say; and writing them anew."""

from sqlalchemy import delete

from matcher.store.database.books import NAMES, Books, load_books, save_states
from matcher.store.database.events import read_events
from matcher.store.database.household_state import Status
from matcher.store.database.municipality_state import COUNTED, Counts
from matcher.store.database.store import Store


def differences(store: Store) -> list[str]:
    """Tell where a snapshot is not what the events say; nothing when all is well.

    Besides, promises that households hold must add up to what ledgers hold for them, and events
    must be numbered from 1 without gaps.
    """
    with store.reading() as connection:
        kept = load_books(connection)
        happened = list(read_events(connection))
    told = Books.replay(happened)
    found = [f"event {e.id} is number {n}" for n, e in enumerate(happened, 1) if e.id != n]
    for name in NAMES.values():
        one, other = getattr(kept, name), getattr(told, name)
        found += [f"{name}: {key}" for key in {**one, **other} if one.get(key) != other.get(key)]
    return found + _unbalanced(told)


def _unbalanced(books: Books) -> list[str]:
    """Compare what municipalities have promised with what households hold."""
    held: dict[str, Counts] = {}
    for state in books.households.values():
        if state.status is Status.PROMISED and state.municipality is not None:
            so_far = held.get(state.municipality, Counts())
            held[state.municipality] = Counts(
                promised=so_far.promised + state.held_persons,
                minors_promised=so_far.minors_promised + state.held_minors,
            )
    promised = [name for name in COUNTED if name.endswith("promised")]
    return [
        f"ledger: {number}, {name}"
        for number, state in books.municipalities.items()
        for name in promised
        if getattr(state.here, name) != getattr(held.get(number, Counts()), name)
    ]


def rebuild(store: Store) -> None:
    """Write all snapshots anew from the events."""
    with store.writing() as work:
        work.flush()
        told = Books.replay(read_events(work.connection))
        for table in NAMES:
            work.connection.execute(delete(table))
        save_states(work.connection, told.states())
