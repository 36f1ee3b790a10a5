"""Suggest the best municipalities for all households at once, with the results of ``rank``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables import FloatArray, HouseholdTable, IntArray, earliest_days
from matcher.policy.rule_types import PairRule, SpreadTerm, Term
from matcher.problem.plan_usage import PlanUsage, open_places
from matcher.problem.prices import prices_by_municipality
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Resource, Spread
from matcher.ranking.columns import stay_model
from matcher.solve import Result

MAX_SUGGESTIONS = 5
"""Maximum number of municipalities suggested for a household."""
OPTIONS_WITH_REASONS = 3
"""Number of first options with reasons for their points; the others have points only."""
UNITS_PER_BLOCK = 250
"""Number of placing units ranked at a time."""
TERMS_IN_FIELDS = frozenset({"stay", "speed"})
"""Terms whose reasons are fields of an option: ``stay`` with its interval, ``earliest``."""


def suggest_municipalities(
    problem: Problem, result: Result, top: int = MAX_SUGGESTIONS
) -> list[dict[str, Any]]:
    """Rank the municipalities of all households, and return the best of each with reasons.

    Parameters
    ----------
    problem : Problem
    result : Result
        A result with a plan and its prices.
    top : int
        Maximum number of municipalities for each household.

    Returns
    -------
    list of dict
        One per household, in the order of the queue: ``household``, ``linked`` (the other
        households of its placing unit), ``persons``, ``days_waited``, ``planned`` (municipality
        number or None), ``allowed`` (how many municipalities) and ``options``, best first, with
        the fields of ``Option`` and ``reasons`` and ``cautions`` as codes
        with facts.
    """
    by_unit: dict[int, dict[str, Any]] = {}
    for start in range(0, len(problem.households), UNITS_PER_BLOCK):
        units = np.arange(start, min(start + UNITS_PER_BLOCK, len(problem.households)))
        by_unit |= _Block(problem, result, units, top).entries()
    return [
        {
            "household": household.id,
            "linked": _linked(problem, household.id),
            **by_unit[problem.unit_row(household.id)],
        }
        for household in problem.instance.households
    ]


def _linked(problem: Problem, household: str) -> list[str]:
    members = str(problem.households.id[problem.unit_row(household)]).split("+")
    return [member for member in members if member != household]


@dataclass(frozen=True, eq=False)
class _Block:
    """A block of placing units and all municipalities; arrays of shape (units, municipalities)."""

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
        return np.asarray(part.use[self.units] @ prices_by_municipality(part.group, price).T)

    @cached_property
    def by_term(self) -> Mapping[str, FloatArray]:
        shape = (len(self.units), len(self.problem.municipalities))
        terms = self.problem.program.terms[2].items()
        return {
            k: np.broadcast_to(v[self.units] if len(v) > 1 else v, shape) / STEPS_PER_POINT
            for k, v in terms
        }

    @cached_property
    def points(self) -> FloatArray:
        return np.asarray(self.problem.program.pair_values[self.units] / STEPS_PER_POINT)

    @cached_property
    def net(self) -> FloatArray:
        spread = sum(self.dispersion.values(), start=np.zeros(self.points.shape))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def order(self) -> IntArray:
        barred = ~self.problem.program.feasible_pairs[self.units]
        return np.lexsort((-self.points, -np.rint(self.net), barred), axis=1)

    @cached_property
    def own_rank(self) -> IntArray:
        barred = ~self.problem.program.feasible_pairs[self.units]
        order = np.lexsort((-self.points, barred), axis=1)
        ranks = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1)[None, :], axis=1)
        return ranks

    @cached_property
    def stay(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        prediction = stay_model(self.problem).predict(self.h, self.problem.municipalities)
        return prediction.probability, prediction.low, prediction.high

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

    def entries(self) -> dict[int, dict[str, Any]]:
        """Build the entry of each unit, by its row."""
        allowed = self.problem.program.feasible_pairs[self.units].sum(axis=1)
        m = self.problem.municipalities
        assert self.result.choice is not None
        usage = PlanUsage(self.problem, self.result.choice)
        entries = {}
        for i, unit in enumerate(self.units.tolist()):
            where = int(self.result.choice[unit])
            places = usage.places_without(unit)
            best = self.order[i, : min(self.top, int(allowed[i]))].tolist()
            entries[unit] = {
                "persons": int(self.h.size[i]),
                "days_waited": int(self.h.days_waited[i]),
                "planned": None if where == UNPLACED else str(m.number[where]),
                "allowed": int(allowed[i]),
                "options": [
                    self._option(i, j, rank, int(places[j])) for rank, j in enumerate(best, 1)
                ],
            }
        return entries

    def _option(self, i: int, j: int, rank: int, places: int) -> dict[str, Any]:
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
            "rank": rank,
            "own_rank": int(self.own_rank[i, j]),
            "net": float(self.net[i, j]),
            "points": float(self.points[i, j]),
            **parts,
            "stay": float(stay[i, j]),
            "stay_low": float(low[i, j]) if known else None,
            "stay_high": float(high[i, j]) if known else None,
            "open_places": int(self.open_places[j]),
            "left": places,
            "earliest": earliest.isoformat(),
            "reasons": []
            if rank > OPTIONS_WITH_REASONS
            else list(self._reasons(i, j, {**parts["by_term"], **parts["dispersion"]})),
            "cautions": [
                _reason_facts(rule.id, rule.caution(self.h, m, i, j))
                for rule, uncertain in self.cautions
                if uncertain[i, j]
            ],
        }

    @cached_property
    def open_places(self) -> IntArray:
        return open_places(self.problem)

    def _reasons(self, i: int, j: int, parts: Mapping[str, float]) -> Iterator[dict[str, Any]]:
        """Yield the reason of each term whose points do not round to 0."""
        for term in self.terms:
            if term.id not in TERMS_IN_FIELDS and round(parts[term.id]):
                yield _reason_facts(term.id, term.reason(self.h, self.problem.municipalities, i, j))


def _reason_facts(identifier: str, reason: Reason) -> dict[str, Any]:
    facts = {name: _plain(fact) for name, fact in reason.facts.items()}
    return {"id": identifier, "code": reason.code, "facts": facts}


def _plain(fact: Any) -> Any:
    """Convert a fact to a JSON value; NumPy numbers and numeric subclasses become plain numbers."""
    if isinstance(fact, float | np.floating):
        return float(fact)
    return int(fact) if isinstance(fact, int | np.integer) else str(fact)
