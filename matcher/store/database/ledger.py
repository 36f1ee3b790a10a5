"""The ledger of municipalities: revised, begun anew each year, and watched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from matcher.domain import Household
from matcher.store.database import tables
from matcher.store.database.books import Books, load_books
from matcher.store.database.checks import PROTECTIVE
from matcher.store.database.contents import HOUSEHOLD, present_contents
from matcher.store.database.errors import UnusableNumberError
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.municipality_state import COUNTED, LEDGER, MunicipalityState
from matcher.store.database.store import Store

AlarmKind = Literal[
    "over-promised", "minors over-promised", "understated", "size changed", "protected"
]
ON_ITS_WAY = (Status.PROPOSED, Status.PROMISED)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something in the ledger that a person must look at.

    Parameters
    ----------
    kind : str
        ``over-promised`` and ``minors over-promised``: more is settled and promised than decided.
        ``understated``: a count said less than households of the store take up.
        ``size changed``: a promised household is no longer as many as its promise.
        ``protected``: a household is proposed or promised where a ban keeps it from harm since.
    municipality : str
        Four-digit number.
    persons : int
        By how many, above 0; for a changed size below 0 when the household has become smaller.
        For a protected household, how many it is.
    household : str or None
        Identifier, when it is about one.
    """

    kind: AlarmKind
    municipality: str
    persons: int
    household: str | None = None


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


def alarms(store: Store) -> list[Alarm]:
    """Give what a person must look at, by municipality."""
    with store.reading() as connection:
        return alarms_in(connection, load_books(connection))


def alarms_in(connection: Connection, books: Books) -> list[Alarm]:
    """Give what a person must look at in some books, by municipality."""
    found = [a for state in books.municipalities.values() for a in _of_place(state)]
    found += [a for state in books.households.values() for a in _of_household(state)]
    found += _protected(connection, books)
    return sorted(found, key=lambda a: (a.municipality, a.kind, a.household or ""))


def _of_place(state: MunicipalityState) -> Iterator[Alarm]:
    ledger = state.ledger
    if ledger.open < 0:
        yield Alarm("over-promised", state.number, -ledger.open)
    if ledger.minors_open < 0:
        yield Alarm("minors over-promised", state.number, -ledger.minors_open)
    short = sum(getattr(state.understated, name) for name in COUNTED[:2])
    if short:
        yield Alarm("understated", state.number, short)


def _of_household(state: HouseholdState) -> Iterator[Alarm]:
    if state.status is Status.PROMISED and state.persons != state.held_persons:
        more = state.persons - state.held_persons
        yield Alarm("size changed", state.municipality or "", more, state.id)


def _protected(connection: Connection, books: Books) -> Iterator[Alarm]:
    """Tell who is on the way to where a ban, of people or of files, keeps them from harm."""
    coming = [state for state in books.households.values() if state.status in ON_ITS_WAY]
    texts = present_contents(connection, {state.content for state in coming})
    for state in coming:
        text, number = texts.get(state.content), state.municipality or ""
        # A text without the number has no ban there: most need not be read.
        if text is None or not (state.bans or f'"{number}"' in text):
            continue
        known: Household = state.known(HOUSEHOLD.validate_json(text))
        if any(ban.municipality == number and ban.reason in PROTECTIVE for ban in known.bans):
            yield Alarm("protected", number, state.persons, state.id)
