"""The values of a household's options, as arrays over the municipalities."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.domain.tables import BoolArray, FloatArray, IntArray, earliest_days
from matcher.policy.pair_effect import build_stay_model
from matcher.problem.plan_usage import PlanUsage, open_places
from matcher.problem.prices import charge_by_municipality
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT
from matcher.ranking.price_list import PriceList
from matcher.ranking.rule_checks import RuleChecks
from matcher.stay import StayModel


@dataclass(frozen=True, eq=False)
class RankingColumns:
    """The values of a household's options, as arrays of shape (municipalities,).

    Parameters
    ----------
    rule_checks : RuleChecks
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
    remaining_places : int array or None
        Open places that the other households of the plan do not use; None without a plan.
    """

    rule_checks: RuleChecks
    priced: bool
    by_term: Mapping[str, FloatArray]
    dispersion: Mapping[str, FloatArray]
    cost: Mapping[str, FloatArray]
    stay: FloatArray
    stay_low: FloatArray
    stay_high: FloatArray
    days: IntArray
    open_places: IntArray
    remaining_places: IntArray | None

    @classmethod
    def of(
        cls, rule_checks: RuleChecks, prices: PriceList | None, plan_usage: PlanUsage | None
    ) -> "RankingColumns":
        """Compute the values for one unit, without computing those of the rest of the queue."""
        problem, household = rule_checks.problem, rule_checks.household_row
        m = problem.municipalities
        prediction = stay_model(problem).predict(household, m)
        return cls(
            rule_checks,
            prices is not None,
            {k: _row(v, len(m)) / STEPS_PER_POINT for k, v in rule_checks.value_by_term.items()},
            _unpriced_dispersion(problem, rule_checks.unit)
            if prices is None
            else prices.dispersion(household),
            {} if prices is None else prices.cost(household),
            prediction.probability[0],
            prediction.low[0],
            prediction.high[0],
            earliest_days(household, m)[0],
            open_places(problem),
            None if plan_usage is None else plan_usage.places_without(rule_checks.unit),
        )

    @cached_property
    def points(self) -> FloatArray:
        """Points for the household alone."""
        # Summed as whole thousandths, as in the program: sums of floats could differ when equal.
        total = np.zeros((1, len(self.days)), dtype=np.int64)
        for values in self.rule_checks.value_by_term.values():
            total += values
        return np.asarray(total[0] / STEPS_PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        """Points for everyone."""
        spread = sum(self.dispersion.values(), start=np.zeros(len(self.days)))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def order(self) -> IntArray:
        """Rows of municipalities, best first; barred ones last, by how few rules bar them."""
        barred = np.sum([~row for row in self.rule_checks.allowed_by_rule.values()], axis=0)
        # With prices, many options are equal for everyone; then the household's own points decide.
        return np.lexsort((-self.points, -np.rint(self.net), barred))

    @cached_property
    def rank(self) -> IntArray:
        """Rank of each municipality in that order, from 1."""
        return _ranks(self.order)

    @cached_property
    def own_rank(self) -> IntArray:
        """Rank among the allowed municipalities by ``points`` alone, from 1."""
        return _ranks(np.lexsort((-self.points, ~self.rule_checks.allowed_by_all)))

    @cached_property
    def with_interval(self) -> BoolArray:
        """Where the stay probability has an interval: not where the operator supplied it."""
        return ~np.isclose(self.stay_low, self.stay_high)


def stay_model(problem: Problem) -> StayModel:
    """Return the policy's stay model with its pair effects; the default when the term is off."""
    return build_stay_model(problem.selection.terms)


def _row(values: IntArray, width: int) -> FloatArray:
    return np.broadcast_to(values[0], (width,)).astype(np.float64)


def _ranks(order: IntArray) -> IntArray:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def _unpriced_dispersion(problem: Problem, unit: int) -> Mapping[str, FloatArray]:
    """Return points for dispersion by term when there are no prices: as if no one were placed."""
    slopes = {s.id: s.slope_at(np.zeros_like(s.base)) / STEPS_PER_POINT for s in problem.spreads}
    return {s.id: -charge_by_municipality(s.use[unit], s, slopes[s.id]) for s in problem.spreads}
