"""Places that a municipality is asked to give one household are not given to another, equation (3).

A proposal takes no place before the municipality's yes. Until then the place is asked for: whoever
else comes must do with the rest, also when the plan would rather have the household elsewhere. So
the units that come to a municipality, without those it is asked for, and those it is asked for fit
into its places together:

    persons who come, beside those asked for  <=  places - persons asked for

What a unit uses depends on where it is proposed. Each municipality with open proposals is therefore
a layer of its own, in which a unit uses its persons without those who are proposed there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import copy_with_attributes
from matcher.policy.rule_types import NO_LIMIT, Budget, RuleType
from matcher.policy.terms._weights import require_at_least

MANY = 2**40
"""Persons from which a number of places is no limit."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class PlacesAskedForBudget(Budget):
    """Places for which a municipality's answer is awaited are kept for who is proposed there.

    Parameters
    ----------
    share : float
        How much may be asked of a municipality, as a share of its places: 1 for never more than
        it has, 1.2 where a fifth more may be asked, since some answers are no.
    """

    id, source = "places_asked_for", "Practice of settlement (a proposal awaits an answer)"
    budgets: ClassVar[tuple[Budget, ...]] = ()
    share: float = 1.0

    def __post_init__(self) -> None:
        require_at_least(1, share=self.share)

    def link_to_policy(self, rules_and_terms: Sequence[RuleType]) -> Self:
        """Return a copy that knows the budgets of the same policy that count persons."""
        budgets = (b for b in rules_and_terms if isinstance(b, Budget) and b.in_persons)
        return copy_with_attributes(self, budgets=tuple(budgets))

    def without_rule(self, rule: str) -> Self:
        """Return a copy that does not know a budget; itself where it does not count persons."""
        others = tuple(b for b in self.budgets if b.id != rule)
        unchanged = len(others) == len(self.budgets)
        return self if unchanged else copy_with_attributes(self, budgets=others)

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Places that each unit needs beside its own proposal, shape (units, layers)."""
        return self._use(h, *self._layers(m))

    def use_in_queue(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """The same in the layers of a queue, whose municipalities may have had other rows."""
        number = queue.municipalities.number
        layers = self._layers(queue.municipalities)
        rows = ([m.row_of.get(str(number[j]), -1) for j in layer] for layer in layers)
        return self._use(h, *(np.array(row, dtype=np.int64) for row in rows))

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Places that are asked for no one, in the layer of each municipality; never below 0."""
        persons, minors = self._layers(m)
        places = np.concatenate([self.may_be_asked(h, m)[persons], m.minors_open[minors]])
        asked = np.concatenate([m.asked_for[persons], m.minors_asked_for[minors]])
        limit = np.full((len(m), len(places)), NO_LIMIT, dtype=np.int64)
        limit[np.concatenate([persons, minors]), np.arange(len(places))] = places - asked
        return np.maximum(limit, 0)

    def may_be_asked(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Persons that each municipality may be asked for at a time, shape (municipalities,)."""
        limits = [
            b.limit(h, m)[b.group(m)][:, b.layers_for(h, m, False)].min(axis=1)
            for b in self.budgets
        ]
        places = np.minimum.reduce(limits) if limits else m.open
        # A share such as 1.1 is a little more or less in binary; 10 places are 11, not 10.
        asked = np.floor(self.share * np.minimum(places, MANY) + ROUNDING)
        return np.where(places < MANY, asked, NO_LIMIT).astype(np.int64)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the places, how many of them are asked for others, and how many the unit needs."""
        unit = h.take([i])
        own = unit.proposals.municipality == j
        lone = int(m.minors_asked_for[j] - unit.proposals.minors[own].sum())
        facts = {
            "places": int(self.may_be_asked(unit, m)[j]),
            "asked": int(m.asked_for[j] - unit.proposals.persons[own].sum()),
            "size": int(unit.size[0]),
            "minor_places": int(m.minors_open[j]),
            "minors_asked": lone,
        }
        code = "short" if facts["asked"] + facts["size"] > facts["places"] else "minors"
        return Reason(f"{self.id}.{code}", {"municipality": str(m.name[j]), **facts})

    def _layers(self, m: MunicipalityTable) -> tuple[IntArray, IntArray]:
        """Rows of the municipalities with a layer for persons, and of those with one for minors."""
        return np.flatnonzero(m.asked_for), np.flatnonzero(m.minors_asked_for)

    def _use(self, h: HouseholdTable, persons: IntArray, minors: IntArray) -> IntArray:
        rows = h.proposals
        own_persons = rows.sum_of((rows.municipality[:, None] == persons) * rows.persons[:, None])
        own_minors = rows.sum_of((rows.municipality[:, None] == minors) * rows.minors[:, None])
        needs = h.size[:, None] - own_persons, h.minors[:, None] - own_minors
        return np.concatenate(needs, axis=1)


def asking_share(budgets: Iterable[Budget]) -> float | None:
    """Return how much a policy wants asked of a municipality; None when it sets no limit."""
    return next((b.share for b in budgets if isinstance(b, PlacesAskedForBudget)), None)
