"""Persons placed in a municipality stay within its open places this year, equation (3)."""

from dataclasses import dataclass

import numpy as np

from matcher.shapes import Budget, Reason
from matcher.tables import HouseholdTable, IntArray, MunicipalityTable


@dataclass(frozen=True)
class PlacesThisYear(Budget):
    """Persons placed stay within decided minus settled minus promised.

    Parameters
    ----------
    use_extra : bool
        Count as open also what the council says it could take beyond its decision.
    """

    id, source = "places_this_year", "Co-operation agreement on settlement (the council decides)"
    use_extra: bool = False

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person uses one place."""
        return h.size[:, None]

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Open places, never below 0."""
        open_places = m.decided + self.use_extra * m.extra - m.settled - m.promised
        return np.asarray(np.maximum(open_places, 0)[:, None])

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the open places and how many the unit needs."""
        facts = {"open": int(self.limit(h, m)[j, 0]), "size": int(h.size[i])}
        return Reason("places_this_year.short", {"municipality": str(m.name[j]), **facts})
