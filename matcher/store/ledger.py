"""The ledgers of municipalities: revise them, begin a year, and read their events."""

from collections.abc import Mapping

from matcher.store import tables
from matcher.store.errors import UnusableNumberError
from matcher.store.events import Event, EventKind, read_events
from matcher.store.municipality_state import LEDGER_FIELDS
from matcher.store.stamp import Stamp
from matcher.store.store import Store


def revise_ledger(
    store: Store,
    municipality: str,
    numbers: Mapping[str, int | None],
    stamp: Stamp,
) -> Event:
    """Record new numbers of a ledger.

    Numbers below what is promised are recorded too; they raise an alarm.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    numbers : mapping of str to (int or None)
        Numbers by name, as in :class:`~matcher.domain.Ledger`, in persons, 0 or more. ``settled``
        and ``promised`` are totals that include the store's own households. Only ``receive_now``
        can be None.
    stamp : Stamp
        When, by whom and why, and the version of the municipality that the caller has read.

    Raises
    ------
    UnusableNumberError
        When a name is not one of the ledger's, or a number is negative or missing.
    """
    for name, value in numbers.items():
        check_ledger_number(municipality, name, value)
    if not numbers:
        raise UnusableNumberError(f"no number is given for municipality {municipality}")
    with store.unit_of_work() as work:
        work.get_municipality_state(municipality, stamp.version)
        return work.record(
            EventKind.REVISED,
            stamp,
            municipality=municipality,
            facts=dict(numbers),
        )


def check_ledger_number(municipality: str, name: str, value: int | None) -> None:
    """Check that a ledger can have a number.

    Raises
    ------
    UnusableNumberError
        When the ledger has no number of this name, or the value is negative or missing.
    """
    if name not in LEDGER_FIELDS:
        raise UnusableNumberError(f"a ledger has no {name!r}; it has {', '.join(LEDGER_FIELDS)}")
    if (value is None and name != "receive_now") or (value is not None and value < 0):
        raise UnusableNumberError(
            f"{name} of municipality {municipality} is {value}; give a whole number, 0 or more"
        )


def begin_ledger_year(store: Store, year: int, stamp: Stamp) -> list[Event]:
    """Begin a year in every ledger: promises are carried over, all other numbers become 0.

    The stamp's version is not used.
    """
    with store.unit_of_work() as work:
        work.load_all_states()
        return [
            work.record(
                EventKind.YEAR_BEGUN,
                stamp,
                municipality=number,
                facts={"year": year},
            )
            for number in work.projections.municipalities
        ]


def read_municipality_events(store: Store, municipality: str) -> list[Event]:
    """Read all events of a municipality and its ledger, in order."""
    with store.read_transaction() as connection:
        return list(read_events(connection, tables.events.c.municipality == municipality))


def read_ledger_changes(store: Store, municipality: str) -> list[Event]:
    """Read all events that have changed a municipality's ledger, in order.

    Pins, bans and proposals of households do not change it.
    """
    events = read_municipality_events(store, municipality)
    numbers = {*LEDGER_FIELDS, "year"}
    return [event for event in events if numbers & set(event.facts)]


def read_household_events(store: Store, household: str) -> list[Event]:
    """Read all events of a household, in order."""
    with store.read_transaction() as connection:
        return list(read_events(connection, tables.events.c.household == household))
