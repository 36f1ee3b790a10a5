"""Open proposals as columns: who awaits which municipality's answer, and what is asked of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from matcher.domain.household import Household
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.ragged import RaggedRows

HouseholdGroup = tuple[Household, ...]


@dataclass(frozen=True, eq=False)
class ProposalRows(RaggedRows):
    """Municipalities that are asked to settle members of a unit, one row each.

    ``persons`` and ``minors`` count those whom a proposal covers. That can be a part of a unit,
    when only one of several linked households is proposed.
    """

    municipality: IntArray
    persons: IntArray
    minors: IntArray


def build_proposal_rows(
    units: Iterable[HouseholdGroup],
    municipality_of: Mapping[str, str],
    row_of: Callable[[str | None], int],
    unaccompanied: Callable[[HouseholdGroup], int],
) -> ProposalRows:
    """Build the open proposals of placing units.

    Parameters
    ----------
    units : iterable of tuple of Household
    municipality_of : mapping of str to str
        Four-digit number by household, of the proposals that await an answer.
    row_of : callable
        Returns the row of a municipality by its number, -1 for none.
    unaccompanied : callable
        Counts the unaccompanied minors of a group that use places for minors.
    """
    rows_by_unit = []
    for unit in units:
        places = [row_of(municipality_of.get(household.id)) for household in unit]
        parts = {j: tuple(h for h, k in zip(unit, places, strict=True) if k == j) for j in places}
        parts.pop(-1, None)
        # A minor with an adult in the unit uses no place for minors, though proposed alone.
        lone = unaccompanied if unaccompanied(unit) else lambda _: 0
        rows_by_unit.append([(j, sum(h.size for h in p), lone(p)) for j, p in parts.items()])
    columns = np.array([row for rows in rows_by_unit for row in rows], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum([len(rows) for rows in rows_by_unit])])
    return ProposalRows(start.astype(np.int64), *columns.reshape(-1, 3).T)


def with_asked_for(m: MunicipalityTable, proposals: ProposalRows) -> MunicipalityTable:
    """Return the table with what open proposals ask of each municipality, in persons.

    The table itself is returned when it says so already.
    """

    def total(counts: IntArray) -> IntArray:
        asked = np.zeros(len(m), dtype=np.int64)
        np.add.at(asked, proposals.municipality, counts)
        return asked

    persons, minors = total(proposals.persons), total(proposals.minors)
    if np.array_equal(m.asked_for, persons) and np.array_equal(m.minors_asked_for, minors):
        return m
    table = replace(m, asked_for=persons, minors_asked_for=minors)
    table.copy_cached_from(m)
    return table
