"""Alarms: problems in the ledgers and with open proposals and promises that a person must check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from matcher.domain.household import Household
from matcher.domain.ledger import Ledger, LedgerGap
from matcher.store.checks import PROTECTIVE_BANS
from matcher.store.household_state import HouseholdState, Status
from matcher.store.ledger_books import book_of
from matcher.store.municipality_state import MunicipalityState
from matcher.store.payloads import HOUSEHOLD_ADAPTER, load_present_payloads
from matcher.store.projections import Projections, load_projections
from matcher.store.store import Store

AlarmKind = Literal[
    "over-promised",
    "minors over-promised",
    "not reported",
    "understated",
    "size changed",
    "protected",
]
PENDING_STATUSES = (Status.PROPOSED, Status.PROMISED)
"""Statuses in which a household has a municipality but has not moved in yet."""


@dataclass(frozen=True, slots=True)
class LedgerAlarm:
    """A problem in a ledger, or with a household, that a person must look at.

    Parameters
    ----------
    kind : str
        ``over-promised`` and ``minors over-promised``: settled plus promised exceeds decided.
        ``not reported``: places are decided, but none is open, because what is settled or promised
        is not reported.
        ``understated``: a stated count is lower than the places that households of the store use.
        ``size changed``: a promised household no longer has as many persons as its promise.
        ``protected``: since the proposal, a ban that protects the household rules out the
        municipality where it is proposed or promised.
    municipality : str
        Four-digit number.
    persons : int
        How many persons too many, above 0. For a changed size: the change, below 0 when the
        household has become smaller. For a protected household: its persons. For numbers not
        reported: the persons decided.
    household : str or None
        Identifier, when the alarm is about a household.
    """

    kind: AlarmKind
    municipality: str
    persons: int
    household: str | None = None


def list_alarms(store: Store, day: date | None = None) -> list[LedgerAlarm]:
    """List the alarms of a store, sorted by municipality.

    Parameters
    ----------
    day : date or None
        Day whose ledgers count; None for the day of each municipality's latest event.
    """
    with store.read_transaction() as connection:
        return find_alarms(connection, load_projections(connection), day)


def find_alarms(
    connection: Connection, projections: Projections, day: date | None = None
) -> list[LedgerAlarm]:
    """List the alarms in the given projections, sorted by municipality."""
    municipalities = projections.municipalities.values()
    results = [a for state in municipalities for a in _municipality_alarms(state, day or state.day)]
    results += [a for state in projections.households.values() for a in _household_alarms(state)]
    results += _protection_alarms(connection, projections)
    return sorted(results, key=lambda a: (a.municipality, a.kind, a.household or ""))


def _municipality_alarms(state: MunicipalityState, day: date) -> Iterator[LedgerAlarm]:
    """List the alarms of the running year, and of the next where too much is promised there."""
    yield from _ledger_alarms(state.number, state.ledger_of(day.year, day))
    coming = state.ledger_of(day.year + 1, day)
    if coming.open is not None and coming.open < 0:
        yield LedgerAlarm("over-promised", state.number, -coming.open)
    understated = book_of(state.books, day.year).understated
    missing = sum(getattr(understated, name) for name in ("settled", "promised"))
    if missing:
        yield LedgerAlarm("understated", state.number, missing)


def _ledger_alarms(number: str, ledger: Ledger) -> Iterator[LedgerAlarm]:
    if ledger.open is not None and ledger.open < 0:
        yield LedgerAlarm("over-promised", number, -ledger.open)
    if ledger.minors_open is not None and ledger.minors_open < 0:
        yield LedgerAlarm("minors over-promised", number, -ledger.minors_open)
    if ledger.gap in (LedgerGap.SETTLED, LedgerGap.PROMISED):
        yield LedgerAlarm("not reported", number, ledger.decided or 0)


def _household_alarms(state: HouseholdState) -> Iterator[LedgerAlarm]:
    if state.status is Status.PROMISED and state.persons != state.held_persons:
        growth = state.persons - state.held_persons
        yield LedgerAlarm("size changed", state.municipality or "", growth, state.id)


def _protection_alarms(connection: Connection, projections: Projections) -> Iterator[LedgerAlarm]:
    """List households on their way to a municipality that a protective ban rules out.

    The ban can come from a person or from the files.
    """
    pending = [
        state for state in projections.households.values() if state.status in PENDING_STATUSES
    ]
    texts = load_present_payloads(connection, {state.content for state in pending})
    for state in pending:
        text, number = texts.get(state.content), state.municipality or ""
        # A text without the municipality's number has no ban there: most need not be parsed.
        if text is None or not (state.bans or f'"{number}"' in text):
            continue
        facts: Household = state.with_pins_and_bans(HOUSEHOLD_ADAPTER.validate_json(text))
        if any(ban.municipality == number and ban.reason in PROTECTIVE_BANS for ban in facts.bans):
            yield LedgerAlarm("protected", number, state.persons, state.id)
