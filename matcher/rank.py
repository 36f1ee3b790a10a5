"""One household against all municipalities: the best first, with reasons and prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np

from matcher.places import left_places, open_places
from matcher.problem import Problem
from matcher.program import PER_POINT, UNPLACED, Choice
from matcher.ranking import Option, Ranking
from matcher.solve.prices import Prices, charged_for
from matcher.stay import StayModel
from matcher.stay.pair_effect import model_among
from matcher.tables import BoolArray, FloatArray, IntArray, earliest_days
from matcher.verdicts import Verdicts


def rank(
    problem: Problem, household: str, prices: Prices | None = None, choice: Choice | None = None
) -> Ranking:
    """Rank all municipalities for one household.

    Parameters
    ----------
    problem : Problem
    household : str
        Identifier; linked households are ranked together.
    prices : Prices or None
        What places are worth to the rest, from the last plan.
    choice : int array, shape (units,), or None
        The last plan, to tell what is left beside it.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    unit = problem.unit(household)
    verdicts = Verdicts(problem, unit)
    columns = _Columns.of(verdicts, prices, choice)
    barred = np.sum([~row for row in verdicts.allowed.values()], axis=0)
    # Prices leave many options equal for everyone's good; the household's own points decide then.
    order = np.lexsort((-columns.points, -np.rint(columns.net), barred))
    options = tuple(columns.option(int(j), place) for place, j in enumerate(order, 1))
    planned = None if choice is None or choice[unit] == UNPLACED else int(choice[unit])
    return Ranking(
        str(problem.households.id[unit]),
        options,
        prices is not None,
        None if planned is None else str(problem.municipalities.number[planned]),
        verdicts,
        choice,
    )


@dataclass(frozen=True, eq=False)
class _Columns:
    """What the options show, as arrays of shape (municipalities,)."""

    verdicts: Verdicts
    by_term: Mapping[str, FloatArray]
    dispersion: Mapping[str, FloatArray]
    cost: Mapping[str, FloatArray]
    stay: tuple[FloatArray, FloatArray, FloatArray]
    days: IntArray
    open_places: IntArray
    left: IntArray | None

    @classmethod
    def of(cls, verdicts: Verdicts, prices: Prices | None, choice: Choice | None) -> "_Columns":
        problem, unit, one = verdicts.problem, verdicts.unit, verdicts.one
        program, m = problem.program, problem.municipalities
        predicted = stay_model(problem).predict(one, m)
        terms = {k: _row(v, unit, len(m)) / PER_POINT for k, v in program.terms[2].items()}
        return cls(
            verdicts,
            terms,
            _dispersion(problem, unit, prices),
            {} if prices is None else _cost(problem, unit, prices),
            (predicted.probability[0], predicted.low[0], predicted.high[0]),
            earliest_days(one, m)[0],
            open_places(problem),
            _left(problem, unit, choice),
        )

    @cached_property
    def points(self) -> FloatArray:
        # The program's sum, not that of the parts: in tenths, parts of equal sum would differ.
        return np.asarray(self.verdicts.problem.program.points[self.verdicts.unit] / PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        spread = sum(self.dispersion.values(), start=np.zeros(len(self.days)))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def own_rank(self) -> IntArray:
        allowed = self.verdicts.open
        place = np.empty(len(self.days), dtype=np.int64)
        place[np.lexsort((-self.points, ~allowed))] = np.arange(1, len(self.days) + 1)
        return place

    @cached_property
    def with_interval(self) -> BoolArray:
        _, low, high = self.stay
        return ~np.isclose(low, high)

    def option(self, j: int, place: int) -> Option:
        problem, allowed = self.verdicts.problem, bool(self.verdicts.open[j])
        m, (stay, low, high) = problem.municipalities, self.stay
        known = bool(self.with_interval[j])
        return Option(
            municipality=str(m.number[j]),
            name=str(m.name[j]),
            county=str(m.county[j]),
            allowed=allowed,
            rank=place,
            own_rank=int(self.own_rank[j]) if allowed else None,
            points=float(self.points[j]),
            by_term={k: float(v[j]) for k, v in self.by_term.items()},
            dispersion={k: float(v[j]) for k, v in self.dispersion.items()},
            cost={k: float(v[j]) for k, v in self.cost.items()},
            stay=float(stay[j]),
            stay_low=float(low[j]) if known else None,
            stay_high=float(high[j]) if known else None,
            open_places=int(self.open_places[j]),
            left=None if self.left is None else int(self.left[j]),
            earliest=problem.tables.today + timedelta(days=int(self.days[j])),
        )


def stay_model(problem: Problem) -> StayModel:
    """Give the policy's migration model with its pair effects, the default one when it is off."""
    return model_among(problem.selection.terms)


def _row(values: IntArray, unit: int, width: int) -> FloatArray:
    row = values[unit if values.shape[0] > 1 else 0]
    return np.broadcast_to(row, (width,)).astype(np.float64)


def _dispersion(problem: Problem, unit: int, prices: Prices | None) -> Mapping[str, FloatArray]:
    """Points for dispersion by term: at the plan's prices, else as if no one were placed yet."""
    spreads = problem.program.spreads
    at = (
        prices.spreads
        if prices is not None
        else [s.slope_at(np.zeros_like(s.base)) / PER_POINT for s in spreads]
    )
    return {s.id: -charged_for(s.use[unit], s, p) for s, p in zip(spreads, at, strict=True)}


def _cost(problem: Problem, unit: int, prices: Prices) -> Mapping[str, FloatArray]:
    resources = problem.program.resources
    return {
        r.id: charged_for(r.use[unit], r, p)
        for r, p in zip(resources, prices.resources, strict=True)
    }


def _left(problem: Problem, unit: int, choice: Choice | None) -> IntArray | None:
    if choice is None:
        return None
    others = choice.copy()
    others[unit] = UNPLACED
    return left_places(problem, others)
