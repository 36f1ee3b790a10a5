"""Explain a placement: why here, why not there, why unplaced, and which requirement to relax.

All explanations come from the rules and terms themselves; this module knows none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.places import left_places
from matcher.problem import Problem
from matcher.program import Choice
from matcher.rank import rank
from matcher.ranking import Displaced, Option, Ranking
from matcher.solve.prices import Prices
from matcher.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Requirement:
    """A hard rule, how much it bars, and how much relaxing it alone would open.

    Parameters
    ----------
    rule : str
    bars : int
        Number of municipalities that it bars.
    opens : int
        Number of municipalities that would be allowed, with room beside the plan, if only this
        rule were relaxed.
    places : int
        Places in these municipalities that the plan does not use, in persons.
    """

    rule: str
    bars: int
    opens: int
    places: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a household is, or is not, where tonight's plan has it.

    Parameters
    ----------
    ranking : Ranking
    requirements : tuple of Requirement
        Rules that bar any municipality; those that would open most places come first.
    open_to : int
        Number of municipalities that every rule allows.
    taken : int
        Number of these in which the other households of the plan leave too little room.
    """

    ranking: Ranking
    requirements: tuple[Requirement, ...]
    open_to: int
    taken: int

    @property
    def here(self) -> Option | None:
        """The option of tonight's plan; None when unplaced."""
        planned = self.ranking.planned
        return None if planned is None else self.ranking.option(planned)

    @cached_property
    def better_alone(self) -> tuple[Option, ...]:
        """Allowed options with more points for the household than the planned one, best first."""
        if self.here is None:
            return ()
        more = [o for o in self.ranking.allowed if o.points > self.here.points]
        return tuple(sorted(more, key=lambda o: (-o.points, o.municipality)))

    def not_there(self, municipality: str) -> "NotThere":
        """Explain why the plan does not place the household in a municipality."""
        option = self.ranking.option(municipality)
        return NotThere(
            option,
            self.ranking.broken(option),
            self.ranking.displaced(option),
            _difference(self.here, option),
        )


@dataclass(frozen=True, slots=True)
class NotThere:
    """Why a household is not placed in a municipality.

    Parameters
    ----------
    option : Option
    broken : tuple of Verdict
        Rules that bar it; empty when it is allowed.
    displaced : Displaced or None
        Who of the plan would have to make room; None when there is room.
    difference : mapping of str to float
        Points gained (above 0) or lost by this placement instead, by term and rule.
    """

    option: Option
    broken: tuple[Verdict, ...]
    displaced: Displaced | None
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
    return explanation(rank(problem, household, prices, choice))


def explanation(ranking: Ranking) -> Explanation:
    """Explain what a plan does with the household of a ranking."""
    allowed = ranking.verdicts.open
    full = allowed & ~ranking.fits_beside
    return Explanation(ranking, requirements(ranking), int(allowed.sum()), int(full.sum()))


def requirements(ranking: Ranking) -> tuple[Requirement, ...]:
    """List what each rule bars for the household, and what relaxing it alone would open."""
    rules = [_requirement(ranking, rule) for rule in ranking.verdicts.allowed]
    barring = [r for r in rules if r.bars]
    return tuple(sorted(barring, key=lambda r: (-r.places, -r.opens, -r.bars, r.rule)))


def _requirement(ranking: Ranking, rule: str) -> Requirement:
    """Count what one rule bars, and where there is room beside the plan without it."""
    verdicts, problem = ranking.verdicts, ranking.verdicts.problem
    barred = ~verdicts.allowed[rule]
    barred_by = np.sum([~row for row in verdicts.allowed.values()], axis=0)
    opened = barred & (barred_by == 1) & ranking.room.fits(verdicts.unit, without=rule)
    places = left_places(problem, ranking.others, without=rule)[opened].sum()
    return Requirement(rule, int(barred.sum()), int(opened.sum()), int(places))


def _difference(planned: Option | None, option: Option) -> Mapping[str, float]:
    gains = _parts(option)
    if planned is None:
        return gains
    losses = _parts(planned)
    return {k: gains[k] - losses.get(k, 0.0) for k in gains}


def _parts(option: Option) -> dict[str, float]:
    costs = {k: -v for k, v in option.cost.items()}
    return {**option.by_term, **option.dispersion, **costs}
