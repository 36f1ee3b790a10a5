"""The options of a block of placing units, as arrays of units and municipalities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import isnan

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.option import Option
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.met_wishes import met_wishes
from matcher.domain.tables.move_in_days import earliest_days
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT
from matcher.ranking.price_list import PriceList, charge_by_municipality
from matcher.ranking.rule_checks import RuleChecks

NO_WISHES = np.zeros((0, 0), dtype=np.int64)
"""Answers of a block in which nobody has stated a wish."""


@dataclass(frozen=True, eq=False)
class RankingColumns:
    """The values of the options of a block of units, of shape (units, municipalities) each.

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
        Mean probability that the members stay, and the ends of its interval; not-a-number where
        there is none.
    days : int array
        Days from today to the first day on which the household can move in beside the plan; as if
        it came alone without one.
    open_places : int array
        Persons who can come, in the year in which the unit can move.
    asked_for : int array
        Of these, asked for others by open proposals.
    met : int array, shape (wishes, municipalities)
        Whether each municipality meets each wish of the block, as :class:`Answer`.
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
    asked_for: IntArray
    met: IntArray
    remaining_places: IntArray | None

    @classmethod
    def of(
        cls, checks: RuleChecks, prices: PriceList | None, plan_usage: PlanUsage | None
    ) -> "RankingColumns":
        """Compute the values of a block's options, without those of the rest of the queue."""
        problem, households = checks.problem, checks.households
        m, units = problem.municipalities, checks.units
        prediction = checks.stay_model.predict(households, m)
        return cls(
            rule_checks=checks,
            priced=prices is not None,
            by_term={
                k: np.broadcast_to(v / STEPS_PER_POINT, checks.shape)
                for k, v in checks.value_by_term.items()
            },
            dispersion=_unpriced_dispersion(problem, units)
            if prices is None
            else prices.dispersion(households),
            cost={} if prices is None else prices.cost(households),
            stay=prediction.probability,
            stay_low=prediction.low,
            stay_high=prediction.high,
            days=earliest_days(households, m)
            if plan_usage is None
            else plan_usage.calendar.days_beside(units),
            open_places=problem.open_places_of(units),
            asked_for=m.asked_for - _own_proposals(households, len(m)),
            met=met_wishes(households, m) if households.wishes.unit.size else NO_WISHES,
            remaining_places=None if plan_usage is None else plan_usage.places_without(units),
        )

    @cached_property
    def points(self) -> FloatArray:
        """Points for the household alone."""
        # Summed as whole thousandths, as in the program: sums of floats could differ when equal.
        total = np.zeros(self.days.shape, dtype=np.int64)
        for values in self.rule_checks.value_by_term.values():
            total += values
        return np.asarray(total / STEPS_PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        """Points for everyone."""
        spread = sum(self.dispersion.values(), start=np.zeros(self.days.shape))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def order(self) -> IntArray:
        """Rows of municipalities, best first; barred ones last, by how few rules bar them."""
        # With prices, many options are equal for everyone; then the household's own points decide.
        keys = (-self.points, -np.rint(self.net), self.rule_checks.barring_rules)
        return np.lexsort(keys, axis=1)

    @cached_property
    def rank(self) -> IntArray:
        """Rank of each municipality in that order, from 1."""
        return _ranks(self.order)

    @cached_property
    def own_rank(self) -> IntArray:
        """Rank among the allowed municipalities by ``points`` alone, from 1."""
        return _ranks(np.lexsort((-self.points, ~self.rule_checks.allowed_by_all), axis=1))

    def option(self, i: int, j: int) -> Option:
        """Build the option of unit ``i`` of the block in municipality ``j``."""
        problem, m = self.rule_checks.problem, self.rule_checks.problem.municipalities
        allowed = self.rule_checks.allowed_by_all.item(i, j)
        left = self.remaining_places
        return Option(
            municipality=str(m.number[j]),
            name=str(m.name[j]),
            county=str(m.county[j]),
            allowed=allowed,
            rank=self.rank.item(i, j),
            own_rank=self.own_rank.item(i, j) if allowed else None,
            net=self.net.item(i, j),
            points=self.points.item(i, j),
            by_term={k: v.item(i, j) for k, v in self.by_term.items()},
            dispersion={k: v.item(i, j) for k, v in self.dispersion.items()},
            cost={k: v.item(i, j) for k, v in self.cost.items()},
            stay=_known(self.stay.item(i, j)),
            stay_low=_known(self.stay_low.item(i, j)),
            stay_high=_known(self.stay_high.item(i, j)),
            open_places=self.open_places.item(i, j),
            asked_for=self.asked_for.item(i, j),
            wishes_met=self.wishes_met(i, j),
            left=None if left is None else left.item(i, j),
            earliest=problem.tables.today + timedelta(days=self.days.item(i, j)),
        )

    def met_by_unit(self, i: int) -> IntArray:
        """Whether each municipality meets each wish of a unit, shape (wishes, municipalities)."""
        start = self.rule_checks.households.wishes.start
        return self.met[start[i] : start[i + 1]]

    def wishes_met(self, i: int, j: int) -> tuple[int, ...]:
        """Return which wishes of a unit a municipality is known to meet, counted from 0."""
        met = self.met_by_unit(i)
        return tuple(np.flatnonzero(met[:, j] == Answer.YES).tolist()) if len(met) else ()


def _own_proposals(households: HouseholdTable, municipalities: int) -> IntArray:
    """Persons of each unit itself for whom municipalities are asked, (units, municipalities)."""
    own, proposals = np.zeros((len(households), municipalities), np.int64), households.proposals
    np.add.at(own, (proposals.unit, proposals.municipality), proposals.persons)
    return own


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _ranks(order: IntArray) -> IntArray:
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1)[None, :], axis=1)
    return ranks


def _unpriced_dispersion(problem: Problem, units: IntArray) -> Mapping[str, FloatArray]:
    """Return points for dispersion by term when there are no prices: as if no one were placed."""
    slopes = {s.id: s.slope_at(np.zeros_like(s.base)) / STEPS_PER_POINT for s in problem.spreads}
    return {
        s.id: -charge_by_municipality(s.use[units], s.group, slopes[s.id]) for s in problem.spreads
    }
