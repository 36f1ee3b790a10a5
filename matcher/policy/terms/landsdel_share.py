"""Region share by landsdel, equation (7b)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.vocabulary import LANDSDELER
from matcher.policy.terms._region import RegionShare


@dataclass(frozen=True)
class LandsdelShare(RegionShare):
    """Persons placed in each landsdel follow its share of the decided numbers."""

    id, source = "landsdel_share", "Equation (7b); settlement criteria 2024 (dispersed)"

    def group(self, m: MunicipalityTable) -> IntArray:
        """Landsdel of each municipality, -1 where it is not known."""
        codes = [LANDSDELER.index(w) if w in LANDSDELER else -1 for w in m.landsdel]
        return np.array(codes, dtype=np.int64)

    def region_names(self, m: MunicipalityTable) -> tuple[str, ...]:
        """Return the names of the five landsdeler."""
        return LANDSDELER
