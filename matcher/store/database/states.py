"""Households and municipalities as they are now, with what is known of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from matcher.domain import Household, Municipality
from matcher.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.store.database import tables
from matcher.store.database.books import load_state, load_states
from matcher.store.database.contents import (
    DWELLINGS,
    HOUSEHOLD,
    LINKS,
    MUNICIPALITY,
    present_contents,
)
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.municipality_state import MunicipalityState
from matcher.store.database.store import Store


@dataclass(frozen=True, slots=True)
class HouseholdNow:
    """A household as it is now.

    Parameters
    ----------
    state : HouseholdState
    known : Household or None
        What is known of it; None when that has been erased.
    linked : tuple of str
        Households that must come to the same municipality, directly linked.
    """

    state: HouseholdState
    known: Household | None = None
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MunicipalityNow:
    """A municipality as it is now.

    Parameters
    ----------
    state : MunicipalityState
    known : Municipality
        Services and facts, the ledger of this moment, and every dwelling, also taken ones.
    taken : mapping of str to str
        Household by dwelling, of dwellings promised or lived in.
    """

    state: MunicipalityState
    known: Municipality
    taken: Mapping[str, str] = field(default_factory=dict)


def household_state(store: Store, household: str) -> HouseholdState:
    """Give a household's state.

    Raises
    ------
    UnknownHouseholdError
        When the store has never heard of it.
    """
    with store.reading() as connection:
        state: HouseholdState | None = load_state(connection, tables.households, household)
    if state is None:
        raise UnknownHouseholdError(f"household {household} is not in the store")
    return state


def municipality_state(store: Store, municipality: str) -> MunicipalityState:
    """Give a municipality's state, its ledger with it.

    Raises
    ------
    UnknownMunicipalityError
        When the store has never heard of it.
    """
    with store.reading() as connection:
        state: MunicipalityState | None = load_state(
            connection, tables.municipalities, municipality
        )
    if state is None:
        raise UnknownMunicipalityError(f"municipality {municipality} is not in the store")
    return state


def household_now(store: Store, household: str) -> HouseholdNow:
    """Give a household as it is now.

    Raises
    ------
    UnknownHouseholdError
        When the store has never heard of it.
    """
    with store.reading() as connection:
        state = household_state(store, household)
        return next(_with_facts(connection, [state]))


def proposed_now(store: Store, municipality: str | None = None) -> list[HouseholdNow]:
    """Give households with an open proposal, the one to be answered first at the head.

    Parameters
    ----------
    municipality : str or None
        Four-digit number, of proposals to one municipality.
    """
    column = tables.households.c
    where = [column.status == Status.PROPOSED]
    if municipality is not None:
        where.append(column.municipality == municipality)
    with store.reading() as connection:
        states = load_states(connection, tables.households, *where)
        found = _with_facts(connection, states)
        return sorted(found, key=lambda h: (str(h.state.answer_by), h.state.id))


def municipality_now(store: Store, municipality: str) -> MunicipalityNow:
    """Give a municipality as it is now.

    Raises
    ------
    UnknownMunicipalityError
        When the store has never heard of it.
    """
    with store.reading() as connection:
        state = municipality_state(store, municipality)
        return _places(connection, [state])[0]


def municipalities_now(store: Store) -> list[MunicipalityNow]:
    """Give every municipality as it is now, by number."""
    with store.reading() as connection:
        states = load_states(connection, tables.municipalities)
        return _places(connection, sorted(states, key=lambda s: s.number))


def _with_facts(connection: Connection, states: Iterable[HouseholdState]) -> Iterator[HouseholdNow]:
    states = list(states)
    texts = present_contents(connection, (s.content for s in states))
    linked = _linked(connection)
    for state in states:
        text = texts.get(state.content)
        known = None if text is None else HOUSEHOLD.validate_json(text)
        yield HouseholdNow(state, known, linked.get(state.id, ()))


def _linked(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    part = load_state(connection, tables.parts, "links")
    found: dict[str, tuple[str, ...]] = {}
    if part is None:
        return found
    text = present_contents(connection, [part.content]).get(part.content, "[]")
    for pair in LINKS.validate_json(text):
        for one, other in (pair, pair[::-1]):
            found[one] = (*found.get(one, ()), other)
    return found


def _places(connection: Connection, states: list[MunicipalityState]) -> list[MunicipalityNow]:
    texts = present_contents(connection, (h for s in states for h in (s.content, s.dwellings)))
    taken = _taken(connection)
    return [
        MunicipalityNow(
            state,
            replace(
                MUNICIPALITY.validate_json(texts[state.content]),
                ledger=state.ledger,
                dwellings=DWELLINGS.validate_json(texts[state.dwellings]),
            ),
            taken.get(state.number, {}),
        )
        for state in states
    ]


def _taken(connection: Connection) -> Mapping[str, dict[str, str]]:
    """Give household by dwelling by municipality."""
    holding = tables.households.c.status.in_((Status.PROMISED, Status.SETTLED))
    found: dict[str, dict[str, str]] = {}
    for state in load_states(connection, tables.households, holding):
        if state.dwelling is not None:
            found.setdefault(state.municipality or "", {})[state.dwelling] = state.id
    return found
