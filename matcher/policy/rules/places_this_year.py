"""Persons placed in a municipality stay within its open places of the year, equation (3)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.ledger import LedgerGap
from matcher.domain.reason import Fact, Reason
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import NO_LIMIT, Budget


@dataclass(frozen=True)
class PlacesThisYearBudget(Budget):
    """Persons placed stay within decided minus settled minus promised.

    Places that a council says it could offer beyond its decision do not count.

    The places are those of the year in which one moves in: the year of the later of two days, when
    the unit itself can move and when the municipality's first arrivals can come. On a night when
    both are this year for everyone there is one layer. Otherwise there are three, each without a
    limit where it does not apply: units that can move this year, units that cannot, and all units
    together where the municipality receives nobody before next year.
    """

    id, source = "places_this_year", "Co-operation agreement on settlement (the council decides)"
    in_persons = True

    def amount(self, h: HouseholdTable) -> IntArray:
        """What each unit uses of the places of its year, shape (units,): one for each person."""
        return h.size

    def places(self, m: MunicipalityTable) -> IntArray:
        """Open places of the year of a municipality's first arrivals, shape (municipalities,)."""
        return m.open

    def places_next_year(self, m: MunicipalityTable) -> IntArray:
        """Open places of next year, shape (municipalities,)."""
        return m.open_next

    def gaps(self, m: MunicipalityTable) -> tuple[IntArray, IntArray]:
        """Which number is missing of the first arrivals' year, and of next year's ledger."""
        return m.gap, m.gap_next

    def need(self, h: HouseholdTable, i: int) -> tuple[str, Fact]:
        """Name and number of what a unit needs, for the reason."""
        return "size", int(h.size[i])

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """What each unit uses, in its own layer and in that of all units."""
        return self._use(h, m, crosses_year(h, m))

    def use_in_queue(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """What each unit uses of the layers of a queue."""
        return self._use(h, m, crosses_year(queue.households, m))

    def _use(self, h: HouseholdTable, m: MunicipalityTable, crosses: bool) -> IntArray:
        amount, late = self.amount(h), moves_next_year(h, m)
        if not crosses:
            return np.where(late, 0, amount)[:, None]
        return np.stack([np.where(late, 0, amount), np.where(late, amount, 0), amount], axis=1)

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Open places, never below 0; none where a number of the ledger is not known."""
        if not crosses_year(h, m):
            return self.places(m)[:, None]
        early = np.stack([self.places(m), self.places_next_year(m)], axis=1)
        late = np.where(m.next_year, self.places(m), NO_LIMIT)
        return np.column_stack([np.where(m.next_year[:, None], NO_LIMIT, early), late])

    def layers_for(self, h: HouseholdTable, m: MunicipalityTable, next_year: bool) -> list[int]:
        """The layer of the unit's own year and that of all units, on a night that has both."""
        return [1 if next_year else 0, 2] if crosses_year(h, m) else [0]

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the number that is not known, or the open places and how many the unit needs."""
        coming = bool(moves_next_year(h, m)[i]) and not m.next_year[j]
        is_next = coming or bool(m.next_year[j])
        places = self.places_next_year(m) if coming else self.places(m)
        gap = LedgerGap(self.gaps(m)[coming][j])
        key = gap.name.lower() if gap else "short"
        facts: dict[str, Fact] = {"municipality": str(m.name[j])}
        if not gap:
            facts |= {"open": int(places[j]), **dict([self.need(h, i)])}
        facts["year"] = str(m.year + is_next)
        return Reason(f"{self.id}.{key}{'_next' if is_next else ''}", facts)


def moves_next_year(h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
    """Whether each unit cannot itself move before next year, shape (units,)."""
    return np.asarray(h.days_to_move >= m.days_to_next_year)


def crosses_year(h: HouseholdTable, m: MunicipalityTable) -> bool:
    """Whether any unit, or any municipality's first arrivals, move in next year."""
    return bool(m.next_year.any() or moves_next_year(h, m).any())
