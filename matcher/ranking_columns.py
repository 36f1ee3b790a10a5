"""The values of a household's options, as arrays over the municipalities."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.places import Taken, open_places
from matcher.price_list import PriceList
from matcher.problem import Problem
from matcher.program import PER_POINT
from matcher.solve.prices import charged_for
from matcher.stay import StayModel
from matcher.stay.pair_effect import model_among
from matcher.tables import BoolArray, FloatArray, IntArray, earliest_days
from matcher.verdicts import Verdicts


@dataclass(frozen=True, eq=False)
class RankingColumns:
    """The values of a household's options, as arrays of shape (municipalities,).

    Parameters
    ----------
    verdicts : Verdicts
    priced : bool
        Whether prices of a plan were used.
    by_term : mapping of str to float array
        Points for the household, by term.
    dispersion : mapping of str to float array
        Points for dispersion, by term; below 0 where the placement makes dispersion worse.
    cost : mapping of str to float array
        What the places that it would use are worth to the rest of the queue, by rule; empty without
        prices.
    stay, stay_low, stay_high : float array
        Mean probability that the members stay, and the ends of its interval.
    days : int array
        Days from today to the first day on which the household can move in.
    open_places : int array
        Persons who can come.
    left : int array or None
        Open places that the other households of the plan do not use; None without a plan.
    """

    verdicts: Verdicts
    priced: bool
    by_term: Mapping[str, FloatArray]
    dispersion: Mapping[str, FloatArray]
    cost: Mapping[str, FloatArray]
    stay: FloatArray
    stay_low: FloatArray
    stay_high: FloatArray
    days: IntArray
    open_places: IntArray
    left: IntArray | None

    @classmethod
    def of(
        cls, verdicts: Verdicts, prices: PriceList | None, plan: Taken | None
    ) -> "RankingColumns":
        """Compute the values for one unit, without computing those of the rest of the queue."""
        problem, household = verdicts.problem, verdicts.one
        m = problem.municipalities
        prediction = stay_model(problem).predict(household, m)
        return cls(
            verdicts,
            prices is not None,
            {k: _row(v, len(m)) / PER_POINT for k, v in verdicts.values.items()},
            _unpriced_dispersion(problem, verdicts.unit)
            if prices is None
            else prices.dispersion(household),
            {} if prices is None else prices.cost(household),
            prediction.probability[0],
            prediction.low[0],
            prediction.high[0],
            earliest_days(household, m)[0],
            open_places(problem),
            None if plan is None else plan.left_beside(verdicts.unit),
        )

    @cached_property
    def points(self) -> FloatArray:
        """Points for the household alone."""
        # Summed as whole thousandths, as in the program: sums of floats could differ when equal.
        total = np.zeros((1, len(self.days)), dtype=np.int64)
        for values in self.verdicts.values.values():
            total += values
        return np.asarray(total[0] / PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        """Points for everyone."""
        spread = sum(self.dispersion.values(), start=np.zeros(len(self.days)))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def order(self) -> IntArray:
        """Rows of municipalities, best first; barred ones last, by how few rules bar them."""
        barred = np.sum([~row for row in self.verdicts.allowed.values()], axis=0)
        # With prices, many options are equal for everyone; then the household's own points decide.
        return np.lexsort((-self.points, -np.rint(self.net), barred))

    @cached_property
    def place(self) -> IntArray:
        """Rank of each municipality in that order, from 1."""
        return _ranks(self.order)

    @cached_property
    def own_rank(self) -> IntArray:
        """Rank among the allowed municipalities by ``points`` alone, from 1."""
        return _ranks(np.lexsort((-self.points, ~self.verdicts.open)))

    @cached_property
    def with_interval(self) -> BoolArray:
        """Where the stay probability has an interval: not where the operator supplied it."""
        return ~np.isclose(self.stay_low, self.stay_high)


def stay_model(problem: Problem) -> StayModel:
    """Return the policy's stay model with its pair effects; the default when the term is off."""
    return model_among(problem.selection.terms)


def _row(values: IntArray, width: int) -> FloatArray:
    return np.broadcast_to(values[0], (width,)).astype(np.float64)


def _ranks(order: IntArray) -> IntArray:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def _unpriced_dispersion(problem: Problem, unit: int) -> Mapping[str, FloatArray]:
    """Return points for dispersion by term when there are no prices: as if no one were placed."""
    slopes = {s.id: s.slope_at(np.zeros_like(s.base)) / PER_POINT for s in problem.spreads}
    return {s.id: -charged_for(s.use[unit], s, slopes[s.id]) for s in problem.spreads}
