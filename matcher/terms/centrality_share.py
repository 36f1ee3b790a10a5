"""Region share by centrality class, equation (7b)."""

from dataclasses import dataclass

from matcher.tables import IntArray, MunicipalityTable
from matcher.terms._region import RegionShare


@dataclass(frozen=True)
class CentralityShare(RegionShare):
    """Persons placed by centrality class keep step with the decided numbers."""

    id, source = "centrality_share", "Equation (7b); Statistics Norway, centrality index"

    def group(self, m: MunicipalityTable) -> IntArray:
        """Centrality class, none where it is not known."""
        return m.centrality - 1

    def names(self, m: MunicipalityTable) -> tuple[str, ...]:
        """The six classes."""
        return tuple("123456")
