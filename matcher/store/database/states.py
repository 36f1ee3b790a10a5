"""One household or municipality as it is now."""

from matcher.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.store.database import tables
from matcher.store.database.books import load_state
from matcher.store.database.household_state import HouseholdState
from matcher.store.database.municipality_state import MunicipalityState
from matcher.store.database.store import Store


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
