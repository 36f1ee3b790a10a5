"""Unaccompanied minors of a day: who has turned 18, or has an adult with them, is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from matcher.domain.household import Household, count_unaccompanied
from matcher.store import tables
from matcher.store.household_state import HouseholdState
from matcher.store.payloads import HOUSEHOLD_ADAPTER, load_present_payloads
from matcher.store.projections import load_links, load_states


def count_minors_on(
    connection: Connection, states: Sequence[HouseholdState], day: date
) -> list[HouseholdState]:
    """Return states with the minors who use places for minors on a day.

    A state counts the unaccompanied children that its household had when it was described. On a
    later day some are 18, and none counts who has an adult with them, in the household or in one
    that it is linked to.

    Parameters
    ----------
    connection : Connection
        Sees all that has been recorded so far.
    states : sequence of HouseholdState
    day : date
    """
    linked = load_links(connection) if any(state.minors for state in states) else {}
    return [
        replace(state, minors=_minors(connection, state, linked, day)) if state.minors else state
        for state in states
    ]


def _minors(
    connection: Connection, state: HouseholdState, linked: Mapping[str, tuple[str, ...]], day: date
) -> int:
    """Count the minors of one household; as described where a description has been erased."""
    unit = load_states(
        connection, tables.households, tables.households.c.id.in_(_unit(state.id, linked))
    )
    households = _load_households(connection, [*unit, state])
    if state.id not in households:
        return state.minors
    alone = count_unaccompanied(households.values(), day)
    return households[state.id].minors_on(day) if alone else 0


def _load_households(
    connection: Connection, states: Iterable[HouseholdState]
) -> dict[str, Household]:
    contents = {state.id: state.content for state in states}
    texts = load_present_payloads(connection, set(contents.values()))
    return {
        name: HOUSEHOLD_ADAPTER.validate_json(texts[content])
        for name, content in contents.items()
        if content in texts
    }


def _unit(household: str, linked: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return a household and all that it is linked to, directly or through others."""
    unit = [household]
    for member in unit:
        unit += [partner for partner in linked.get(member, ()) if partner not in unit]
    return unit
