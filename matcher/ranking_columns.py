"""What the options of a household show, as columns over the municipalities."""

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
    """What the options show, as arrays of shape (municipalities,).

    Parameters
    ----------
    verdicts : Verdicts
    priced : bool
        Whether prices from a plan were used.
    by_term : mapping of str to float array
        Points for the household, by term.
    dispersion : mapping of str to float array
        What it does to dispersion, by term; below 0 where it costs.
    cost : mapping of str to float array
        What it would use is worth to the rest, by rule; empty without prices.
    stay, stay_low, stay_high : float array
        Mean probability that the members stay, and its interval.
    days : int array
        From today to the first workable day.
    open_places : int array
        Persons who can come.
    left : int array or None
        Of these, left by the others of the plan; None without a plan.
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
        """Compute them for one unit: a row of pairs, never the whole queue's."""
        problem, one = verdicts.problem, verdicts.one
        m = problem.municipalities
        predicted = stay_model(problem).predict(one, m)
        return cls(
            verdicts,
            prices is not None,
            {k: _row(v, len(m)) / PER_POINT for k, v in verdicts.values.items()},
            _before_anyone(problem, verdicts.unit) if prices is None else prices.dispersion(one),
            {} if prices is None else prices.cost(one),
            predicted.probability[0],
            predicted.low[0],
            predicted.high[0],
            earliest_days(one, m)[0],
            open_places(problem),
            None if plan is None else plan.left_beside(verdicts.unit),
        )

    @cached_property
    def points(self) -> FloatArray:
        """Points for the household alone."""
        # Summed in thousandths, as the program does: in tenths, parts of equal sum would differ.
        total = np.zeros((1, len(self.days)), dtype=np.int64)
        for values in self.verdicts.values.values():
            total += values
        return np.asarray(total[0] / PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        """Points for everyone's good."""
        spread = sum(self.dispersion.values(), start=np.zeros(len(self.days)))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def order(self) -> IntArray:
        """Rows of municipalities, best first; barred ones last, by how few rules bar them."""
        barred = np.sum([~row for row in self.verdicts.allowed.values()], axis=0)
        # Prices leave many options equal for everyone's good; the household's own points decide.
        return np.lexsort((-self.points, -np.rint(self.net), barred))

    @cached_property
    def place(self) -> IntArray:
        """Place of each municipality in that order, from 1."""
        return _places(self.order)

    @cached_property
    def own_rank(self) -> IntArray:
        """Place among the allowed if only this household counted, from 1."""
        return _places(np.lexsort((-self.points, ~self.verdicts.open)))

    @cached_property
    def with_interval(self) -> BoolArray:
        """Where the probability of staying has an interval: not where it is an operator's own."""
        return ~np.isclose(self.stay_low, self.stay_high)


def stay_model(problem: Problem) -> StayModel:
    """Give the policy's migration model with its pair effects, the default one when it is off."""
    return model_among(problem.selection.terms)


def _row(values: IntArray, width: int) -> FloatArray:
    return np.broadcast_to(values[0], (width,)).astype(np.float64)


def _places(order: IntArray) -> IntArray:
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return place


def _before_anyone(problem: Problem, unit: int) -> Mapping[str, FloatArray]:
    """Points for dispersion by term as if no one were placed yet, for want of prices."""
    slopes = {s.id: s.slope_at(np.zeros_like(s.base)) / PER_POINT for s in problem.spreads}
    return {s.id: -charged_for(s.use[unit], s, slopes[s.id]) for s in problem.spreads}
