"""Explain a placement: why here, why not there, why unplaced, and which requirement to relax.

All explanations come from the rules and terms themselves; this module knows none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.domain.option import Option
from matcher.domain.tables.array_types import BoolArray
from matcher.problem.plan_usage import remaining_places
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Choice
from matcher.ranking.placing_weights import PlacingWeights, list_placing_weights
from matcher.ranking.rank import DisplacedHouseholds, Ranking, rank
from matcher.ranking.rule_checks import RuleVerdict


@dataclass(frozen=True, slots=True)
class Requirement:
    """A hard rule, how much it bars, and how much relaxing it alone would open.

    Parameters
    ----------
    rule : str
    barred_count : int
        Number of municipalities that it bars.
    opened_count : int
        Number of municipalities more that the policy without this rule would allow, with room
        beside the plan. Another limit that follows this rule is relaxed with it, so that the
        number can exceed ``barred_count``.
    opened_places : int
        Places in these municipalities that the plan does not use, in persons.
    """

    rule: str
    barred_count: int
    opened_count: int
    opened_places: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a household is, or is not, where tonight's plan has it.

    Parameters
    ----------
    ranking : Ranking
    requirements : tuple of Requirement
        Rules that bar or would open any municipality; those that would open most places come first.
    allowed_count : int
        Number of municipalities that every rule allows.
    full_count : int
        Number of these in which the other households of the plan leave too little room.
    """

    ranking: Ranking
    requirements: tuple[Requirement, ...]
    allowed_count: int
    full_count: int

    @property
    def planned_option(self) -> Option | None:
        """The option of tonight's plan; None when unplaced."""
        planned = self.ranking.planned_municipality
        return None if planned is None else self.ranking.option(planned)

    @cached_property
    def weights(self) -> PlacingWeights | None:
        """The level-1 weights that decided; None when the household has a place."""
        return None if self.planned_option is not None else list_placing_weights(self.ranking)

    @cached_property
    def better_for_household(self) -> tuple[Option, ...]:
        """Allowed options with more points for the household than the planned one, best first."""
        if self.planned_option is None:
            return ()
        more = [o for o in self.ranking.allowed if o.points > self.planned_option.points]
        return tuple(sorted(more, key=lambda o: (-o.points, o.municipality)))

    def why_not(self, municipality: str) -> "WhyNot":
        """Explain why the plan does not place the household in a municipality."""
        option = self.ranking.option(municipality)
        return WhyNot(
            option,
            self.ranking.broken_rules(option),
            self.ranking.displaced(option),
            _difference(self.planned_option, option),
        )


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a household is not placed in a municipality.

    Parameters
    ----------
    option : Option
    broken : tuple of RuleVerdict
        Rules that bar it; empty when it is allowed.
    displaced : DisplacedHouseholds or None
        Who of the plan would have to make room; None when there is room.
    difference : mapping of str to float
        Points gained (above 0) or lost by this placement instead, by term and rule.
    """

    option: Option
    broken: tuple[RuleVerdict, ...]
    displaced: DisplacedHouseholds | None
    difference: Mapping[str, float]


def explain(
    problem: Problem, household: str, choice: Choice, prices: Prices | None = None
) -> Explanation:
    """Explain what a plan does with one household.

    Parameters
    ----------
    problem : Problem
    household : str
    choice : int array, shape (units,)
        The plan.
    prices : Prices or None
        What places are worth to the rest of the queue.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    return explain_ranking(rank(problem, household, prices, choice))


def explain_ranking(ranking: Ranking) -> Explanation:
    """Explain what a plan does with the household of a ranking."""
    allowed = ranking.allowed_by_all
    full = allowed & ~ranking.has_room
    return Explanation(ranking, list_requirements(ranking), int(allowed.sum()), int(full.sum()))


def list_requirements(ranking: Ranking) -> tuple[Requirement, ...]:
    """List what each rule bars for the household, and what relaxing it alone would open."""
    rules = [_requirement(ranking, rule) for rule in ranking.rule_checks.allowed_by_rule]
    telling = [r for r in rules if r.barred_count or r.opened_count]
    return tuple(
        sorted(telling, key=lambda r: (-r.opened_places, -r.opened_count, -r.barred_count, r.rule))
    )


def _requirement(ranking: Ranking, rule: str) -> Requirement:
    """Count what one rule bars, and where there is room beside the plan without it."""
    problem = ranking.rule_checks.problem
    barred = ~ranking.rule_checks.allowed_by_rule[rule][ranking.row]
    opened = ~ranking.allowed_by_all & _allowed_without(ranking, rule)
    if not opened.any():
        return Requirement(rule, int(barred.sum()), 0, 0)
    opened &= ranking.has_room_without(rule)
    choice = ranking.choice_without_household
    places = remaining_places(problem, choice, ranking.unit, without_rule=rule)
    return Requirement(rule, int(barred.sum()), int(opened.sum()), int(places[opened].sum()))


def _allowed_without(ranking: Ranking, rule: str) -> BoolArray:
    """Whether the policy without a rule allows each municipality, shape (municipalities,)."""
    problem = ranking.rule_checks.problem
    changed = problem.selection.budgets_changed_without(rule)
    as_before = set(ranking.allowed_by_rule) - {rule, *(b.id for b in changed)}
    allowed = np.ones(len(ranking), dtype=np.bool_)
    for other in as_before:
        allowed &= ranking.rule_checks.allowed_by_rule[other][ranking.row]
    for budget in changed:
        allowed &= budget.fits(ranking.households, problem.municipalities)[0]
    return allowed


def _difference(planned: Option | None, option: Option) -> Mapping[str, float]:
    gains = _parts(option)
    if planned is None:
        return gains
    losses = _parts(planned)
    return {k: gains[k] - losses.get(k, 0.0) for k in gains}


def _parts(option: Option) -> dict[str, float]:
    costs = {k: -v for k, v in option.cost.items()}
    return {**option.by_term, **option.dispersion, **costs}
