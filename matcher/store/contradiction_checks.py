"""Checks, before a change of a household, that it goes together with what else is recorded."""

from collections.abc import Iterator, Sequence
from datetime import date

from matcher.domain.contradictions import Contradiction, find_in_household
from matcher.domain.household import Household
from matcher.store.checks import load_household, load_linked_states
from matcher.store.errors import ContradictionError
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork


def read_contradictions(store: Store, household: str, today: date) -> list[Contradiction]:
    """Read what does not go together about a household; nothing where it has been erased.

    Raises
    ------
    UnknownHouseholdError
        When the store has no event of it.
    """
    with store.unit_of_work() as work:
        state = work.get_household_state(household)
        return [] if state.erased else list_contradictions(work, load_household(work, state), today)


def list_contradictions(work: UnitOfWork, household: Household, today: date) -> list[Contradiction]:
    """List what does not go together about a household, also with those that it is linked to.

    Parameters
    ----------
    household : Household
        With the pins and bans that people have set; it may differ from what is recorded.
    today : date
    """
    states = load_linked_states(work, household.id)
    linked = [load_household(work, state) for state in states if not state.erased]
    return [
        contradiction
        for one, others in _each_and_the_others([household, *linked])
        for contradiction in find_in_household(one, others, today)
        # Of the others, only what they have against this household.
        if one is household or contradiction.facts.get("other") == household.id
    ]


def _each_and_the_others(
    households: Sequence[Household],
) -> Iterator[tuple[Household, list[Household]]]:
    for household in households:
        yield household, [other for other in households if other is not household]


def check_contradictions(
    work: UnitOfWork, before: Household, after: Household, today: date
) -> None:
    """Check that a change brings no contradiction that a person should not record.

    What was there before is not in the way of a change that leaves it as it is.

    Raises
    ------
    ContradictionError
        When it does.
    """
    known = {(c.code, c.household, c.member) for c in list_contradictions(work, before, today)}
    new = [
        contradiction
        for contradiction in list_contradictions(work, after, today)
        if contradiction.is_refused
        and (contradiction.code, contradiction.household, contradiction.member) not in known
    ]
    if new:
        raise ContradictionError(new)
