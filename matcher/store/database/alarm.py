"""Alarms: problems in the ledgers and with open proposals and promises that a person must check."""

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
"""Statuses in which a household has a municipality but has not moved in yet."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A problem in a ledger, or with a household, that a person must look at.

    Parameters
    ----------
    kind : str
        ``over-promised`` and ``minors over-promised``: settled plus promised exceeds decided.
        ``understated``: a stated count is lower than the places that households of the store use.
        ``size changed``: a promised household no longer has as many persons as its promise.
        ``protected``: since the proposal, a ban that protects the household rules out the
        municipality where it is proposed or promised.
    municipality : str
        Four-digit number.
    persons : int
        How many persons too many, above 0. For a changed size: the change, below 0 when the
        household has become smaller. For a protected household: its persons.
    household : str or None
        Identifier, when the alarm is about a household.
    """

    kind: AlarmKind
    municipality: str
    persons: int
    household: str | None = None


def alarms(store: Store) -> list[Alarm]:
    """List the alarms of a store, sorted by municipality."""
    with store.reading() as connection:
        return alarms_in(connection, load_books(connection))


def alarms_in(connection: Connection, books: Books) -> list[Alarm]:
    """List the alarms in the given books, sorted by municipality."""
    results = [a for state in books.municipalities.values() for a in _municipality_alarms(state)]
    results += [a for state in books.households.values() for a in _household_alarms(state)]
    results += _protection_alarms(connection, books)
    return sorted(results, key=lambda a: (a.municipality, a.kind, a.household or ""))


def _municipality_alarms(state: MunicipalityState) -> Iterator[Alarm]:
    ledger = state.ledger
    if ledger.open < 0:
        yield Alarm("over-promised", state.number, -ledger.open)
    if ledger.minors_open < 0:
        yield Alarm("minors over-promised", state.number, -ledger.minors_open)
    missing = sum(getattr(state.understated, name) for name in COUNTED[:2])
    if missing:
        yield Alarm("understated", state.number, missing)


def _household_alarms(state: HouseholdState) -> Iterator[Alarm]:
    if state.status is Status.PROMISED and state.persons != state.held_persons:
        growth = state.persons - state.held_persons
        yield Alarm("size changed", state.municipality or "", growth, state.id)


def _protection_alarms(connection: Connection, books: Books) -> Iterator[Alarm]:
    """List households on their way to a municipality that a protective ban rules out.

    The ban can come from a person or from the files.
    """
    pending = [state for state in books.households.values() if state.status in ON_ITS_WAY]
    texts = present_contents(connection, {state.content for state in pending})
    for state in pending:
        text, number = texts.get(state.content), state.municipality or ""
        # A text without the municipality's number has no ban there: most need not be parsed.
        if text is None or not (state.bans or f'"{number}"' in text):
            continue
        facts: Household = state.known(HOUSEHOLD.validate_json(text))
        if any(ban.municipality == number and ban.reason in PROTECTIVE for ban in facts.bans):
            yield Alarm("protected", number, state.persons, state.id)
