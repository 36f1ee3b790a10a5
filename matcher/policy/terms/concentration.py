"""Concentration, equation (7c): persons of one language in a municipality above a soft cap."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, PiecewiseCost, SpreadTerm
from matcher.policy.terms._balance import as_fraction, cost_above, round_up
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class Concentration(SpreadTerm):
    """A cost for each person whose language community goes above a soft cap.

    Off in the default policy: when it is on, language decides more than the need of an
    interpreter, and results show the cost of that.

    Parameters
    ----------
    per_cent : float
        The cap, in per cent of the municipality's population.
    persons : int
        The cap is at least this many persons.
    stayers_per_person : float
        Cost of one person above the cap, in expected stayers.
    """

    id, source = "concentration", "Equation (7c)"
    per_cent: float = 1.0
    persons: int = 40
    stayers_per_person: float = 0.05

    def __post_init__(self) -> None:
        require_at_least(0, per_cent=self.per_cent, persons=self.persons)
        require_at_least(0, stayers_per_person=self.stayers_per_person)

    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality: each is its own group."""
        return np.arange(len(m))

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Persons who speak each language, shape (units, languages)."""
        return h.members.sum_of(h.language_sets[h.members.languages].astype(np.int64))

    def use_in_queue(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """Persons who speak each language of a queue."""
        speakers = dict(zip(m.languages, self.use(h, m).T, strict=True))
        no_speakers = np.zeros(len(h), dtype=np.int64)
        columns = [speakers.get(word, no_speakers) for word in queue.municipalities.languages]
        return np.array(columns, dtype=np.int64).reshape(-1, len(h)).T

    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost of persons above the cap, the present community included."""
        share = as_fraction(self.per_cent) / 100
        of_population = share.numerator * np.maximum(m.population, 0).astype(object)
        cap = np.maximum(self.persons, round_up(of_population, share.denominator))
        return cost_above(cap[:, None] - m.communities, POINTS_PER_STAYER * self.stayers_per_person)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the unit's languages, and the largest community that speaks one of them."""
        spoken = np.any(h.language_sets[h.take([i]).members.languages], axis=0)
        words = ", ".join(w for w, is_spoken in zip(m.languages, spoken, strict=True) if is_spoken)
        largest = int(m.communities[j][spoken].max(initial=0))
        return Reason("concentration.community", {"languages": words, "persons": largest})
