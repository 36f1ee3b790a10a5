"""The occupations of the members, against the jobs in the municipality."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import EffectText, PairEffect


@dataclass(frozen=True)
class WorkNearby(PairEffect):
    """Persons whose occupation is in demand stay.

    The report gives work little weight: people seldom move for a job, and seldom get the one
    they are trained for. Every member whose occupation is known counts the same.
    """

    id, source = "work_nearby", "Fafo 2025:14, 4.3"
    size: float = 0.05
    low: float = 0.0
    high: float = 0.10

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units in which the occupation of a member is known."""
        return h.members.any_of(h.members.occupation >= 0)

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Jobs above or below the average of the country, as a mean over known occupations."""
        patterns, pattern = np.unique(_counts(h, m), axis=0, return_inverse=True)
        return np.asarray(_mean(patterns, m)[pattern.reshape(-1)])

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the jobs in per cent of the average of the country."""
        return "jobs", {"percent": round(100 * float(1.0 + _mean(_counts(household, m), m)[0, j]))}


def _counts(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    """Members with each occupation, shape (units, occupations)."""
    has = h.members.occupation[:, None] == np.arange(len(m.occupations))[None, :]
    return h.members.sum_of(has.astype(np.int64))


def _mean(counts: IntArray, m: MunicipalityTable) -> FloatArray:
    """Mean fit over the members with a known occupation, shape (rows, municipalities)."""
    fit = np.where(np.isnan(m.jobs), 0.0, np.clip(m.jobs - 1.0, -1.0, 1.0))
    total = (counts[:, None, :] * fit[None, :, :]).sum(axis=2)
    return np.asarray(total / np.maximum(counts.sum(axis=1), 1)[:, None])
