"""Alarms: what in the ledgers, and of those on their way, a person must look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from matcher.domain import Household
from matcher.store.database.books import Books, load_books
from matcher.store.database.checks import PROTECTIVE
from matcher.store.database.contents import HOUSEHOLD, present_contents
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.municipality_state import COUNTED, MunicipalityState
from matcher.store.database.store import Store

AlarmKind = Literal[
    "over-promised", "minors over-promised", "understated", "size changed", "protected"
]
ON_ITS_WAY = (Status.PROPOSED, Status.PROMISED)
"""States in which a municipality is named, and the household is not there yet."""


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
