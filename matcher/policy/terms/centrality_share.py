"""Region share by centrality class, equation (7b)."""

from dataclasses import dataclass

from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.terms._region import RegionShare


@dataclass(frozen=True)
class CentralityShare(RegionShare):
    """Persons placed in each centrality class follow its share of the decided numbers."""

    id, source = "centrality_share", "Equation (7b); Statistics Norway, centrality index"

    def group(self, m: MunicipalityTable) -> IntArray:
        """Centrality class of each municipality, -1 where it is not known."""
        return m.centrality - 1

    def region_names(self, m: MunicipalityTable) -> tuple[str, ...]:
        """Return the names of the six classes."""
        return tuple("123456")
