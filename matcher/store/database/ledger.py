"""The ledger of municipalities: revised, begun anew each year, and what has changed it."""

from collections.abc import Mapping
from datetime import datetime

from matcher.store.database import tables
from matcher.store.database.errors import UnusableNumberError
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.municipality_state import LEDGER
from matcher.store.database.store import Store


def revise(
    store: Store, municipality: str, numbers: Mapping[str, int | None], *, at: datetime,
    actor: str, reason: str, version: int | None = None,
) -> Event:  # fmt: skip
    """Record new numbers of a ledger, also below what is promised: then there is an alarm.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    numbers : mapping of str to (int or None)
        By name as in :class:`~matcher.domain.Ledger`, in persons, 0 or more; ``settled`` and
        ``promised`` in all, those of the store included. Only ``receive_now`` can be None.
    version : int or None
        The version of the municipality that the caller looked at; None when it makes no difference.

    Raises
    ------
    UnusableNumberError
        When there is no such number, or it is negative, or missing.
    """
    for name, value in numbers.items():
        check_number(municipality, name, value)
    if not numbers:
        raise UnusableNumberError(f"no number is given for municipality {municipality}")
    with store.writing() as work:
        work.municipality(municipality, version)
        return work.record(
            EventKind.REVISED, at=at, actor=actor, reason=reason, municipality=municipality,
            facts=dict(numbers),
        )  # fmt: skip


def check_number(municipality: str, name: str, value: int | None) -> None:
    """Make sure that a ledger can have a number.

    Raises
    ------
    UnusableNumberError
        When it cannot.
    """
    if name not in LEDGER:
        raise UnusableNumberError(f"a ledger has no {name!r}; it has {', '.join(LEDGER)}")
    if (value is None and name != "receive_now") or (value is not None and value < 0):
        raise UnusableNumberError(
            f"{name} of municipality {municipality} is {value}; give a whole number, 0 or more"
        )


def begin_year(store: Store, year: int, *, at: datetime, actor: str, reason: str) -> list[Event]:
    """Begin a new year in every ledger: promises are carried over, the rest is 0 until stated."""
    with store.writing() as work:
        work.load_everything()
        return [
            work.record(
                EventKind.YEAR_BEGUN, at=at, actor=actor, reason=reason, municipality=number,
                facts={"year": year},
            )
            for number in work.books.municipalities
        ]  # fmt: skip


def ledger_events(store: Store, municipality: str) -> list[Event]:
    """Give everything that has happened to a municipality and its ledger, in order."""
    with store.reading() as connection:
        return list(read_events(connection, tables.events.c.municipality == municipality))


def ledger_changes(store: Store, municipality: str) -> list[Event]:
    """Give everything that has changed a municipality's ledger, in order.

    A pin or a ban of a household, or a proposal, does not.
    """
    found = ledger_events(store, municipality)
    numbers = {*LEDGER, "year"}
    return [event for event in found if numbers & set(event.facts)]


def household_events(store: Store, household: str) -> list[Event]:
    """Give everything that has happened to a household, in order."""
    with store.reading() as connection:
        return list(read_events(connection, tables.events.c.household == household))
