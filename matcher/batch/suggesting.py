"""The best few municipalities of every household at once, as ranking each would give them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from matcher.places import Taken, open_places
from matcher.problem import Problem
from matcher.program import PER_POINT, UNPLACED, Resource, Spread
from matcher.ranking_columns import stay_model
from matcher.shapes import PairRule, Reason, SpreadTerm, Term
from matcher.solve import Result
from matcher.solve.prices import by_municipality
from matcher.tables import FloatArray, HouseholdTable, IntArray, earliest_days

TOP = 5
"""Municipalities suggested for a household at the most."""
REASONED = 3
"""The first options, told with what their points rest on; of the others the points are told."""
BLOCK = 250
"""Placing units ranked at a time."""
IN_FIELDS = frozenset({"stay", "speed"})
"""Terms whose reasons are in the fields of an option: ``stay`` and its interval, ``earliest``."""


def suggestions(problem: Problem, result: Result, top: int = TOP) -> list[dict[str, Any]]:
    """Rank the municipalities of all households, and tell the best of each with the reasons.

    Parameters
    ----------
    problem : Problem
    result : Result
        With a plan and its prices.
    top : int
        How many municipalities for each at the most.

    Returns
    -------
    list of dict
        One for each household, in the order of the queue: ``household``, ``linked`` (others of
        its placing unit), ``persons``, ``days_waited``, ``planned`` (municipality number or
        None), ``allowed`` (how many municipalities) and ``options``, best first, with the fields
        of :class:`~matcher.ranking.Option` and ``reasons`` and ``cautions`` as codes with facts.
    """
    by_unit: dict[int, dict[str, Any]] = {}
    for start in range(0, len(problem.households), BLOCK):
        units = np.arange(start, min(start + BLOCK, len(problem.households)))
        by_unit |= _Block(problem, result, units, top).told()
    return [
        {"household": one.id, **_own(problem, one.id), **by_unit[problem.unit(one.id)]}
        for one in problem.instance.households
    ]


def _own(problem: Problem, household: str) -> dict[str, Any]:
    together = str(problem.households.id[problem.unit(household)]).split("+")
    return {"linked": [other for other in together if other != household]}


@dataclass(frozen=True, eq=False)
class _Block:
    """Some placing units against all municipalities; arrays of shape (units, municipalities)."""

    problem: Problem
    result: Result
    units: IntArray
    top: int

    @cached_property
    def h(self) -> HouseholdTable:
        return self.problem.households.take(self.units)

    @cached_property
    def dispersion(self) -> Mapping[str, FloatArray]:
        assert self.result.prices is not None
        pairs = zip(self.problem.spreads, self.result.prices.spreads, strict=True)
        return {part.id: -self._charge(part, price) for part, price in pairs}

    @cached_property
    def cost(self) -> Mapping[str, FloatArray]:
        assert self.result.prices is not None
        pairs = zip(self.problem.resources, self.result.prices.resources, strict=True)
        return {part.id: self._charge(part, price) for part, price in pairs}

    def _charge(self, part: Resource | Spread, price: FloatArray) -> FloatArray:
        return np.asarray(part.use[self.units] @ by_municipality(part.group, price).T)

    @cached_property
    def by_term(self) -> Mapping[str, FloatArray]:
        shape = (len(self.units), len(self.problem.municipalities))
        terms = self.problem.program.terms[2].items()
        return {
            k: np.broadcast_to(v[self.units] if len(v) > 1 else v, shape) / PER_POINT
            for k, v in terms
        }

    @cached_property
    def points(self) -> FloatArray:
        return np.asarray(self.problem.program.points[self.units] / PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        spread = sum(self.dispersion.values(), start=np.zeros(self.points.shape))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def order(self) -> IntArray:
        barred = ~self.problem.program.open[self.units]
        return np.lexsort((-self.points, -np.rint(self.net), barred), axis=1)

    @cached_property
    def own_rank(self) -> IntArray:
        barred = ~self.problem.program.open[self.units]
        order = np.lexsort((-self.points, barred), axis=1)
        place = np.empty_like(order)
        np.put_along_axis(place, order, np.arange(1, order.shape[1] + 1)[None, :], axis=1)
        return place

    @cached_property
    def stay(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        found = stay_model(self.problem).predict(self.h, self.problem.municipalities)
        return found.probability, found.low, found.high

    @cached_property
    def days(self) -> IntArray:
        return earliest_days(self.h, self.problem.municipalities)

    @cached_property
    def cautions(self) -> list[tuple[PairRule, np.ndarray]]:
        m = self.problem.municipalities
        rules = [(rule, rule.uncertain(self.h, m)) for rule in self.problem.selection.pair_rules]
        return [(rule, np.broadcast_to(u, self.points.shape)) for rule, u in rules if u.any()]

    @cached_property
    def terms(self) -> list[Term | SpreadTerm]:
        selection = self.problem.selection
        return [*(t for t in selection.terms if t.level == 2), *selection.spread_terms]

    def told(self) -> dict[int, dict[str, Any]]:
        """What is told of each unit, by its row."""
        open_, m = self.problem.program.open[self.units].sum(axis=1), self.problem.municipalities
        assert self.result.choice is not None
        taken = Taken(self.problem, self.result.choice)
        out = {}
        for i, unit in enumerate(self.units.tolist()):
            where = int(self.result.choice[unit])
            left = taken.left_beside(unit)
            best = self.order[i, : min(self.top, int(open_[i]))].tolist()
            out[unit] = {
                "persons": int(self.h.size[i]),
                "days_waited": int(self.h.days_waited[i]),
                "planned": None if where == UNPLACED else str(m.number[where]),
                "allowed": int(open_[i]),
                "options": [
                    self._option(i, j, place, int(left[j])) for place, j in enumerate(best, 1)
                ],
            }
        return out

    def _option(self, i: int, j: int, place: int, left: int) -> dict[str, Any]:
        m, (stay, low, high) = self.problem.municipalities, self.stay
        known = not np.isclose(low[i, j], high[i, j])
        parts = {
            name: {k: float(v[i, j]) for k, v in getattr(self, name).items()}
            for name in ("by_term", "dispersion", "cost")
        }
        earliest = self.problem.tables.today + timedelta(days=int(self.days[i, j]))
        return {
            "municipality": str(m.number[j]),
            "name": str(m.name[j]),
            "county": str(m.county[j]),
            "rank": place,
            "own_rank": int(self.own_rank[i, j]),
            "net": float(self.net[i, j]),
            "points": float(self.points[i, j]),
            **parts,
            "stay": float(stay[i, j]),
            "stay_low": float(low[i, j]) if known else None,
            "stay_high": float(high[i, j]) if known else None,
            "open_places": int(self.open_places[j]),
            "left": left,
            "earliest": earliest.isoformat(),
            "reasons": []
            if place > REASONED
            else list(self._reasons(i, j, {**parts["by_term"], **parts["dispersion"]})),
            "cautions": [
                _said(rule.id, rule.caution(self.h, m, i, j))
                for rule, uncertain in self.cautions
                if uncertain[i, j]
            ],
        }

    @cached_property
    def open_places(self) -> IntArray:
        return open_places(self.problem)

    def _reasons(self, i: int, j: int, parts: Mapping[str, float]) -> Iterator[dict[str, Any]]:
        """Tell what points rest on, where there are any to speak of."""
        for term in self.terms:
            if term.id not in IN_FIELDS and round(parts[term.id]):
                yield _said(term.id, term.reason(self.h, self.problem.municipalities, i, j))


def _said(identifier: str, reason: Reason) -> dict[str, Any]:
    facts = {name: _plain(fact) for name, fact in reason.facts.items()}
    return {"id": identifier, "code": reason.code, "facts": facts}


def _plain(fact: Any) -> Any:
    """Give a fact as JSON knows it; numbers of NumPy and of our own kinds are plain numbers."""
    if isinstance(fact, float | np.floating):
        return float(fact)
    return int(fact) if isinstance(fact, int | np.integer) else str(fact)
