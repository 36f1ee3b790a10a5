"""A price list: what a place costs for any household, even one that the plan did not know.

Prices belong to the groups and layers of the queue for which they were computed. A household is
charged for what it would use of these layers, in the current municipalities.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Budget, SpreadTerm
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem


@dataclass(frozen=True, eq=False)
class RulePrices:
    """Prices of one rule or term.

    Parameters
    ----------
    rule : Budget or SpreadTerm
    layers : int array or None
        The layers of the rule or term that have prices; None for all.
    group : int array, shape (municipalities,)
        Group whose price applies to each municipality; -1 for none.
    price : float array, shape (groups, layers with prices)
        Points per unit of use.
    """

    rule: Budget | SpreadTerm
    layers: IntArray | None
    group: IntArray
    price: FloatArray

    def charge(self, households: HouseholdTable, m: MunicipalityTable, queue: Tables) -> FloatArray:
        """Return use times price for a table of units, shape (units, municipalities)."""
        use = self.rule.use_in_queue(households, m, queue)
        used = use if self.layers is None else use[:, self.layers]
        return charge_by_municipality(used, self.group, self.price)

    def for_municipalities(self, m: MunicipalityTable, previous_row: IntArray) -> "RulePrices":
        """Return the same prices, group by group, for municipalities whose rows have changed."""
        group = self.rule.group(m)
        if np.array_equal(group, self.group) and np.array_equal(
            previous_row, np.arange(len(group))
        ):
            return self
        return replace(self, group=group, price=self._renumbered(group, previous_row))

    def _renumbered(self, group: IntArray, row: IntArray) -> FloatArray:
        """Return prices of new groups: that of the old group with most of its municipalities."""
        before = np.where(row < 0, -1, self.group[row])
        known = (group >= 0) & (before >= 0)
        shared = np.zeros((group.max(initial=0) + 1, len(self.price)), dtype=np.int64)
        np.add.at(shared, (group[known], before[known]), 1)
        known_groups = shared.sum(axis=1) > 0
        return np.where(known_groups[:, None], self.price[shared.argmax(axis=1)], 0.0)


@dataclass(frozen=True, eq=False)
class PriceList:
    """Prices by rule and term, for the municipalities of a table.

    Parameters
    ----------
    queue : Tables
        Tables of the problem for which the prices were computed.
    municipalities : MunicipalityTable
        The municipalities for which prices are listed.
    rules, terms : mapping of str to RulePrices
        What places are worth to the rest of the queue, by rule; what dispersion costs, by term.
    """

    queue: Tables
    municipalities: MunicipalityTable
    rules: Mapping[str, RulePrices]
    terms: Mapping[str, RulePrices]

    @classmethod
    def of(cls, problem: Problem, prices: Prices) -> Self:
        """Build the price list from the prices of a problem's program."""
        tables, selection = problem.tables, problem.selection
        budgets = zip(selection.budgets, problem.resources, prices.resources, strict=True)
        spreads = zip(selection.spread_terms, problem.spreads, prices.spreads, strict=True)
        return cls(
            tables,
            problem.municipalities,
            {b.id: RulePrices(b, r.layers, r.group, p) for b, r, p in budgets},
            {t.id: RulePrices(t, s.layers, s.group, p) for t, s, p in spreads},
        )

    def for_municipalities(self, m: MunicipalityTable) -> Self:
        """Return the same prices for the current municipalities.

        A municipality, or a region of municipalities, keeps its price; a new one has none.
        """
        row_of = self.municipalities.row_of
        row = np.array([row_of.get(str(number), -1) for number in m.number], dtype=np.int64)
        return replace(
            self,
            municipalities=m,
            rules={k: prices.for_municipalities(m, row) for k, prices in self.rules.items()},
            terms={k: prices.for_municipalities(m, row) for k, prices in self.terms.items()},
        )

    def cost(self, households: HouseholdTable) -> Mapping[str, FloatArray]:
        """Return what units cost the rest by rule, shape (units, municipalities) each."""
        return dict(self._charges(self.rules, households))

    def dispersion(self, households: HouseholdTable) -> Mapping[str, FloatArray]:
        """Return points for dispersion by term, (units, municipalities); below 0 for worse."""
        return {k: -charge for k, charge in self._charges(self.terms, households)}

    def _charges(
        self, rule_prices: Mapping[str, RulePrices], households: HouseholdTable
    ) -> Iterable[tuple[str, FloatArray]]:
        m, queue = self.municipalities, self.queue
        return ((k, prices.charge(households, m, queue)) for k, prices in rule_prices.items())


def charge_by_municipality(use: IntArray, group: IntArray, price: FloatArray) -> FloatArray:
    """Return use times price of each unit in each municipality, shape (units, municipalities).

    Parameters
    ----------
    use : int array, shape (units, layers)
    group : int array, shape (municipalities,)
        Group whose price applies to each municipality; -1 for none.
    price : float array, shape (groups, layers)
        Points per unit of use.
    """
    # Summed layer by layer: a matrix product rounds differently for one unit and for many.
    by_group = np.zeros((len(use), len(price)))
    for layer in np.flatnonzero(use.any(axis=0)):
        units = np.flatnonzero(use[:, layer])
        by_group[units] += np.multiply.outer(use[units, layer], price[:, layer])
    return np.where(group >= 0, by_group[:, group], 0.0)
