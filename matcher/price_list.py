"""A price list: what a plan's prices charge any household, also one that the plan did not know.

Prices belong to groups and layers of the queue they were found for. A household is charged by
what it would use among those layers, in the municipalities as they are now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from matcher.problem import Problem
from matcher.shapes import Budget, SpreadTerm
from matcher.solve.prices import Prices, by_municipality
from matcher.tables import (
    FloatArray,
    HouseholdTable,
    IntArray,
    MunicipalityTable,
    Tables,
)


@dataclass(frozen=True, eq=False)
class Rate:
    """Prices of one rule or term.

    Parameters
    ----------
    shape : Budget or SpreadTerm
    layers : int array or None
        Which layers of the shape have prices; None for all.
    group : int array, shape (municipalities,)
        Whose price each municipality has, -1 for none.
    price : float array, shape (groups, layers with prices)
        Points for one unit of use.
    """

    shape: Budget | SpreadTerm
    layers: IntArray | None
    group: IntArray
    price: FloatArray

    @cached_property
    def here(self) -> FloatArray:
        """Prices by municipality, shape (municipalities, layers with prices)."""
        return by_municipality(self.group, self.price)

    def charge(self, one: HouseholdTable, m: MunicipalityTable, queue: Tables) -> FloatArray:
        """Use times price of the one unit of a table, shape (municipalities,)."""
        use = self.shape.use_among(one, m, queue)[0]
        return np.asarray(self.here @ (use if self.layers is None else use[self.layers]))

    def laid_on(self, m: MunicipalityTable, row: IntArray) -> "Rate":
        """Give the same prices, group by group, for municipalities that had other rows before."""
        group = self.shape.group(m)
        if np.array_equal(group, self.group) and np.array_equal(row, np.arange(len(group))):
            return self
        return replace(self, group=group, price=self._renumbered(group, row))

    def _renumbered(self, group: IntArray, row: IntArray) -> FloatArray:
        """Prices of new groups: each is the old one that most of its municipalities were in."""
        before = np.where(row < 0, -1, self.group[row])
        known = (group >= 0) & (before >= 0)
        shared = np.zeros((group.max(initial=0) + 1, len(self.price)), dtype=np.int64)
        np.add.at(shared, (group[known], before[known]), 1)
        there = shared.sum(axis=1) > 0
        return np.where(there[:, None], self.price[shared.argmax(axis=1)], 0.0)


@dataclass(frozen=True, eq=False)
class PriceList:
    """Prices by rule and term, for the municipalities of a table.

    Parameters
    ----------
    queue : Tables
        Of the problem that the prices were found for.
    municipalities : MunicipalityTable
        Where they are asked for.
    rules, terms : mapping of str to Rate
        What places are worth to the rest; what dispersion costs.
    """

    queue: Tables
    municipalities: MunicipalityTable
    rules: Mapping[str, Rate]
    terms: Mapping[str, Rate]

    @classmethod
    def of(cls, problem: Problem, prices: Prices) -> Self:
        """Lay out the prices of a problem's program."""
        tables, selection = problem.tables, problem.selection
        budgets = zip(selection.budgets, problem.resources, prices.resources, strict=True)
        spreads = zip(selection.spread_terms, problem.spreads, prices.spreads, strict=True)
        return cls(
            tables,
            problem.municipalities,
            {b.id: Rate(b, r.layers, r.group, p) for b, r, p in budgets},
            {t.id: Rate(t, s.layers, s.group, p) for t, s, p in spreads},
        )

    def laid_on(self, m: MunicipalityTable) -> Self:
        """Give the same prices for municipalities as they are now.

        A municipality, or a region of them, keeps its price; what is new has none.
        """
        row_of = self.municipalities.row_of
        row = np.array([row_of.get(str(number), -1) for number in m.number], dtype=np.int64)
        return replace(
            self,
            municipalities=m,
            rules={k: rate.laid_on(m, row) for k, rate in self.rules.items()},
            terms={k: rate.laid_on(m, row) for k, rate in self.terms.items()},
        )

    def cost(self, one: HouseholdTable) -> Mapping[str, FloatArray]:
        """What the one unit of a table would cost the rest, by rule and municipality."""
        return dict(self._charges(self.rules, one))

    def dispersion(self, one: HouseholdTable) -> Mapping[str, FloatArray]:
        """What it would do to dispersion, by term and municipality; below 0 where it costs."""
        return {k: -charge for k, charge in self._charges(self.terms, one)}

    def _charges(
        self, rates: Mapping[str, Rate], one: HouseholdTable
    ) -> Iterable[tuple[str, FloatArray]]:
        m, queue = self.municipalities, self.queue
        return ((k, rate.charge(one, m, queue)) for k, rate in rates.items())
