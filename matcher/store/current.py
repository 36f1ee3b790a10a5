"""Read the present state and description of households and municipalities."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.domain.household import Household
from matcher.domain.ledger import Ledger
from matcher.domain.municipality import Municipality
from matcher.store import tables
from matcher.store.household_state import HouseholdState, Status
from matcher.store.instance_loading import describe_municipality, load_projections_at
from matcher.store.municipality_state import MunicipalityState
from matcher.store.payloads import (
    HOUSEHOLD_ADAPTER,
    load_present_payloads,
)
from matcher.store.projections import load_links, load_state, load_states
from matcher.store.store import Store


@dataclass(frozen=True, slots=True)
class CurrentHousehold:
    """A household as it is now.

    Parameters
    ----------
    state : HouseholdState
        Its state after the latest event.
    facts : Household or None
        Its description; None when that has been erased.
    linked : tuple of str
        Identifiers of directly linked households, which must come to the same municipality.
    """

    state: HouseholdState
    facts: Household | None = None
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CurrentMunicipality:
    """A municipality as it is now.

    Parameters
    ----------
    state : MunicipalityState
        Its state after the latest event.
    facts : Municipality
        Its description, with the ledgers of the day and all dwellings, taken ones included.
    household_by_dwelling : mapping of str to str
        Identifier of the household by that of its dwelling, for promised and occupied dwellings.
    """

    state: MunicipalityState
    facts: Municipality
    household_by_dwelling: Mapping[str, str] = field(default_factory=dict)


def get_household_state(store: Store, household: str) -> HouseholdState:
    """Read a household's state.

    Raises
    ------
    UnknownHouseholdError
        When the store has no event of it.
    """
    with store.read_transaction() as connection:
        state: HouseholdState | None = load_state(connection, tables.households, household)
    if state is None:
        raise UnknownHouseholdError(f"household {household} is not in the store")
    return state


def get_municipality_state(store: Store, municipality: str) -> MunicipalityState:
    """Read a municipality's state, which includes its ledger.

    Raises
    ------
    UnknownMunicipalityError
        When the store has no event of it.
    """
    with store.read_transaction() as connection:
        state: MunicipalityState | None = load_state(
            connection, tables.municipalities, municipality
        )
    if state is None:
        raise UnknownMunicipalityError(f"municipality {municipality} is not in the store")
    return state


def get_household(store: Store, household: str) -> CurrentHousehold:
    """Read a household as it is now.

    Raises
    ------
    UnknownHouseholdError
        When the store has no event of it.
    """
    with store.read_transaction() as connection:
        state = get_household_state(store, household)
        return next(_with_descriptions(connection, [state]))


def list_proposed_households(
    store: Store, municipality: str | None = None
) -> list[CurrentHousehold]:
    """List households with an open proposal, earliest day of answer first.

    Parameters
    ----------
    municipality : str or None
        Four-digit number: only proposals to this municipality.
    """
    column = tables.households.c
    where = [column.status == Status.PROPOSED]
    if municipality is not None:
        where.append(column.municipality == municipality)
    with store.read_transaction() as connection:
        states = load_states(connection, tables.households, *where)
        households = _with_descriptions(connection, states)
        return sorted(households, key=lambda h: (str(h.state.answer_by), h.state.id))


def get_municipality(store: Store, municipality: str, day: date) -> CurrentMunicipality:
    """Read a municipality as it is now.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    day : date
        The day of its ledgers.

    Raises
    ------
    UnknownMunicipalityError
        When the store has no event of it.
    """
    with store.read_transaction() as connection:
        state = get_municipality_state(store, municipality)
        return _municipalities(connection, [state], day)[0]


def list_municipalities(store: Store, day: date) -> list[CurrentMunicipality]:
    """Read every municipality as it is now, sorted by number, with the ledgers of a day."""
    with store.read_transaction() as connection:
        states = load_states(connection, tables.municipalities)
        return _municipalities(connection, sorted(states, key=lambda s: s.number), day)


def list_ledgers(store: Store, day: date) -> dict[int, list[Ledger]]:
    """Read the ledgers of every open year as they stand on a day, by year.

    Parameters
    ----------
    day : date
        Events of later days are left out.
    """
    with store.read_transaction() as connection:
        states = load_projections_at(connection, day).municipalities.values()
    years = sorted({year for state in states for year in state.books})
    return {y: [s.ledger_of(y, day) for s in states if y in s.books] for y in years}


def _with_descriptions(
    connection: Connection, states: Iterable[HouseholdState]
) -> Iterator[CurrentHousehold]:
    states = list(states)
    texts = load_present_payloads(connection, (s.content for s in states))
    linked = load_links(connection)
    for state in states:
        text = texts.get(state.content)
        household = None if text is None else HOUSEHOLD_ADAPTER.validate_json(text)
        yield CurrentHousehold(state, household, linked.get(state.id, ()))


def _municipalities(
    connection: Connection, states: list[MunicipalityState], day: date
) -> list[CurrentMunicipality]:
    texts = load_present_payloads(connection, (h for s in states for h in s.contents))
    holders = _dwelling_holders(connection)
    return [
        CurrentMunicipality(
            state, describe_municipality(state, texts, day), holders.get(state.number, {})
        )
        for state in states
    ]


def _dwelling_holders(connection: Connection) -> Mapping[str, dict[str, str]]:
    """Return, by municipality, the household of each promised or occupied dwelling."""
    holding = tables.households.c.status.in_((Status.PROMISED, Status.SETTLED))
    holders: dict[str, dict[str, str]] = {}
    for state in load_states(connection, tables.households, holding):
        if state.dwelling is not None:
            holders.setdefault(state.municipality or "", {})[state.dwelling] = state.id
    return holders
